/** What an administrator does: give and end roles, stop and resume accounts. Each bites on the next request (AZ-5). */
import * as audit from '../audit/audit.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import { addDays, dayOf, type Day } from '../time/day.ts';
import type { Role } from './account.ts';
import { forgetDevices } from './device.server.ts';
import { endAllSessions } from './session.server.ts';
import { cancelTokens } from './token.server.ts';

export type RoleRow = { id: string; role: Role; from_on: Day; to_on: Day | null; granted_by: string | null; granted_by_name: string | null; created_at: Date };

/** An account with the whole history of its roles; `to_on` is the first day without the role. */
export async function accountForStaff(sql: Sql, accountId: string) {
  const [account] = await sql<{ id: string; email: string; name: string; kana: string | null; demo: boolean; disabled_at: Date | null; created_at: Date }[]>`
    select id, email, name, kana, demo, disabled_at, created_at from account where id = ${accountId}`;
  if (!account) return null;
  const roles = await sql<RoleRow[]>`
    select r.id, r.role, r.from_on, r.to_on, r.granted_by, g.name as granted_by_name, r.created_at
    from staff_role r left join account g on g.id = r.granted_by where r.account_id = ${accountId} order by r.from_on desc, r.id limit 200`;
  return { ...account, roles };
}

export type Grant = { accountId: string; role: Role; fromOn: Day; /** The last day with the role; null: until ended. */ lastOn: Day | null };

/**
 * Gives a role from a day on. `grantedBy` null is the setting-up of the portal itself. The person signs in anew, so that
 * the stricter limits and a new session id come with the new powers (SE-3).
 */
export async function grantRole(tx: Tx, grantedBy: string | null, value: Grant, now = new Date()) {
  if (value.accountId === grantedBy) return { ok: false as const, reason: 'self' as const };
  if (value.lastOn !== null && value.lastOn < value.fromOn) return { ok: false as const, reason: 'ends_before_start' as const };
  if (value.lastOn !== null && value.lastOn < dayOf(now)) return { ok: false as const, reason: 'already_over' as const };
  const [account] = await tx`select id from account where id = ${value.accountId} and disabled_at is null for update`;
  if (!account) return { ok: false as const, reason: 'missing' as const };
  const toOn = value.lastOn === null ? null : addDays(value.lastOn, 1);
  const [held] = await tx`
    select id from staff_role where account_id = ${value.accountId} and role = ${value.role}
      and daterange(from_on, to_on, '[)') && daterange(${value.fromOn}, ${toOn}, '[)')`;
  if (held) return { ok: false as const, reason: 'already_held' as const };
  const [row] = await tx<{ id: string }[]>`
    insert into staff_role (account_id, role, from_on, to_on, granted_by, created_at)
    values (${value.accountId}, ${value.role}, ${value.fromOn}, ${toOn}, ${grantedBy}, ${now}) returning id`;
  await endAllSessions(tx, value.accountId);
  await audit.record(tx, { action: 'staff.grant', subject: ['account', value.accountId], after: { role_id: row!.id, role: value.role, from_on: value.fromOn, to_on: toOn } });
  return { ok: true as const, roleId: row!.id };
}

/** Ends a role today; a role still in the future never begins. */
export async function endRole(tx: Tx, endedBy: string, roleId: string, now = new Date()) {
  const today = dayOf(now);
  const [row] = await tx<{ account_id: string; role: Role; from_on: Day; to_on: Day | null }[]>`
    select account_id, role, from_on, to_on from staff_role where id = ${roleId} and (to_on is null or to_on > ${today}) and (to_on is null or to_on > from_on)`;
  if (!row) return { ok: false as const, reason: 'missing' as const };
  if (row.account_id === endedBy) return { ok: false as const, reason: 'self' as const };
  const toOn = row.from_on > today ? row.from_on : today;
  const ended = await tx`update staff_role set to_on = ${toOn} where id = ${roleId} and to_on is not distinct from ${row.to_on} returning id`;
  if (ended.length === 0) return { ok: false as const, reason: 'missing' as const };
  await audit.record(tx, { action: 'staff.end', subject: ['account', row.account_id], before: { role_id: roleId, role: row.role, to_on: row.to_on }, after: { to_on: toOn } });
  return { ok: true as const };
}

/** Stops an account: nobody signs in with it, every session, browser and open link of it is dead. */
export async function disableAccount(tx: Tx, by: string, accountId: string, now = new Date()) {
  if (by === accountId) return { ok: false as const, reason: 'self' as const };
  const stopped = await tx`update account set disabled_at = ${now}, updated_at = ${now} where id = ${accountId} and disabled_at is null returning id`;
  if (stopped.length === 0) return { ok: false as const, reason: 'missing' as const };
  await endAllSessions(tx, accountId);
  await forgetDevices(tx, accountId);
  await cancelTokens(tx, accountId, now);
  await audit.record(tx, { action: 'staff.disable', subject: ['account', accountId], after: { disabled: true } });
  return { ok: true as const };
}

export async function enableAccount(tx: Tx, accountId: string, now = new Date()) {
  const resumed = await tx`update account set disabled_at = null, updated_at = ${now} where id = ${accountId} and disabled_at is not null returning id`;
  if (resumed.length === 0) return { ok: false as const, reason: 'missing' as const };
  await audit.record(tx, { action: 'staff.enable', subject: ['account', accountId], after: { disabled: false } });
  return { ok: true as const };
}
