/** Everything that would be submitted now, read together. In a correction, what was not named stays what was submitted before. */
import type { Sql } from '../db/db.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { papersFor, type EditionWhole } from '../schemes/scheme.ts';
import * as schemes from '../schemes/store.server.ts';
import { ANSWER_SECTIONS, missingAnswers, type Answers, type Missing, type Section } from './application.ts';
import { reckon, type BudgetReckoning } from './budget.ts';
import { attachedFiles, budgetLines, sections, type AttachedFile } from './drafts.server.ts';
import { isKept, readSnapshot, type OpenCorrection, type SnapshotFile, type SnapshotOrganisation } from './snapshot.ts';

/** Everything a draft holds, with what it still lacks. */
export interface DraftWhole {
  edition: EditionWhole;
  organisation: SnapshotOrganisation;
  answers: Map<string, { version: number; content: Answers; saved_at: Date; saved_by_name: string }>;
  reckoning: BudgetReckoning;
  files: AttachedFile[];
  dossierFiles: SnapshotFile[];
  correction: OpenCorrection | null;
  missing: Missing[];
}

/** Reads the whole draft of an application. Authorisation is the caller's: `forMember` or an office route. */
export async function draftWhole(sql: Sql, application: { id: string; edition_id: string; organisation_id: string }): Promise<DraftWhole> {
  const edition = await schemes.edition(sql, application.edition_id);
  if (!edition) throw new Error('application without its edition');
  const dossier = await organisations.copyDossier(sql, application.organisation_id);
  const answers = new Map((await sections(sql, application.id)).map((row) => [row.section as string, row]));
  const asked = answers.get('budget')?.content.asked_yen;
  const reckoning = reckon(edition, edition.categories, await budgetLines(sql, application.id), typeof asked === 'number' ? asked : null);
  const files = await attachedFiles(sql, application.id);
  const correction = await openCorrection(sql, application.id);
  const organisation = isKept(correction, 'organisation') ? correction.previous.organisation : dossier.organisation;
  const papers = papersFor(edition.papers, organisation.kind);
  const dossierFiles: SnapshotFile[] = isKept(correction, 'papers')
    ? correction.previous.files.filter((file) => !files.some((one) => one.file_id === file.id))
    : papers.flatMap((paper) => {
      const kept = paper.from_dossier ? dossier.papers.find((candidate) => candidate.kind === paper.from_dossier) : undefined;
      return kept ? [{ id: kept.file_id, paper: paper.name, name: kept.name, media_type: kept.media_type, bytes: kept.bytes, pages: kept.pages, sha256: kept.sha256 }] : [];
    });
  const missing: Missing[] = dossier.missing.map((message) => ({ section: 'organisation', field: 'organisation', message }));
  if (organisation.members_count < edition.minimum_members) {
    missing.push({ section: 'organisation', field: 'members_count', message: `この制度は会員が${edition.minimum_members}人以上の団体が申請できます。` });
  }
  for (const section of ANSWER_SECTIONS) missing.push(...missingAnswers(section, answers.get(section)?.content ?? {}, edition.completion_due_on));
  missing.push(...reckoning.problems);
  for (const paper of papers) {
    const there = files.some((file) => file.paper_id === paper.id) || dossierFiles.some((file) => file.paper === paper.name);
    if (paper.required && !there) missing.push({ section: 'papers', field: paper.id, message: `「${paper.name}」を添付してください。` });
  }
  // A group can only mend what was opened for it; the rest was whole when it was submitted.
  return { edition, organisation, answers, reckoning, files, dossierFiles, correction, missing: missing.filter((one) => !isKept(correction, one.section)) };
}

async function openCorrection(sql: Sql, applicationId: string): Promise<OpenCorrection | null> {
  const [row] = await sql<{ snapshot: string; open: Section[] }[]>`
    select s.snapshot, array(select i.section from correction_item i where i.request_id = r.id) as open
    from correction_request r join submission s on s.application_id = r.application_id
    where r.application_id = ${applicationId} and r.answered_by_submission is null and r.cancelled_at is null
    order by s.round desc limit 1`;
  return row ? { open: row.open, previous: readSnapshot(row.snapshot) } : null;
}
