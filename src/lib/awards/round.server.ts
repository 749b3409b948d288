/** One round of a scheme as the office sees it: how many applications stand where, and what has been granted. */
import type { Sql } from '../db/db.server.ts';
import type { ApplicationState } from '../applications/application.ts';

export interface StateCount { state: ApplicationState; n: number; requested_yen: number }

/** Submitted applications of a round by state; drafts belong to their groups and are not counted. */
export async function countsByState(sql: Sql, editionId: string): Promise<StateCount[]> {
  return sql<StateCount[]>`
    select state, count(*) as n, coalesce(sum(requested_yen), 0)::bigint as requested_yen from application
    where edition_id = ${editionId} and submitted_at is not null group by state`;
}

export interface PanelCounts { assigned: number; declared: number; submitted: number; without_members: number }

/** How far the committee is with a round's accepted applications. */
export async function panelCounts(sql: Sql, editionId: string): Promise<PanelCounts> {
  const [row] = await sql<PanelCounts[]>`
    select count(p.id) as assigned, count(d.assignment_id) as declared,
      count(*) filter (where d.conflicted or s.submitted_at is not null) as submitted, count(*) filter (where p.id is null) as without_members
    from application a left join panel_assignment p on p.application_id = a.id
    left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
    where a.edition_id = ${editionId} and a.state = 'accepted'`;
  return row!;
}

/** What is left of a round's budget right now. */
export async function budgetLeft(sql: Sql, editionId: string): Promise<{ budget_yen: number; committed_yen: number; left_yen: number }> {
  const [row] = await sql<{ budget_yen: number; committed_yen: number; left_yen: number }[]>`
    select budget_yen, committed_yen, budget_yen - committed_yen as left_yen from edition_budget where edition_id = ${editionId}`;
  return row!;
}
