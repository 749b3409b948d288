import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import postgres from 'postgres';
import { copyDatabase, givenServer, type DatabaseCopy } from '../database/server.ts';
import { ask } from '../security/ask.ts';
import { attacksOn } from '../security/attacks.ts';
import { formsOf, SECRET, TYPED_WORDS, WORDLESS, type Form } from '../security/forms.ts';
import { manifest } from '../security/manifest.ts';
import { hasBuild, ROOT, startPortal, type RunningPortal } from '../security/portal.ts';
import { makeWorld, type World } from '../security/world/world.ts';

/** The action ran and refused in words. */
const REFUSED = [400, 404, 409, 410, 413, 422, 429];
const inJapanese = (text: string) => /[ぁ-ん]{2}/.test(text);

describe.skipIf(!hasBuild())('bad input', () => {
  let database: DatabaseCopy;
  let world: World;
  let portal: RunningPortal;
  let owner: postgres.Sql;
  beforeAll(async () => {
    database = await copyDatabase(givenServer()!);
    world = await makeWorld(database);
    owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    portal = await startPortal({ name: 'bad-input', appUrl: database.appUrl, env: { STAFF_SECOND_STEP: 'required' } });
  });
  afterAll(async () => {
    await portal?.stop();
    await owner?.end({ timeout: 1 });
    await database?.drop();
  });

  const stored = async () => {
    const [row] = await owner<{ mark: string }[]>`select concat_ws(' ', (select seq from audit_head), (select count(*) from mail_outbox), (select count(*) from account_token), (select count(*) from session)) as mark`;
    return row!.mark;
  };
  const post = (form: Pick<Form, 'persona' | 'path'>, body: Buffer | string, headers = {}) => ask(portal.origin, { method: 'POST', path: form.path, cookie: world.cookies[form.persona], body, headers });

  test('every action is listed with its fields, or as a button alone', () => {
    const listed = new Set([...formsOf(world).map(({ route, action }) => `${route} ${action}`), ...Object.entries(WORDLESS).flatMap(([route, actions]) => actions.map((action) => `${route} ${action}`))]);
    const all = manifest(ROOT).flatMap(({ id, actions }) => actions.map((action) => `${id} ${action}`));
    expect([...listed].sort()).toEqual([...all].sort());
  });

  test('every form refuses it in Japanese, keeps what was typed, and changes nothing', { timeout: 120_000 }, async () => {
    const before = await stored();
    const wrong: string[] = [];
    let asked = 0;
    for (const form of formsOf(world)) {
      await Promise.all(attacksOn(form).map(async ({ name, body, headers, keeps }) => {
        asked += 1;
        const { status, text } = await post(form, body, headers);
        const here = `${form.path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')} with ${name}: ${status}`;
        if (!REFUSED.includes(status)) wrong.push(here);
        else if (!inJapanese(text)) wrong.push(`${here} without a word of Japanese`);
        else if (keeps && !text.includes(TYPED_WORDS)) wrong.push(`${here} and what was typed is lost`);
        if (text.includes(SECRET)) wrong.push(`${here} and shows a password`);
      }));
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(1_000);
    expect(await stored()).toBe(before);
  });

  test('an action nobody wrote is refused by name, whatever objects inherit', async () => {
    for (const form of formsOf(world)) {
      for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'default', '', 'nowhere']) {
        const { status, text } = await post({ ...form, path: `${form.path.split('?')[0]}?/${name}` }, 'a=b');
        expect(`${form.route} ?/${name}: ${status}`).toBe(`${form.route} ?/${name}: 405`);
        expect(inJapanese(text)).toBe(true);
      }
    }
  });
});
