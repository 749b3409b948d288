import type { Snapshot } from '../applications/snapshot.ts';
import { formatFiscalYear } from '../time/fiscal-year.ts';
import { formatInstant } from '../time/wareki.ts';
import { filesTable } from './application-form.ts';
import type { OfficialDocument } from './document.ts';
import { amount, contact, type CitySnapshot } from './letter.ts';

/** 受付票: one sheet that says what arrived, when, and what happens next (ux F14). */
export interface ReceiptSnapshot {
  city: CitySnapshot;
  demo_mark: string | null;
  submission: Snapshot;
  /** Sentences: what the city does next and by when. */
  next_steps: string[];
}

export function receipt(snapshot: ReceiptSnapshot): OfficialDocument {
  const { submission, city } = snapshot;
  const { organisation, edition, budget } = submission;
  const title = submission.sections.flatMap((section) => section.answers).find((given) => given.name === 'title')?.value;
  const scheme = `${formatFiscalYear(edition.fiscal_year)}${edition.scheme_name}`;
  return {
    schema: 1, title: `受付票（${submission.receipt_number}）`, author: city.city_name, subject: scheme,
    created_at: submission.submitted_at, demo_mark: snapshot.demo_mark, footer: `受付番号　${submission.receipt_number}`,
    blocks: [
      { type: 'title', text: `${scheme}　受付票` },
      { type: 'paragraph', text: '次の申請を受け付けました。受付番号は、問い合わせのときに必要です。' },
      {
        type: 'fields', rows: [
          { label: '受付番号', value: submission.receipt_number, strong: true },
          { label: '受付日時', value: formatInstant(new Date(submission.submitted_at)) },
          { label: '提出', value: submission.round === 1 ? '最初の提出' : `第${submission.round}回の提出（補正）` },
          { label: '団体名', value: organisation.name },
          { label: '代表者', value: `${organisation.representative_title}　${organisation.representative_name}` },
          { label: '事業名', value: String(title ?? '') },
          { label: '交付申請額', value: amount(budget.requested_yen) }
        ]
      },
      { type: 'heading', level: 1, text: '受け付けた書類' },
      submission.files.length === 0 ? { type: 'paragraph', text: '添付書類はありません。' } : filesTable(submission.files),
      ...(snapshot.next_steps.length === 0 ? [] : [
        { type: 'heading', level: 1, text: 'これからの流れ' } as const,
        { type: 'list', style: 'paren', entries: snapshot.next_steps, where: 'これからの流れ' } as const
      ]),
      contact(city)
    ]
  };
}
