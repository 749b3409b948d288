/** Who acts for which group today. Every other file of this noun asks here, so "today" and "current" mean one thing. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import { isUuid } from '../forms/ids.ts';
import type { Day } from '../time/day.ts';
import { type Kind, type Membership, type MemberRole } from './organisation.ts';

/**
 * For WHERE: `m` is a term that has begun and not ended. to_on is the first day without the right to act, so a term
 * ended today bites at once. current_date is Japan's day: every connection says so.
 */
export const isCurrent = (sql: Sql): Statement => sql`(m.from_on <= current_date and (m.to_on is null or m.to_on > current_date))`;

/** For WHERE: the account acts for `o` today. */
export const isMember = (sql: Sql, accountId: string): Statement => sql`exists (
  select from organisation_member m where m.organisation_id = o.id and m.account_id = ${accountId} and ${isCurrent(sql)})`;

const columns = (sql: Sql): Statement => sql`m.id, m.organisation_id, m.account_id, m.role, m.from_on, m.to_on`;

/** The account's right to act for the group now; null when there is none, also for an id that is none. */
export async function currentMembership(sql: Sql, organisationId: string, accountId: string): Promise<Membership | null> {
  if (!isUuid(organisationId)) return null;
  const [row] = await sql<Membership[]>`
    select ${columns(sql)} from organisation_member m
    where m.organisation_id = ${organisationId} and m.account_id = ${accountId} and ${isCurrent(sql)}`;
  return row ?? null;
}

/** The day from which the account will act for the group, when that day is still to come; null otherwise. */
export async function comingFrom(sql: Sql, organisationId: string, accountId: string): Promise<Day | null> {
  const [row] = await sql<{ from_on: Day }[]>`
    select m.from_on from organisation_member m where m.organisation_id = ${organisationId} and m.account_id = ${accountId}
      and m.from_on > current_date and (m.to_on is null or m.to_on > m.from_on) order by m.from_on limit 1`;
  return row?.from_on ?? null;
}

export interface GroupOfViewer { id: string; name: string; kind: Kind; role: MemberRole }

const groupsOf = (sql: Sql, account: Statement): Statement => sql`
  select o.id, o.name, o.kind, m.role from organisation_member m join organisation o on o.id = m.organisation_id
  where m.account_id = ${account} and ${isCurrent(sql)} order by o.name, o.id limit 100`;

/** Every group the account acts for today, by name. */
export async function ofViewer(sql: Sql, accountId: string): Promise<GroupOfViewer[]> {
  return sql<GroupOfViewer[]>`${groupsOf(sql, sql`${accountId}`)}`;
}

/** The same list as a JSON value, for a statement that knows the account as `a`. */
export const ofAccount = (sql: Sql): Statement => sql`(select coalesce(json_agg(g), '[]') from (${groupsOf(sql, sql`a.id`)}) g)`;

export interface Locked { organisation_id: string; name: string; membership: Membership; has_representative: boolean }

/**
 * Locks the group for a change by one of its members; null when the account is none. What is decided from the group's
 * members and papers afterwards stays true until COMMIT, because every such change comes through here.
 */
export async function lockForMember(tx: Tx, organisationId: string, accountId: string): Promise<Locked | null> {
  // The audit entry takes the group from the actor; a caller that forgot it would leave a gap nobody can fill later.
  if (tx.actor.onBehalfOf !== organisationId) throw new TypeError('the actor of a group’s change must act on behalf of that group');
  const group = await lockGroup(tx, organisationId);
  // Asked after the lock is ours: a term that ended while we waited no longer counts.
  const membership = group && (await currentMembership(tx, organisationId, accountId));
  return membership ? { organisation_id: organisationId, name: group.name, membership, has_representative: await hasRepresentative(tx, organisationId) } : null;
}

/** Locks the group for whoever is about to join it; null for an unknown id. */
export async function lockGroup(tx: Tx, organisationId: string): Promise<{ name: string } | null> {
  if (!isUuid(organisationId)) return null;
  const [row] = await tx<{ name: string }[]>`select name from organisation where id = ${organisationId} for no key update`;
  return row ?? null;
}

export async function hasRepresentative(sql: Sql, organisationId: string): Promise<boolean> {
  const rows = await sql`
    select 1 as found from organisation_member m
    where m.organisation_id = ${organisationId} and m.role = 'representative' and ${isCurrent(sql)} limit 1`;
  return rows.length > 0;
}

/** How many groups the account acts for; its row stays locked, so two requests cannot both take the last place. */
export async function countGroups(tx: Tx, accountId: string): Promise<number> {
  await tx`select 1 as locked from account where id = ${accountId} for no key update`;
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from organisation_member m where m.account_id = ${accountId} and ${isCurrent(tx)}`;
  return row!.count;
}

export async function countMembers(sql: Sql, organisationId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from organisation_member m where m.organisation_id = ${organisationId} and ${isCurrent(sql)}`;
  return row!.count;
}

/** Whether the office is looking for a new representative: until that is answered or over, the group names none itself. */
export async function isOfficeActing(sql: Sql, organisationId: string): Promise<boolean> {
  const rows = await sql`
    select 1 as found from representative_succession s
    where s.organisation_id = ${organisationId} and s.accepted_at is null and s.cancelled_at is null and s.open_until > now() limit 1`;
  return rows.length > 0;
}

/** For WHERE: this account does not act for `o`. The office is closed to whoever acts for the group (AZ-6). */
export const notOwn = (sql: Sql, accountId: string): Statement => sql`(not exists (
  select from organisation_member m where m.organisation_id = o.id and m.account_id = ${accountId} and ${isCurrent(sql)}))`;

/** Locks the group for a change by the office; null for an unknown id and for a group the officer acts for. */
export async function lockForOffice(tx: Tx, organisationId: string, officerId: string): Promise<{ name: string } | null> {
  const group = await lockGroup(tx, organisationId);
  const open = group && (await tx`select 1 as open from organisation o where o.id = ${organisationId} and ${notOwn(tx, officerId)}`);
  return open && open.length > 0 ? group : null;
}
