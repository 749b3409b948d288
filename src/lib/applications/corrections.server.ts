import type { Sql } from '../db/db.server.ts';
import { formatWarekiBoth } from '../time/wareki.ts';
import { SECTIONS, type Section } from './application.ts';

/** The open correction request as the group reads it, or null. */
export async function open(sql: Sql, applicationId: string) {
  const [row] = await sql<{ due_on: string; message: string; items: { section: Section; reason: string }[] }[]>`
    select r.due_on, r.message,
      (select json_agg(json_build_object('section', i.section, 'reason', i.reason)) from correction_item i where i.request_id = r.id) as items
    from correction_request r where r.application_id = ${applicationId} and r.answered_by_submission is null and r.cancelled_at is null`;
  if (!row) return null;
  const items = SECTIONS.flatMap((section) => row.items.filter((item) => item.section === section));
  return { ...row, items, due_text: formatWarekiBoth(row.due_on) };
}
