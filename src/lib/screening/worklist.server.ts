import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState, WaitingFor } from '../applications/application.ts';
import type { Cursor, WorklistFilter } from './screening.ts';

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

/** One page of submitted applications, newest first, by key: each filter has an index of its own. */
export async function worklist(sql: Sql, filter: WorklistFilter, me: string, after: Cursor | null): Promise<{ rows: WorklistRow[]; next: Cursor | null }> {
  const assigned = filter.assigned === 'me' ? me : filter.assigned;
  const rows = await sql<WorklistRow[]>`
    with page as (
      select a.* from application a
      where a.submitted_at is not null
      ${filter.state ? sql`and a.state = ${filter.state}` : sql``}
      ${filter.waiting ? sql`and a.waiting_for = ${filter.waiting}` : sql``}
      ${filter.edition ? sql`and a.edition_id = ${filter.edition}` : sql``}
      ${assigned === 'nobody' ? sql`and a.assigned_to is null` : assigned ? sql`and a.assigned_to = ${assigned}` : sql``}
      ${after ? sql`and (a.submitted_at, a.id) < (${after.submitted_at}::timestamptz, ${after.id}::uuid)` : sql``}
      order by a.submitted_at desc, a.id desc limit ${WORKLIST_PAGE + 1}
    )
    select p.id, p.receipt_number, p.project_title, o.name as organisation_name, e.name as edition_name, p.requested_yen, p.submitted_at,
      to_char(p.submitted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as submitted_key, p.state, p.waiting_for, c.name as assigned_name
    from page p join organisation o on o.id = p.organisation_id join scheme_edition e on e.id = p.edition_id
    left join account c on c.id = p.assigned_to
    order by p.submitted_at desc, p.id desc`;
  const shown = rows.slice(0, WORKLIST_PAGE);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > WORKLIST_PAGE && last ? { submitted_at: last.submitted_key, id: last.id } : null };
}

/** How many applications wait for whom: the numbers on the office's first page. */
export async function waitingCounts(sql: Sql, me: string): Promise<{ waiting_for: WaitingFor; n: number; mine: number }[]> {
  return sql<{ waiting_for: WaitingFor; n: number; mine: number }[]>`
    select waiting_for, count(*) as n, count(*) filter (where assigned_to = ${me}) as mine from application
    where submitted_at is not null and waiting_for <> 'nobody' group by waiting_for order by waiting_for`;
}

export interface SavedFilter { id: string; name: string; query: string }
export const SAVED_FILTERS_MAX = 20;

export async function savedFilters(sql: Sql, accountId: string): Promise<SavedFilter[]> {
  return sql<SavedFilter[]>`select id, name, query from worklist_filter where account_id = ${accountId} order by name limit ${SAVED_FILTERS_MAX}`;
}

/** Keeps a filter under a name; the same name is replaced. */
export async function saveFilter(tx: Tx, accountId: string, name: string, query: string) {
  const [count] = await tx<{ n: number }[]>`select count(*) as n from worklist_filter where account_id = ${accountId} and name <> ${name}`;
  if (count!.n >= SAVED_FILTERS_MAX) return { ok: false as const, reason: 'too_many' as const };
  const [row] = await tx<{ id: string }[]>`
    insert into worklist_filter (account_id, name, query) values (${accountId}, ${name}, ${query})
    on conflict (account_id, name) do update set query = excluded.query returning id`;
  await audit.record(tx, { action: 'worklist.save_filter', subject: ['worklist_filter', row!.id], after: { name, query } });
  return { ok: true as const };
}

export async function forgetFilter(tx: Tx, accountId: string, id: string) {
  const gone = await tx`delete from worklist_filter where id = ${id} and account_id = ${accountId} returning id`;
  if (gone.length === 0) return { ok: false as const, reason: 'not_found' as const };
  await audit.record(tx, { action: 'worklist.forget_filter', subject: ['worklist_filter', id] });
  return { ok: true as const };
}
