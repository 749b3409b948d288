import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { TEST_KEYS } from '../../../tests/keys.ts';
import { sql, transaction } from '../db/db.server.ts';
import { HALFWAY_LIMITS, owedBy, secondStepPath, type Halfway, type Role } from './account.ts';
import { actorOf, makeAccount, OTHER_PASSWORD, PASSWORD, VISITOR } from './fixtures.ts';
import { changePassword, completeReset, requestReset } from './password-change.server.ts';
import * as factors from './second-factor.server.ts';
import { makeOffer, OFFER_LIFE_MS, openOffer, sealOffer } from './second-factor-offer.server.ts';
import { passSecondStep, renewRecoveryCodes, setUpSecondStep, turnOffSecondStep, type Given } from './second-step.server.ts';
import { hashSecret } from './secret.server.ts';
import * as sessions from './session.server.ts';
import { signIn } from './sign-in.server.ts';
import { grantRole } from './staff.server.ts';
import { sweepAccounts } from './sweep.server.ts';
import { BUCKETS } from './throttle.server.ts';
import { codeAt, stepAt } from './totp.server.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
beforeEach(() => {
  process.env.STAFF_SECOND_STEP = 'required';
});
afterEach(() => {
  process.env.STAFF_SECOND_STEP = 'optional';
  process.env.PORTAL_KEYS = TEST_KEYS;
});

const START = new Date('2026-04-01T00:00:00Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const FROM = { clientKey: 'client', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0', device: undefined };
const mails = async (to: string) => (await sql<{ body: string }[]>`select body from mail_outbox where to_address = ${to} and template = 'second_step_notice' order by created_at, id`).map(({ body }) => body.split('\n')[0]);

async function logIn(email: string, now = START, password = PASSWORD) {
  const opened = await signIn(VISITOR, { email, password }, { ...FROM, clientKey: email }, now);
  if (!opened.ok) throw new Error(opened.reason);
  return { secret: opened.session, session: (await sessions.currentSession(opened.session, now))! };
}
const halfwayOf = async (email: string, now = START) => (await logIn(email, now)).session as Halfway;

/** An account with a second factor, and what its owner holds. */
async function enrolled(email: string, options: { roles?: Role[]; now?: Date } = {}) {
  const now = options.now ?? START;
  const accountId = await makeAccount(email, { roles: options.roles ?? ['officer'], now });
  const who = { ...(await logIn(email, now)).session, accountId };
  const offer = makeOffer('set_up', now);
  const done = await setUpSecondStep(VISITOR, who, { sealed: sealOffer(offer, who), code: codeAt(offer.secret!, stepAt(now)) }, now);
  if (!done.ok) throw new Error(done.reason);
  return { accountId, email, secret: offer.secret!, codes: done.codes, session: done.session };
}
const code = (secret: string, now: Date, steps = 0): Given => ({ one_time_code: codeAt(secret, stepAt(now) + steps) });

describe('a session without the second step', () => {
  test('has no role, and says what it owes', async () => {
    await makeAccount('new@example.jp', { roles: ['administrator', 'officer'] });
    const fresh = await logIn('new@example.jp');
    expect(fresh.session).toMatchObject({ roles: [], owes: 'set_up' });
    const { email } = await enrolled('old@example.jp');
    expect((await logIn(email, after(60))).session).toMatchObject({ roles: [], owes: 'code' });
    await makeAccount('group@example.jp');
    expect((await logIn('group@example.jp')).session).toMatchObject({ roles: [], owes: null });
  });

  test('where it is optional only those who set it up are asked', async () => {
    process.env.STAFF_SECOND_STEP = 'optional';
    await makeAccount('free@example.jp', { roles: ['officer'] });
    expect((await logIn('free@example.jp')).session).toMatchObject({ roles: ['officer'], owes: null });
    const { email } = await enrolled('chosen@example.jp');
    expect((await logIn(email, after(60))).session).toMatchObject({ roles: [], owes: 'code' });
  });

  test('lasts half an hour, however busy, and then is gone', async () => {
    await makeAccount('slow@example.jp', { roles: ['officer'] });
    const { secret } = await logIn('slow@example.jp');
    for (let at = 60; at < HALFWAY_LIMITS.absoluteMs / 1000; at += 60) expect(await sessions.currentSession(secret, after(at))).not.toBeNull();
    expect(await sessions.currentSession(secret, after(HALFWAY_LIMITS.absoluteMs / 1000 + 1))).toBeNull();
  });

  test('an unknown word, or none, is the strict one in production', () => {
    expect(owedBy({ roles: ['auditor'], enrolled: false, second_step_at: START }, true)).toBe('set_up');
    expect(owedBy({ roles: [], enrolled: true, second_step_at: null }, false)).toBe('code');
    expect(owedBy({ roles: ['auditor'], enrolled: true, second_step_at: START }, true)).toBeNull();
    expect([secondStepPath('code', '/office?a=1&b=2'), secondStepPath('set_up', null)]).toEqual(['/second-step?next=%2Foffice%3Fa%3D1%26b%3D2', '/second-step/set-up']);
  });
});

describe('setting it up', () => {
  test('gives the roles, under a new id, and ends every other session', async () => {
    const accountId = await makeAccount('setup@example.jp', { roles: ['officer'] });
    const [elsewhere, here] = [await logIn('setup@example.jp'), await logIn('setup@example.jp')];
    const offer = makeOffer('set_up', START);
    const sealed = sealOffer(offer, here.session);
    const wrong = await setUpSecondStep(VISITOR, here.session, { sealed, code: codeAt(offer.secret!, stepAt(START) + 2) }, START);
    expect(wrong).toEqual({ ok: false, reason: 'wrong_code' });
    expect((await sessions.currentSession(here.secret, after(1)))?.owes).toBe('set_up');
    const done = await setUpSecondStep(VISITOR, here.session, { sealed, code: codeAt(offer.secret!, stepAt(START)) }, START);
    if (!done.ok) throw new Error(done.reason);
    expect(done.codes).toEqual(offer.codes);
    expect(await sessions.currentSession(done.session, after(1))).toMatchObject({ roles: ['officer'], owes: null, freshAuthAt: START });
    for (const dead of [here.secret, elsewhere.secret]) expect(await sessions.currentSession(dead, after(1))).toBeNull();
    expect(await mails('setup@example.jp')).toEqual(['2段階認証を設定しました。']);
    const [entry] = await sql<{ actor: string }[]>`select actor from audit_entry where action = 'second_factor.enrol' and subject_id = ${accountId}`;
    expect(entry!.actor).toBe(`account:${accountId}`);
  });

  test('the database holds no secret and no code as they are', async () => {
    const { accountId, secret, codes } = await enrolled('sealed@example.jp');
    const rows = await database.ownerSql`select to_jsonb(f)::text as row from second_factor f union all select to_jsonb(c)::text from recovery_code c union all select to_jsonb(a)::text from audit_entry a union all select to_jsonb(k)::text from idempotency_key k union all select to_jsonb(m)::text from mail_outbox m`;
    const dump = rows.map(({ row }) => row as string).join('\n');
    for (const word of [secret, ...codes, ...codes.map((one) => one.replaceAll('-', ''))]) expect(dump).not.toContain(word);
    // A sealed secret copied to another account opens nothing there.
    const other = await enrolled('thief@example.jp');
    await database.ownerSql.begin(async (owner) => {
      await owner`select set_config('portal.actor', 'system:test', true)`;
      await owner`update second_factor set sealed_secret = (select sealed_secret from second_factor where account_id = ${accountId}) where account_id = ${other.accountId}`;
    });
    await expect(factors.totpSecret(sql, other.accountId)).rejects.toThrow('PORTAL_KEYS');
    await expect(database.ownerSql`update second_factor set sealed_secret = ${secret}`).rejects.toThrow();
  });

  test('an offer is for one person in one session, and half an hour', async () => {
    const [a, b] = [{ accountId: 'a', sessionId: 's' }, { accountId: 'a', sessionId: 't' }];
    const offer = makeOffer('set_up', START);
    const sealed = sealOffer(offer, a);
    expect(openOffer('set_up', sealed, a, after(OFFER_LIFE_MS / 1000))).toEqual(offer);
    expect(openOffer('set_up', sealed, a, after(OFFER_LIFE_MS / 1000 + 1))).toBeNull();
    expect(openOffer('set_up', sealed, b, START)).toBeNull();
    expect(openOffer('set_up', sealed, { ...a, accountId: 'b' }, START)).toBeNull();
    expect(openOffer('codes', sealed, a, START)).toBeNull();
    for (const hostile of [null, '', 'x', `${sealed}x`, new File(['x'], 'x')]) expect(openOffer('set_up', hostile, a, START)).toBeNull();
  });

  test('of two windows one sets it up; the other is told', async () => {
    await makeAccount('windows@example.jp', { roles: ['officer'] });
    const two = [await logIn('windows@example.jp'), await logIn('windows@example.jp')];
    const answers = await Promise.all(two.map(({ session }) => {
      const offer = makeOffer('set_up', START);
      return setUpSecondStep(VISITOR, session, { sealed: sealOffer(offer, session), code: codeAt(offer.secret!, stepAt(START)) }, START);
    }));
    expect(answers.map((one) => (one.ok ? 'ok' : one.reason)).sort()).toEqual(['ok', 'over']);
    const [row] = await sql<{ n: number }[]>`select count(*)::int as n from second_factor f join account a on a.id = f.account_id where a.email = 'windows@example.jp'`;
    expect(row!.n).toBe(1);
  });
});

test('a new authenticator takes the old one’s place, with new codes on paper, only where asked to', async () => {
  const { accountId, email, secret, codes, session } = await enrolled('phone@example.jp');
  const who = { accountId, sessionId: hashSecret(session) };
  const now = after(300);
  const offer = makeOffer('set_up', now);
  const value = { sealed: sealOffer(offer, who), code: codeAt(offer.secret!, stepAt(now)) };
  expect(await setUpSecondStep(actorOf(accountId), who, value, now)).toEqual({ ok: false, reason: 'already' });
  const replaced = await setUpSecondStep(actorOf(accountId), who, { ...value, replaces: true }, now);
  if (!replaced.ok) throw new Error(replaced.reason);
  expect(await sessions.currentSession(replaced.session, now)).toMatchObject({ roles: ['officer'], owes: null });
  expect(await sessions.currentSession(session, now)).toBeNull();
  const later = after(600);
  expect(await passSecondStep(VISITOR, await halfwayOf(email, later), code(secret, later), later)).toMatchObject({ reason: 'wrong_code' });
  expect(await passSecondStep(VISITOR, await halfwayOf(email, later), { recovery_code: codes[0]! }, later)).toMatchObject({ reason: 'wrong_recovery_code' });
  expect((await passSecondStep(VISITOR, await halfwayOf(email, later), code(offer.secret!, later), later)).ok).toBe(true);
  expect((await passSecondStep(VISITOR, await halfwayOf(email, later), { recovery_code: offer.codes[0]! }, later)).ok).toBe(true);
});

describe('a code', () => {
  test('is good at its time, one step before and after, and once', async () => {
    const { email, secret, accountId } = await enrolled('once@example.jp');
    const now = after(3_600);
    for (const steps of [-2, 2]) expect(await passSecondStep(VISITOR, await halfwayOf(email, now), code(secret, now, steps), now)).toEqual({ ok: false, reason: 'wrong_code' });
    for (const steps of [-1, 0, 1]) {
      const halfway = await halfwayOf(email, now);
      const passed = await passSecondStep(VISITOR, halfway, code(secret, now, steps), now);
      if (!passed.ok) throw new Error(passed.reason);
      expect(await sessions.currentSession(passed.session, now)).toMatchObject({ accountId, roles: ['officer'], owes: null });
      expect(hashSecret(passed.session)).not.toBe(halfway.sessionId);
      expect(await sql`select 1 from session where id = ${halfway.sessionId}`).toHaveLength(0);
    }
    // The newest of them is used: so are those before it.
    for (const steps of [-1, 0, 1]) expect(await passSecondStep(VISITOR, await halfwayOf(email, now), code(secret, now, steps), now)).toEqual({ ok: false, reason: 'wrong_code' });
  });

  test('the one that proved the authenticator is used up by that', async () => {
    const { email, secret } = await enrolled('proof@example.jp');
    expect(await passSecondStep(VISITOR, await halfwayOf(email), code(secret, START), START)).toEqual({ ok: false, reason: 'wrong_code' });
  });

  test('of 50 at once exactly one gets through', { timeout: 60_000 }, async () => {
    const { email, secret, accountId } = await enrolled('race@example.jp');
    const now = after(7_200);
    const halfways = await Promise.all(Array.from({ length: 10 }, () => halfwayOf(email, now)));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => passSecondStep(VISITOR, halfways[i % 10]!, code(secret, now), now)));
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    const [row] = await sql<{ n: number }[]>`select count(*)::int as n from session where account_id = ${accountId} and second_step_at = ${now}`;
    expect(row!.n).toBe(1);
    // The statement alone, without the counters that turn most of them away before.
    const held = (await factors.totpSecret(sql, accountId))!;
    const step = stepAt(now) + 5;
    const spent = await Promise.all(Array.from({ length: 50 }, () => transaction(actorOf(accountId), async (tx) => ({ ok: await factors.spendStep(tx, accountId, step, held) ? undefined : false, done: await note(tx, accountId) }))));
    expect(spent.filter(({ ok }) => ok !== false)).toHaveLength(1);
  });

  test('belongs to its own account', async () => {
    const [mine, theirs] = [await enrolled('mine@example.jp'), await enrolled('theirs@example.jp')];
    const now = after(600);
    expect(await passSecondStep(VISITOR, await halfwayOf(mine.email, now), code(theirs.secret, now), now)).toEqual({ ok: false, reason: 'wrong_code' });
    expect(await passSecondStep(VISITOR, await halfwayOf(mine.email, now), { recovery_code: theirs.codes[0]! }, now)).toEqual({ ok: false, reason: 'wrong_recovery_code' });
  });

  test('a session that has ended meanwhile gains nothing, and nothing is used up', async () => {
    const { email, secret, accountId } = await enrolled('ended@example.jp');
    const now = after(900);
    const halfway = await halfwayOf(email, now);
    await transaction(actorOf(accountId), (tx) => sessions.endAllSessions(tx, accountId));
    expect(await passSecondStep(VISITOR, halfway, code(secret, now), now)).toEqual({ ok: false, reason: 'over' });
    expect((await passSecondStep(VISITOR, await halfwayOf(email, now), code(secret, now), now)).ok).toBe(true);
  });
});

describe('guessing', () => {
  test('five wrong codes in a quarter of an hour, then a wait, for every session of the account', async () => {
    const { email, secret, codes } = await enrolled('guess@example.jp');
    const now = after(10_000);
    for (let i = 0; i < BUCKETS.secondStep.limit; i += 1) expect(await passSecondStep(VISITOR, await halfwayOf(email, now), { one_time_code: '000000' }, now)).toMatchObject({ reason: 'wrong_code' });
    expect(await passSecondStep(VISITOR, await halfwayOf(email, now), code(secret, now), now)).toMatchObject({ reason: 'throttled', retryAfterSeconds: 900 });
    // The paper is counted apart, and a success begins anew.
    expect((await passSecondStep(VISITOR, await halfwayOf(email, now), { recovery_code: codes[0]! }, now)).ok).toBe(true);
    expect((await passSecondStep(VISITOR, await halfwayOf(email, now), code(secret, now), now)).ok).toBe(true);
  });

  test('a hundred in a row close the codes until a recovery code or the administrator opens them', { timeout: 60_000 }, async () => {
    const { email, secret, codes } = await enrolled('hundred@example.jp');
    let at = 20_000;
    for (let i = 0; i < BUCKETS.secondStepStreak.limit; i += 1) {
      if (i % BUCKETS.secondStep.limit === 0) at += 901;
      expect(await passSecondStep(VISITOR, await halfwayOf(email, after(at)), { one_time_code: '000000' }, after(at))).toMatchObject({ reason: 'wrong_code' });
    }
    const later = after(at + 100_000);
    expect(await passSecondStep(VISITOR, await halfwayOf(email, later), code(secret, later), later)).toEqual({ ok: false, reason: 'code_closed' });
    expect((await passSecondStep(VISITOR, await halfwayOf(email, later), { recovery_code: codes[3]! }, later)).ok).toBe(true);
    expect((await passSecondStep(VISITOR, await halfwayOf(email, later), code(secret, later), later)).ok).toBe(true);
  });

  test('recovery codes: ten tries, then a wait', async () => {
    const { email, codes } = await enrolled('paper-guess@example.jp');
    const now = after(30_000);
    const other = makeOffer('codes', now).codes;
    for (const wrong of other) expect(await passSecondStep(VISITOR, await halfwayOf(email, now), { recovery_code: wrong }, now)).toMatchObject({ reason: 'wrong_recovery_code' });
    expect(await passSecondStep(VISITOR, await halfwayOf(email, now), { recovery_code: codes[0]! }, now)).toMatchObject({ reason: 'throttled' });
  });
});

describe('recovery codes', () => {
  test('each works once; of 50 at once exactly one; the person is told how many are left', { timeout: 60_000 }, async () => {
    const { email, codes, accountId } = await enrolled('paper@example.jp');
    const now = after(40_000);
    const halfways = await Promise.all(Array.from({ length: 10 }, () => halfwayOf(email, now)));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => passSecondStep(VISITOR, halfways[i % 10]!, { recovery_code: codes[0]! }, now)));
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    expect(await mails(email)).toEqual(['2段階認証を設定しました。', '回復コードを使ったログインがありました。']);
    const spent = await Promise.all(Array.from({ length: 50 }, () => transaction(actorOf(accountId), async (tx) => ({ ok: await factors.spendRecoveryCode(tx, accountId, codes[1]!, now) ? undefined : false, done: await note(tx, accountId) }))));
    expect(spent.filter(({ ok }) => ok !== false)).toHaveLength(1);
    expect(await factors.secondFactor(sql, accountId)).toEqual({ enrolled_at: START, codes_left: 8 });
    expect(await passSecondStep(VISITOR, await halfwayOf(email, after(50_000)), { recovery_code: codes[0]! }, after(50_000))).toEqual({ ok: false, reason: 'wrong_recovery_code' });
    expect((await passSecondStep(VISITOR, await halfwayOf(email, after(50_000)), { recovery_code: codes[9]! }, after(50_000))).ok).toBe(true);
  });

  test('a new set replaces the old one; the same form twice is one set; an older form is refused', async () => {
    const { email, codes, accountId, session } = await enrolled('renew@example.jp');
    const who = { accountId, sessionId: hashSecret(session) };
    const [first, second] = [makeOffer('codes', after(60)), makeOffer('codes', after(61))];
    const renew = (offer: typeof first) => renewRecoveryCodes(actorOf(accountId), who, sealOffer(offer, who), after(70));
    expect(await renew(first)).toEqual({ ok: true, codes: first.codes });
    expect(await renew(first)).toEqual({ ok: true, codes: first.codes });
    expect(await renew(second)).toEqual({ ok: true, codes: second.codes });
    expect(await renew(first)).toEqual({ ok: false, reason: 'offer_over' });
    expect(await renewRecoveryCodes(actorOf(accountId), who, 'x', after(70))).toEqual({ ok: false, reason: 'offer_over' });
    expect(await mails(email)).toEqual(['2段階認証を設定しました。', '新しい回復コードを作りました。', '新しい回復コードを作りました。']);
    const now = after(5_000);
    for (const old of [codes[0]!, first.codes[0]!]) expect(await passSecondStep(VISITOR, await halfwayOf(email, now), { recovery_code: old }, now)).toMatchObject({ reason: 'wrong_recovery_code' });
    expect((await passSecondStep(VISITOR, await halfwayOf(email, now), { recovery_code: second.codes[0]! }, now)).ok).toBe(true);
    // Used, and not brought back by sending its form again.
    expect(await renewRecoveryCodes(actorOf(accountId), who, sealOffer(second, who), after(80))).toMatchObject({ ok: true });
    expect((await factors.secondFactor(sql, accountId))!.codes_left).toBe(9);
  });
});

describe('what must not take it away', () => {
  test('a password forgotten and reset by mail (AN-9)', async () => {
    const { email, secret, accountId } = await enrolled('reset@example.jp');
    for (let i = 0; i < BUCKETS.secondStep.limit; i += 1) await passSecondStep(VISITOR, await halfwayOf(email, after(100)), { one_time_code: '000000' }, after(100));
    await transaction(VISITOR, (tx) => requestReset(tx, { email }, 'client', after(110)));
    const [mail] = await sql<{ body: string }[]>`select body from mail_outbox where to_address = ${email} and template = 'password_reset_link'`;
    const token = /password-reset\/([\w-]{43})/.exec(mail!.body)![1]!;
    expect((await completeReset(VISITOR, { token, password: OTHER_PASSWORD }, [], after(120))).ok).toBe(true);
    const { session } = await logIn(email, after(130), OTHER_PASSWORD);
    expect(session).toMatchObject({ accountId, roles: [], owes: 'code' });
    // Nor does it give guesses back.
    expect(await passSecondStep(VISITOR, session as Halfway, code(secret, after(130)), after(130))).toMatchObject({ reason: 'throttled' });
  });

  test('a password changed inside: the new session has made the step as the old one had', async () => {
    const { accountId, session } = await enrolled('change@example.jp');
    const changed = await changePassword(actorOf(accountId), accountId, { current: PASSWORD, password: OTHER_PASSWORD }, { ...FROM, previousSessionId: hashSecret(session) }, [], after(60));
    if (!changed.ok) throw new Error(changed.reason);
    expect(await sessions.currentSession(changed.session, after(61))).toMatchObject({ roles: ['officer'], owes: null });
    const halfway = (await logIn('change@example.jp', after(70), OTHER_PASSWORD)).session;
    expect(halfway.owes).toBe('code');
  });

  test('the person, where it is required; where not, it is announced and other sessions end', async () => {
    const staff = await enrolled('must@example.jp');
    const who = { accountId: staff.accountId, sessionId: hashSecret(staff.session) };
    expect(await turnOffSecondStep(actorOf(staff.accountId), who, true, after(60))).toEqual({ ok: false, reason: 'required' });
    const free = await enrolled('may@example.jp', { roles: [] });
    const elsewhere = await halfwayOf(free.email, after(60));
    const own = { accountId: free.accountId, sessionId: hashSecret(free.session) };
    expect(await turnOffSecondStep(actorOf(free.accountId), own, false, after(70))).toEqual({ ok: true });
    expect(await turnOffSecondStep(actorOf(free.accountId), own, false, after(70))).toEqual({ ok: false, reason: 'missing' });
    expect(await sql`select 1 from session where id = ${elsewhere.sessionId}`).toHaveLength(0);
    expect(await sessions.currentSession(free.session, after(71))).toMatchObject({ owes: null });
    expect((await logIn(free.email, after(80))).session).toMatchObject({ owes: null });
    expect(await mails(free.email)).toEqual(['2段階認証を設定しました。', '2段階認証を使わない設定にしました。']);
    // A role that comes later asks for it again, also in a session that made the step before.
    await transaction({ name: 'system:test' }, (tx) => grantRole(tx, null, { accountId: free.accountId, role: 'auditor', fromOn: '2026-01-01', lastOn: null }, after(90)));
    expect((await logIn(free.email, after(100))).session).toMatchObject({ roles: [], owes: 'set_up' });
  });
});

test('an administrator takes it away: sessions end, the person is told, and sets it up anew; nobody does so for themselves', async () => {
  const admin = await enrolled('admin@example.jp', { roles: ['administrator'] });
  const lost = await enrolled('lost@example.jp');
  const reset = (by: string, accountId: string) => transaction(actorOf(by), (tx) => factors.resetByAdministrator(tx, by, accountId, after(60)));
  expect(await reset(admin.accountId, admin.accountId)).toEqual({ ok: false, reason: 'self' });
  expect(await reset(admin.accountId, lost.accountId)).toEqual({ ok: true });
  expect(await reset(admin.accountId, lost.accountId)).toEqual({ ok: false, reason: 'missing' });
  expect(await sessions.currentSession(lost.session, after(61))).toBeNull();
  expect((await logIn(lost.email, after(70))).session).toMatchObject({ roles: [], owes: 'set_up' });
  expect((await mails(lost.email)).at(-1)).toBe('管理者が、あなたの2段階認証の設定を取り消しました。');
  const [entry] = await sql<{ actor: string }[]>`select actor from audit_entry where action = 'second_factor.reset' and subject_id = ${lost.accountId}`;
  expect(entry!.actor).toBe(`account:${admin.accountId}`);
});

test('a new key takes over: at the next use, and for everybody by the tidying; then the old one can go', async () => {
  const [used, idle] = [await enrolled('used@example.jp'), await enrolled('idle@example.jp')];
  process.env.PORTAL_KEYS = `next:${'0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)},${TEST_KEYS}`;
  const now = after(60_000);
  expect((await passSecondStep(VISITOR, await halfwayOf(used.email, now), code(used.secret, now), now)).ok).toBe(true);
  const keys = async () => Object.fromEntries((await sql<{ email: string; key: string }[]>`select a.email, split_part(f.sealed_secret, '.', 2) as key from second_factor f join account a on a.id = f.account_id where a.email in ('used@example.jp', 'idle@example.jp')`).map(({ email, key }) => [email, key]));
  expect(await keys()).toEqual({ 'used@example.jp': 'next', 'idle@example.jp': 'test' });
  await transaction({ name: 'system:sweep' }, (tx) => sweepAccounts(tx, now));
  expect(await keys()).toEqual({ 'used@example.jp': 'next', 'idle@example.jp': 'next' });
  process.env.PORTAL_KEYS = process.env.PORTAL_KEYS.split(',')[0]!;
  expect((await passSecondStep(VISITOR, await halfwayOf(idle.email, now), code(idle.secret, now), now)).ok).toBe(true);
});

/** The record without which nothing is committed. */
async function note(tx: Parameters<Parameters<typeof transaction>[1]>[0], accountId: string): Promise<void> {
  await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values (${tx.actor.name}, 'test', 'account', ${accountId})`;
}
