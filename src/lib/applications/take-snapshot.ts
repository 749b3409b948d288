/** Makes the copy that is submitted, and the preview a group confirms before: the same function, so both say the same. Pure. */
import { ANSWER_SECTIONS, QUESTIONS, SECTION_TITLES } from './application.ts';
import { isKept, type Snapshot, type SnapshotLine } from './snapshot.ts';
import type { DraftWhole } from './whole.server.ts';

export interface Receipt { receipt_number: string; round: number; submitted_at: Date }

/** What the check page shows before there is a number or a time. */
const UNSENT: Receipt = { receipt_number: '', round: 0, submitted_at: new Date(0) };

/** The whole as one copy. Sections that an open correction does not name are taken over from the submission before, whatever the draft says. */
export function takeSnapshot(whole: DraftWhole, receipt: Receipt = UNSENT): Snapshot {
  const { edition, correction } = whole;
  return {
    format: 1, receipt_number: receipt.receipt_number, round: receipt.round, submitted_at: receipt.submitted_at.toISOString(),
    edition: {
      id: edition.id, scheme_name: edition.scheme_name, name: edition.name, fiscal_year: edition.fiscal_year, is_example: edition.is_example,
      legal_basis: edition.legal_basis, application_form_number: edition.application_form_number, award_form_number: edition.award_form_number,
      rejection_form_number: edition.rejection_form_number, award_article: edition.award_article, rejection_article: edition.rejection_article,
      completion_due_on: edition.completion_due_on, cap_yen: edition.cap_yen
    },
    organisation: whole.organisation,
    sections: ANSWER_SECTIONS.map((section) => {
      const before = isKept(correction, section) ? correction.previous.sections.find((one) => one.section === section) : undefined;
      return before ?? {
        section, title: SECTION_TITLES[section],
        answers: QUESTIONS[section].map(({ name, label, kind, unit }) => ({
          name, label, kind, value: whole.answers.get(section)?.content[name] ?? null, ...(unit ? { unit } : {})
        }))
      };
    }),
    budget: isKept(correction, 'budget') ? correction.previous.budget : budgetOf(whole),
    files: isKept(correction, 'papers') ? correction.previous.files : [
      ...whole.dossierFiles,
      ...whole.files.map((file) => ({ id: file.file_id, paper: file.paper_name, name: file.name, media_type: file.media_type, bytes: file.bytes, pages: file.pages, sha256: file.sha256 }))
    ]
  };
}

function budgetOf({ edition, reckoning }: DraftWhole): Snapshot['budget'] {
  const category = new Map(edition.categories.map((row) => [row.id, row]));
  const line = (row: DraftWhole['reckoning']['lines'][number]): SnapshotLine => ({
    category: category.get(row.category_id)?.name ?? '', item: row.item, amount_yen: row.amount_yen, basis: row.basis, eligible: category.get(row.category_id)?.eligible ?? false
  });
  const grant = edition.categories.find((row) => row.is_grant);
  const { lines, income_yen, expense_yen, eligible_yen, computed_yen, requested_yen, steps } = reckoning;
  return {
    income: [
      ...(grant ? [{ category: grant.name, item: edition.scheme_name, amount_yen: requested_yen, basis: '申請額', eligible: true }] : []),
      ...lines.filter((row) => row.side === 'income').map(line)
    ],
    expense: lines.filter((row) => row.side === 'expense').map(line),
    income_yen, expense_yen, eligible_yen, computed_yen, requested_yen, steps
  };
}
