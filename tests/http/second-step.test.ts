import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeAt, stepAt } from '../../src/lib/accounts/totp.server.ts';
import { ask, encode, multipart, type Answer, type Fields } from '../security/ask.ts';
import { manifest, pathOf } from '../security/manifest.ts';
import { addressOf, type Persona } from '../security/personas.ts';
import { hasBuild, ROOT } from '../security/portal.ts';
import { inJapanese, stand, tamper } from '../security/stand.ts';
import { targetsOf } from '../security/targets.ts';
import { PASSWORD } from '../security/world/people.ts';
import { words } from './browser.ts';

const TYPED = '打ちかけの理由';
/** The clock of the portal is the machine's: a step further for every code that must be a new one. */
const code = (secret: string, steps = 0) => codeAt(secret, stepAt(new Date()) + steps);

/** A browser that keeps its cookies, as a person's does. */
class Person {
  readonly origin: string;
  jar = new Map<string, string>();
  constructor(origin: string) { this.origin = origin; }
  get cookie() { return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '); }
  get sid() { return this.jar.get('sid'); }
  private take(answer: Answer): Answer {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.jar.set(name!, value!);
    }
    return answer;
  }
  async open(path: string): Promise<Answer> { return this.take(await ask(this.origin, { path, cookie: this.cookie })); }
  async send(path: string, fields: Fields): Promise<Answer> { return this.take(await ask(this.origin, { method: 'POST', path, cookie: this.cookie, body: encode(fields) })); }
  /** As our own pages send: with files or the hope of them. */
  async sendParts(path: string, fields: Fields): Promise<Answer> { return this.take(await ask(this.origin, { method: 'POST', path, cookie: this.cookie, ...multipart(fields) })); }
  async logIn(persona: Exclude<Persona, 'visitor'>, next = ''): Promise<Answer> { return this.send('/login', { email: addressOf(persona), password: PASSWORD, next }); }
}

const plain = (text: string) => text.replace(/&(?:#(\d+)|(quot|amp|lt|gt));/g, (_, sign: string | undefined, name: string) => (sign ? String.fromCharCode(Number(sign)) : { quot: '"', amp: '&', lt: '<', gt: '>' }[name]!));
/** Hidden fields of the first form that posts to this address. */
function hiddenIn({ text }: Answer, action: string): Record<string, string> {
  const form = [...text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].find(([, head]) => head!.includes(`action="${action}`));
  if (!form) throw new Error(`no form for ${action}`);
  return Object.fromEntries([...form[2]!.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [plain(match[1]!), plain(match[2]!)]));
}
const secretIn = ({ text }: Answer) => /<code[^>]*>([A-Z2-7 ]{39})<\/code>/.exec(text)![1]!.replaceAll(' ', '');
const codesIn = ({ text }: Answer) => [...text.matchAll(/<code[^>]*>((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})<\/code>/g)].map((match) => match[1]!);

describe.skipIf(!hasBuild())('the second step, as strict as in production', () => {
  const here = stand('second-step', { PORTAL_MODE: 'production', STAFF_SECOND_STEP: '' });
  const somebody = () => new Person(here.portal.origin);
  /** Somebody new to it, all the way in; `secret` and `codes` are what the person holds afterwards. */
  async function enter(persona: Exclude<Persona, 'visitor'>) {
    await tamper(here.owner, async (tx) => {
      await tx`delete from recovery_code where account_id = ${here.world.people.ids[persona]}`;
      await tx`delete from second_factor where account_id = ${here.world.people.ids[persona]}`;
    });
    const person = somebody();
    await person.logIn(persona);
    const page = await person.open('/second-step/set-up');
    const secret = secretIn(page);
    const used = code(secret);
    const done = await person.sendParts('/second-step/set-up?/confirm', { ...hiddenIn(page, '?/confirm'), one_time_code: used });
    expect(`${done.status} ${words(done)}`).toMatch(/^200 .*2段階認証を設定しました/);
    return { person, secret, used, codes: codesIn(done) };
  }
  /** The codes used up by setting up are behind the clock again. */
  const forgetSteps = (persona: Exclude<Persona, 'visitor'>) => tamper(here.owner, async (tx) => {
    await tx`update second_factor set last_step = 0 where account_id = ${here.world.people.ids[persona]}`;
    await tx`delete from throttle`;
  });

  test('somebody new sets it up: no role before, all roles after, under a new id', async () => {
    const person = somebody();
    const login = await person.logIn('officerNew', '/office/audit');
    expect([login.status, login.headers.location]).toEqual([303, '/second-step/set-up?next=%2Foffice%2Faudit']);
    const before = person.sid;
    const page = await person.open(login.headers.location!);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<svg[^>]*role="img"[^>]*>/);
    expect(page.headers['cache-control']).toMatch(/no-store/);
    // The step is not made, so nobody is signed in for any other page.
    expect(words(await person.open('/'))).not.toContain('役所の仕事');
    expect((await person.open('/second-step')).headers.location).toBe('/second-step/set-up');

    const secret = secretIn(page);
    const hidden = hiddenIn(page, '?/confirm');
    const wrong = await person.sendParts('/second-step/set-up?/confirm', { ...hidden, one_time_code: code(secret, 5) });
    expect([wrong.status, secretIn(wrong)]).toEqual([422, secret]);
    expect(words(wrong)).toContain('確認コードが違うか');
    // Full width, with a space in the middle.
    const typed = [...code(secret)].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('').replace(/^(...)/, '$1　');
    const done = await person.sendParts('/second-step/set-up?/confirm', { ...hiddenIn(wrong, '?/confirm'), one_time_code: typed });
    expect(done.status).toBe(200);
    expect(codesIn(done)).toHaveLength(10);
    expect(done.text).toContain('href="/office/audit"');
    expect(done.headers['cache-control']).toMatch(/no-store/);
    expect(person.sid).not.toBe(before);
    expect((await person.open('/office/audit')).status).toBe(200);
    expect((await ask(here.portal.origin, { path: '/office/audit', cookie: `sid=${before}` })).headers.location).toMatch(/^\/login\?next=/);
    // Sent again from the old window, and asked for again in the new one.
    expect((await ask(here.portal.origin, { method: 'POST', path: '/second-step/set-up?/confirm', cookie: `sid=${before}`, ...multipart({ ...hidden, one_time_code: typed }) })).status).toBe(401);
    expect((await person.open('/second-step/set-up')).headers.location).toBe('/office');
    const [mail] = await here.owner<{ body: string }[]>`select body from mail_outbox where to_address = ${addressOf('officerNew')} and template = 'second_step_notice'`;
    expect(mail!.body).toContain('2段階認証を設定しました');
    expect(mail!.body).not.toContain(secret);
  });

  test('with the password alone no page, file, data or form of office, committee or groups answers', { timeout: 60_000 }, async () => {
    const person = somebody();
    expect((await person.logIn('officerHalfway')).headers.location).toBe('/second-step');
    const wrong: string[] = [];
    let asked = 0;
    for (const route of manifest(ROOT).filter(({ id }) => /^\/\((?:office|panel|group)\)/.test(id) || id === '/(account)/account')) {
      const target = targetsOf(route.id, here.world)?.[0];
      if (!target) continue;
      const path = pathOf(route.id, target.params);
      const requests = [{ path: path + (target.query ?? '') }, ...(route.kind === 'page' ? [{ path: `${path}/__data.json` }] : []), ...route.actions.map((action) => ({ method: 'POST', path: action === 'default' ? path : `${path}?/${action}`, body: encode({ reason: TYPED, _key: randomUUID() }) }))];
      for (const request of requests) {
        asked += 1;
        const { status, headers, text } = await ask(here.portal.origin, { ...request, cookie: person.cookie });
        const away = 'body' in request ? status === 401 && text.includes('action="/second-step"') && text.includes(TYPED) : status === 303 ? headers.location?.startsWith('/second-step?next=') : text.includes('"location":"/second-step?next=');
        if (!away) wrong.push(`${'body' in request ? 'POST' : 'GET'} ${request.path}: ${status} ${headers.location ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(80);
  });

  test('the code: wrong, late, used, right; and on to where the person was going', async () => {
    const { secret, used } = await enter('officer');
    const person = somebody();
    expect((await person.logIn('officer', '/office/applications?state=submitted')).headers.location).toBe('/second-step?next=%2Foffice%2Fapplications%3Fstate%3Dsubmitted');
    const page = await person.open('/second-step?next=%2Foffice%2Fapplications%3Fstate%3Dsubmitted');
    const hidden = hiddenIn(page, '/second-step');
    const send = (one_time_code: string) => person.sendParts('/second-step', { ...hidden, one_time_code });
    // The one that proved the authenticator is used.
    for (const typed of [used, code(secret, -3), '000000', '']) {
      const refused = await send(typed);
      expect(refused.status, typed).toBe(422);
      expect(hiddenIn(refused, '/second-step')).toEqual(hidden);
      expect(refused.text).not.toContain(`value="${typed || 'x'}"`);
    }
    const before = person.sid;
    const passed = await send(code(secret, 1));
    expect([passed.status, passed.headers.location]).toEqual([303, '/office/applications?state=submitted']);
    expect(person.sid).not.toBe(before);
    expect((await person.open('/office/applications?state=submitted')).status).toBe(200);
    expect((await ask(here.portal.origin, { path: '/office', cookie: `sid=${before}` })).status).toBe(303);
    // Outside leads nowhere.
    await forgetSteps('officer');
    const led = somebody();
    await led.logIn('officer');
    const answer = await led.sendParts('/second-step', { next: '//evil.example', one_time_code: code(secret, 1) });
    expect([answer.status, answer.headers.location]).toEqual([303, '/office']);
  });

  test('50 at once with one code: one gets in', { timeout: 60_000 }, async () => {
    const { secret, codes } = await enter('approver');
    await forgetSteps('approver');
    const person = somebody();
    await person.logIn('approver');
    const cookie = person.cookie;
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(here.portal.origin, { method: 'POST', path: '/second-step', cookie, body: encode({ one_time_code: code(secret) }) })));
    expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(all.filter(({ status }) => status >= 500)).toEqual([]);
    await forgetSteps('approver');
    const again = somebody();
    await again.logIn('approver');
    const paper = await Promise.all(Array.from({ length: 50 }, () => ask(here.portal.origin, { method: 'POST', path: '/second-step', cookie: again.cookie, body: encode({ recovery_code: codes[2]! }) })));
    expect(paper.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(paper.filter(({ status }) => status >= 500)).toEqual([]);
  });

  test('a code from paper, as people copy it; once', async () => {
    const { codes } = await enter('auditor');
    const typed = codes[0]!.toLowerCase().replaceAll('-', ' ');
    const person = somebody();
    await person.logIn('auditor');
    expect((await person.sendParts('/second-step', { next: '', recovery_code: '' })).status).toBe(422);
    expect(await person.sendParts('/second-step', { next: '', recovery_code: typed })).toMatchObject({ status: 303, headers: { location: '/office' } });
    expect((await person.open('/office/audit')).status).toBe(200);
    const again = somebody();
    await again.logIn('auditor');
    const refused = await again.sendParts('/second-step', { next: '', recovery_code: typed });
    expect([refused.status, words(refused).includes('もう使ったコード')]).toEqual([422, true]);
    expect(words(await person.open('/account'))).toContain('残りの回復コード：9個');
  });

  test('guessing stops after five, with a wait in words and as a header, whatever the session', async () => {
    const { secret } = await enter('accountant');
    const person = somebody();
    await person.logIn('accountant');
    for (let i = 0; i < 5; i += 1) expect((await person.sendParts('/second-step', { one_time_code: '000000' })).status).toBe(422);
    const other = somebody();
    await other.logIn('accountant');
    const stopped = await other.sendParts('/second-step', { one_time_code: code(secret, 1) });
    expect([stopped.status, words(stopped).includes('15分')]).toEqual([429, true]);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(600);
  });

  test('a form whose session had ended goes through both steps and can be sent', async () => {
    const { secret } = await enter('officer');
    await forgetSteps('officer');
    const path = `/office/applications/${here.world.cases['B.submitted'].id}/dismissal`;
    const typed = { reason: `${TYPED}\n二行目 <&"'> 𠮷`, _seen: '0', _key: randomUUID() };
    const person = somebody();
    const expired = await person.send(path, typed);
    expect([expired.status, expired.text.includes(TYPED)]).toEqual([401, true]);
    const login = await person.sendParts('/login', { ...hiddenIn(expired, '/login'), email: addressOf('officer'), password: PASSWORD });
    expect([login.status, words(login).includes('確認コード')]).toEqual([200, true]);
    const wrong = await person.sendParts('/second-step', { ...hiddenIn(login, '/second-step'), one_time_code: '000000' });
    expect(wrong.status).toBe(422);
    const passed = await person.sendParts('/second-step', { ...hiddenIn(wrong, '/second-step'), one_time_code: code(secret) });
    expect(passed.status).toBe(200);
    const resumed = hiddenIn(passed, path);
    expect(resumed).toEqual(typed);
    expect((await person.sendParts(path, resumed)).status).toBe(409);
  });

  test('a form sent half-way comes along, also where the step must be set up first', async () => {
    const path = '/my/organisations/new';
    await tamper(here.owner, async (tx) => {
      await tx`delete from recovery_code where account_id = ${here.world.people.ids.officerHalfway}`;
      await tx`delete from second_factor where account_id = ${here.world.people.ids.officerHalfway}`;
    });
    const person = somebody();
    await person.logIn('officerHalfway');
    const held = await person.send(path, { name: TYPED, _key: randomUUID() });
    expect([held.status, inJapanese(held.text)]).toEqual([401, true]);
    const begun = await person.sendParts('/second-step/set-up?/begin', hiddenIn(held, '/second-step/set-up?/begin'));
    expect(begun.status).toBe(200);
    const done = await person.sendParts('/second-step/set-up?/confirm', { ...hiddenIn(begun, '?/confirm'), one_time_code: code(secretIn(begun)) });
    expect(codesIn(done)).toHaveLength(10);
    expect(hiddenIn(done, path).name).toBe(TYPED);
  });

  test('on the account’s page: with a fresh password, announced, and not to be left by who must have it', async () => {
    const page = '/account/second-step';
    const { person, codes } = await enter('officerOfA');
    const shown = await person.open(page);
    const renewed = await person.send(`${page}?/codes`, hiddenIn(shown, '?/codes'));
    expect(codesIn(renewed)).toHaveLength(10);
    expect(codesIn(renewed).some((one) => codes.includes(one))).toBe(false);
    expect(codesIn(await person.send(`${page}?/codes`, hiddenIn(shown, '?/codes')))).toEqual(codesIn(renewed));
    expect((await person.send(`${page}?/codes`, { _offer: 'x' })).status).toBe(409);
    expect(words(shown)).not.toContain('2段階認証をやめる');
    expect((await person.send(`${page}?/off`, {})).status).toBe(409);
    await tamper(here.owner, (tx) => tx`update session set fresh_auth_at = now() - interval '6 minutes' where account_id = ${here.world.people.ids.officerOfA}`);
    expect((await person.open(page)).headers.location).toMatch(/^\/confirm-password\?next=/);
    expect((await person.send(`${page}?/codes`, hiddenIn(shown, '?/codes'))).status).toBe(401);
  });

  test('people of groups may have it, are asked from then on, and may leave it', async () => {
    const page = '/account/second-step';
    const person = somebody();
    expect((await person.logIn('memberA')).headers.location).toBe('/my');
    const offered = await person.open(page);
    const secret = secretIn(offered);
    const done = await person.sendParts(`${page}?/set_up`, { ...hiddenIn(offered, '?/set_up'), one_time_code: code(secret) });
    expect(codesIn(done)).toHaveLength(10);
    // The member's other sessions, from before, are over.
    expect((await here.ask('memberA', { path: '/my' })).status).toBe(303);
    const again = somebody();
    expect((await again.logIn('memberA', '/my')).headers.location).toBe('/second-step?next=%2Fmy');
    expect((await again.open('/my')).headers.location).toBe('/second-step?next=%2Fmy');
    expect((await again.sendParts('/second-step', { next: '/my', one_time_code: code(secret, 1) })).headers.location).toBe('/my');
    const off = await again.send(`${page}?/off`, {});
    expect([off.status, off.headers.location]).toEqual([303, '/account?done=second_step_off']);
    expect((await somebody().logIn('memberA')).headers.location).toBe('/my');
    const told = await here.owner<{ body: string }[]>`select body from mail_outbox where to_address = ${addressOf('memberA')} and template = 'second_step_notice' order by id`;
    expect(told.map(({ body }) => body.split('\n')[0])).toEqual(['2段階認証を設定しました。', '2段階認証を使わない設定にしました。']);
  });

  test('an administrator takes it away: at once, in the trail, told to the person', async () => {
    const { person } = await enter('approverDrafter');
    const id = here.world.people.ids.approverDrafter;
    expect((await person.open('/office')).status).toBe(200);
    expect((await here.post('officer', `/office/staff/${id}?/second_step`, {})).status).toBeGreaterThanOrEqual(401);
    expect((await here.post('administratorStale', `/office/staff/${id}?/second_step`, {})).status).toBe(401);
    expect((await person.open('/office')).status).toBe(200);
    expect(words(await here.ask('administrator', { path: `/office/staff/${id}` }))).toContain('設定を取り消す');
    const reset = await here.post('administrator', `/office/staff/${id}?/second_step`, { _key: randomUUID() });
    expect([reset.status, reset.headers.location]).toEqual([303, `/office/staff/${id}`]);
    expect((await person.open('/office')).status).toBe(303);
    expect((await somebody().logIn('approverDrafter')).headers.location).toBe('/second-step/set-up');
    expect((await here.post('administrator', `/office/staff/${id}?/second_step`, { _key: randomUUID() })).status).toBe(409);
    const own = await here.post('administrator', `/office/staff/${here.world.people.ids.administrator}?/second_step`, { _key: randomUUID() });
    expect(own.status).toBe(409);
    const [entry] = await here.owner<{ actor: string }[]>`select actor from audit_entry where action = 'second_factor.reset' and subject_id = ${id}`;
    expect(entry!.actor).toBe(`account:${here.world.people.ids.administrator}`);
  });

  test('leaving half-way ends the session, and somebody else can log in over it', async () => {
    const person = somebody();
    await person.logIn('officerNew');
    const before = person.sid;
    expect((await person.open('/login')).status).toBe(200);
    expect((await person.logIn('representativeB')).headers.location).toBe('/my');
    expect((await ask(here.portal.origin, { path: '/second-step', cookie: `sid=${before}` })).headers.location).toMatch(/^\/login/);
    const leaving = somebody();
    await leaving.logIn('officerNew');
    const sid = leaving.sid;
    expect((await leaving.send('/logout', {})).status).toBe(303);
    expect((await ask(here.portal.origin, { path: '/second-step', cookie: `sid=${sid}` })).headers.location).toMatch(/^\/login/);
  });
});
