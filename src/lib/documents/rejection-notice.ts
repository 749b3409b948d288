import { formatFiscalYear } from '../time/fiscal-year.ts';
import { formatWareki } from '../time/wareki.ts';
import type { OfficialDocument } from './document.ts';
import { amount, letterDocument, rule, type LetterSnapshot } from './letter.ts';

/** 不交付決定通知書, also for 不採択 after a committee. Never without a reason. */
export interface RejectionNoticeSnapshot extends LetterSnapshot {
  /** `declined`: 不採択 after screening. `refused`: the rules do not allow a grant. */
  outcome: 'declined' | 'refused';
  requested_yen: number;
  reason: string;
  /** Only when the city words it otherwise. */
  title?: string;
}

export function rejectionNotice(snapshot: RejectionNoticeSnapshot): OfficialDocument {
  const scheme = `${formatFiscalYear(snapshot.fiscal_year)}${snapshot.scheme_name}`;
  const title = snapshot.title ?? `${scheme}不交付決定通知書`;
  const decided = snapshot.outcome === 'declined' ? '審査の結果、下記のとおり不採択とし、交付しない' : '下記のとおり交付しない';
  return letterDocument(snapshot, title, [
    {
      type: 'paragraph',
      text: `${formatWareki(snapshot.applied_on)}付けで申請のあった${scheme}については、`
        + `${rule(snapshot.legal_basis, snapshot.article)}の規定により、${decided}ことに決定したので、通知します。`
    },
    {
      type: 'items', mark: '記', end: '以上',
      items: [
        { label: '事業の名称', value: snapshot.project_title },
        { label: '申請年月日', value: `${formatWareki(snapshot.applied_on)}（受付番号　${snapshot.receipt_number}）` },
        { label: '交付申請額', value: amount(snapshot.requested_yen) },
        { label: snapshot.outcome === 'declined' ? '不採択の理由' : '交付しない理由', value: snapshot.reason }
      ]
    }
  ]);
}
