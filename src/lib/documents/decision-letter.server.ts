/** From a decision (or its draft) to the letter that says it: the content, its preview, and characters that need an officer. */
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { readSnapshot, type Snapshot } from '../applications/snapshot.ts';
import type { Outcome } from '../awards/award.ts';
import type { LetterKind } from '../awards/words.ts';
import { ipamjFont, portalMode } from '../settings/environment.server.ts';
import * as settings from '../settings/store.server.ts';
import { dayOf, type Day } from '../time/day.ts';
import { awardNotice, type AwardNoticeSnapshot } from './award-notice.ts';
import type { OfficialDocument, Substitution } from './document.ts';
import type { LetterSnapshot } from './letter.ts';
import { checkPdf, type CheckResult } from './pdf.server.ts';
import { rejectionNotice, type RejectionNoticeSnapshot } from './rejection-notice.ts';

export interface ApprovedSubstitution extends Substitution { reason: string; approved_by_name: string; approved_at: Date }

/** Characters an officer allowed to be printed in another form on this application's letters. */
export async function substitutions(sql: Sql, applicationId: string): Promise<ApprovedSubstitution[]> {
  return sql<ApprovedSubstitution[]>`
    select g.from_text as "from", g.to_text as "to", g.reason, p.name as approved_by_name, g.approved_at
    from glyph_substitution g join account p on p.id = g.approved_by where g.application_id = ${applicationId} order by g.id limit 100`;
}

export type SubstituteResult = { ok: true } | { ok: false; reason: 'already_issued' };

/** Puts on record that a character may be printed in another form, and who decided it. Too late once the letter is out. */
export async function approveSubstitution(tx: Tx, officerId: string, applicationId: string, value: Substitution & { reason: string }): Promise<SubstituteResult> {
  const issued = await tx`select from letter where application_id = ${applicationId} limit 1`;
  if (issued.length > 0) return { ok: false, reason: 'already_issued' };
  const [old] = await tx<Substitution[]>`select from_text as "from", to_text as "to" from glyph_substitution where application_id = ${applicationId} and from_text = ${value.from}`;
  const [row] = await tx<{ id: string }[]>`
    insert into glyph_substitution (application_id, from_text, to_text, reason, approved_by)
    values (${applicationId}, ${value.from}, ${value.to}, ${value.reason}, ${officerId})
    on conflict (application_id, from_text) do update set to_text = excluded.to_text, reason = excluded.reason, approved_by = excluded.approved_by, approved_at = now()
    returning id`;
  await audit.record(tx, { action: 'letter.substitute', subject: ['application', applicationId], before: old, after: { id: row!.id, ...value } });
  return { ok: true };
}

export interface Decision {
  application_id: string; outcome: Outcome; amount_yen: number; reason: string; conditions: string[];
  snapshot: Snapshot; project_title: string; applied_at: Date;
  /** Null while it is only a draft. */
  decided_at: Date; released: boolean;
}
type Row = Omit<Decision, 'snapshot'> & { snapshot: string };

const read = (row: Row | undefined): Decision | null => (row ? { ...row, snapshot: readSnapshot(row.snapshot) } : null);

/** The decision on an application with the submission it rests on, or null before a decision. */
export async function decided(sql: Sql, applicationId: string): Promise<Decision | null> {
  const [row] = await sql<Row[]>`
    select a.id as application_id, w.outcome, w.amount_yen, d.reason, d.conditions, s.snapshot, a.project_title, a.submitted_at as applied_at,
      w.decided_at, coalesce(e.results_release_at <= now(), false) as released
    from award w join award_proposal d on d.id = w.proposal_id join submission s on s.id = d.submission_id
    join application a on a.id = w.application_id join scheme_edition e on e.id = w.edition_id
    where w.application_id = ${applicationId}`;
  return read(row);
}

/** A draft read as if it were decided now: what its letter would say. */
async function drafted(sql: Sql, proposalId: string): Promise<Decision | null> {
  const [row] = await sql<Row[]>`
    select a.id as application_id, d.outcome, d.amount_yen, d.reason, d.conditions, s.snapshot, a.project_title, a.submitted_at as applied_at, now() as decided_at, false as released
    from award_proposal d join submission s on s.id = d.submission_id join application a on a.id = d.application_id where d.id = ${proposalId}`;
  return read(row);
}

/** What is stored with an issued letter: with the fonts of the day, this alone makes its bytes. */
export type StoredLetter = (AwardNoticeSnapshot | RejectionNoticeSnapshot) & { substitutions: Substitution[] };

/** The document a stored letter was drawn from. */
export const documentOf = (stored: StoredLetter): OfficialDocument => (isAward(stored) ? awardNotice(stored) : rejectionNotice(stored));
const isAward = (stored: StoredLetter): stored is AwardNoticeSnapshot & { substitutions: Substitution[] } => stored.outcome === 'adopted' || stored.outcome === 'partly_adopted';

const DEMO_MARK = '【架空・設定例】この通知書は見本です。実在の団体・決定とは関係ありません。';

/** The letter as data. Everything printed comes from the snapshot, so the same snapshot gives the same bytes for ever. */
export async function letterOf(sql: Sql, row: Decision, issuedOn: Day, documentNumber: string, approved: Substitution[]): Promise<{ kind: LetterKind; snapshot: StoredLetter; document: OfficialDocument }> {
  const { version: _version, ...city } = await settings.city(sql);
  const { organisation, edition, budget } = row.snapshot;
  const declined = row.outcome === 'declined';
  const shared: LetterSnapshot & { substitutions: Substitution[] } = {
    city, form_number: declined ? edition.rejection_form_number : edition.award_form_number, document_number: documentNumber, issued_on: issuedOn,
    receiver: { organisation: organisation.name, representative_title: organisation.representative_title, representative_name: organisation.representative_name },
    scheme_name: edition.scheme_name, fiscal_year: edition.fiscal_year, project_title: row.project_title, receipt_number: row.snapshot.receipt_number,
    applied_on: dayOf(row.applied_at), legal_basis: edition.legal_basis, article: declined ? edition.rejection_article : edition.award_article,
    demo_mark: portalMode() === 'demo' ? DEMO_MARK : null, notices: [], substitutions: approved
  };
  const snapshot: StoredLetter = row.outcome === 'declined'
    ? { ...shared, outcome: 'declined', requested_yen: budget.requested_yen, reason: row.reason }
    : {
        ...shared, outcome: row.outcome, total_cost_yen: budget.expense_yen, eligible_yen: budget.eligible_yen, requested_yen: budget.requested_yen,
        amount_yen: row.amount_yen, arithmetic: budget.steps, reason: row.outcome === 'partly_adopted' ? row.reason : '',
        conditions: row.conditions, completion_due_on: edition.completion_due_on, payment_notes: []
      };
  return { kind: declined ? 'rejection_notice' : 'award_notice', snapshot, document: documentOf(snapshot) };
}

export interface Preview { kind: LetterKind; document: OfficialDocument; check: CheckResult }

/** What the letter of a decided application would say, with no number taken, and which characters no font has. */
export async function preview(sql: Sql, applicationId: string, issuedOn: Day): Promise<Preview | null> {
  return previewOf(sql, await decided(sql, applicationId), issuedOn);
}

/** The same for a draft, so that an approver reads what will be sent. */
export async function previewDraft(sql: Sql, proposalId: string, issuedOn: Day): Promise<Preview | null> {
  return previewOf(sql, await drafted(sql, proposalId), issuedOn);
}

async function previewOf(sql: Sql, row: Decision | null, issuedOn: Day): Promise<Preview | null> {
  if (!row) return null;
  const { document_mark } = await settings.city(sql);
  const approved = (await substitutions(sql, row.application_id)).map(({ from, to }) => ({ from, to }));
  const { kind, document, snapshot } = await letterOf(sql, row, issuedOn, `${document_mark}第　号`, approved);
  return { kind, document, check: await checkPdf(document, { ipamjPath: ipamjFont(), approvedSubstitutions: snapshot.substitutions }) };
}
