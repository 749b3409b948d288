import type { Sql } from '../db/db.server.ts';
import { EVENT_WORDS } from './screening.ts';

export interface TimelineEvent { at: Date; action: string; actor_name: string | null }

/**
 * What happened to an application since its first submission, newest first, from the audit record (its index answers this).
 * Only the events named in EVENT_WORDS: a group's saving of drafts and the committee's scoring are not the office's to read here.
 */
export async function timeline(sql: Sql, applicationId: string): Promise<TimelineEvent[]> {
  return sql<TimelineEvent[]>`
    select e.at, e.action, p.name as actor_name from audit_entry e
    left join account p on 'account:' || p.id = e.actor
    where e.subject_kind = 'application' and e.subject_id = ${applicationId} and e.action = any(${Object.keys(EVENT_WORDS)})
    order by e.seq desc limit 100`;
}
