/**
 * Where something stands in an edition's document, in words: `windows.1.closes_on` is 「受付期間の2行目（第2回）の締切日」.
 * One table of names for checks, comparisons and the published JSON Schema. Pure.
 */
import type { Finding } from '../formulas/findings.ts';
import { DOCUMENT_WORDS } from './content.ts';

export type { Finding };

/** The name of each place; `*` stands for a row. What a name lacks here is looked up by its last part in `PART_WORDS`. */
export const PLACE_WORDS: Readonly<Record<string, string>> = {
  format: '書式の名前', name: '制度の名前', summary: '概要', purpose: '目的', description: '内容', legal_basis: '根拠の要綱',
  documents: '様式', 'documents.*.form_number': '様式番号', 'documents.*.article': '根拠の条項', 'documents.*.title': '文書の名前', 'documents.*.seal_omitted': '公印の省略',
  contact: '問い合わせ先', 'contact.section': '担当課', 'contact.phone': '電話番号', 'contact.email': 'メールアドレス', 'contact.hours': '受付時間', 'contact.consultation': '事前相談の案内',
  eligibility: '申請できる団体の条件', 'eligibility.*.rule': '条件の種類', 'eligibility.*.kinds': '団体の種類', 'eligibility.*.minimum': '必要な人数', 'eligibility.*.share': '市に関わる会員の割合',
  'eligibility.*.more_than': '「より多い」とするか', 'eligibility.*.counts': '数える会員', 'eligibility.*.minimum_years': '設立からの年数（下限）', 'eligibility.*.maximum_years': '設立からの年数（上限）',
  'eligibility.*.basis_on': '年数を数える基準日', 'eligibility.*.paper': '必要な書類', 'eligibility.*.maximum': '支援の回数の上限', 'eligibility.*.days': '事業開始までの日数',
  'eligibility.*.text': '団体が確かめる文', 'eligibility.*.otherwise': '当てはまらないときの扱い',
  windows: '受付期間', 'windows.*.name': '回の名前', 'windows.*.opens_on': '受付開始日', 'windows.*.opens_at_time': '受付開始の時刻', 'windows.*.closes_on': '締切日', 'windows.*.closes_at_time': '締切の時刻',
  closed_day: '締切日が閉庁日のとき', close_when_spent: '予算に達したら締め切るか', starts_from: '事業を始められる日', completion_due_on: '事業の完了期限', route: '手続きの流れ', needs_budget: '収支予算の提出',
  common: '共通の設問', 'common.purpose': '事業の目的', 'common.content': '事業の内容', 'common.starts_on': '事業を始める日', 'common.ends_on': '事業を終える日', 'common.effect': '期待できる効果', 'common.continuity': '来年度からの続け方', 'common.place': '場所', 'common.steps': '日程', 'common.staff_count': '運営に関わる人数',
  'common.participants': '参加を見込む人数', 'common.structure': '役割分担', 'common.partners': '協力する団体', 'common.safety': '安全への備え',
  long_form_from_yen: '詳しい様式になる額', extra_title: '追加の設問のページの名前',
  questions: '設問', 'questions.*.section': '置く場所', 'questions.*.label': '設問の文', 'questions.*.kind': '答え方', 'questions.*.required': '必須か', 'questions.*.max': '文字数や数の上限', 'questions.*.options': '選択肢', 'questions.*.options.*.label': '選択肢の文',
  papers: '添付書類', 'papers.*.name': '書類の名前', 'papers.*.required': '必須か', 'papers.*.kinds': '出す団体の種類', 'papers.*.from_dossier': '団体情報の書類を使うか',
  categories: '収支の区分', 'categories.*.side': '収入か支出か', 'categories.*.name': '区分の名前', 'categories.*.eligible': '補助の対象か', 'categories.*.reason': '対象にならない理由', 'categories.*.is_grant': 'この制度の補助金か',
  'categories.*.deducted': '経費から差し引くか', 'categories.*.cap_yen': '上限額', 'categories.*.cap_share': '割合の上限',
  formula: '計算式', 'formula.figures': 'たずねる数', 'formula.figures.*.label': '数の名前', 'formula.figures.*.quantity': '数か金額か', 'formula.figures.*.source': '数の出どころ', 'formula.figures.*.basis_on': '基準日',
  'formula.figures.*.minimum': '最小', 'formula.figures.*.maximum': '最大', 'formula.figures.*.from': '入れ方', 'formula.rows': '一覧', 'formula.rows.*.label': '一覧の名前', 'formula.rows.*.maximum_rows': '行数の上限',
  'formula.steps': '手順', 'formula.steps.*.label': '手順の名前', 'formula.steps.*.do': '計算のしかた',
  funding: '財源', 'funding.*.name': '財源の名前', 'funding.*.amount_yen': '金額', requirements: '形式審査の項目', 'requirements.*.name': '項目',
  judging: '審査', 'judging.by': '審査する人', 'judging.criteria': '基準', 'judging.criteria.*.name': '基準の名前', 'judging.criteria.*.description': '見るところ', 'judging.criteria.*.weight': '重み', 'judging.criteria.*.max_points': '満点',
  'judging.floor_percent': '採択に必要な得点', 'judging.criterion_floor_percent': '基準ごとに必要な得点', 'judging.tie': '同点のときの順', 'judging.release': '結果の知らせ方', how_judged: '審査のしかたの説明',
  letters: '通知書の文', 'letters.*.opening': '書き出し', 'letters.*.conditions': '交付の条件', 'letters.*.notices': '結びの文',
  after: '交付決定のあと', 'after.withdrawal_days': '取下げができる日数', 'after.start_report': '着手届', 'after.minor_total_percent': '軽微な変更（総額）', 'after.minor_between_percent': '軽微な変更（区分の間）',
  'after.minor_decrease_only': '減額だけを軽微とするか', 'after.advance': '概算払の割合', 'after.advance_parts': '概算払の回数', 'after.report_days': '実績報告までの日数', 'after.report_until': '実績報告の最終の月日',
  'after.progress_report': '遂行状況報告', 'after.keep_years': '書類を保存する年数', 'after.asset_from_yen': '財産処分の対象になる価格', 'after.asset_years': '財産処分を制限する年数',
  'after.surcharge_basis_points': '加算金の割合', 'after.late_basis_points': '延滞金の割合', 'after.repayment_days': '返還の期限までの日数',
  catalogue: '制度一覧の項目', 'catalogue.keywords': 'キーワード', 'catalogue.purpose_of_use': '用途', 'catalogue.industry': '業種'
};

/** Names of parts that recur in many places. */
export const PART_WORDS: Readonly<Record<string, string>> = {
  key: '記号', name: '名前', label: '名前', hint: '説明', article: '根拠の条項', unit: '単位', required: '必須か', from_yen: '対象になる申請額', opening: '書き出し', conditions: '条件', notices: '結びの文',
  when: '条件', match: 'すべてかどれかか', tests: '項目', fact: '条件にするもの', is: '比べ方', values: '当てはまる答え', number: '比べる数', cases: '場合', otherwise: 'そのほかの場合', value: '値',
  numerator: '分子', denominator: '分母', of: '対象', from: '始まり', to: '終わり', minus: '差し引くもの', yen: '金額', rate: '率', lines: '単価', figure: '数', tiers: '段階', brackets: '区分', rows: '一覧', classes: '区分', class: '区分',
  cap_yen: '上限額', rounding: '端数処理', mode: '切り捨てか切り上げか', do: '計算のしかた', by: '決め方', criterion: '基準', options: '選択肢',
  scheme: '制度', code: '名', fiscal_year: '年度', city: '自治体', exported_at: '書き出した日時', content: '年度版の内容'
};

const SHOWN = 24;
const shorten = (text: string): string => {
  const letters = [...text];
  return letters.length > SHOWN ? `${letters.slice(0, SHOWN).join('')}…` : text;
};

const IS_ROW = /^\d{1,6}$/;

/** The path with `*` for a row, or for a kind of document: what the tables are ordered by. */
export const patternOf = (parts: readonly string[]): string =>
  parts.map((part, index) => (IS_ROW.test(part) || (index === 1 && isByDocument(parts[0])) ? '*' : part)).join('.');

/** The word for one place by its parts, without what it stands in: the table, the kind of document, or the part itself. */
export function wordOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  const pattern = patternOf(parts);
  if (Object.hasOwn(PLACE_WORDS, pattern)) return PLACE_WORDS[pattern]!;
  if (parts.length === 2 && isByDocument(parts[0]) && Object.hasOwn(DOCUMENT_WORDS, last)) return DOCUMENT_WORDS[last as keyof typeof DOCUMENT_WORDS];
  return Object.hasOwn(PART_WORDS, last) ? PART_WORDS[last]! : `「${shorten(last)}」`;
}

const isByDocument = (first: string | undefined): boolean => first === 'documents' || first === 'letters';

/** A row's own name, as it stands in `content`; '' when it has none. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const row = value as Record<string, unknown>;
  const name = [row.name, row.label].find((one) => typeof one === 'string' && one.trim() !== '');
  return typeof name === 'string' ? shorten(name.replace(/\s+/g, ' ')) : '';
}

/** A step into anything; undefined where there is nothing of that name. */
function into(value: unknown, part: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, part) ? (value as Record<string, unknown>)[part] : undefined;
}

/**
 * The place in words, outermost first. `content` lends the names of rows and need not be valid; '' is the whole document.
 * Rows count from 1, as people do.
 */
export function placeInWords(at: string, content: unknown = null): string {
  if (at === '') return '年度版の全体';
  const parts = at.split('.').slice(0, 16);
  let here: unknown = content;
  const words: string[] = [];
  parts.forEach((part, index) => {
    here = into(here, part);
    if (index > 0 && IS_ROW.test(part)) {
      const name = nameOf(here);
      words.push(`${Number(part) + 1}行目${name === '' ? '' : `（${name}）`}`);
    } else words.push(wordOf(parts.slice(0, index + 1)));
  });
  return words.join('の');
}

/** A sentence with its place before it, as every check gives it. */
export const finding = (content: unknown, at: string, sentence: string): Finding => ({ at, message: `${placeInWords(at, content)}：${sentence}` });
