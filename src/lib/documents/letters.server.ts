/**
 * Issuing letters. The number runs without a gap, the PDF bears it, and no PDF is drawn inside a transaction: the letter is
 * drawn with the number that would be next, and the transaction takes that number only if nobody took it in between.
 */
import { sql as reads, transaction, type Actor, type Sql, type Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { readSnapshot, type Snapshot } from '../applications/snapshot.ts';
import type { Outcome } from '../awards/award.ts';
import type { LetterKind } from '../awards/words.ts';
import { prepareOwn } from '../files/accept.server.ts';
import * as files from '../files/store.server.ts';
import { ipamjFont, portalMode } from '../settings/environment.server.ts';
import * as settings from '../settings/store.server.ts';
import { dayOf, type Day } from '../time/day.ts';
import { awardNotice, type AwardNoticeSnapshot } from './award-notice.ts';
import type { OfficialDocument } from './document.ts';
import type { LetterSnapshot } from './letter.ts';
import { renderPdf, type RenderRefusal } from './pdf.server.ts';
import { rejectionNotice, type RejectionNoticeSnapshot } from './rejection-notice.ts';
import { fiscalYearOf } from '../time/fiscal-year.ts';

export interface Letter { id: string; application_id: string; kind: LetterKind; document_number: string; issued_on: Day; file_id: string; sha256: string; pages: number; issued_at: Date }

const columns = (sql: Sql) => sql`id, application_id, kind, document_number, issued_on, file_id, sha256, pages, issued_at`;

export async function ofApplication(sql: Sql, applicationId: string): Promise<Letter[]> {
  return sql<Letter[]>`select ${columns(sql)} from letter where application_id = ${applicationId} order by id limit 20`;
}

export async function letter(sql: Sql, id: string): Promise<Letter | null> {
  const [row] = await sql<Letter[]>`select ${columns(sql)} from letter where id = ${id}`;
  return row ?? null;
}

export interface Substitution { from: string; to: string; reason: string; approved_by_name: string; approved_at: Date }

/** Characters an officer allowed to be printed in another form on this application's letters. */
export async function substitutions(sql: Sql, applicationId: string): Promise<Substitution[]> {
  return sql<Substitution[]>`
    select g.from_text as "from", g.to_text as "to", g.reason, p.name as approved_by_name, g.approved_at
    from glyph_substitution g join account p on p.id = g.approved_by where g.application_id = ${applicationId} order by g.id limit 100`;
}

/** Puts on record that a character may be printed in another form, and who decided it. */
export async function approveSubstitution(tx: Tx, officerId: string, applicationId: string, value: { from: string; to: string; reason: string }) {
  const [row] = await tx<{ id: string }[]>`
    insert into glyph_substitution (application_id, from_text, to_text, reason, approved_by)
    values (${applicationId}, ${value.from}, ${value.to}, ${value.reason}, ${officerId})
    on conflict (application_id, from_text) do update set to_text = excluded.to_text, reason = excluded.reason, approved_by = excluded.approved_by, approved_at = now()
    returning id`;
  await audit.record(tx, { action: 'letter.substitute', subject: ['application', applicationId], after: { id: row!.id, ...value } });
  return { ok: true as const };
}

interface Decided { outcome: Outcome; amount_yen: number; reason: string; conditions: string[]; snapshot: Snapshot; project_title: string; applied_at: Date; standard_conditions: string[] }

/** The decision with the submission it rests on, or null before a decision. */
async function decided(sql: Sql, applicationId: string): Promise<Decided | null> {
  const [row] = await sql<(Omit<Decided, 'snapshot'> & { snapshot: string })[]>`
    select w.outcome, w.amount_yen, d.reason, d.conditions, s.snapshot, a.project_title, a.submitted_at as applied_at, e.standard_conditions
    from award w join award_proposal d on d.id = w.proposal_id join submission s on s.id = d.submission_id
    join application a on a.id = w.application_id join scheme_edition e on e.id = w.edition_id
    where w.application_id = ${applicationId}`;
  return row ? { ...row, snapshot: readSnapshot(row.snapshot) } : null;
}

const DEMO_MARK = '【架空・設定例】この通知書は見本です。実在の団体・決定とは関係ありません。';

/** The letter as data. Everything printed comes from here, so the same snapshot gives the same bytes for ever. */
async function draft(sql: Sql, row: Decided, issuedOn: Day, documentNumber: string): Promise<{ kind: LetterKind; snapshot: AwardNoticeSnapshot | RejectionNoticeSnapshot; document: OfficialDocument }> {
  const city = await settings.city(sql);
  const { organisation, edition, budget } = row.snapshot;
  const declined = row.outcome === 'declined';
  const shared: LetterSnapshot = {
    city, form_number: declined ? edition.rejection_form_number : edition.award_form_number, document_number: documentNumber, issued_on: issuedOn,
    receiver: { organisation: organisation.name, representative_title: organisation.representative_title, representative_name: organisation.representative_name },
    scheme_name: edition.scheme_name, fiscal_year: edition.fiscal_year, project_title: row.project_title, receipt_number: row.snapshot.receipt_number,
    applied_on: dayOf(row.applied_at), legal_basis: edition.legal_basis, article: declined ? edition.rejection_article : edition.award_article,
    demo_mark: portalMode() === 'demo' ? DEMO_MARK : null, notices: []
  };
  if (row.outcome === 'declined') {
    const snapshot: RejectionNoticeSnapshot = { ...shared, outcome: 'declined', requested_yen: budget.requested_yen, reason: row.reason };
    return { kind: 'rejection_notice', snapshot, document: rejectionNotice(snapshot) };
  }
  const snapshot: AwardNoticeSnapshot = {
    ...shared, outcome: row.outcome, total_cost_yen: budget.expense_yen, eligible_yen: budget.eligible_yen, requested_yen: budget.requested_yen,
    amount_yen: row.amount_yen, arithmetic: budget.steps, reason: row.outcome === 'partly_adopted' ? row.reason : '',
    conditions: [...row.standard_conditions, ...row.conditions], completion_due_on: edition.completion_due_on, payment_notes: []
  };
  return { kind: 'award_notice', snapshot, document: awardNotice(snapshot) };
}

export const documentNumber = (mark: string, n: number): string => `${mark}第${n}号`;

/** What the letter would look like now, with no number taken: for the officer's preview and for finding characters that no font has. */
export async function preview(sql: Sql, applicationId: string, issuedOn: Day) {
  const row = await decided(sql, applicationId);
  if (!row) return null;
  const { document_mark } = await settings.city(sql);
  const drafted = await draft(sql, row, issuedOn, `${document_mark}第　号`);
  return { kind: drafted.kind, result: await render(sql, applicationId, drafted.document) };
}

async function render(sql: Sql, applicationId: string, document: OfficialDocument) {
  const approved = await substitutions(sql, applicationId);
  return renderPdf(document, { ipamjPath: ipamjFont(), approvedSubstitutions: approved.map(({ from, to }) => ({ from, to })) });
}

export type IssueResult = { ok: true; id: string; document_number: string } | { ok: false; reason: 'not_decided' | 'already_issued' | 'number_contended' } | RenderRefusal;

/** How often the number may be taken by somebody else while the letter is being drawn. */
const NUMBER_TRIES = 8;

/** Issues the letter of one decided application, dated `issuedOn`. Once only; the bytes and their hash are kept for ever. */
export async function issue(actor: Actor, accountId: string, applicationId: string, issuedOn: Day, batchId: string | null): Promise<IssueResult> {
  const row = await decided(reads, applicationId);
  if (!row) return { ok: false, reason: 'not_decided' };
  const { document_mark } = await settings.city(reads);
  const fiscalYear = fiscalYearOf(issuedOn);
  for (let attempt = 0; attempt < NUMBER_TRIES; attempt += 1) {
    const [series] = await reads<{ last_number: number }[]>`select last_number from number_series where kind = 'letter' and fiscal_year = ${fiscalYear}`;
    const number = (series?.last_number ?? 0) + 1;
    const document_number = documentNumber(document_mark, number);
    const { kind, snapshot, document } = await draft(reads, row, issuedOn, document_number);
    const rendered = await render(reads, applicationId, document);
    if (!rendered.ok) return rendered;
    const name = `${document_number}.pdf`;
    const prepared = prepareOwn(rendered.bytes, name, rendered.pages);
    const result = await transaction(actor, async (tx): Promise<IssueResult | { ok: false; reason: 'number_taken' }> => {
      const known = await tx`select from letter where application_id = ${applicationId} and kind = ${kind}`;
      if (known.length > 0) return { ok: false, reason: 'already_issued' };
      if (!(await takeNumber(tx, fiscalYear, number))) return { ok: false, reason: 'number_taken' };
      const kept = await files.keep(tx, prepared, { organisation_id: row.snapshot.organisation.id, purpose: 'letter' });
      const [added] = await tx<{ id: string }[]>`
        insert into letter (application_id, batch_id, kind, fiscal_year, number, document_number, issued_on, snapshot, file_id, sha256, pages, issued_by)
        values (${applicationId}, ${batchId}, ${kind}, ${fiscalYear}, ${number}, ${document_number}, ${issuedOn}, ${JSON.stringify(snapshot)}, ${kept.id}, ${kept.sha256}, ${rendered.pages}, ${accountId})
        returning id`;
      await audit.record(tx, { action: 'letter.issue', subject: ['application', applicationId], after: { letter: added!.id, kind, document_number, issued_on: issuedOn, sha256: kept.sha256, substitutions: rendered.substitutions } });
      return { ok: true, id: added!.id, document_number };
    });
    if (result.ok || result.reason !== 'number_taken') return result;
  }
  return { ok: false, reason: 'number_contended' };
}

/** Takes `number` when it is still the next one; the row lock makes the answer final. */
async function takeNumber(tx: Tx, fiscalYear: number, number: number): Promise<boolean> {
  await tx`insert into number_series (kind, fiscal_year) values ('letter', ${fiscalYear}) on conflict do nothing`;
  const taken = await tx`
    update number_series set last_number = ${number} where kind = 'letter' and fiscal_year = ${fiscalYear} and last_number = ${number - 1} returning last_number`;
  return taken.length > 0;
}
