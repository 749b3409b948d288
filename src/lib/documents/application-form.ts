import { organisationRows, type Snapshot, type SnapshotAnswer, type SnapshotFile, type SnapshotLine } from '../applications/snapshot.ts';
import { dayOf, isDay } from '../time/day.ts';
import { formatFiscalYear } from '../time/fiscal-year.ts';
import { formatInstant, formatWareki } from '../time/wareki.ts';
import { arithmeticTable } from './award-notice.ts';
import type { Block, Field, OfficialDocument } from './document.ts';
import { amount, figure, mayorOffice, type CitySnapshot } from './letter.ts';

/** 交付申請書 with 事業計画書, 収支予算書 and 添付書類一覧: the submitted copy as paper, section by section. */
export interface ApplicationFormSnapshot {
  city: CitySnapshot;
  /** Head line while data are invented; null in earnest. */
  demo_mark: string | null;
  /** The submitted copy, exactly as stored. */
  submission: Snapshot;
}

export function applicationForm(snapshot: ApplicationFormSnapshot): OfficialDocument {
  const { submission, city } = snapshot;
  const title = `${formatFiscalYear(submission.edition.fiscal_year)}${submission.edition.scheme_name}交付申請書`;
  return {
    schema: 1, title: `${title}（${submission.organisation.name}）`, author: submission.organisation.name,
    subject: `受付番号 ${submission.receipt_number}`, created_at: submission.submitted_at,
    demo_mark: snapshot.demo_mark, footer: `受付番号　${submission.receipt_number}`,
    blocks: [
      ...cover(submission, city, title),
      ...plan(submission),
      ...budget(submission),
      ...files(submission.files)
    ]
  };
}

function cover(submission: Snapshot, city: CitySnapshot, title: string): Block[] {
  const { organisation, edition } = submission;
  const received = formatInstant(new Date(submission.submitted_at));
  return [
    { type: 'form_number', text: edition.application_form_number },
    { type: 'right', lines: [formatWareki(dayOf(new Date(submission.submitted_at)))], where: '申請年月日' },
    { type: 'addressee', lines: [mayorOffice(city)], honorific: '様' },
    {
      type: 'sender', where: '申請者', rows: [
        { label: '所在地', text: `〒${organisation.postal_code}\n${organisation.address}` },
        { label: '団体名', text: organisation.name },
        { label: '代表者', text: `${organisation.representative_title}　${organisation.representative_name}` }
      ]
    },
    { type: 'title', text: title },
    { type: 'paragraph', text: `${edition.legal_basis}の規定により、下記のとおり関係書類を添えて申請します。` },
    {
      type: 'items', mark: '記', end: '以上', items: [
        { label: '補助事業の名称', value: answer(submission, 'title') },
        { label: '交付申請額', value: amount(submission.budget.requested_yen), strong: true },
        { label: '補助対象経費', value: amount(submission.budget.eligible_yen) },
        { label: '事業の期間', value: [answer(submission, 'starts_on'), answer(submission, 'ends_on')].filter(Boolean).join('から') },
        { label: '添付書類', value: [...new Set(['事業計画書', '収支予算書', ...submission.files.map((file) => file.paper)])].join('、') }
      ]
    },
    {
      type: 'note',
      text: `この申請書は、${received}に電子申請で受け付けた内容（${submission.round === 1 ? '最初の提出' : `第${submission.round}回の提出`}）をそのまま印刷したものです。`
    }
  ];
}

/** The answer to a question by its name, as it reads on paper. */
function answer(submission: Snapshot, name: string): string {
  for (const section of submission.sections) {
    const found = section.answers.find((candidate) => candidate.name === name);
    if (found) return inWords(found);
  }
  return '';
}

function inWords(given: SnapshotAnswer): string {
  if (given.value === null || given.value === '') return '';
  if (typeof given.value === 'number') return `${figure(given.value)}${given.unit ?? ''}`;
  return given.kind === 'day' && isDay(given.value) ? formatWareki(given.value) : given.value;
}

const unanswered = '（記入なし）';

function plan(submission: Snapshot): Block[] {
  const rows = [...organisationRows(submission.organisation)].map(([label, value]): Field => ({ label, value: value || unanswered }));
  return [
    { type: 'page_break' },
    { type: 'title', text: '事業計画書' },
    { type: 'heading', level: 1, text: '団体' },
    { type: 'fields', rows },
    ...submission.sections.flatMap((section): Block[] => section.answers.length === 0 ? [] : [
      { type: 'heading', level: 1, text: section.title },
      { type: 'fields', rows: section.answers.map((given) => ({ label: given.label, value: inWords(given) || unanswered })) }
    ])
  ];
}

function budget(submission: Snapshot): Block[] {
  const { income, expense, income_yen, expense_yen, eligible_yen, requested_yen, steps } = submission.budget;
  return [
    { type: 'page_break' },
    { type: 'title', text: '収支予算書' },
    budgetTable('収入', income, income_yen, false),
    budgetTable('支出', expense, expense_yen, true, eligible_yen),
    { type: 'heading', level: 1, text: '補助対象経費と申請額' },
    arithmeticTable(steps),
    { type: 'fields', rows: [{ label: '交付申請額', value: amount(requested_yen), align: 'right', strong: true }] }
  ];
}

function budgetTable(side: string, lines: SnapshotLine[], total: number, withEligible: boolean, eligible = 0): Block {
  return {
    type: 'table', caption: `${side}の部`,
    columns: [
      { header: '区分', width: 20 }, { header: '内容', width: 27 }, { header: '予算額（円）', width: 18, align: 'right' },
      ...(withEligible ? [{ header: '対象', width: 8, align: 'center' } as const] : []), { header: '積算の根拠', width: withEligible ? 27 : 35 }
    ],
    rows: lines.map((line) => [line.category, line.item, figure(line.amount_yen), ...(withEligible ? [line.eligible ? '○' : '×'] : []), line.basis]),
    totals: [
      ['計', '', figure(total), ...(withEligible ? [''] : []), ''],
      ...(withEligible ? [['うち補助対象経費', '', figure(eligible), '', '']] : [])
    ]
  };
}

/** Papers with size and hash, so that anybody can check that a file is the one that was handed in. */
export function filesTable(list: readonly SnapshotFile[]): Block {
  return {
    type: 'table',
    columns: [
      { header: '書類', width: 20 }, { header: 'ファイル名', width: 30 },
      { header: '大きさ\n（バイト）', width: 13, align: 'right' }, { header: 'SHA-256', width: 37 }
    ],
    rows: list.map((file) => [file.paper, file.name + (file.pages ? `（${file.pages}ページ）` : ''), figure(file.bytes), file.sha256])
  };
}

function files(list: readonly SnapshotFile[]): Block[] {
  return [
    { type: 'heading', level: 1, text: '添付書類一覧' },
    list.length === 0 ? { type: 'paragraph', text: '添付書類はありません。' } : filesTable(list),
    { type: 'note', text: 'SHA-256 は、ファイルの内容から計算した値です。提出したファイルが変わっていないことを確かめられます。' }
  ];
}
