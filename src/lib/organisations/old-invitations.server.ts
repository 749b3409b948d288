/** Invitations nobody can answer any more: they hold the addresses of people who may never have joined. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';

const over = (sql: Sql, days: number): Statement => sql`least(expires_at, accepted_at, cancelled_at) < now() - make_interval(days => ${days})`;

/** How many there are (counted up to `most`), and since when the oldest is over. */
export async function findOldInvitations(sql: Sql, days: number, most: number): Promise<{ n: number; oldest_at: Date | null }> {
  const [row] = await sql<{ n: number; oldest_at: Date | null }[]>`
    select count(*)::int as n, min(at) as oldest_at from (
      select least(expires_at, accepted_at, cancelled_at) as at from organisation_invitation where ${over(sql, days)}
      order by least(expires_at, accepted_at, cancelled_at) limit ${most}) found`;
  return row!;
}

/** Removes at most `limit` of them; answers their ids. The caller records it when anything was removed. */
export async function removeOldInvitations(tx: Tx, days: number, limit: number): Promise<string[]> {
  const locked = await tx<{ id: string }[]>`
    select id from organisation_invitation where ${over(tx, days)} order by least(expires_at, accepted_at, cancelled_at) limit ${limit} for update skip locked`;
  const ids = locked.map((row) => row.id);
  if (ids.length > 0) await tx`delete from organisation_invitation where id = any (${ids}::uuid[])`;
  return ids;
}
