import type { Sql } from '../db/db.server.ts';

export interface TrailEntry { seq: number; at: Date; actor: string; actor_name: string | null; action: string; subject_kind: string; subject_id: string; before: string | null; after: string | null }

const PAGE = 50;

/** Audit entries for reading, newest first, after the one with the number `before`; and where the chain stands. */
export async function page(sql: Sql, before: number | null): Promise<{ entries: TrailEntry[]; next: number | null; head: { seq: number; hash: string } }> {
  const entries = await sql<TrailEntry[]>`
    select e.seq, e.at, e.actor, a.name as actor_name, e.action, e.subject_kind, e.subject_id, left(e.before, 4000) as before, left(e.after, 4000) as after
    from audit_entry e left join account a on e.actor = 'account:' || a.id::text
    ${before === null ? sql`` : sql`where e.seq < ${before}`}
    order by e.seq desc limit ${PAGE + 1}`;
  const [head] = await sql<{ seq: number; hash: string }[]>`select seq, encode(hash, 'hex') as hash from audit_head`;
  return { entries: entries.slice(0, PAGE), next: entries.length > PAGE ? entries[PAGE - 1]!.seq : null, head: head! };
}
