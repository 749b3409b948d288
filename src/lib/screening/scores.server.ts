/** Score sheets: saved as one goes, handed in whole and once. A member reads and writes only their own. */
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState } from '../applications/application.ts';
import type { Criterion } from '../schemes/scheme.ts';

export interface ScoreValue { criterion_id: string; points: number | null; reason: string }
export interface SheetValue { comment: string; scores: ScoreValue[] }
export interface Sheet extends SheetValue { version: number; saved_at: Date; submitted_at: Date | null }

/** The member's own sheet, or null before the first save and after a declared interest. */
export async function sheet(sql: Sql, assignmentId: string, accountId: string): Promise<Sheet | null> {
  const [row] = await sql<Sheet[]>`
    select s.version, s.comment, s.saved_at, s.submitted_at,
      coalesce((select json_agg(json_build_object('criterion_id', c.criterion_id, 'points', c.points, 'reason', c.reason)) from score c where c.assignment_id = s.assignment_id), '[]') as scores
    from score_sheet s join panel_assignment p on p.id = s.assignment_id
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    where s.assignment_id = ${assignmentId} and p.account_id = ${accountId}`;
  return row ?? null;
}

export type SaveResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_declared' | 'already_submitted' | 'closed' | 'stale' | 'incomplete' };

/** Saves a sheet made from version `seen`, and with `submit` hands it in: every criterion with points and a reason, then final. */
export async function saveSheet(tx: Tx, accountId: string, assignmentId: string, criteria: Criterion[], value: SheetValue, seen: number, submit: boolean): Promise<SaveResult> {
  const [row] = await tx<{ application_id: string; state: ApplicationState; conflicted: boolean | null }[]>`
    select a.id as application_id, a.state, (select d.conflicted from interest_declaration d where d.assignment_id = p.id) as conflicted
    from panel_assignment p join application a on a.id = p.application_id
    where p.id = ${assignmentId} and p.account_id = ${accountId} for share of a`;
  if (!row) return { ok: false, reason: 'not_found' };
  if (row.conflicted !== false) return { ok: false, reason: 'not_declared' };
  if (row.state !== 'accepted') return { ok: false, reason: 'closed' };
  await tx`insert into score_sheet (assignment_id, version) values (${assignmentId}, 0) on conflict do nothing`;
  const [old] = await tx<{ version: number; submitted_at: Date | null }[]>`select version, submitted_at from score_sheet where assignment_id = ${assignmentId} for update`;
  if (old!.submitted_at) return { ok: false, reason: 'already_submitted' };
  if (old!.version !== seen) return { ok: false, reason: 'stale' };
  const scores = value.scores.filter((score) => criteria.some((criterion) => criterion.id === score.criterion_id) && (score.points !== null || score.reason !== ''));
  if (submit && scores.filter((score) => score.points !== null && score.reason !== '').length < criteria.length) return { ok: false, reason: 'incomplete' };
  await tx`delete from score where assignment_id = ${assignmentId}`;
  if (scores.length > 0) await tx`insert into score ${tx(scores.map((score) => ({ assignment_id: assignmentId, ...score })))}`;
  await tx`
    update score_sheet set comment = ${value.comment}, version = version + 1, saved_at = now(), submitted_at = case when ${submit} then now() end
    where assignment_id = ${assignmentId}`;
  await audit.record(tx, {
    action: submit ? 'panel.submit_scores' : 'panel.save_scores', subject: ['application', row.application_id], after: { assignment: assignmentId, comment: value.comment, scores }
  });
  return { ok: true };
}
