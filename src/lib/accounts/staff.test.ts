import { beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import { actorOf, makeAccount, PASSWORD, VISITOR } from './fixtures.ts';
import * as sessions from './session.server.ts';
import { signIn } from './sign-in.server.ts';
import { accountForStaff, disableAccount, enableAccount, endRole, grantRole } from './staff.server.ts';
import { listAccounts } from './store.server.ts';

let database: FreshDatabase;
let admin: string;
beforeAll(async () => {
  database = await freshDatabase();
  admin = await makeAccount('admin@example.jp', { name: '管理 者', roles: ['administrator'] });
});

const NOW = new Date('2026-04-01T03:00:00Z');
const TODAY = dayOf(NOW);
const FROM = { clientKey: 'c', userAgent: null, device: undefined };
const by = <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(actorOf(admin), work);
const rolesOf = async (email: string, now: Date) => (await listAccounts(sql, { search: email }, now)).accounts[0]?.roles;

test('a role holds from its first to its last day', async () => {
  const accountId = await makeAccount('term@example.jp');
  const granted = await by((tx) => grantRole(tx, admin, { accountId, role: 'committee', fromOn: addDays(TODAY, 1), lastOn: addDays(TODAY, 2) }, NOW));
  expect(granted.ok).toBe(true);
  const day = (count: number) => new Date(NOW.getTime() + count * 86_400_000);
  expect([await rolesOf('term@', day(0)), await rolesOf('term@', day(1)), await rolesOf('term@', day(2)), await rolesOf('term@', day(3))])
    .toEqual([[], ['committee'], ['committee'], []]);
});

test('the same role twice at a time, to oneself, backwards or to nobody is refused; the database would refuse it too', async () => {
  const accountId = await makeAccount('double@example.jp');
  const grant = (value: Partial<Parameters<typeof grantRole>[2]>) => by((tx) => grantRole(tx, admin, { accountId, role: 'officer', fromOn: TODAY, lastOn: null, ...value }, NOW));
  expect(await grant({})).toMatchObject({ ok: true });
  expect(await grant({ fromOn: addDays(TODAY, 400) })).toEqual({ ok: false, reason: 'already_held' });
  expect(await grant({ role: 'auditor', lastOn: addDays(TODAY, -1), fromOn: addDays(TODAY, -5) })).toEqual({ ok: false, reason: 'already_over' });
  expect(await grant({ role: 'auditor', lastOn: TODAY, fromOn: addDays(TODAY, 1) })).toEqual({ ok: false, reason: 'ends_before_start' });
  expect(await grant({ accountId: admin, role: 'approver' })).toEqual({ ok: false, reason: 'self' });
  expect(await grant({ accountId: crypto.randomUUID() })).toEqual({ ok: false, reason: 'missing' });
  await expect(database.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await owner`insert into staff_role (account_id, role, from_on) values (${accountId}, 'officer', ${TODAY})`;
  })).rejects.toMatchObject({ code: '23P01' });
});

test('a role ended today is gone today, may be given again today, and the history stays', async () => {
  const accountId = await makeAccount('ended@example.jp');
  const first = await by((tx) => grantRole(tx, admin, { accountId, role: 'approver', fromOn: TODAY, lastOn: null }, NOW));
  if (!first.ok) throw new Error(first.reason);
  expect(await by((tx) => endRole(tx, admin, first.roleId, NOW))).toEqual({ ok: true });
  expect(await rolesOf('ended@', NOW)).toEqual([]);
  expect(await by((tx) => endRole(tx, admin, first.roleId, NOW))).toEqual({ ok: false, reason: 'missing' });
  expect(await by((tx) => grantRole(tx, admin, { accountId, role: 'approver', fromOn: TODAY, lastOn: null }, NOW))).toMatchObject({ ok: true });
  expect((await accountForStaff(sql, accountId))?.roles.map((role) => [role.role, role.to_on === null, role.granted_by_name])).toEqual(
    expect.arrayContaining([['approver', false, '管理 者'], ['approver', true, '管理 者']]));
  const own = (await accountForStaff(sql, admin))!.roles[0]!;
  expect(await by((tx) => endRole(tx, admin, own.id, NOW))).toEqual({ ok: false, reason: 'self' });
});

test('a role that has not begun can be taken back', async () => {
  const accountId = await makeAccount('future@example.jp');
  const granted = await by((tx) => grantRole(tx, admin, { accountId, role: 'officer', fromOn: addDays(TODAY, 30), lastOn: null }, NOW));
  if (!granted.ok) throw new Error(granted.reason);
  expect(await by((tx) => endRole(tx, admin, granted.roleId, NOW))).toEqual({ ok: true });
  expect(await rolesOf('future@', new Date(NOW.getTime() + 40 * 86_400_000))).toEqual([]);
});

test('a stopped account is out at once and comes back without its sessions', async () => {
  const accountId = await makeAccount('stop@example.jp');
  const inside = await signIn(VISITOR, { email: 'stop@example.jp', password: PASSWORD }, FROM, NOW);
  if (!inside.ok) throw new Error(inside.reason);
  expect(await by((tx) => disableAccount(tx, admin, admin, NOW))).toEqual({ ok: false, reason: 'self' });
  expect(await by((tx) => disableAccount(tx, admin, accountId, NOW))).toEqual({ ok: true });
  expect(await sessions.currentSession(inside.session, NOW)).toBeNull();
  expect(await signIn(VISITOR, { email: 'stop@example.jp', password: PASSWORD }, FROM, NOW)).toEqual({ ok: false, reason: 'wrong' });
  expect(await by((tx) => enableAccount(tx, accountId, NOW))).toEqual({ ok: true });
  expect(await sessions.currentSession(inside.session, NOW)).toBeNull();
  expect((await signIn(VISITOR, { email: 'stop@example.jp', password: PASSWORD }, FROM, NOW)).ok).toBe(true);
});

test('the list runs by key without gap or repetition, finds parts of words, and takes signs literally', async () => {
  for (let i = 0; i < 12; i++) await makeAccount(`list${i}@example.jp`, { name: `一覧 ${i}` });
  await makeAccount('percent@example.jp', { name: '100%_\\の人' });
  const seen: string[] = [];
  let after: Awaited<ReturnType<typeof listAccounts>>['next'] = null;
  do {
    const page = await listAccounts(sql, { after, search: '一覧', limit: 5 });
    seen.push(...page.accounts.map((account) => account.email));
    after = page.next;
  } while (after);
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
  expect((await listAccounts(sql, { search: '0%_\\の' })).accounts.map((a) => a.email)).toEqual(['percent@example.jp']);
  expect((await listAccounts(sql, { search: '%' })).accounts).toHaveLength(1);
  expect((await listAccounts(sql, { staff: true, search: 'admin' })).accounts.map((a) => a.email)).toEqual(['admin@example.jp']);
  expect((await listAccounts(sql, { staff: true, search: '一覧' })).accounts).toEqual([]);
});
