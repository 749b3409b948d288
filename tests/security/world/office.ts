/** What the office and the committee do with an application, up to the state it is to stand in. */
import * as audit from '../../../src/lib/audit/audit.server.ts';
import * as awards from '../../../src/lib/awards/store.server.ts';
import { sql, transaction, type Tx } from '../../../src/lib/db/db.server.ts';
import * as files from '../../../src/lib/files/store.server.ts';
import type { EditionWhole } from '../../../src/lib/schemes/scheme.ts';
import * as panel from '../../../src/lib/screening/panel.server.ts';
import { saveSheet } from '../../../src/lib/screening/scores.server.ts';
import * as screening from '../../../src/lib/screening/store.server.ts';
import { addDays, dayOf } from '../../../src/lib/time/day.ts';
import type { Case } from './applications.ts';
import { markedPdf } from './groups.ts';
import { amount, word, type CaseState } from './marks.ts';
import { SYSTEM, type People } from './people.ts';

type Result = { ok: boolean; reason?: string };
const ORIGIN = 'http://localhost';

/** One verb by one person; throws when the portal refuses, for a world half made proves nothing. */
async function by(accountId: string, work: (tx: Tx) => Promise<Result>): Promise<void> {
  const done = await transaction({ name: `account:${accountId}` }, work);
  if (!done.ok) throw new Error(`the world cannot be made: ${done.reason} in ${String(work)}`);
}

export async function bringTo(state: CaseState, made: Case, people: People, edition: EditionWhole): Promise<void> {
  const { officer } = people.ids;
  const { id, key } = made;
  if (state === 'draft') return;
  const last = edition.requirements.at(-1)!.id;
  await by(officer, (tx) => screening.saveChecks(tx, officer, id, [{ requirement_id: last, result: 'unclear', reason: word('check', key) }]));
  if (state === 'submitted' || state === 'spare') return;
  if (state === 'correction') {
    const asked = { due_on: addDays(dayOf(new Date()), 7), message: '', items: [{ section: 'project' as const, reason: word('correction', key) }] };
    return by(officer, (tx) => screening.requestCorrection(tx, officer, id, asked, ORIGIN));
  }
  if (state === 'dismissed') return by(officer, (tx) => screening.dismiss(tx, officer, id, word('dismissal', key), ORIGIN));
  await accept(made, people, edition);
  await assess(made, people, edition);
  if (state === 'accepted') return;
  await propose(made, people);
  if (state === 'proposed') return;
  await approve(made, people);
}

/** The note beside a check stays, also where the check came out well. */
async function accept({ id, key }: Case, people: People, edition: EditionWhole): Promise<void> {
  const { officer } = people.ids;
  await by(officer, (tx) => screening.assign(tx, id, officer));
  await by(officer, (tx) => screening.saveChecks(tx, officer, id, edition.requirements.map((one) => ({ requirement_id: one.id, result: 'met' as const, reason: word('check', key) }))));
  await by(officer, (tx) => screening.accept(tx, officer, id));
}

/** Members are assigned and declare; one hands a sheet in, one has only begun, and one notices an interest after handing in. */
async function assess(made: Case, { ids }: People, edition: EditionWhole): Promise<void> {
  const { id, key } = made;
  const conflicted = key.startsWith('A.');
  const seats = { panel: ids.panel, panelPeer: ids.panelPeer, panelConflict: ids.panelConflict, panelUndeclared: ids.panelUndeclared, ...(conflicted ? { officerConflict: ids.officerConflict } : {}) };
  await by(ids.officer, (tx) => panel.assign(tx, ids.officer, [id], Object.values(seats), ORIGIN));
  const rows = await panel.members(sql, id);
  for (const [persona, accountId] of Object.entries(seats)) made.assignments[persona] = rows.find((row) => row.account_id === accountId)!.assignment_id;
  const declare = (persona: keyof typeof seats, isConflicted: boolean) => by(seats[persona]!, (tx) =>
    panel.declare(tx, seats[persona]!, made.assignments[persona]!, { conflicted: isConflicted, note: isConflicted ? word('conflict', key) : '' }));
  await declare('panel', false);
  await declare('panelPeer', false);
  await declare('panelConflict', false);
  if (conflicted) {
    await score(made, ids.panelConflict, 'panelConflict', edition, word('lostScore', key), true);
    await declare('panelConflict', true);
    await declare('officerConflict', true);
  }
  await score(made, ids.panelPeer, 'panelPeer', edition, word('score', key), true);
  await score(made, ids.panel, 'panel', edition, word('ownScore', key), false);
}

async function score(made: Case, accountId: string, persona: string, edition: EditionWhole, mark: string, handIn: boolean): Promise<void> {
  const sheet = { comment: mark, scores: edition.criteria.map((one) => ({ criterion_id: one.id, points: 4, reason: mark })) };
  await by(accountId, (tx) => saveSheet(tx, accountId, made.assignments[persona]!, edition.criteria, sheet, 0, handIn));
}

/** Of group A by the person who is officer and approver at once; of group B by the officer. */
async function propose(made: Case, { ids }: People): Promise<void> {
  const drafter = made.key.startsWith('A.') ? ids.approverDrafter : ids.officer;
  const value = { outcome: 'partly_adopted' as const, amount_yen: amount(made.key), reason: word('reason', made.key), conditions: [word('condition', made.key)] };
  await by(drafter, async (tx) => {
    const drafted = await awards.draft(tx, drafter, made.id, made.submission!, value);
    if (drafted.ok) made.proposal = drafted.id;
    return drafted;
  });
  made.seenHash = (await awards.proposal(sql, made.proposal!, ids.approver))!.seen_hash;
}

async function approve(made: Case, { ids }: People): Promise<void> {
  await by(ids.approver, (tx) => awards.approve(tx, ids.approver, made.proposal!, made.seenHash!, word('approval', made.key)));
}

/** The letter of a decided case in a batch, its bytes written here: drawing real ones takes seconds and proves nothing more. */
export async function issueLetter(made: Case, { ids }: People, number: number, batch: string): Promise<void> {
  const issued_on = dayOf(new Date());
  await transaction({ ...SYSTEM, onBehalfOf: made.organisationId }, async (tx) => {
    await tx`
      insert into glyph_substitution (application_id, from_text, to_text, reason, approved_by)
      values (${made.id}, '辻󠄀', '辻', ${word('substitution', made.key)}, ${ids.officer})`;
    const kept = await files.keep(tx, files.prepareOwn(markedPdf(word('letter', made.key)), `${word('letter', made.key)}.pdf`, 1), { organisation_id: made.organisationId, purpose: 'letter' });
    const [row] = await tx<{ id: string }[]>`
      insert into letter ${tx({
        application_id: made.id, batch_id: batch, kind: 'award_notice', fiscal_year: 2026, number, document_number: word('letter', made.key), issued_on,
        snapshot: '{}', file_id: kept.id, sha256: kept.sha256, pages: 1, issued_by: ids.officer
      })} returning id`;
    made.letter = row!.id;
    made.batch = batch;
    await audit.record(tx, { action: 'letter.issue', subject: ['application', made.id] });
  });
}

/** Why a letter did not come out at the first try. */
export async function noteProblem({ id, key }: Case, batch: string): Promise<void> {
  await transaction(SYSTEM, async (tx) => { await tx`insert into letter_problem (batch_id, application_id, problem) values (${batch}, ${id}, ${word('problem', key)})`; });
}

export async function makeBatch(editionId: string, { ids }: People): Promise<string> {
  return transaction(SYSTEM, async (tx) => {
    const [row] = await tx<{ id: string }[]>`
      insert into letter_batch (edition_id, issued_on, requested_by, total, done, finished_at)
      values (${editionId}, current_date, ${ids.officer}, 2, 2, now()) returning id`;
    return row!.id;
  });
}
