/** Assignments, declarations of interest, and scores. A declared conflict closes the application to that member in every query here. */
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { readSnapshot, type Snapshot } from '../applications/snapshot.ts';
import * as mail from '../mail/outbox.server.ts';
import type { Criterion } from '../schemes/scheme.ts';
import { rank, sheetTotal, type Ranked, type Scored, type Standing } from './panel.ts';

/** People who sit on the committee now. */
export async function committee(sql: Sql): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    select a.id, a.name as name from account a where a.disabled_at is null and exists (
      select from staff_role r where r.account_id = a.id and r.role = 'committee'
      and r.from_on <= current_date and (r.to_on is null or r.to_on > current_date))
    order by a.name, a.id limit 100`;
}

export interface PanelMember { assignment_id: string; account_id: string; name: string; conflicted: boolean | null; note: string; submitted_at: Date | null }

/** Who is assigned to an application, and how far each is. Scores are not part of it. */
export async function members(sql: Sql, applicationId: string): Promise<PanelMember[]> {
  return sql<PanelMember[]>`
    select p.id as assignment_id, p.account_id, a.name as name, d.conflicted, coalesce(d.note, '') as note, s.submitted_at
    from panel_assignment p join account a on a.id = p.account_id
    left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
    where p.application_id = ${applicationId} order by a.name, p.id`;
}

export type AssignResult = { ok: true; added: number } | { ok: false; reason: 'not_found' | 'not_committee' | 'member_of_group' };

/** Assigns committee members to accepted applications. Members of the applying group itself are never assigned. */
export async function assign(tx: Tx, officerId: string, applicationIds: string[], accountIds: string[], origin: string): Promise<AssignResult> {
  const known = new Set((await committee(tx)).map((member) => member.id));
  if (accountIds.some((id) => !known.has(id))) return { ok: false, reason: 'not_committee' };
  const open = await tx<{ id: string; organisation_id: string }[]>`
    select id, organisation_id from application where id = any(${applicationIds}::uuid[]) and state = 'accepted' for update`;
  if (open.length !== new Set(applicationIds).size) return { ok: false, reason: 'not_found' };
  const own = await tx<{ application_id: string; account_id: string }[]>`
    select a.id as application_id, m.account_id from application a join organisation_member m on m.organisation_id = a.organisation_id
    where a.id = any(${applicationIds}::uuid[]) and m.account_id = any(${accountIds}::uuid[])`;
  if (applicationIds.length === 1 && own.length > 0) return { ok: false, reason: 'member_of_group' };
  const pairs = applicationIds.flatMap((application_id) => accountIds.map((account_id) => ({ application_id, account_id, assigned_by: officerId })))
    .filter((pair) => !own.some((mine) => mine.application_id === pair.application_id && mine.account_id === pair.account_id));
  const added = pairs.length === 0 ? [] : await tx<{ id: string; account_id: string }[]>`
    insert into panel_assignment ${tx(pairs)} on conflict (application_id, account_id) do nothing returning id, account_id`;
  for (const accountId of new Set(added.map((row) => row.account_id))) {
    const [account] = await tx<{ email: string }[]>`select email from account where id = ${accountId}`;
    const first = added.find((row) => row.account_id === accountId)!;
    await mail.enqueue(tx, { to: account!.email, template: 'committee_assignment', dedupeKey: `assignment:${first.id}`, data: { url: `${origin}/panel` } });
  }
  await audit.record(tx, { action: 'panel.assign', subject: ['application', applicationIds[0] ?? ''], after: { applications: applicationIds, members: accountIds, added: added.length } });
  return { ok: true, added: added.length };
}

export interface MyAssignment {
  id: string; application_id: string; edition_id: string; edition_name: string;
  /** Title and group only: what a member needs to know whether there is an interest. Hidden again after a conflict. */
  project_title: string; organisation_name: string; representative_name: string;
  conflicted: boolean | null; submitted_at: Date | null;
}

/** A committee member's own assignments, newest first. */
export async function mine(sql: Sql, accountId: string): Promise<MyAssignment[]> {
  return sql<MyAssignment[]>`
    select p.id, p.application_id, a.edition_id, e.name as edition_name, a.project_title, o.name as organisation_name,
      case when d.conflicted then '' else o.representative_name end as representative_name, d.conflicted, s.submitted_at
    from panel_assignment p join application a on a.id = p.application_id join organisation o on o.id = a.organisation_id
    join scheme_edition e on e.id = a.edition_id
    left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
    where p.account_id = ${accountId} order by p.id desc limit 300`;
}

/** One assignment of this member, or null. */
export async function assignment(sql: Sql, assignmentId: string, accountId: string): Promise<MyAssignment | null> {
  return (await mineOne(sql, assignmentId, accountId)) ?? null;
}

async function mineOne(sql: Sql, assignmentId: string, accountId: string) {
  const [row] = await sql<MyAssignment[]>`
    select p.id, p.application_id, a.edition_id, e.name as edition_name, a.project_title, o.name as organisation_name,
      case when d.conflicted then '' else o.representative_name end as representative_name, d.conflicted, s.submitted_at
    from panel_assignment p join application a on a.id = p.application_id join organisation o on o.id = a.organisation_id
    join scheme_edition e on e.id = a.edition_id
    left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
    where p.id = ${assignmentId} and p.account_id = ${accountId}`;
  return row;
}

/** The newest submission, for a member who declared no interest. Anybody else gets null. */
export async function application(sql: Sql, assignmentId: string, accountId: string): Promise<Snapshot | null> {
  const [row] = await sql<{ snapshot: string }[]>`
    select s.snapshot from panel_assignment p
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join submission s on s.application_id = p.application_id
    where p.id = ${assignmentId} and p.account_id = ${accountId} order by s.round desc limit 1`;
  return row ? readSnapshot(row.snapshot) : null;
}

/** A submitted file, for a member who declared no interest; else null. */
export async function file(sql: Sql, assignmentId: string, accountId: string, fileId: string): Promise<string | null> {
  const [row] = await sql<{ file_id: string }[]>`
    select sf.file_id from panel_assignment p
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join submission s on s.application_id = p.application_id join submission_file sf on sf.submission_id = s.id
    where p.id = ${assignmentId} and p.account_id = ${accountId} and sf.file_id = ${fileId} limit 1`;
  return row?.file_id ?? null;
}

/** Declares whether there is an interest. Once only: an error is mended by the office with a new assignment. */
export async function declare(tx: Tx, accountId: string, assignmentId: string, value: { conflicted: boolean; note: string }): Promise<{ ok: true } | { ok: false; reason: 'not_found' | 'already' }> {
  const row = await mineOne(tx, assignmentId, accountId);
  if (!row) return { ok: false, reason: 'not_found' };
  const added = await tx`
    insert into interest_declaration (assignment_id, conflicted, note) values (${assignmentId}, ${value.conflicted}, ${value.note})
    on conflict (assignment_id) do nothing returning assignment_id`;
  if (added.length === 0) return { ok: false, reason: 'already' };
  await audit.record(tx, { action: 'panel.declare', subject: ['application', row.application_id], after: { assignment: assignmentId, ...value } });
  return { ok: true };
}

export interface SheetValue { comment: string; scores: { criterion_id: string; points: number; reason: string }[] }
export interface Sheet { version: number; comment: string; submitted_at: Date | null; scores: { criterion_id: string; points: number; reason: string }[] }

/** The member's own sheet, or null before the first save. Nobody reads another's sheet through this. */
export async function sheet(sql: Sql, assignmentId: string, accountId: string): Promise<Sheet | null> {
  const [row] = await sql<Sheet[]>`
    select s.version, s.comment, s.submitted_at,
      coalesce((select json_agg(json_build_object('criterion_id', c.criterion_id, 'points', c.points, 'reason', c.reason)) from score c where c.assignment_id = s.assignment_id), '[]') as scores
    from score_sheet s join panel_assignment p on p.id = s.assignment_id
    where s.assignment_id = ${assignmentId} and p.account_id = ${accountId}`;
  return row ?? null;
}

export type ScoreResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_declared' | 'already_submitted' | 'closed' | 'incomplete' };

/** Saves a sheet, and with `submit` hands it in: every criterion with points and a reason, then final. */
export async function saveSheet(tx: Tx, accountId: string, assignmentId: string, criteria: Criterion[], value: SheetValue, submit: boolean): Promise<ScoreResult> {
  const row = await mineOne(tx, assignmentId, accountId);
  if (!row) return { ok: false, reason: 'not_found' };
  if (row.conflicted !== false) return { ok: false, reason: 'not_declared' };
  const [application] = await tx<{ state: string }[]>`select state from application where id = ${row.application_id} for share`;
  if (application!.state !== 'accepted') return { ok: false, reason: 'closed' };
  const [old] = await tx<{ submitted_at: Date | null }[]>`select submitted_at from score_sheet where assignment_id = ${assignmentId} for update`;
  if (old?.submitted_at) return { ok: false, reason: 'already_submitted' };
  if (submit && criteria.some((criterion) => !value.scores.some((score) => score.criterion_id === criterion.id && score.reason !== ''))) return { ok: false, reason: 'incomplete' };
  await tx`
    insert into score_sheet (assignment_id, comment) values (${assignmentId}, ${value.comment})
    on conflict (assignment_id) do update set comment = excluded.comment, version = score_sheet.version + 1, saved_at = now()`;
  await tx`delete from score where assignment_id = ${assignmentId}`;
  const kept = value.scores.filter((score) => score.reason !== '' && criteria.some((criterion) => criterion.id === score.criterion_id));
  if (kept.length > 0) await tx`insert into score ${tx(kept.map((score) => ({ assignment_id: assignmentId, ...score })))}`;
  if (submit) await tx`update score_sheet set submitted_at = now() where assignment_id = ${assignmentId}`;
  await audit.record(tx, { action: submit ? 'panel.submit_scores' : 'panel.save_scores', subject: ['application', row.application_id], after: { assignment: assignmentId, ...value } });
  return { ok: true };
}

export interface RankingRow extends Ranked { receipt_number: string; project_title: string; organisation_name: string; state: string; waiting: number; outcome: string | null; amount_yen: number | null }

/** The ranking of an edition's accepted applications, with the budget line. Only submitted sheets count. */
export async function ranking(sql: Sql, edition: { id: string; budget_yen: number; pass_mark_percent: number | null; criteria: Criterion[] }): Promise<RankingRow[]> {
  const rows = await sql<{ id: string; receipt_number: string; project_title: string; organisation_name: string; state: string; requested_yen: number; assigned: number; conflicted: number; outcome: string | null; amount_yen: number | null }[]>`
    select a.id, a.receipt_number, a.project_title, o.name as organisation_name, a.state, a.requested_yen, w.outcome, w.amount_yen,
      count(p.id) as assigned, count(p.id) filter (where d.conflicted) as conflicted
    from application a join organisation o on o.id = a.organisation_id
    left join panel_assignment p on p.application_id = a.id left join interest_declaration d on d.assignment_id = p.id
    left join award w on w.application_id = a.id
    where a.edition_id = ${edition.id} and a.state in ('accepted', 'proposed', 'decided')
    group by a.id, o.name, w.outcome, w.amount_yen limit 1000`;
  const scores = await sql<{ application_id: string; assignment_id: string; scores: Scored[] }[]>`
    select p.application_id, s.assignment_id, json_agg(json_build_object('criterion_id', c.criterion_id, 'points', c.points)) as scores
    from application a join panel_assignment p on p.application_id = a.id
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join score_sheet s on s.assignment_id = p.id and s.submitted_at is not null join score c on c.assignment_id = s.assignment_id
    where a.edition_id = ${edition.id} and a.state in ('accepted', 'proposed', 'decided')
    group by p.application_id, s.assignment_id`;
  const totals = new Map<string, number[]>();
  for (const row of scores) totals.set(row.application_id, [...(totals.get(row.application_id) ?? []), sheetTotal(edition.criteria, row.scores)]);
  const standings: Standing[] = rows.map((row) => ({ application_id: row.id, requested_yen: row.requested_yen, totals: totals.get(row.id) ?? [], assigned: row.assigned, conflicted: row.conflicted }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return rank(standings, edition.budget_yen, edition.pass_mark_percent).map((ranked) => {
    const row = byId.get(ranked.application_id)!;
    return {
      ...ranked, receipt_number: row.receipt_number, project_title: row.project_title, organisation_name: row.organisation_name, state: row.state,
      waiting: row.assigned - row.conflicted - ranked.totals.length, outcome: row.outcome, amount_yen: row.amount_yen
    };
  });
}
