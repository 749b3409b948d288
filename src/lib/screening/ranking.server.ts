/** The committee's result. Only submitted sheets of members without an interest count; nobody else's points are read. */
import type { Sql, Statement } from '../db/db.server.ts';
import type { ApplicationState } from '../applications/application.ts';
import type { Criterion } from '../schemes/scheme.ts';
import { openTo } from './panel.server.ts';
import { meanOf, rank, sheetTotal, spreadOf, type Ranked, type Scored, type Standing } from './panel.ts';

export interface RankingRow extends Ranked {
  receipt_number: string; project_title: string; organisation_name: string; state: ApplicationState;
  /** Members who have neither declared an interest nor submitted, while they still can. */
  waiting: number;
  outcome: 'adopted' | 'partly_adopted' | 'declined' | null;
  amount_yen: number | null;
  /** The viewer has an interest (declared, or acts for the group): the row keeps its place and shows nothing else. */
  closed: boolean;
}

interface Round { id: string; budget_yen: number; pass_mark_percent: number | null; criteria: Criterion[] }
type Row = Pick<RankingRow, 'receipt_number' | 'project_title' | 'organisation_name' | 'state' | 'outcome' | 'amount_yen' | 'closed'>
  & { id: string; requested_yen: number; assigned: number; conflicted: number };

/** More applications than a round of this kind has had anywhere; a page of that length is read as paper. */
const RANKING_MAX = 2000;

/** The ranking of a round's accepted applications with the budget line, as this viewer may see it. */
export async function ranking(sql: Sql, round: Round, viewerId: string): Promise<RankingRow[]> {
  const rows = await sql<Row[]>`
    select a.id, a.receipt_number, a.project_title, o.name as organisation_name, a.state, a.requested_yen, w.outcome, w.amount_yen, not ${openTo(sql, viewerId)} as closed,
      count(p.id) as assigned, count(p.id) filter (where d.conflicted) as conflicted
    from application a join organisation o on o.id = a.organisation_id
    left join panel_assignment p on p.application_id = a.id left join interest_declaration d on d.assignment_id = p.id
    left join award w on w.application_id = a.id
    where a.edition_id = ${round.id} and a.state in ('accepted', 'proposed', 'decided')
    group by a.id, o.name, w.outcome, w.amount_yen order by a.id limit ${RANKING_MAX}`;
  const totals = await totalsOf(sql, round.criteria, sql`a.edition_id = ${round.id} and a.state in ('accepted', 'proposed', 'decided')`);
  const standings: Standing[] = rows.map((row) => ({ application_id: row.id, requested_yen: row.requested_yen, totals: totals.get(row.id) ?? [], assigned: row.assigned, conflicted: row.conflicted }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return rank(standings, round.budget_yen, round.pass_mark_percent).map((ranked) => shown(ranked, byId.get(ranked.application_id)!));
}

function shown(ranked: Ranked, row: Row): RankingRow {
  const { receipt_number, project_title, organisation_name, state, outcome, amount_yen, closed } = row;
  const waiting = state === 'accepted' ? ranked.assigned - ranked.conflicted - ranked.totals.length : 0;
  if (!closed) return { ...ranked, receipt_number, project_title, organisation_name, state, outcome, amount_yen, closed, waiting };
  return { ...ranked, rank: null, mean: null, spread: null, totals: [], requested_yen: 0, below_pass_mark: false, assigned: 0, conflicted: 0, receipt_number, project_title: '', organisation_name: '', state, outcome: null, amount_yen: null, closed, waiting: 0 };
}

export interface StandingOf { mean: number | null; spread: number | null; counted: number; assigned: number; conflicted: number }

/** Mean, number of members counted and spread of one application: what a proposal rests on. */
export async function standingOf(sql: Sql, applicationId: string, criteria: Criterion[]): Promise<StandingOf> {
  const totals = (await totalsOf(sql, criteria, sql`a.id = ${applicationId}`)).get(applicationId) ?? [];
  const [row] = await sql<{ assigned: number; conflicted: number }[]>`
    select count(p.id) as assigned, count(p.id) filter (where d.conflicted) as conflicted
    from panel_assignment p left join interest_declaration d on d.assignment_id = p.id where p.application_id = ${applicationId}`;
  return { mean: meanOf(totals), spread: spreadOf(totals), counted: totals.length, ...row! };
}

/** Totals of the submitted sheets, by application. */
async function totalsOf(sql: Sql, criteria: Criterion[], where: Statement): Promise<Map<string, number[]>> {
  const sheets = await sql<{ application_id: string; scores: Scored[] }[]>`
    select p.application_id, json_agg(json_build_object('criterion_id', c.criterion_id, 'points', c.points)) as scores
    from application a join panel_assignment p on p.application_id = a.id
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join score_sheet s on s.assignment_id = p.id and s.submitted_at is not null join score c on c.assignment_id = s.assignment_id
    where ${where} group by p.application_id, s.assignment_id`;
  const totals = new Map<string, number[]>();
  for (const sheet of sheets) totals.set(sheet.application_id, [...(totals.get(sheet.application_id) ?? []), sheetTotal(criteria, sheet.scores)]);
  return totals;
}
