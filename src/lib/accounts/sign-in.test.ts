import { hashSync } from '@node-rs/argon2';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { closePool, configureDatabase, sql, transaction } from '../db/db.server.ts';
import { actorOf, makeAccount, PASSWORD, VISITOR } from './fixtures.ts';
import { PARALLEL_MAX, QUEUE_MAX } from './password.server.ts';
import { hashSecret } from './secret.server.ts';
import * as sessions from './session.server.ts';
import { confirmPassword, signIn } from './sign-in.server.ts';
import { disableAccount } from './staff.server.ts';
import { BUCKETS, sweepThrottle } from './throttle.server.ts';
import { loginAnswer } from './words.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

const START = new Date('2026-04-01T00:00:00Z');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const from = (clientKey: string, device?: string) => ({ clientKey, userAgent: 'Mozilla/5.0 Firefox/140.0', device });
const attempt = (email: string, password: string, clientKey = 'client', now = START, device?: string) =>
  signIn(VISITOR, { email, password }, from(clientKey, device), now);
const WRONG = 'wrong wrong wrong wrong';

/** Many guesses without spending minutes on hashing: what counts is counted before the hash is asked. */
async function failures(email: string, count: number, clientOf: (i: number) => string, now = START, device?: string) {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push(await attempt(email, WRONG, clientOf(i), now, device));
  return answers;
}

test('the right password opens a new session, whatever the case of the address', async () => {
  const accountId = await makeAccount('Hanako.Suzuki@example.jp');
  const first = await attempt('hanako.suzuki@EXAMPLE.jp', PASSWORD);
  const second = await attempt('Hanako.Suzuki@example.jp', PASSWORD);
  if (!first.ok || !second.ok) throw new Error('refused');
  expect(first.accountId).toBe(accountId);
  expect(first.session).not.toBe(second.session);
  expect(await sessions.currentSession(first.session, after(1))).toMatchObject({ accountId, freshAuthAt: START });
  const entries = await sql<{ actor: string; after: string }[]>`select actor, after from audit_entry where action = 'account.sign_in' and subject_id = ${accountId}`;
  expect(entries).toHaveLength(2);
  expect(entries[0]!.actor).toBe(`account:${accountId}`);
  expect(JSON.stringify(entries)).not.toContain(first.session);
});

test('signing in again ends the session the browser had: no fixation', async () => {
  const accountId = await makeAccount('fixation@example.jp');
  const planted = await transaction(actorOf(accountId), (tx) => sessions.signIn(tx, accountId, null, START));
  const result = await signIn(VISITOR, { email: 'fixation@example.jp', password: PASSWORD }, { ...from('f'), previousSessionId: hashSecret(planted) }, START);
  expect(result.ok && result.session !== planted).toBe(true);
  expect(await sessions.currentSession(planted, after(1))).toBeNull();
});

describe('known and unknown addresses cannot be told apart', () => {
  test('same answer, same words', async () => {
    const accountId = await makeAccount('known@example.jp');
    const stopped = await makeAccount('stopped@example.jp');
    const admin = await makeAccount('stopper@example.jp', { roles: ['administrator'] });
    await transaction(actorOf(admin), (tx) => disableAccount(tx, admin, stopped, START));
    const answers = [await attempt('known@example.jp', WRONG, 'a'), await attempt('unknown@example.jp', WRONG, 'b'), await attempt('stopped@example.jp', PASSWORD, 'c')];
    expect(answers).toEqual([{ ok: false, reason: 'wrong' }, { ok: false, reason: 'wrong' }, { ok: false, reason: 'wrong' }]);
    expect(loginAnswer({ reason: 'wrong' }).status).toBe(422);
    expect((await sql`select 1 from session where account_id = ${accountId}`).length).toBe(0);
    const [limited, unknown] = [await failures('known@example.jp', 11, () => 'd'), await failures('nobody@example.jp', 11, () => 'e')];
    expect(limited.at(-1)).toEqual(unknown.at(-1));
    expect(limited.at(-1)).toMatchObject({ reason: 'throttled', retryAfterSeconds: 900 });
  });

  test('about the same time', async () => {
    await makeAccount('timed@example.jp');
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let i = 0; i < 25; i++) {
      for (const [kind, email] of [['known', 'timed@example.jp'], ['unknown', `nobody${i % 2}@example.jp`]] as const) {
        const started = performance.now();
        await attempt(email, WRONG, `${kind}${i}`, after(i * 20));
        times[kind].push(performance.now() - started);
      }
    }
    // The lower quarter: other work on the machine only ever makes a run slower.
    const usual = (list: number[]) => list.toSorted((a, b) => a - b)[6]!;
    expect(Math.abs(usual(times.known) - usual(times.unknown))).toBeLessThan(15);
  });
});

test('a weaker hash is renewed at the next log-in; a damaged one is a failed log-in', async () => {
  const weak = await makeAccount('weak@example.jp', { passwordHash: hashSync(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 }) });
  expect((await attempt('weak@example.jp', PASSWORD)).ok).toBe(true);
  const [row] = await sql<{ password_hash: string }[]>`select password_hash from account where id = ${weak}`;
  expect(row!.password_hash).toMatch(/m=19456,t=2,p=1/);
  expect((await attempt('weak@example.jp', PASSWORD)).ok).toBe(true);
  await makeAccount('damaged@example.jp', { passwordHash: '$argon2id$v=19$broken' });
  expect(await attempt('damaged@example.jp', PASSWORD, 'damaged')).toEqual({ ok: false, reason: 'wrong' });
});

describe('guessing is slowed down, the owner is not locked out', () => {
  test('one connection: ten tries, then a wait; the owner elsewhere still gets in', async () => {
    await makeAccount('guessed@example.jp');
    const answers = await failures('guessed@example.jp', 1000, () => 'attacker');
    expect(answers.filter((a) => !a.ok && a.reason === 'wrong')).toHaveLength(BUCKETS.loginPair.limit);
    expect(await attempt('guessed@example.jp', PASSWORD, 'attacker')).toMatchObject({ reason: 'throttled' });
    expect((await attempt('guessed@example.jp', PASSWORD, 'owner')).ok).toBe(true);
    expect((await attempt('guessed@example.jp', PASSWORD, 'attacker', after(16))).ok).toBe(true);
  });

  test('one connection against many accounts', async () => {
    const answers = await failures('', 0, () => '');
    for (let i = 0; i <= BUCKETS.loginClient.limit; i++) answers.push(await attempt(`victim${i}@example.jp`, WRONG, 'sprayer', after(100)));
    expect(answers.at(-2)).toMatchObject({ reason: 'wrong' });
    expect(answers.at(-1)).toMatchObject({ reason: 'throttled' });
  });

  test('many connections against one account: strangers must wait, the known browser need not', async () => {
    await makeAccount('shared@example.jp');
    const owner = await attempt('shared@example.jp', PASSWORD, 'home', after(200));
    if (!owner.ok) throw new Error('refused');
    const answers = await failures('shared@example.jp', 60, (i) => `bot${i}`, after(200));
    expect(answers.filter((a) => !a.ok && a.reason === 'wrong')).toHaveLength(BUCKETS.loginAccount.limit);
    expect(await attempt('shared@example.jp', PASSWORD, 'new place', after(201))).toMatchObject({ reason: 'throttled' });
    expect((await attempt('shared@example.jp', PASSWORD, 'bot1', after(201), owner.device)).ok).toBe(true);
    // A browser known for another account, or an invented one, opens no side door.
    await makeAccount('neighbour@example.jp');
    const neighbour = await attempt('neighbour@example.jp', PASSWORD, 'next door', after(201));
    if (!neighbour.ok) throw new Error('refused');
    for (const device of [neighbour.device, 'A'.repeat(43), hashSecret(owner.device)]) {
      expect(await attempt('shared@example.jp', PASSWORD, 'x', after(201), device)).toMatchObject({ reason: 'throttled' });
    }
  });

  test('a hundred failures in a row: only a reset helps, except on the known browser', async () => {
    await makeAccount('worn@example.jp');
    const owner = await attempt('worn@example.jp', PASSWORD, 'home', after(1000));
    if (!owner.ok) throw new Error('refused');
    let wrong = 0;
    for (let round = 0; round < 6; round++) {
      const answers = await failures('worn@example.jp', 25, (i) => `bot${round}-${i}`, after(1000 + round * 20));
      wrong += answers.filter((a) => !a.ok && a.reason === 'wrong').length;
    }
    expect(wrong).toBe(BUCKETS.loginStreak.limit);
    expect(await attempt('worn@example.jp', PASSWORD, 'hotel', after(5000))).toEqual({ ok: false, reason: 'reset_required' });
    expect((await attempt('worn@example.jp', PASSWORD, 'home', after(5000), owner.device)).ok).toBe(true);
    expect(await attempt('worn@example.jp', PASSWORD, 'hotel', after(5000))).toEqual({ ok: false, reason: 'reset_required' });
  });

  test('the counters outlive a restart and hold no address', async () => {
    await makeAccount('restart@example.jp');
    await failures('restart@example.jp', 10, () => 'steady', after(2000));
    await closePool();
    configureDatabase(database.appUrl);
    expect(await attempt('restart@example.jp', PASSWORD, 'steady', after(2001))).toMatchObject({ reason: 'throttled' });
    const [kind] = await sql<{ relpersistence: string }[]>`select relpersistence::text from pg_class where relname = 'throttle'`;
    expect(kind!.relpersistence).toBe('p');
    const keys = await sql<{ key: string }[]>`select key from throttle`;
    expect(keys.every(({ key }) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
    await transaction({ name: 'system:sweep' }, (tx) => sweepThrottle(tx, after(2016)));
    expect((await attempt('restart@example.jp', PASSWORD, 'steady', after(2016))).ok).toBe(true);
  });
});

test('a storm of 200 log-ins: none fails otherwise than by "busy", and the busy ones are not counted', async () => {
  await makeAccount('storm@example.jp');
  const now = after(9000);
  // Two hundred households behind two hundred connections, all with the right password.
  const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => makeAccount(`storm${i}@example.jp`)));
  expect(new Set(ids).size).toBe(20);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => attempt(`storm${i % 20}@example.jp`, PASSWORD, `storm${i}`, now)));
  const [opened, busy] = [answers.filter((a) => a.ok).length, answers.filter((a) => !a.ok && a.reason === 'busy').length];
  expect(opened + busy).toBe(200);
  expect(opened).toBeGreaterThanOrEqual(PARALLEL_MAX + QUEUE_MAX);
  const left = await sql<{ count: number }[]>`select count from throttle where window_ends_at = ${new Date(now.getTime() + BUCKETS.loginPair.windowMs)} and count > 0`;
  expect(left).toEqual([]);
}, 180_000);

test('the password is asked again: right refreshes the session, wrong does not, ten wrongs wait', async () => {
  const accountId = await makeAccount('fresh@example.jp');
  const secret = await transaction(actorOf(accountId), (tx) => sessions.signIn(tx, accountId, null, START));
  const who = { accountId, sessionId: hashSecret(secret) };
  expect(await confirmPassword(actorOf(accountId), who, WRONG, after(10))).toMatchObject({ reason: 'wrong' });
  expect((await sessions.currentSession(secret, after(10)))?.freshAuthAt).toEqual(START);
  expect((await confirmPassword(actorOf(accountId), who, PASSWORD, after(10))).ok).toBe(true);
  expect((await sessions.currentSession(secret, after(11)))?.freshAuthAt).toEqual(after(10));
  for (let i = 0; i < 10; i++) await confirmPassword(actorOf(accountId), who, WRONG, after(12));
  expect(await confirmPassword(actorOf(accountId), who, PASSWORD, after(12))).toMatchObject({ reason: 'throttled' });
});
