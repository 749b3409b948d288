/** What was submitted, whole: the copy that screening, committee, award and letters look at. It never changes. */
import type { DossierCopy } from '../organisations/copy.server.ts';
import type { GrantStep } from '../schemes/grant.ts';
import { formatYen } from '../money/yen.ts';
import { formatWarekiBoth } from '../time/wareki.ts';
import { answerText } from './answer-text.ts';
import { SECTION_TITLES, type Section } from './application.ts';

export type SnapshotOrganisation = DossierCopy;
export interface SnapshotAnswer { name: string; label: string; kind: string; value: string | number | null; unit?: string }
export interface SnapshotLine { category: string; item: string; amount_yen: number; basis: string; eligible: boolean }
export interface SnapshotFile { id: string; paper: string; name: string; media_type: string; bytes: number; pages: number | null; sha256: string }

export interface Snapshot {
  format: 1;
  receipt_number: string;
  round: number;
  submitted_at: string;
  edition: {
    id: string; scheme_name: string; name: string; fiscal_year: number; is_example: boolean; legal_basis: string;
    application_form_number: string; award_form_number: string; rejection_form_number: string;
    award_article: string; rejection_article: string; completion_due_on: string; cap_yen: number;
  };
  organisation: SnapshotOrganisation;
  sections: { section: Section; title: string; answers: SnapshotAnswer[] }[];
  budget: {
    income: SnapshotLine[]; expense: SnapshotLine[];
    income_yen: number; expense_yen: number; eligible_yen: number; computed_yen: number; requested_yen: number; steps: GrantStep[];
  };
  files: SnapshotFile[];
}

/** Reads a stored snapshot; it was written by us, so anything else is damage and throws. */
export function readSnapshot(text: string): Snapshot {
  const value = JSON.parse(text) as Snapshot;
  if (value.format !== 1) throw new Error('unknown snapshot format');
  return value;
}

/** An open correction: the sections it names, and the submission that everything else stays as. */
export interface OpenCorrection { open: Section[]; previous: Snapshot }

/** True when an open correction leaves this section as it was submitted. */
export function isKept(correction: OpenCorrection | null, section: Section): correction is OpenCorrection {
  return correction !== null && !correction.open.includes(section);
}

export interface Difference { section: Section; title: string; label: string; before: string; after: string }

/** What changed between two submissions, as rows an officer reads: section, question, before, after. */
export function differences(before: Snapshot, after: Snapshot): Difference[] {
  const rows: Difference[] = [];
  const note = (section: Section, label: string, a: string, b: string) => {
    if (a !== b) rows.push({ section, title: SECTION_TITLES[section], label, before: a, after: b });
  };
  const [orgBefore, orgAfter] = [organisationRows(before.organisation), organisationRows(after.organisation)];
  for (const label of new Set([...orgAfter.keys(), ...orgBefore.keys()])) note('organisation', label, orgBefore.get(label) ?? '', orgAfter.get(label) ?? '');
  const answersBefore = new Map(before.sections.flatMap((part) => part.answers.map((answer) => [`${part.section} ${answer.name}`, answer] as const)));
  for (const part of after.sections) {
    for (const answer of part.answers) {
      const was = answersBefore.get(`${part.section} ${answer.name}`);
      note(part.section, answer.label, was ? answerText(was, was.value) : '', answerText(answer, answer.value));
    }
  }
  for (const [label, side] of [['収入', 'income'], ['支出', 'expense']] as const) {
    const [gone, come] = changedTexts(before.budget[side].map(lineText), after.budget[side].map(lineText));
    note('budget', label, gone, come);
  }
  note('budget', '申請額', formatYen(before.budget.requested_yen), formatYen(after.budget.requested_yen));
  const [gone, come] = changedTexts(before.files.map(fileText), after.files.map(fileText));
  note('papers', '添付ファイル', gone, come);
  return rows;
}

/** Of two lists, what is only in the first and what is only in the second, in order: a long budget shows just its changed lines. */
function changedTexts(before: string[], after: string[]): [gone: string, come: string] {
  const rest = (list: string[], other: string[]): string => {
    const left = new Map<string, number>();
    for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
    return list.filter((text) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count <= 0;
    }).join('\n');
  };
  return [rest(before, after), rest(after, before)];
}

const lineText = (line: SnapshotLine): string => `${line.category}／${line.item}／${formatYen(line.amount_yen)}${line.basis ? `／${line.basis}` : ''}`;
const fileText = (file: SnapshotFile): string => `${file.paper}: ${file.name}（${file.sha256.slice(0, 12)}）`;

/** The dossier as label → text rows, in the order of the paper form. */
export function organisationRows(organisation: SnapshotOrganisation): Map<string, string> {
  return new Map([
    ['団体の種類', organisation.kind_word],
    ...(organisation.corporate_number ? ([['法人番号', organisation.corporate_number]] as const) : []),
    ['団体名', organisation.name],
    ['フリガナ', organisation.name_kana],
    ['代表者', `${organisation.representative_title} ${organisation.representative_name}`],
    ['所在地', `〒${organisation.postal_code} ${organisation.address}`],
    ['電話番号', organisation.phone],
    ['活動の目的', organisation.purpose],
    ['設立日', organisation.founded_on ? formatWarekiBoth(organisation.founded_on) : ''],
    ['会員数', `${organisation.members_count}人（市内に住む人 ${organisation.members_living}人、市内で働く人 ${organisation.members_working}人、市内で学ぶ人 ${organisation.members_studying}人）`]
  ]);
}
