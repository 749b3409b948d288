/** The PDF of a submission. Drawn once, kept, and never drawn again. */
import { sql as reads, transaction } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { Submission } from '../applications/submission.server.ts';
import { prepareOwn } from '../files/accept.server.ts';
import * as files from '../files/store.server.ts';
import { ipamjFont, portalMode } from '../settings/environment.server.ts';
import * as settings from '../settings/store.server.ts';
import { applicationForm } from './application-form.ts';
import { renderPdf, type RenderRefusal } from './pdf.server.ts';

const DEMO_MARK = '【架空・設定例】この申請書は見本です。実在の団体とは関係ありません。';

export type SubmissionPdf = Extract<files.Opened, { ok: true }> | { ok: false; reason: 'damaged' | 'missing' } | RenderRefusal;

/**
 * The kept PDF of a submission, drawn at its first use. A character that no font has is printed as 〓 here and named beside it:
 * a receipt must not be refused for a rare name; a letter is (see letters.server.ts).
 */
export async function submissionPdf(submission: Submission): Promise<SubmissionPdf> {
  const kept = await keptFile(submission.id);
  if (kept) return files.open(reads, kept);
  const city = await settings.city(reads);
  const document = applicationForm({ city, demo_mark: portalMode() === 'demo' ? DEMO_MARK : null, submission: submission.snapshot });
  let drawn = await renderPdf(document, { ipamjPath: ipamjFont() });
  if (!drawn.ok && drawn.reason === 'missing_glyph') {
    const named = drawn.characters.map((one) => `${one.where}の〓は ${one.codePoints.join(' ')}`).join('、');
    document.blocks.push({ type: 'note', text: `印刷できない文字を「〓」にしました（保存されている文字は変わりません）。${named}` });
    drawn = await renderPdf(document, { ipamjPath: ipamjFont(), missingAs: '〓' });
  }
  if (!drawn.ok) return drawn;
  const prepared = prepareOwn(drawn.bytes, `申請書_${submission.snapshot.receipt_number}_${submission.round}.pdf`, drawn.pages);
  await transaction({ name: 'system:documents', onBehalfOf: submission.snapshot.organisation.id }, async (tx) => {
    // Two readers of a fresh receipt wait for each other here; the submission itself is append-only and takes no lock.
    await tx`select a.id from application a join submission s on s.application_id = a.id where s.id = ${submission.id} for update of a`;
    const [there] = await tx`select from submission_document where submission_id = ${submission.id}`;
    if (there) return { ok: false };
    const { id } = await files.keep(tx, prepared, { organisation_id: submission.snapshot.organisation.id, purpose: 'submission' });
    await tx`insert into submission_document (submission_id, file_id) values (${submission.id}, ${id})`;
    await audit.record(tx, { action: 'submission.document', subject: ['submission', submission.id], after: { file: id, sha256: prepared.sha256.toString('hex') } });
    return { ok: true };
  });
  return files.open(reads, (await keptFile(submission.id))!);
}

async function keptFile(submissionId: string): Promise<string | null> {
  const [row] = await reads<{ file_id: string }[]>`select file_id from submission_document where submission_id = ${submissionId}`;
  return row?.file_id ?? null;
}
