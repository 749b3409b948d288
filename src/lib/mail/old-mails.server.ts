/** Mails that were sent or given up long ago. The row stays, so that its key is never used twice; whom and what goes. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';

const over = (sql: Sql, days: number): Statement => sql`erased_at is null and coalesce(sent_at, gave_up_at) < now() - make_interval(days => ${days})`;

/** How many there are (counted up to `most`), and since when the oldest is over. */
export async function findOldMails(sql: Sql, days: number, most: number): Promise<{ n: number; oldest_at: Date | null }> {
  const [row] = await sql<{ n: number; oldest_at: Date | null }[]>`
    select count(*)::int as n, min(at) as oldest_at from (
      select coalesce(sent_at, gave_up_at) as at from mail_outbox where ${over(sql, days)} order by coalesce(sent_at, gave_up_at), id limit ${most}) found`;
  return row!;
}

/** Erases address, words and error of at most `limit` of them, the oldest first; answers how many. */
export async function eraseOldMails(tx: Tx, days: number, limit: number): Promise<number> {
  const rows = await tx`
    update mail_outbox set to_address = null, body = null, last_error = null, erased_at = now()
    where id in (select id from mail_outbox where ${over(tx, days)} order by coalesce(sent_at, gave_up_at), id limit ${limit} for update skip locked) returning id`;
  return rows.length;
}
