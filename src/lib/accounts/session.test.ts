import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { APPLICANT_LIMITS, STAFF_LIMITS, type Role } from './account.ts';
import { actorOf, makeAccount } from './fixtures.ts';
import { hashSecret } from './secret.server.ts';
import * as sessions from './session.server.ts';
import { endRole, grantRole } from './staff.server.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

const START = new Date('2026-04-01T00:00:00Z');
const after = (ms: number) => new Date(START.getTime() + ms);
const open = (accountId: string, now = START, agent = 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36') =>
  transaction(actorOf(accountId), (tx) => sessions.signIn(tx, accountId, agent, now));

test('a session is found by its cookie only, and says who is there', async () => {
  const accountId = await makeAccount('one@example.jp', { name: '髙﨑 𠮷子', roles: ['officer', 'auditor'] });
  const secret = await open(accountId);
  expect(await sessions.currentSession(secret, after(1000))).toEqual({
    accountId, name: '髙﨑 𠮷子', email: 'one@example.jp', roles: ['auditor', 'officer'], owes: null, sessionId: hashSecret(secret), freshAuthAt: START
  });
  for (const wrong of [undefined, '', 'x', `${secret}A`, secret.slice(1), secret.toLowerCase(), `${secret.slice(0, -1)}é`, `' or true --`, '\0']) {
    expect(await sessions.currentSession(wrong, after(1000))).toBeNull();
  }
});

test('nothing in a stolen dump opens a session', async () => {
  const accountId = await makeAccount('dump@example.jp');
  const secret = await open(accountId);
  const rows = await database.ownerSql`select to_jsonb(t) as row from (select * from session) t union all select to_jsonb(d) from known_device d union all select to_jsonb(a) from account a`;
  const values = rows.flatMap(({ row }) => Object.values(row as object)).map(String);
  expect(values.length).toBeGreaterThan(10);
  expect(values.some((value) => value.includes(secret))).toBe(false);
  for (const value of values) expect(await sessions.currentSession(value, after(1000))).toBeNull();
  expect(await sessions.currentSession(secret, after(1000))).not.toBeNull();
});

describe('limits, one second either side', () => {
  const cases: [string, Role[], { idleMs: number; absoluteMs: number }][] = [['applicant', [], APPLICANT_LIMITS], ['staff', ['officer'], STAFF_LIMITS]];
  test.each(cases)('%s: idle', async (kind, roles, limits) => {
    const accountId = await makeAccount(`${kind}-idle@example.jp`, { roles });
    const early = await open(accountId);
    expect(await sessions.currentSession(early, after(limits.idleMs - 1000))).not.toBeNull();
    const late = await open(accountId);
    expect(await sessions.currentSession(late, after(limits.idleMs + 1000))).toBeNull();
    // It is gone, not just hidden: turning the clock back does not bring it back.
    expect(await sessions.currentSession(late, after(1000))).toBeNull();
  });

  test.each(cases)('%s: absolute, however busy', async (kind, roles, limits) => {
    const accountId = await makeAccount(`${kind}-absolute@example.jp`, { roles });
    const secret = await open(accountId);
    for (let at = limits.idleMs / 2; at < limits.absoluteMs; at += limits.idleMs / 2) {
      expect(await sessions.currentSession(secret, after(at))).not.toBeNull();
    }
    expect(await sessions.currentSession(secret, after(limits.absoluteMs - 1000))).not.toBeNull();
    expect(await sessions.currentSession(secret, after(limits.absoluteMs + 1000))).toBeNull();
  });

  test('use renews the idle limit', async () => {
    const accountId = await makeAccount('renew@example.jp', { roles: ['officer'] });
    const secret = await open(accountId);
    const use = STAFF_LIMITS.idleMs - 1000;
    expect(await sessions.currentSession(secret, after(use))).not.toBeNull();
    expect(await sessions.currentSession(secret, after(use + STAFF_LIMITS.idleMs - 1000))).not.toBeNull();
  });

  test('the real clock is used when none is given', async () => {
    const accountId = await makeAccount('real@example.jp', { roles: ['officer'] });
    const secret = await open(accountId, new Date());
    expect(await sessions.currentSession(secret)).not.toBeNull();
    const old = await open(accountId, new Date(Date.now() - STAFF_LIMITS.idleMs - 1000));
    expect(await sessions.currentSession(old)).toBeNull();
  });
});

test('roles and the stop of an account bite on the next request', async () => {
  const admin = await makeAccount('admin@example.jp', { roles: ['administrator'] });
  const accountId = await makeAccount('role@example.jp');
  const before = await open(accountId, new Date());
  await transaction(actorOf(admin), (tx) => grantRole(tx, admin, { accountId, role: 'approver', fromOn: '2026-01-01', lastOn: null }, new Date('2026-04-01T00:00:00Z')));
  expect(await sessions.currentSession(before)).toBeNull();

  const secret = await open(accountId);
  expect((await sessions.currentSession(secret, after(1000)))?.roles).toEqual(['approver']);
  const [role] = await sql<{ id: string }[]>`select id from staff_role where account_id = ${accountId}`;
  expect(await transaction(actorOf(admin), (tx) => endRole(tx, admin, role!.id, START))).toEqual({ ok: true });
  expect((await sessions.currentSession(secret, after(2000)))?.roles).toEqual([]);
});

test('a person sees and ends only the own sessions', async () => {
  const [mine, theirs] = [await makeAccount('mine@example.jp'), await makeAccount('theirs@example.jp')];
  const [here, there, foreign] = [await open(mine), await open(mine, after(60_000), 'Mozilla/5.0 (iPhone) Version/18 Safari/605'), await open(theirs)];
  expect((await sessions.listSessions(sql, mine, after(120_000))).map((one) => [one.id, one.device])).toEqual([
    [hashSecret(there), 'iPhone・iPad の Safari'], [hashSecret(here), 'Windows の Chrome']
  ]);
  expect(await transaction(actorOf(mine), (tx) => sessions.endOwnSession(tx, mine, hashSecret(foreign)))).toBe(false);
  expect(await transaction(actorOf(mine), (tx) => sessions.endOwnSession(tx, mine, hashSecret(there)))).toBe(true);
  expect(await sessions.currentSession(there, after(120_000))).toBeNull();
  expect(await sessions.currentSession(foreign, after(120_000))).not.toBeNull();
  await transaction(actorOf(mine), (tx) => sessions.endSession(tx, hashSecret(here)));
  expect(await sessions.currentSession(here, after(120_000))).toBeNull();
});

test('the sweep removes what has ended and nothing else', async () => {
  const accountId = await makeAccount('sweep@example.jp');
  const [idle, alive] = [await open(accountId, START), await open(accountId, after(APPLICANT_LIMITS.idleMs))];
  await transaction({ name: 'system:sweep' }, (tx) => sessions.sweepSessions(tx, after(APPLICANT_LIMITS.idleMs + 1000)));
  const rows = await sql<{ id: string }[]>`select id from session where account_id = ${accountId}`;
  expect(rows.map((row) => row.id)).toEqual([hashSecret(alive)]);
  expect(rows.map((row) => row.id)).not.toContain(hashSecret(idle));
});

test('cookies are strict over https and still work on one\'s own machine', () => {
  const secret = 'A'.repeat(43);
  expect(sessions.sessionCookie(secret, 'https://portal.example.jp')).toEqual({
    name: '__Host-sid', value: secret, attributes: { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: APPLICANT_LIMITS.absoluteMs / 1000 }
  });
  expect(sessions.sessionCookie(secret, 'http://127.0.0.1:3000')).toMatchObject({ name: 'sid', attributes: { secure: false, httpOnly: true, sameSite: 'lax' } });
  expect(sessions.blankSessionCookie('https://portal.example.jp')).toMatchObject({ name: '__Host-sid', value: '', attributes: { maxAge: 0 } });
});
