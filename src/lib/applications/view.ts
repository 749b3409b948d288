import { answerText } from './answer-text.ts';
import { organisationRows, type Snapshot, type SnapshotFile, type SnapshotLine } from './snapshot.ts';
import { SECTION_TITLES } from './application.ts';

/** A submission as a page shows it: labels and texts only, the same for the group, the office and the committee. */
export interface SnapshotView {
  receipt_number: string;
  submitted_at: string;
  edition: string;
  parts: { section: string; title: string; rows: { label: string; value: string }[] }[];
  budget: Snapshot['budget'] & { income: SnapshotLine[]; expense: SnapshotLine[] };
  files: SnapshotFile[];
}

export function snapshotView(snapshot: Snapshot): SnapshotView {
  return {
    receipt_number: snapshot.receipt_number, submitted_at: snapshot.submitted_at, edition: snapshot.edition.name,
    parts: [
      { section: 'organisation', title: SECTION_TITLES.organisation, rows: [...organisationRows(snapshot.organisation)].map(([label, value]) => ({ label, value })) },
      ...snapshot.sections.map((part) => ({ section: part.section, title: part.title, rows: part.answers.map((answer) => ({ label: answer.label, value: answerText(answer, answer.value) })) }))
    ],
    budget: snapshot.budget, files: snapshot.files
  };
}
