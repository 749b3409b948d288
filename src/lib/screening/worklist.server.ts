/** The office's work list: one page by key, what stands beside it, and the filters an officer keeps. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState, WaitingFor } from '../applications/application.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { openTo } from './panel.server.ts';
import type { Cursor, Place, WorklistFilter } from './screening.ts';

export interface WorklistRow {
  id: string;
  receipt_number: string;
  project_title: string;
  organisation_name: string;
  edition_name: string;
  requested_yen: number;
  submitted_at: Date;
  /** Microseconds, for the cursor: a JS Date would lose them and skip rows. */
  submitted_key: string;
  state: ApplicationState;
  waiting_for: WaitingFor;
  assigned_name: string | null;
}

export const WORKLIST_PAGE = 50;
/** Beyond this the list says 「より多い」: counting a hundred thousand rows for every page would help nobody. */
export const WORKLIST_COUNT_MAX = 1000;

/** For WHERE: submitted applications of `a` that fit the filter, without those in which this account declared an interest or for whose group it acts. */
function fits(sql: Sql, filter: WorklistFilter, me: string): Statement {
  const assigned = filter.assigned === 'me' ? me : filter.assigned;
  return sql`a.submitted_at is not null
    ${filter.state ? sql`and a.state = ${filter.state}` : sql``}
    ${filter.waiting ? sql`and a.waiting_for = ${filter.waiting}` : sql``}
    ${filter.edition ? sql`and a.edition_id = ${filter.edition}` : sql``}
    ${assigned === 'nobody' ? sql`and a.assigned_to is null` : assigned ? sql`and a.assigned_to = ${assigned}` : sql``}
    and a.id <> all (array(select p.application_id from panel_assignment p join interest_declaration d on d.assignment_id = p.id and d.conflicted where p.account_id = ${me}))
    and a.organisation_id <> all (array(select m.organisation_id from organisation_member m where m.account_id = ${me} and ${isCurrent(sql)}))`;
}

export interface WorklistPage { rows: WorklistRow[]; next: Cursor | null; previous: Cursor | null }

/** One page, newest first, by key: equal moments are told apart by the id, so no row is shown twice or left out. */
export async function worklist(sql: Sql, filter: WorklistFilter, me: string, place: Place | null): Promise<WorklistPage> {
  const back = place?.side === 'before';
  const rows = await sql<WorklistRow[]>`
    with page as (
      select a.id, a.receipt_number, a.project_title, a.requested_yen, a.submitted_at, a.state, a.waiting_for, a.organisation_id, a.edition_id, a.assigned_to
      from application a where ${fits(sql, filter, me)}
      ${place ? sql`and (a.submitted_at, a.id) ${back ? sql`>` : sql`<`} (${place.cursor.submitted_at}::timestamptz, ${place.cursor.id}::uuid)` : sql``}
      ${back ? sql`order by a.submitted_at, a.id` : sql`order by a.submitted_at desc, a.id desc`} limit ${WORKLIST_PAGE + 1}
    )
    select p.id, p.receipt_number, p.project_title, o.name as organisation_name, e.name as edition_name, p.requested_yen, p.submitted_at,
      to_char(p.submitted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as submitted_key, p.state, p.waiting_for, c.name as assigned_name
    from page p join organisation o on o.id = p.organisation_id join scheme_edition e on e.id = p.edition_id
    left join account c on c.id = p.assigned_to
    order by p.submitted_at desc, p.id desc`;
  const more = rows.length > WORKLIST_PAGE;
  // Read backwards, the row too many is the newest.
  const shown = back && more ? rows.slice(1) : rows.slice(0, WORKLIST_PAGE);
  const cursor = (row: WorklistRow | undefined): Cursor | null => (row ? { submitted_at: row.submitted_key, id: row.id } : null);
  return { rows: shown, next: back || more ? cursor(shown.at(-1)) : null, previous: (back ? more : place !== null) ? cursor(shown[0]) : null };
}

export interface Named { id: string; name: string }
export interface WorklistSides { count: number; editions: Named[]; officers: Named[]; saved: SavedFilter[] }

/**
 * What stands beside the list, in one statement: the count (up to one more than WORKLIST_COUNT_MAX, in the order of the
 * index it is read from, never from the table), the choices, the saved filters.
 */
export async function worklistSides(sql: Sql, filter: WorklistFilter, me: string): Promise<WorklistSides> {
  const chosen = filter.assigned && filter.assigned !== 'me' && filter.assigned !== 'nobody' ? filter.assigned : null;
  const [row] = await sql<WorklistSides[]>`
    select
      (select count(*) from (select from application a where ${fits(sql, filter, me)} order by a.submitted_at desc, a.id desc limit ${WORKLIST_COUNT_MAX + 1}) found) as count,
      (select coalesce(json_agg(t), '[]') from (select id, name from scheme_edition order by fiscal_year desc, name, id limit 200) t) as editions,
      (select coalesce(json_agg(t), '[]') from (
        select c.id, c.name from account c where (c.disabled_at is null or c.id = ${chosen}) and c.id = any (array(
          select r.account_id from staff_role r where r.role = 'officer' and r.from_on <= current_date and (r.to_on is null or r.to_on > current_date)) || ${chosen}::uuid)
        order by c.name, c.id limit 200) t) as officers,
      (select coalesce(json_agg(t), '[]') from (
        select id, name, query from worklist_filter where account_id = ${me} order by name limit ${SAVED_FILTERS_MAX}) t) as saved`;
  return row!;
}

export interface GroupApplicationRow { id: string; receipt_number: string; project_title: string; edition_name: string; state: ApplicationState }
const GROUP_PAGE = 20;

/** Submitted applications of one group, newest first, after the one with the id `before`; without those closed to this account. */
export async function ofGroup(sql: Sql, organisationId: string, accountId: string, before: string | null): Promise<{ rows: GroupApplicationRow[]; next: string | null }> {
  const rows = await sql<GroupApplicationRow[]>`
    select a.id, a.receipt_number, a.project_title, e.name as edition_name, a.state from application a join scheme_edition e on e.id = a.edition_id
    where a.organisation_id = ${organisationId} and a.submitted_at is not null and ${openTo(sql, accountId)} ${before ? sql`and a.id < ${before}` : sql``}
    order by a.id desc limit ${GROUP_PAGE + 1}`;
  return { rows: rows.slice(0, GROUP_PAGE), next: rows.length > GROUP_PAGE ? rows[GROUP_PAGE - 1]!.id : null };
}

export interface WaitingCount { waiting_for: WaitingFor; n: number; mine: number }

/** How many applications wait for whom, of all and of mine: the numbers on the office's first page. */
export async function waitingCounts(sql: Sql, me: string): Promise<WaitingCount[]> {
  return sql<WaitingCount[]>`
    select waiting_for, count(*) as n, count(*) filter (where assigned_to = ${me}) as mine from application
    where submitted_at is not null and waiting_for <> 'nobody' group by waiting_for order by waiting_for`;
}

export interface SavedFilter { id: string; name: string; query: string }
export const SAVED_FILTERS_MAX = 20;

/** Keeps a filter under a name; the same name is replaced. */
export async function saveFilter(tx: Tx, accountId: string, name: string, query: string) {
  // The account's row is locked, so two requests cannot both take the last place.
  await tx`select from account where id = ${accountId} for no key update`;
  const [count] = await tx<{ n: number }[]>`select count(*) as n from worklist_filter where account_id = ${accountId} and name <> ${name}`;
  if (count!.n >= SAVED_FILTERS_MAX) return { ok: false as const, reason: 'too_many' as const };
  const [row] = await tx<{ id: string }[]>`
    insert into worklist_filter (account_id, name, query) values (${accountId}, ${name}, ${query})
    on conflict (account_id, name) do update set query = excluded.query returning id`;
  await audit.record(tx, { action: 'worklist.save_filter', subject: ['worklist_filter', row!.id], after: { name, query } });
  return { ok: true as const };
}

/** Forgets one of the account's own filters. */
export async function forgetFilter(tx: Tx, accountId: string, id: string) {
  const gone = await tx`delete from worklist_filter where id = ${id} and account_id = ${accountId} returning id`;
  if (gone.length === 0) return { ok: false as const, reason: 'not_found' as const };
  await audit.record(tx, { action: 'worklist.forget_filter', subject: ['worklist_filter', id] });
  return { ok: true as const };
}
