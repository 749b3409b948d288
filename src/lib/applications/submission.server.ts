/** Submitting, and what was submitted. The one moment that must lose nothing. */
import { createHash } from 'node:crypto';
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { proveStored } from '../files/store.server.ts';
import * as mail from '../mail/outbox.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { windowState } from '../schemes/scheme.ts';
import * as schemes from '../schemes/store.server.ts';
import * as settings from '../settings/store.server.ts';
import type { ApplicationState, Missing } from './application.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { draftWhole, type DraftWhole } from './whole.server.ts';

export { takeSnapshot } from './take-snapshot.ts';
export { draftWhole, type DraftWhole } from './whole.server.ts';

export type SubmitResult =
  | { ok: true; submission_id: string; receipt_number: string }
  | { ok: false; reason: 'not_found' | 'not_representative' | 'already_submitted' | 'not_open' | 'already_applied' }
  | { ok: false; reason: 'closed'; closes_at: string }
  | { ok: false; reason: 'changed' }
  | { ok: false; reason: 'incomplete'; missing: Missing[] }
  | { ok: false; reason: 'files_not_stored'; names: string[] };

/**
 * Submits a draft, or answers a correction. By the representative only, inside the window by the server's clock,
 * when nothing is missing, nobody changed it since the check page was shown, and every file was read back and compared.
 */
export async function submit(tx: Tx, accountId: string, applicationId: string, seen: string, origin: string): Promise<SubmitResult> {
  const application = await lockForSubmit(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.my_role !== 'representative') return { ok: false, reason: 'not_representative' };
  if (application.state !== 'draft' && application.state !== 'correction') return { ok: false, reason: 'already_submitted' };
  const whole = await draftWhole(tx, application);
  const at = await schemes.now(tx);
  if (application.state === 'draft') {
    const window = windowState(whole.edition, at);
    if (window === 'closed') return { ok: false, reason: 'closed', closes_at: whole.edition.closes_at.toISOString() };
    if (window !== 'open') return { ok: false, reason: 'not_open' };
    if (whole.edition.one_per_organisation && (await alreadyApplied(tx, application))) return { ok: false, reason: 'already_applied' };
  }
  if (whole.missing.length > 0) return { ok: false, reason: 'incomplete', missing: whole.missing };
  if (seenMark(whole) !== seen) return { ok: false, reason: 'changed' };

  const previous = await latestSubmission(tx, applicationId);
  const receipt_number = application.receipt_number ?? receiptNumber(whole.edition.fiscal_year, await settings.nextNumber(tx, 'receipt', whole.edition.fiscal_year));
  const snapshot = takeSnapshot(whole, { receipt_number, round: (previous?.round ?? 0) + 1, submitted_at: at });
  const proof = await proveStored(tx, snapshot.files.map((file) => file.id));
  if (!proof.ok) return { ok: false, reason: 'files_not_stored', names: snapshot.files.filter((file) => proof.ids.includes(file.id)).map((file) => file.name) };

  const submission_id = await insertSubmission(tx, applicationId, accountId, snapshot, at);
  await tx`
    update application set receipt_number = ${receipt_number}, project_title = ${titleOf(snapshot)},
      eligible_yen = ${snapshot.budget.eligible_yen}, computed_yen = ${snapshot.budget.computed_yen}, requested_yen = ${snapshot.budget.requested_yen},
      submitted_at = coalesce(submitted_at, ${at}), correction_opened_at = null
    where id = ${applicationId}`;
  await tx`update correction_request set answered_by_submission = ${submission_id} where application_id = ${applicationId} and answered_by_submission is null and cancelled_at is null`;
  await tellGroup(tx, application, 'application_receipt', `receipt:${submission_id}`, { receiptNumber: receipt_number, url: `${origin}/my/applications/${applicationId}/receipt` });
  await audit.record(tx, {
    action: application.state === 'draft' ? 'application.submit' : 'application.correct', subject: ['application', applicationId],
    after: { submission: submission_id, receipt_number, snapshot_sha256: sha256(JSON.stringify(snapshot)), requested_yen: snapshot.budget.requested_yen }
  });
  return { ok: true, submission_id, receipt_number };
}

/** What the check page showed, as a mark: when it differs at submission, somebody changed something in between. */
export const seenMark = (whole: DraftWhole): string => sha256(JSON.stringify(takeSnapshot(whole)));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `2026-0001`: the fiscal year and the running number. */
export const receiptNumber = (fiscalYear: number, n: number): string => `${fiscalYear}-${String(n).padStart(4, '0')}`;

function titleOf(snapshot: Snapshot): string {
  const answer = snapshot.sections.find((part) => part.section === 'project')?.answers.find((one) => one.name === 'title');
  return String(answer?.value ?? '');
}

async function lockForSubmit(tx: Tx, applicationId: string, accountId: string) {
  const [row] = await tx<{ id: string; edition_id: string; organisation_id: string; state: ApplicationState; receipt_number: string | null; my_role: string }[]>`
    select a.id, a.edition_id, a.organisation_id, a.state, a.receipt_number, m.role as my_role
    from application a join organisation o on o.id = a.organisation_id
    join organisation_member m on m.organisation_id = a.organisation_id and m.account_id = ${accountId}
      and ${isCurrent(tx)}
    where a.id = ${applicationId} for update of a, o`;
  return row ?? null;
}

async function alreadyApplied(tx: Tx, application: { id: string; edition_id: string; organisation_id: string }): Promise<boolean> {
  const rows = await tx`
    select from application where organisation_id = ${application.organisation_id} and edition_id = ${application.edition_id}
    and id <> ${application.id} and submitted_at is not null and withdrawn_at is null and dismissed_at is null limit 1`;
  return rows.length > 0;
}

async function tellGroup(tx: Tx, application: { organisation_id: string }, template: 'application_receipt' | 'application_withdrawn', key: string, data: { receiptNumber: string; url: string }) {
  for (const member of await organisations.mailAddresses(tx, application.organisation_id)) {
    await mail.enqueue(tx, { to: member.email, template, dedupeKey: `${key}:${member.account_id}`, data });
  }
}

async function insertSubmission(tx: Tx, applicationId: string, accountId: string, snapshot: Snapshot, at: Date): Promise<string> {
  const text = JSON.stringify(snapshot);
  const [row] = await tx<{ id: string }[]>`
    insert into submission (application_id, round, snapshot, snapshot_sha256, submitted_by, submitted_at)
    values (${applicationId}, ${snapshot.round}, ${text}, ${sha256(text)}, ${accountId}, ${at}) returning id`;
  const files = [...new Set(snapshot.files.map((file) => file.id))];
  if (files.length > 0) await tx`insert into submission_file ${tx(files.map((file_id) => ({ submission_id: row!.id, file_id })))}`;
  return row!.id;
}

export interface Submission { id: string; round: number; submitted_at: Date; snapshot: Snapshot; snapshot_sha256: string }

/** The newest submission of an application, or null for a draft. */
export async function latestSubmission(sql: Sql, applicationId: string): Promise<Submission | null> {
  const [row] = await sql<(Omit<Submission, 'snapshot'> & { snapshot: string })[]>`
    select id, round, submitted_at, snapshot, snapshot_sha256 from submission where application_id = ${applicationId} order by round desc limit 1`;
  return row ? { ...row, snapshot: readSnapshot(row.snapshot) } : null;
}

/** All submissions, oldest first: what changed in each correction. */
export async function submissions(sql: Sql, applicationId: string): Promise<Submission[]> {
  const rows = await sql<(Omit<Submission, 'snapshot'> & { snapshot: string })[]>`
    select id, round, submitted_at, snapshot, snapshot_sha256 from submission where application_id = ${applicationId} order by round limit 50`;
  return rows.map((row) => ({ ...row, snapshot: readSnapshot(row.snapshot) }));
}

export type WithdrawResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_representative' | 'too_late' };

/** Withdraws an application before anything was decided. By the representative only. */
export async function withdraw(tx: Tx, accountId: string, applicationId: string, origin: string): Promise<WithdrawResult> {
  const application = await lockForSubmit(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.my_role !== 'representative') return { ok: false, reason: 'not_representative' };
  if (['proposed', 'decided', 'dismissed', 'withdrawn'].includes(application.state)) return { ok: false, reason: 'too_late' };
  await tx`update correction_request set cancelled_at = now() where application_id = ${applicationId} and answered_by_submission is null and cancelled_at is null`;
  await tx`update application set withdrawn_at = now() where id = ${applicationId}`;
  if (application.receipt_number) {
    await tellGroup(tx, application, 'application_withdrawn', `withdrawn:${applicationId}`, { receiptNumber: application.receipt_number, url: `${origin}/my/applications/${applicationId}` });
  }
  await audit.record(tx, { action: 'application.withdraw', subject: ['application', applicationId], before: { state: application.state }, after: { state: 'withdrawn' } });
  return { ok: true };
}
