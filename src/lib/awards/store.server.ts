/** 起案, 決裁 and the award. The budget, the cap, the request and the two people are also constraints in the database. */
import type { Sql, Tx } from '../db/db.server.ts';
import { isStatementError } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState } from '../applications/application.ts';
import { openTo } from '../screening/panel.server.ts';
import { refuseAmount, seenHash, type Outcome, type ProposalRefusal, type ProposalValue } from './award.ts';

export interface Proposal extends ProposalValue {
  id: string;
  application_id: string;
  submission_id: string;
  seen_hash: string;
  drafted_by: string;
  drafted_by_name: string;
  drafted_at: Date;
  result: 'approved' | 'returned' | null;
  comment: string;
  decided_at: Date | null;
  decided_by_name: string | null;
}

const columns = (sql: Sql) => sql`
  d.id, d.application_id, d.submission_id, d.outcome, d.amount_yen, d.reason, d.conditions, d.seen_hash, d.drafted_by, a.name as drafted_by_name, d.drafted_at,
  p.result, coalesce(p.comment, '') as comment, p.decided_at, b.name as decided_by_name`;

const joins = (sql: Sql) => sql`
  award_proposal d join account a on a.id = d.drafted_by left join award_approval p on p.proposal_id = d.id left join account b on b.id = p.decided_by`;

/** All drafts of a decision on an application, newest first. */
export async function proposals(sql: Sql, applicationId: string): Promise<Proposal[]> {
  return sql<Proposal[]>`select ${columns(sql)} from ${joins(sql)} where d.application_id = ${applicationId} order by d.id desc limit 50`;
}

/** One draft, unless an interest closes its application to this viewer. */
export async function proposal(sql: Sql, id: string, viewerId: string): Promise<Proposal | null> {
  const [row] = await sql<Proposal[]>`
    select ${columns(sql)} from ${joins(sql)} where d.id = ${id} and exists (select from application a where a.id = d.application_id and ${openTo(sql, viewerId)})`;
  return row ?? null;
}

export interface Waiting {
  id: string; application_id: string; receipt_number: string; project_title: string; organisation_name: string;
  outcome: Outcome; amount_yen: number; drafted_by: string; drafted_by_name: string; drafted_at: Date;
  result: 'approved' | 'returned' | null; decided_at: Date | null; decided_by_name: string | null;
}

const waitingOf = (sql: Sql) => sql`
  select d.id, d.application_id, a.receipt_number, a.project_title, o.name as organisation_name, d.outcome, d.amount_yen, d.drafted_by, n.name as drafted_by_name, d.drafted_at,
    p.result, p.decided_at, b.name as decided_by_name
  from application a join award_proposal d on d.application_id = a.id join organisation o on o.id = a.organisation_id join account n on n.id = d.drafted_by
  left join award_approval p on p.proposal_id = d.id left join account b on b.id = p.decided_by`;

/** Proposals that wait for an approver, oldest first, as this viewer may see them. */
export async function waiting(sql: Sql, viewerId: string): Promise<Waiting[]> {
  return sql<Waiting[]>`${waitingOf(sql)} where a.state = 'proposed' and p.result is null and ${openTo(sql, viewerId)} order by d.id limit 500`;
}

/** The last decisions and returns, newest first. */
export async function recent(sql: Sql, viewerId: string): Promise<Waiting[]> {
  return sql<Waiting[]>`${waitingOf(sql)} where p.result is not null and ${openTo(sql, viewerId)} order by p.decided_at desc, d.id desc limit 20`;
}

export type DraftResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | 'wrong_state' | 'changed' | 'over_budget' }
  | { ok: false; reason: 'amount'; refusal: ProposalRefusal };

/**
 * 起案 on the submission the officer looked at. Refuses amounts the rules do not allow, and more than is left now. The
 * round's standard conditions are written into the draft, so that what the approver sees is what the letter says, whatever
 * is changed in the settings in between.
 */
export async function draft(tx: Tx, officerId: string, applicationId: string, submissionId: string, typed: ProposalValue): Promise<DraftResult> {
  const [application] = await tx<{ state: ApplicationState; requested_yen: number; cap_yen: number; left_yen: number; standard_conditions: string[] }[]>`
    select a.state, a.requested_yen, e.cap_yen, b.budget_yen - b.committed_yen as left_yen, e.standard_conditions
    from application a join scheme_edition e on e.id = a.edition_id join edition_budget b on b.edition_id = e.id
    where a.id = ${applicationId} and a.submitted_at is not null and ${openTo(tx, officerId)} for update of a`;
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'accepted') return { ok: false, reason: 'wrong_state' };
  const [submission] = await tx<{ id: string; snapshot_sha256: string }[]>`
    select id, snapshot_sha256 from submission where application_id = ${applicationId} order by round desc limit 1`;
  if (submission?.id !== submissionId) return { ok: false, reason: 'changed' };
  const conditions = typed.outcome === 'declined' ? [] : [...application.standard_conditions, ...typed.conditions.filter((one) => !application.standard_conditions.includes(one))];
  const value = { ...typed, conditions };
  const refusal = refuseAmount(value, application.requested_yen, application.cap_yen);
  if (refusal) return { ok: false, reason: 'amount', refusal };
  if (value.amount_yen > application.left_yen) return { ok: false, reason: 'over_budget' };
  const seen_hash = seenHash({ ...value, application_id: applicationId, submission_id: submissionId, submission_sha256: submission.snapshot_sha256 });
  const [row] = await tx<{ id: string }[]>`
    insert into award_proposal (application_id, submission_id, outcome, amount_yen, reason, conditions, seen_hash, drafted_by)
    values (${applicationId}, ${submissionId}, ${value.outcome}, ${value.amount_yen}, ${value.reason}, ${value.conditions}, ${seen_hash}, ${officerId}) returning id`;
  await tx`update application set proposed_at = now() where id = ${applicationId}`;
  await audit.record(tx, { action: 'award.draft', subject: ['application', applicationId], before: { state: 'accepted' }, after: { state: 'proposed', proposal: row!.id, ...value } });
  return { ok: true, id: row!.id };
}

export type DecideResult = { ok: true } | { ok: false; reason: 'not_found' | 'own_draft' | 'already_decided' | 'changed' | 'over_budget' };

/** The proposal locked with its application, checked for an approver who saw `seen`. */
async function lockForDecision(tx: Tx, approverId: string, proposalId: string, seen: string) {
  const [row] = await tx<{ id: string; application_id: string; drafted_by: string; seen_hash: string; outcome: Outcome; amount_yen: number; state: ApplicationState; result: string | null; edition_id: string }[]>`
    select d.id, d.application_id, d.drafted_by, d.seen_hash, d.outcome, d.amount_yen, a.state, a.edition_id,
      (select p.result from award_approval p where p.proposal_id = d.id) as result
    from award_proposal d join application a on a.id = d.application_id where d.id = ${proposalId} and ${openTo(tx, approverId)} for update of a`;
  if (!row) return { ok: false as const, reason: 'not_found' as const };
  if (row.drafted_by === approverId) return { ok: false as const, reason: 'own_draft' as const };
  if (row.result !== null || row.state !== 'proposed') return { ok: false as const, reason: 'already_decided' as const };
  if (row.seen_hash !== seen) return { ok: false as const, reason: 'changed' as const };
  return { ok: true as const, row };
}

/** 決裁: executes exactly what the approver saw. The award and the budget move together or not at all. */
export async function approve(tx: Tx, approverId: string, proposalId: string, seen: string, comment: string): Promise<DecideResult> {
  const locked = await lockForDecision(tx, approverId, proposalId, seen);
  if (!locked.ok) return locked;
  const { row } = locked;
  // The budget row is locked before the audit chain's head, in every path that takes both.
  const [budget] = await tx<{ left_yen: number }[]>`select budget_yen - committed_yen as left_yen from edition_budget where edition_id = ${row.edition_id} for update`;
  if (row.amount_yen > budget!.left_yen) return { ok: false, reason: 'over_budget' };
  await tx`insert into award_approval (proposal_id, drafted_by, result, comment, decided_by) values (${proposalId}, ${row.drafted_by}, 'approved', ${comment}, ${approverId})`;
  await tx`insert into award (application_id, proposal_id, edition_id, outcome, amount_yen, requested_yen, cap_yen)
    values (${row.application_id}, ${proposalId}, ${row.edition_id}, ${row.outcome}, ${row.amount_yen}, 0, 0)`;
  await tx`update application set decided_at = now() where id = ${row.application_id}`;
  await audit.record(tx, { action: 'award.approve', subject: ['application', row.application_id], before: { state: 'proposed' }, after: { state: 'decided', proposal: proposalId, outcome: row.outcome, amount_yen: row.amount_yen, seen } });
  return { ok: true };
}

/** 差戻し with a comment: the application is with the officer again. */
export async function sendBack(tx: Tx, approverId: string, proposalId: string, seen: string, comment: string): Promise<DecideResult> {
  const locked = await lockForDecision(tx, approverId, proposalId, seen);
  if (!locked.ok) return locked;
  const { row } = locked;
  await tx`insert into award_approval (proposal_id, drafted_by, result, comment, decided_by) values (${proposalId}, ${row.drafted_by}, 'returned', ${comment}, ${approverId})`;
  await tx`update application set proposed_at = null where id = ${row.application_id}`;
  await audit.record(tx, { action: 'award.return', subject: ['application', row.application_id], before: { state: 'proposed' }, after: { state: 'accepted', proposal: proposalId, comment } });
  return { ok: true };
}

/** True when the database's own budget rule refused: the answer is the same sentence as the check's. */
export const isOverBudget = (problem: unknown): boolean => isStatementError(problem) && problem.constraint_name === 'edition_budget_never_over';

export interface Award { application_id: string; proposal_id: string; outcome: Outcome; amount_yen: number; decided_at: Date; released: boolean; reason: string; conditions: string[] }

/** The decision on an application for the office, released or not. */
export async function award(sql: Sql, applicationId: string): Promise<Award | null> {
  const [row] = await sql<Award[]>`
    select w.application_id, w.proposal_id, w.outcome, w.amount_yen, w.decided_at, d.reason, d.conditions, coalesce(e.results_release_at <= now(), false) as released
    from award w join award_proposal d on d.id = w.proposal_id join scheme_edition e on e.id = w.edition_id where w.application_id = ${applicationId}`;
  return row ?? null;
}

/** The decision as the group may see it: null before the release. */
export async function releasedAward(sql: Sql, applicationId: string): Promise<Award | null> {
  const found = await award(sql, applicationId);
  return found?.released ? found : null;
}

export interface PublicProject { application_id: string; fiscal_year: number; scheme_name: string; project_title: string; organisation_name: string; amount_yen: number }

/** Adopted projects from the day of release: newest year first, paged by key. */
export async function publicProjects(sql: Sql, after: { fiscal_year: number; id: string } | null, limit = 50): Promise<PublicProject[]> {
  return sql<PublicProject[]>`
    select w.application_id, e.fiscal_year, s.name as scheme_name, a.project_title, o.name as organisation_name, w.amount_yen
    from scheme_edition e join scheme s on s.id = e.scheme_id join award w on w.edition_id = e.id
    join application a on a.id = w.application_id join organisation o on o.id = a.organisation_id
    where e.results_release_at <= now() and w.outcome <> 'declined'
    ${after ? sql`and (e.fiscal_year, w.application_id) < (${after.fiscal_year}, ${after.id}::uuid)` : sql``}
    order by e.fiscal_year desc, w.application_id desc limit ${limit}`;
}
