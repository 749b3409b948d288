/**
 * Issuing letters. The number runs without a gap, the PDF bears it, and no PDF is drawn inside a transaction: the letter is
 * drawn with the number that would be next, and the transaction takes that number only if nobody took it in between.
 */
import { sql as reads, transaction, type Actor, type Sql, type Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { LetterKind } from '../awards/words.ts';
import { prepareOwn } from '../files/accept.server.ts';
import * as files from '../files/store.server.ts';
import * as mail from '../mail/outbox.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { openTo } from '../screening/panel.server.ts';
import { ipamjFont, publicOrigin } from '../settings/environment.server.ts';
import * as settings from '../settings/store.server.ts';
import { dayOf, type Day } from '../time/day.ts';
import { fiscalYearOf } from '../time/fiscal-year.ts';
import { decided, letterOf, substitutions, type Decision } from './decision-letter.server.ts';
import { renderPdf, type RenderRefusal } from './pdf.server.ts';

export interface Letter { id: string; application_id: string; kind: LetterKind; document_number: string; issued_on: Day; file_id: string; sha256: string; pages: number; issued_at: Date }

const columns = (sql: Sql) => sql`l.id, l.application_id, l.kind, l.document_number, l.issued_on, l.file_id, l.sha256, l.pages, l.issued_at`;

export async function ofApplication(sql: Sql, applicationId: string): Promise<Letter[]> {
  return sql<Letter[]>`select ${columns(sql)} from letter l where l.application_id = ${applicationId} order by l.id limit 20`;
}

export async function letter(sql: Sql, id: string): Promise<Letter | null> {
  const [row] = await sql<Letter[]>`select ${columns(sql)} from letter l where l.id = ${id}`;
  return row ?? null;
}

/** A letter for the office, unless an interest closes its application to this viewer. */
export async function forOffice(sql: Sql, id: string, viewerId: string): Promise<Letter | null> {
  const [row] = await sql<Letter[]>`select ${columns(sql)} from letter l join application a on a.id = l.application_id where l.id = ${id} and ${openTo(sql, viewerId)}`;
  return row ?? null;
}

export type IssueResult =
  | { ok: true; id: string; document_number: string }
  | { ok: false; reason: 'not_decided' | 'already_issued' | 'before_decision' | 'number_contended' }
  | RenderRefusal;

/** How often another server may take the number while the letter is being drawn. Within this one, letters queue up. */
const NUMBER_TRIES = 12;

/** One letter after the other: two drawn at once would bear the same number, and one would be drawn for nothing. */
let queue: Promise<unknown> = Promise.resolve();

/** Issues the letter of one decided application, dated `issuedOn`. Once only; the bytes and their hash are kept for ever. */
export function issue(actor: Actor, accountId: string, applicationId: string, issuedOn: Day, batchId: string | null): Promise<IssueResult> {
  const mine = queue.then(() => issueNext(actor, accountId, applicationId, issuedOn, batchId));
  queue = mine.catch(() => undefined);
  return mine;
}

async function issueNext(actor: Actor, accountId: string, applicationId: string, issuedOn: Day, batchId: string | null): Promise<IssueResult> {
  const row = await decided(reads, applicationId);
  if (!row) return { ok: false, reason: 'not_decided' };
  if (issuedOn < dayOf(row.decided_at)) return { ok: false, reason: 'before_decision' };
  const known = await reads`select from letter where application_id = ${applicationId} limit 1`;
  if (known.length > 0) return { ok: false, reason: 'already_issued' };
  for (let attempt = 0; attempt < NUMBER_TRIES; attempt += 1) {
    const result = await tryNumber(actor, accountId, applicationId, row, issuedOn, batchId);
    if (result.ok || result.reason !== 'number_taken') return result;
  }
  return { ok: false, reason: 'number_contended' };
}

/** Draws the letter with the next number, then takes that number and keeps the letter in one transaction, or nothing. */
async function tryNumber(actor: Actor, accountId: string, applicationId: string, row: Decision, issuedOn: Day, batchId: string | null): Promise<IssueResult | { ok: false; reason: 'number_taken' }> {
  const { document_mark } = await settings.city(reads);
  const fiscal_year = fiscalYearOf(issuedOn);
  const [series] = await reads<{ last_number: number }[]>`select last_number from number_series where kind = 'letter' and fiscal_year = ${fiscal_year}`;
  const number = (series?.last_number ?? 0) + 1;
  const document_number = `${document_mark}第${number}号`;
  const approved = (await substitutions(reads, applicationId)).map(({ from, to }) => ({ from, to }));
  const { kind, snapshot, document } = await letterOf(reads, row, issuedOn, document_number, approved);
  const rendered = await renderPdf(document, { ipamjPath: ipamjFont(), approvedSubstitutions: snapshot.substitutions });
  if (!rendered.ok) return rendered;
  const prepared = prepareOwn(rendered.bytes, `${document_number}.pdf`, rendered.pages);
  return transaction(actor, async (tx): Promise<IssueResult | { ok: false; reason: 'number_taken' }> => {
    if (!(await takeNumber(tx, fiscal_year, number))) return { ok: false, reason: 'number_taken' };
    // Asked after the number's row is ours: whoever issued this letter before us has committed.
    const known = await tx`select from letter where application_id = ${applicationId} and kind = ${kind}`;
    if (known.length > 0) return { ok: false, reason: 'already_issued' };
    const kept = await files.keep(tx, prepared, { organisation_id: row.snapshot.organisation.id, purpose: 'letter' });
    const [added] = await tx<{ id: string }[]>`
      insert into letter ${tx({
        application_id: applicationId, batch_id: batchId, kind, fiscal_year, number, document_number, issued_on: issuedOn,
        snapshot: JSON.stringify(snapshot), file_id: kept.id, sha256: kept.sha256, pages: rendered.pages, issued_by: accountId
      })} returning id`;
    if (row.released) await tell(tx, added!.id, applicationId, row.snapshot);
    await audit.record(tx, { action: 'letter.issue', subject: ['application', applicationId], after: { letter: added!.id, kind, document_number, issued_on: issuedOn, sha256: kept.sha256, substitutions: rendered.substitutions } });
    return { ok: true, id: added!.id, document_number };
  });
}

/** Takes `number` when it is still the next one; the row lock makes the answer final. */
async function takeNumber(tx: Tx, fiscalYear: number, number: number): Promise<boolean> {
  await tx`insert into number_series (kind, fiscal_year) values ('letter', ${fiscalYear}) on conflict do nothing`;
  const taken = await tx`
    update number_series set last_number = ${number} where kind = 'letter' and fiscal_year = ${fiscalYear} and last_number = ${number - 1} returning last_number`;
  return taken.length > 0;
}

/** A letter issued after the release is news by itself; before it, the release's own mail leads to it. */
async function tell(tx: Tx, letterId: string, applicationId: string, { organisation, receipt_number }: Decision['snapshot']): Promise<void> {
  for (const member of await organisations.mailAddresses(tx, organisation.id)) {
    await mail.enqueue(tx, {
      to: member.email, template: 'letter_issued', dedupeKey: `letter:${letterId}:${member.account_id}`,
      data: { receiptNumber: receipt_number, url: `${publicOrigin()}/my/applications/${applicationId}` }
    });
  }
}
