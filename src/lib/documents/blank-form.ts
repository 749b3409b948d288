import { QUESTIONS, SECTIONS, SECTION_TITLES, type AnswerSection, type Question, type Section } from '../applications/application.ts';
import { startOfDay, type Day } from '../time/day.ts';
import { formatFiscalYear } from '../time/fiscal-year.ts';
import type { Block, Field, OfficialDocument } from './document.ts';
import { contact, figure, mayorOffice, type CitySnapshot } from './letter.ts';

/** The printable blank form of a scheme: the same questions, in the same order and words as on screen (ux W3). */
export interface BlankFormSnapshot {
  city: CitySnapshot;
  demo_mark: string | null;
  /** The day this print stands for: a later edition of the form is another document. */
  printed_on: Day;
  edition: { scheme_name: string; fiscal_year: number; legal_basis: string; application_form_number: string };
  /** What the kinds of group are called here (`kindLabels`). */
  kind_words: string[];
  categories: { side: 'income' | 'expense'; name: string; hint: string; eligible: boolean }[];
  requirements: { name: string; article: string }[];
  papers: { name: string; hint: string; required: boolean }[];
  /** 募集の締切 in words, '' when none is set. */
  closing_words: string;
}

const BLANK_DAY = '令和　　　年　　　月　　　日';
/** Room for a long answer: a line of the form holds some 30 written characters, and nobody writes the maximum. */
const writingLines = (question: Question): number =>
  question.kind === 'multiline' ? Math.min(14, Math.max(4, Math.ceil(question.max / 150))) : 2;

export function blankForm(snapshot: BlankFormSnapshot): OfficialDocument {
  const { city, edition } = snapshot;
  const title = `${formatFiscalYear(edition.fiscal_year)}${edition.scheme_name}交付申請書`;
  return {
    schema: 1, title: `${title}（用紙）`, author: city.city_name, subject: edition.application_form_number,
    created_at: startOfDay(snapshot.printed_on).toISOString(), demo_mark: snapshot.demo_mark, footer: edition.application_form_number,
    blocks: [
      { type: 'form_number', text: edition.application_form_number },
      { type: 'right', lines: [BLANK_DAY], where: '申請年月日' },
      { type: 'addressee', lines: [mayorOffice(city)], honorific: '様' },
      { type: 'title', text: title },
      { type: 'paragraph', text: `${edition.legal_basis}の規定により、次のとおり関係書類を添えて申請します。` },
      ...(snapshot.closing_words ? [{ type: 'note', text: `締切　${snapshot.closing_words}` } as const] : []),
      ...SECTIONS.flatMap((section) => sectionBlocks(snapshot, section)),
      contact(city)
    ]
  };
}

function sectionBlocks(snapshot: BlankFormSnapshot, section: Section): Block[] {
  const heading: Block = { type: 'heading', level: 1, text: SECTION_TITLES[section] };
  if (section === 'organisation') return [heading, { type: 'fields', rows: organisationFields(snapshot.kind_words) }, ...requirementBlocks(snapshot)];
  if (section === 'budget') return [heading, ...budgetBlocks(snapshot)];
  if (section === 'papers') return [heading, ...paperBlocks(snapshot)];
  return [heading, { type: 'fields', rows: QUESTIONS[section satisfies AnswerSection].map(questionField) }];
}

/** The dossier's questions, in the order in which `organisationRows` prints the answers. */
function organisationFields(kindWords: string[]): Field[] {
  const required = { required: true };
  return [
    { label: '団体の種類', value: kindWords.map((word) => `□ ${word}`).join('　　'), ...required },
    { label: '法人番号', value: '', hint: '法人の場合に、13桁の番号を書いてください。', min_lines: 1 },
    { label: '団体名', value: '', min_lines: 2, ...required },
    { label: 'フリガナ', value: '', ...required },
    { label: '代表者', value: '役職：\n氏名：', ...required },
    { label: '所在地', value: '〒', min_lines: 2, ...required },
    { label: '電話番号', value: '' },
    { label: '活動の目的', value: '', min_lines: 4, ...required },
    { label: '設立日', value: `${BLANK_DAY}`, ...required },
    { label: '会員数', value: '合計　　　　　　　　　人\n市内に住む人　　　　　　人\n市内で働く人　　　　　　人\n市内で学ぶ人　　　　　　人', ...required }
  ];
}

function questionField(question: Question): Field {
  const field: Field = { label: question.label, value: '', required: question.required, min_lines: writingLines(question) };
  if (question.kind === 'day') field.value = BLANK_DAY;
  if (question.kind === 'integer') field.value = `　　　　　　${question.unit ?? ''}`;
  if (question.kind === 'day' || question.kind === 'integer') field.min_lines = 1;
  const length = question.kind === 'multiline' ? `${figure(question.max)}文字まで。` : '';
  const hint = `${question.hint ?? ''}${length}`;
  if (hint) field.hint = hint;
  return field;
}

function requirementBlocks(snapshot: BlankFormSnapshot): Block[] {
  if (snapshot.requirements.length === 0) return [];
  return [
    { type: 'heading', level: 2, text: '確認事項（当てはまるものに印を付けてください）' },
    { type: 'list', style: 'box', entries: snapshot.requirements.map((one) => one.name + (one.article ? `（${one.article}）` : '')), where: '確認事項' }
  ];
}

function budgetBlocks(snapshot: BlankFormSnapshot): Block[] {
  const table = (caption: string, rows: number): Block => ({
    type: 'table', caption, blank_rows: rows,
    columns: [{ header: '区分', width: 22 }, { header: '内容', width: 30 }, { header: '予算額（円）', width: 18, align: 'right' }, { header: '積算の根拠', width: 30 }],
    rows: [], totals: [['計', '', '', '']]
  });
  const words = (side: 'income' | 'expense'): string => snapshot.categories.filter((one) => one.side === side)
    .map((one) => one.name + (side === 'expense' && !one.eligible ? '（対象外）' : '')).join('、');
  return [
    table('収入の部', 6), { type: 'note', text: `区分　${words('income')}` },
    table('支出の部', 12), { type: 'note', text: `区分　${words('expense')}` },
    { type: 'note', text: '収入の計と支出の計は、同じ額にしてください。' },
    { type: 'fields', rows: [{ label: '交付申請額', value: '金　　　　　　　　　　　　円', required: true, min_lines: 2 }] }
  ];
}

function paperBlocks(snapshot: BlankFormSnapshot): Block[] {
  return [
    { type: 'paragraph', text: '添付するものに印を付けてください。', indent: false },
    { type: 'list', style: 'box', where: '添付', entries: snapshot.papers.map((paper) => `${paper.name}${paper.required ? '（必須）' : ''}${paper.hint ? `　${paper.hint}` : ''}`) }
  ];
}
