import { beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { KeyMisuse, poolHealth, sql, transaction, type Actor } from './db.server.ts';

const actor: Actor = { name: 'account:01890000-0000-7000-8000-000000000001' };
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
  await db.ownerSql.unsafe(`create table effect (id int generated always as identity primary key, what text not null); select portal.guard('effect', false)`);
});

const effects = async (what: string) => (await sql<{ n: number }[]>`select count(*) as n from effect where what = ${what}`)[0]!.n;
const act = (what: string, key: string, who = actor) =>
  transaction(who, async (tx) => {
    const [row] = await tx<{ id: number }[]>`insert into effect (what) values (${what}) returning id`;
    return { ok: true as const, id: row!.id, at: new Date(0) };
  }, { action: 'effect.make', key });

test('50 identical calls at once take effect once and all get the same answer', async () => {
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => act(`parallel ${round}`, `parallel-${round}`)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await effects(`parallel ${round}`)).toBe(1);
  }
  expect(poolHealth()).toMatchObject({ leased: 0, waiting: 0 });
});

test('the first answer is already what JSON keeps, so that the second cannot differ', async () => {
  expect(await act('json', 'json-key-1')).toEqual({ ok: true, id: expect.any(Number), at: '1970-01-01T00:00:00.000Z' });
  expect(await transaction(actor, async () => undefined, { action: 'nothing', key: 'nothing-1' })).toBeUndefined();
  expect(await transaction(actor, async () => 'never run', { action: 'nothing', key: 'nothing-1' })).toBeUndefined();
});

test('a refusal and a throw leave the key free', async () => {
  const attempt = (result: () => unknown) => transaction(actor, async (tx) => {
    await tx`insert into effect (what) values ('free')`;
    return result();
  }, { action: 'effect.make', key: 'free-key-1' });
  expect(await attempt(() => ({ ok: false, reason: 'closed' }))).toEqual({ ok: false, reason: 'closed' });
  await expect(attempt(() => { throw new Error('broken'); })).rejects.toThrow('broken');
  expect(await effects('free')).toBe(0);
  expect(await attempt(() => ({ ok: true }))).toEqual({ ok: true });
  expect(await effects('free')).toBe(1);
});

test('a winner that rolls back lets the next one in', async () => {
  let refusals = 0;
  const answers = await Promise.all(Array.from({ length: 20 }, () => transaction(actor, async (tx) => {
    await tx`insert into effect (what) values ('handed on')`;
    await tx`select pg_sleep(0.01)`;
    if (refusals < 3) {
      refusals += 1;
      return { ok: false as const };
    }
    return { ok: true as const };
  }, { action: 'effect.make', key: 'handed-on' })));
  expect(answers.filter((answer) => !answer.ok)).toHaveLength(3);
  expect(await effects('handed on')).toBe(1);
});

test('a key belongs to its actor and its action', async () => {
  await act('mine', 'mine-key-1');
  await expect(act('mine', 'mine-key-1', { name: 'account:01890000-0000-7000-8000-000000000002' })).rejects.toThrow(KeyMisuse);
  await transaction(actor, async () => 1, { action: 'effect.other', key: 'mine-key-1' });
  expect(await effects('mine')).toBe(1);
});

test('a key the table would not take is refused', async () => {
  await expect(act('short', 'short')).rejects.toMatchObject({ code: '23514' });
  await expect(transaction(actor, async () => 1, { key: 'alone-key-1' })).rejects.toThrow(TypeError);
});
