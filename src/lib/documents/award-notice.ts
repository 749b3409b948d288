import { formatFiscalYear } from '../time/fiscal-year.ts';
import { formatWareki } from '../time/wareki.ts';
import type { Day } from '../time/day.ts';
import type { Block, Item, OfficialDocument } from './document.ts';
import { amount, figure, letterDocument, rule, type LetterSnapshot } from './letter.ts';

/** 交付決定通知書. Items follow the forms in domain-facts §4: project, costs, amount, deadline, conditions, payment. */
export interface AwardNoticeSnapshot extends LetterSnapshot {
  /** 一部採択 says so in its first sentence, and why. */
  outcome: 'adopted' | 'partly_adopted';
  total_cost_yen: number;
  eligible_yen: number;
  requested_yen: number;
  amount_yen: number;
  /** The arithmetic as the applicant saw it (`schemes/grant.ts`). */
  arithmetic: { label: string; formula: string; result_yen: number }[];
  /** Printed for 一部採択; may be '' when everything is granted. */
  reason: string;
  conditions: string[];
  completion_due_on: Day;
  /** When and how the money is paid, in sentences. */
  payment_notes: string[];
  /** Only when the city words it otherwise. */
  title?: string;
}

export function awardNotice(snapshot: AwardNoticeSnapshot): OfficialDocument {
  const scheme = `${formatFiscalYear(snapshot.fiscal_year)}${snapshot.scheme_name}`;
  const partly = snapshot.outcome === 'partly_adopted';
  const title = snapshot.title ?? `${scheme}交付決定通知書`;
  const decided = partly ? '下記のとおり申請額の一部を交付する（一部採択）' : '下記のとおり交付する';
  const opening = `${formatWareki(snapshot.applied_on)}付けで申請のあった${scheme}については、`
    + `${rule(snapshot.legal_basis, snapshot.article)}の規定により、${decided}ことに決定したので、通知します。`;
  return letterDocument(snapshot, title, [
    { type: 'paragraph', text: opening },
    { type: 'items', mark: '記', items: items(snapshot, partly), end: '以上' }
  ]);
}

function items(snapshot: AwardNoticeSnapshot, partly: boolean): Item[] {
  const list = (entries: string[], where: string): Block[] => [{ type: 'list', style: 'paren', entries, where }];
  return [
    { label: '補助事業の名称', value: snapshot.project_title },
    { label: '申請年月日', value: `${formatWareki(snapshot.applied_on)}（受付番号　${snapshot.receipt_number}）` },
    { label: '補助事業に要する経費', value: amount(snapshot.total_cost_yen) },
    { label: '補助対象経費', value: amount(snapshot.eligible_yen) },
    { label: '交付申請額', value: amount(snapshot.requested_yen) },
    { label: '交付決定額', value: amount(snapshot.amount_yen), strong: true },
    ...(partly ? [{ label: '一部採択とした理由', value: snapshot.reason }] : []),
    ...(snapshot.arithmetic.length > 0 ? [{ label: '申請できる額の計算', blocks: [arithmeticTable(snapshot.arithmetic)] }] : []),
    { label: '補助事業の完了期限', value: formatWareki(snapshot.completion_due_on) },
    ...(snapshot.conditions.length > 0 ? [{ label: '交付の条件', blocks: list(snapshot.conditions, '交付の条件') }] : []),
    ...(snapshot.payment_notes.length > 0 ? [{ label: '支払', blocks: list(snapshot.payment_notes, '支払') }] : [])
  ];
}

/** The way from the eligible cost to the amount, one rule a line. */
export function arithmeticTable(steps: AwardNoticeSnapshot['arithmetic']): Block {
  return {
    type: 'table',
    columns: [{ header: '計算', width: 26 }, { header: '式', width: 52 }, { header: '結果（円）', width: 22, align: 'right' }],
    rows: steps.map((step) => [step.label, step.formula, figure(step.result_yen)])
  };
}
