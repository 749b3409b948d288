/** Submitting, and what was submitted. The one moment that must lose nothing. */
import { createHash } from 'node:crypto';
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { proveStored } from '../files/store.server.ts';
import * as mail from '../mail/outbox.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { papersFor, windowState, type EditionWhole } from '../schemes/scheme.ts';
import * as schemes from '../schemes/store.server.ts';
import * as settings from '../settings/store.server.ts';
import { ANSWER_SECTIONS, QUESTIONS, SECTION_TITLES, missingAnswers, type Answers, type ApplicationState, type Missing, type Section } from './application.ts';
import { reckon, type BudgetReckoning } from './budget.ts';
import { attachedFiles, budgetLines, sections, type AttachedFile } from './drafts.server.ts';
import { readSnapshot, type Snapshot, type SnapshotFile, type SnapshotOrganisation } from './snapshot.ts';

/** Everything a draft holds, read together, with what it still lacks. */
export interface DraftWhole {
  edition: EditionWhole;
  organisation: SnapshotOrganisation;
  answers: Map<string, { version: number; content: Answers; saved_at: Date; saved_by_name: string }>;
  reckoning: BudgetReckoning;
  files: AttachedFile[];
  dossierFiles: SnapshotFile[];
  missing: Missing[];
}

/** Reads the whole draft of an application. Authorisation is the caller's: `forMember` or an office route. */
export async function draftWhole(sql: Sql, application: { id: string; edition_id: string; organisation_id: string }): Promise<DraftWhole> {
  const edition = await schemes.edition(sql, application.edition_id);
  if (!edition) throw new Error('application without its edition');
  const organisation = await organisations.copyDossier(sql, application.organisation_id);
  const answers = new Map((await sections(sql, application.id)).map((row) => [row.section as string, row]));
  const asked = answers.get('budget')?.content.asked_yen;
  const reckoning = reckon(edition, edition.categories, await budgetLines(sql, application.id), typeof asked === 'number' ? asked : null);
  const files = await attachedFiles(sql, application.id);
  const papers = papersFor(edition.papers, organisation.organisation.kind);
  const dossierFiles: SnapshotFile[] = papers.flatMap((paper) => {
    const kept = paper.from_dossier ? organisation.papers.find((candidate) => candidate.kind === paper.from_dossier) : undefined;
    return kept ? [{ id: kept.file_id, paper: paper.name, name: kept.name, media_type: kept.media_type, bytes: kept.bytes, pages: kept.pages, sha256: kept.sha256 }] : [];
  });
  const missing: Missing[] = [...organisation.missing.map((message) => ({ section: 'organisation' as const, field: 'organisation', message }))];
  if (organisation.organisation.members_count < edition.minimum_members) {
    missing.push({ section: 'organisation', field: 'members_count', message: `この制度は会員が${edition.minimum_members}人以上の団体が申請できます。` });
  }
  for (const section of ANSWER_SECTIONS) missing.push(...missingAnswers(section, answers.get(section)?.content ?? {}, edition.completion_due_on));
  missing.push(...reckoning.problems);
  for (const paper of papers) {
    const there = files.some((file) => file.paper_id === paper.id) || dossierFiles.some((file) => file.paper === paper.name);
    if (paper.required && !there) missing.push({ section: 'papers', field: paper.id, message: `「${paper.name}」を添付してください。` });
  }
  return { edition, organisation: organisation.organisation, answers, reckoning, files, dossierFiles, missing };
}

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
  const open = application.state === 'correction' ? await correctionSections(tx, applicationId) : null;
  const receipt_number = application.receipt_number ?? receiptNumber(whole.edition.fiscal_year, await settings.nextNumber(tx, 'receipt', whole.edition.fiscal_year));
  const snapshot = takeSnapshot(whole, { receipt_number, round: (previous?.round ?? 0) + 1, submitted_at: at, previous: previous?.snapshot, open });
  const proof = await proveStored(tx, snapshot.files.map((file) => file.id));
  if (!proof.ok) return { ok: false, reason: 'files_not_stored', names: snapshot.files.filter((file) => proof.ids.includes(file.id)).map((file) => file.name) };

  const submission_id = await insertSubmission(tx, applicationId, accountId, snapshot, at);
  await tx`
    update application set receipt_number = ${receipt_number}, project_title = ${String(whole.answers.get('project')?.content.title ?? '')},
      eligible_yen = ${snapshot.budget.eligible_yen}, computed_yen = ${snapshot.budget.computed_yen}, requested_yen = ${snapshot.budget.requested_yen},
      submitted_at = coalesce(submitted_at, ${at}), correction_opened_at = null
    where id = ${applicationId}`;
  await tx`update correction_request set answered_by_submission = ${submission_id} where application_id = ${applicationId} and answered_by_submission is null and cancelled_at is null`;
  for (const member of await organisations.mailAddresses(tx, application.organisation_id)) {
    await mail.enqueue(tx, {
      to: member.email, template: 'application_receipt', dedupeKey: `receipt:${submission_id}:${member.account_id}`,
      data: { receiptNumber: receipt_number, url: `${origin}/my/applications/${applicationId}/receipt` }
    });
  }
  await audit.record(tx, {
    action: application.state === 'draft' ? 'application.submit' : 'application.correct', subject: ['application', applicationId],
    after: { submission: submission_id, receipt_number, snapshot_sha256: sha256(JSON.stringify(snapshot)), requested_yen: snapshot.budget.requested_yen }
  });
  return { ok: true, submission_id, receipt_number };
}

/** What the check page showed, as a mark: when it differs at submission, somebody changed the draft in between. */
export function seenMark(whole: DraftWhole): string {
  return sha256(JSON.stringify([
    whole.organisation, [...whole.answers].map(([section, row]) => [section, row.version]).sort(), whole.reckoning.requested_yen,
    whole.files.map((file) => file.file_id), whole.dossierFiles.map((file) => file.id)
  ]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `2026-0001`: the fiscal year and the running number. */
export const receiptNumber = (fiscalYear: number, n: number): string => `${fiscalYear}-${String(n).padStart(4, '0')}`;

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

async function correctionSections(tx: Tx, applicationId: string): Promise<Section[]> {
  const rows = await tx<{ section: Section }[]>`
    select i.section from correction_request r join correction_item i on i.request_id = r.id
    where r.application_id = ${applicationId} and r.answered_by_submission is null and r.cancelled_at is null`;
  return rows.map((row) => row.section);
}

function takeSnapshot(whole: DraftWhole, at: { receipt_number: string; round: number; submitted_at: Date; previous: Snapshot | undefined; open: Section[] | null }): Snapshot {
  const { edition } = whole;
  const category = new Map(edition.categories.map((row) => [row.id, row]));
  const line = (row: { category_id: string; item: string; amount_yen: number; basis: string }) => ({
    category: category.get(row.category_id)?.name ?? '', item: row.item, amount_yen: row.amount_yen, basis: row.basis, eligible: category.get(row.category_id)?.eligible ?? false
  });
  const lines = whole.reckoning.lines;
  const grant = edition.categories.find((row) => row.is_grant);
  const { income_yen, expense_yen, eligible_yen, computed_yen, requested_yen, steps } = whole.reckoning;
  const keepOld = (section: Section): boolean => at.open !== null && at.previous !== undefined && !at.open.includes(section);
  return {
    format: 1, receipt_number: at.receipt_number, round: at.round, submitted_at: at.submitted_at.toISOString(),
    edition: {
      id: edition.id, scheme_name: edition.scheme_name, name: edition.name, fiscal_year: edition.fiscal_year, is_example: edition.is_example,
      legal_basis: edition.legal_basis, application_form_number: edition.application_form_number, award_form_number: edition.award_form_number,
      rejection_form_number: edition.rejection_form_number, award_article: edition.award_article, rejection_article: edition.rejection_article,
      completion_due_on: edition.completion_due_on, cap_yen: edition.cap_yen
    },
    organisation: keepOld('organisation') ? at.previous!.organisation : whole.organisation,
    sections: ANSWER_SECTIONS.map((section) => ({
      section, title: SECTION_TITLES[section],
      answers: QUESTIONS[section].map(({ name, label, kind, unit }) => ({
        name, label, kind, value: whole.answers.get(section)?.content[name] ?? null, ...(unit ? { unit } : {})
      }))
    })),
    budget: {
      income: [
        ...(grant ? [{ category: grant.name, item: edition.scheme_name, amount_yen: requested_yen, basis: '申請額', eligible: true }] : []),
        ...lines.filter((row) => row.side === 'income').map(line)
      ],
      expense: lines.filter((row) => row.side === 'expense').map(line),
      income_yen, expense_yen, eligible_yen, computed_yen, requested_yen, steps
    },
    files: keepOld('papers') ? at.previous!.files : [
      ...whole.dossierFiles,
      ...whole.files.map((file) => ({ id: file.file_id, paper: file.paper_name, name: file.name, media_type: file.media_type, bytes: file.bytes, pages: file.pages, sha256: file.sha256 }))
    ]
  };
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
export async function withdraw(tx: Tx, accountId: string, applicationId: string): Promise<WithdrawResult> {
  const application = await lockForSubmit(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.my_role !== 'representative') return { ok: false, reason: 'not_representative' };
  if (['proposed', 'decided', 'dismissed', 'withdrawn'].includes(application.state)) return { ok: false, reason: 'too_late' };
  await tx`update application set withdrawn_at = now() where id = ${applicationId}`;
  await audit.record(tx, { action: 'application.withdraw', subject: ['application', applicationId], before: { state: application.state }, after: { state: 'withdrawn' } });
  return { ok: true };
}
