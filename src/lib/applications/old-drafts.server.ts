/** Drafts that were never submitted and cannot be any more: the group is told a month ahead, then they go. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import * as mail from '../mail/outbox.server.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { addDays, type Day } from '../time/day.ts';

/** How long before its end a group is told of it. */
export const NOTICE_DAYS = 30;

/** For FROM and WHERE: drafts `a` of rounds `e` whose window closed more than `days` ago, with the notice `n` of that closing. */
const closed = (sql: Sql, days: number): Statement => sql`
  application a join scheme_edition e on e.id = a.edition_id left join draft_notice n on n.application_id = a.id and n.closes_at = e.closes_at
  where a.submitted_at is null and e.closes_at < now() - make_interval(days => ${days})`;

/** How many groups' drafts are to be told of (counted up to `most`), and when the oldest's window closed. */
export async function findToTell(sql: Sql, keepDays: number, most: number): Promise<{ n: number; oldest_at: Date | null }> {
  const [row] = await sql<{ n: number; oldest_at: Date | null }[]>`
    select count(*)::int as n, min(closes_at) as oldest_at from (
      select e.closes_at from ${closed(sql, keepDays - NOTICE_DAYS)} and n.application_id is null order by e.closes_at, a.id limit ${most}) found`;
  return row!;
}

interface ToTell { id: string; organisation_id: string; remove_on: Day }

/** Tells the groups of at most `limit` drafts; answers the drafts. A draft whose group has nobody left is noted all the same. */
export async function tellOfDrafts(tx: Tx, keepDays: number, limit: number): Promise<string[]> {
  const drafts = await tx<ToTell[]>`
    select a.id, a.organisation_id, greatest((e.closes_at + make_interval(days => ${keepDays}))::date, current_date + ${NOTICE_DAYS}::int) + 1 as remove_on
    from ${closed(tx, keepDays - NOTICE_DAYS)} and n.application_id is null order by e.closes_at, a.id limit ${limit} for update of a skip locked`;
  if (drafts.length === 0) return [];
  const people = await tx<{ organisation_id: string; account_id: string; email: string }[]>`
    select m.organisation_id, m.account_id, c.email from organisation_member m join account c on c.id = m.account_id
    where m.organisation_id = any (${drafts.map((draft) => draft.organisation_id)}::uuid[]) and c.disabled_at is null and ${isCurrent(tx)}`;
  for (const draft of drafts) {
    for (const person of people.filter((one) => one.organisation_id === draft.organisation_id)) {
      await mail.enqueue(tx, {
        to: person.email, template: 'draft_expiring', dedupeKey: `draft_expiring:${draft.id}:${draft.remove_on}:${person.account_id}`,
        data: { lastOn: addDays(draft.remove_on, -1), url: `/my/applications/${draft.id}` }
      });
    }
  }
  // The closing is copied inside the database: on its way through here it would lose its microseconds and match no more.
  await tx`
    insert into draft_notice (application_id, closes_at, told, remove_on)
    select a.id, e.closes_at, t.told, t.remove_on
    from json_to_recordset(${tx.json(drafts.map(({ id, organisation_id, remove_on }) => ({
      id, remove_on, told: people.filter((one) => one.organisation_id === organisation_id).length
    })))}::json) as t (id uuid, told integer, remove_on date) join application a on a.id = t.id join scheme_edition e on e.id = a.edition_id
    on conflict (application_id) do update set closes_at = excluded.closes_at, remove_on = excluded.remove_on, told = excluded.told, told_at = now()`;
  return drafts.map((draft) => draft.id);
}

/** Tables that are a draft's own and go with it. Anything else that refers to it keeps it. */
const parts = (sql: Sql): Statement => sql`array['application_section', 'budget_line', 'application_file', 'draft_notice']::regclass[]`;
const due = (sql: Sql, keepDays: number, most: number): Statement => sql`
  select a.id, e.closes_at from ${closed(sql, keepDays)} and n.remove_on <= current_date order by e.closes_at, a.id limit ${most}`;

/** How many may go (counted up to `most`), when the oldest's window closed, and how many are held because something refers to them. */
export async function findOldDrafts(sql: Sql, keepDays: number, most: number): Promise<{ n: number; oldest_at: Date | null; held: number }> {
  const [row] = await sql<{ n: number; oldest_at: Date | null; held: number }[]>`
    with due as (${due(sql, keepDays, most)}), held as (select portal.linked('application', array(select id from due), ${parts(sql)}) as id)
    select count(*) filter (where h.id is null)::int as n, min(d.closes_at) filter (where h.id is null) as oldest_at, count(h.id)::int as held
    from due d left join (select distinct id from held) h on h.id = d.id`;
  return row!;
}

export interface RemovedDraft { id: string; organisation_id: string; edition_id: string; created_by: string }

/** Removes at most `limit` of them, looked for among the oldest `most`. Their files stay behind, linked from nowhere. The caller records it. */
export async function removeOldDrafts(tx: Tx, keepDays: number, limit: number, most: number): Promise<RemovedDraft[]> {
  const locked = await tx<{ id: string }[]>`
    with due as (${due(tx, keepDays, most)})
    select a.id from application a where a.id in (
      select d.id from due d where d.id <> all (array(select portal.linked('application', array(select id from due), ${parts(tx)}))) order by d.closes_at, d.id limit ${limit})
    and a.submitted_at is null for update of a skip locked`;
  const ids = locked.map((row) => row.id);
  if (ids.length === 0) return [];
  await tx`delete from application_section where application_id = any (${ids}::uuid[])`;
  await tx`delete from budget_line where application_id = any (${ids}::uuid[])`;
  await tx`delete from application_file where application_id = any (${ids}::uuid[])`;
  await tx`delete from draft_notice where application_id = any (${ids}::uuid[])`;
  return tx<RemovedDraft[]>`delete from application where id = any (${ids}::uuid[]) returning id, organisation_id, edition_id, created_by`;
}
