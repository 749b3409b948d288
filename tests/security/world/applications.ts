import * as drafts from '../../../src/lib/applications/drafts.server.ts';
import { draftWhole, latestSubmission, seenMark, submit } from '../../../src/lib/applications/submission.server.ts';
import * as audit from '../../../src/lib/audit/audit.server.ts';
import { sql, transaction, type Actor } from '../../../src/lib/db/db.server.ts';
import * as files from '../../../src/lib/files/store.server.ts';
import type { EditionWhole } from '../../../src/lib/schemes/scheme.ts';
import { addDays, dayOf } from '../../../src/lib/time/day.ts';
import { markedPdf, type Group } from './groups.ts';
import { contactPhone, REQUESTED_YEN, word, type CaseKey } from './marks.ts';
import { SYSTEM } from './people.ts';

/** One application in one state, with everything an address needs. */
export interface Case {
  key: CaseKey; id: string; editionId: string; organisationId: string;
  /** A file attached by the group. */
  file: string; paper: string;
  submission: string | null;
  /** By persona's name. */
  assignments: Record<string, string>;
  proposal: string | null;
  /** The mark of what an approver saw. */
  seenHash: string | null;
  letter: string | null; batch: string | null;
}

/** Written, with a paper of its own, and (unless a draft) submitted by the representative. */
export async function makeApplication(key: CaseKey, group: Group, owner: string, edition: EditionWhole): Promise<Case> {
  const actor: Actor = { name: `account:${owner}`, onBehalfOf: group.id };
  const begun = await transaction(actor, (tx) => drafts.begin(tx, owner, group.id, edition.id));
  if (!begun.ok) throw new Error(`${key}: ${begun.reason}`);
  const { id } = begun;
  const soon = (days: number) => addDays(dayOf(new Date()), days);
  const answers = {
    contact: { contact_name: '架空 連絡', contact_kana: 'カクウ レンラク', contact_phone: contactPhone(key), contact_email: 'renraku@kanaria.example' },
    project: { title: word('title', key), purpose: word('text', key), content: '歌う。', effect: '聞く人が喜ぶ。', continuity: '' },
    schedule: { starts_on: soon(40), ends_on: soon(50), place: '広場', steps: '歌う日を決める' },
    team: { staff_count: 5, participants: 30, structure: '皆で', partners: '', safety: '' }
  };
  for (const [section, content] of Object.entries(answers)) {
    const saved = await transaction(actor, (tx) => drafts.saveAnswers(tx, owner, id, section as keyof typeof answers, content, 0));
    if (!saved.ok) throw new Error(`${key} ${section}: ${saved.reason}`);
  }
  const category = (side: 'income' | 'expense') => edition.categories.find((one) => one.side === side && one.eligible && !one.is_grant)!.id;
  const lines = [
    { side: 'income' as const, category_id: category('income'), item: '会費', amount_yen: REQUESTED_YEN, basis: '' },
    { side: 'expense' as const, category_id: category('expense'), item: '楽譜', amount_yen: 2 * REQUESTED_YEN, basis: '' }
  ];
  await transaction(actor, (tx) => drafts.saveBudget(tx, owner, id, lines, null, 0));
  const paper = edition.papers.find((one) => one.from_dossier === null)!.id;
  const attached = await transaction(actor, (tx) => drafts.attach(tx, owner, id, paper, async (organisation_id) =>
    (await files.keep(tx, files.prepareOwn(markedPdf(word('fileBytes', key)), `${word('file', key)}.pdf`, 1), { organisation_id, purpose: 'application' })).id));
  if (!attached.ok) throw new Error(`${key}: ${attached.reason}`);
  const [file] = await drafts.attachedFiles(sql, id);
  const made: Case = { key, id, editionId: edition.id, organisationId: group.id, file: file!.file_id, paper, submission: null, assignments: {}, proposal: null, seenHash: null, letter: null, batch: null };
  if (!key.endsWith('.draft')) made.submission = await send(made, owner, actor);
  return made;
}

async function send({ id, key, organisationId }: Case, owner: string, actor: Actor): Promise<string> {
  const application = (await drafts.forMember(sql, id, owner))!;
  const seen = seenMark(await draftWhole(sql, application));
  const sent = await transaction(actor, (tx) => submit(tx, owner, id, seen, 'http://localhost'));
  if (!sent.ok) throw new Error(`${key}: ${JSON.stringify(sent)}`);
  // The PDF of the submission, as if somebody had already asked for it: drawing one takes a second.
  await transaction({ ...SYSTEM, onBehalfOf: organisationId }, async (tx) => {
    const kept = await files.keep(tx, files.prepareOwn(markedPdf(word('receiptBytes', key)), '申請書.pdf', 1), { organisation_id: organisationId, purpose: 'submission' });
    await tx`insert into submission_document (submission_id, file_id) values (${sent.submission_id}, ${kept.id})`;
    await audit.record(tx, { action: 'submission.document', subject: ['submission', sent.submission_id] });
  });
  return sent.submission_id;
}

/** The mark the check page would show now, for a form that is not stale. */
export async function checkMark(id: string, owner: string): Promise<string> {
  const application = await drafts.forMember(sql, id, owner);
  return application ? seenMark(await draftWhole(sql, application)) : '';
}

export const newestSubmission = async (id: string): Promise<string | null> => (await latestSubmission(sql, id))?.id ?? null;
