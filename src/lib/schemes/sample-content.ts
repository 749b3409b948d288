/**
 * A whole edition to test with and to begin from: a grant for citizens' projects with two courses, like the schemes of
 * domain-facts §1 (スタートアップ 10/10 and 通常 1/2 as in 結城市). Every figure, day and article is an example (設定例).
 */
import type { Condition } from '../formulas/condition.ts';
import { CONTENT_FORMAT, type AfterAward, type DocumentKind, type DocumentRule, type EditionCategory, type EditionContent, type EditionPaper, type EditionQuestion, type EligibilityRule } from './content.ts';

const START_UP: Condition = { match: 'all', tests: [{ fact: 'course', is: 'one_of', values: ['start_up'] }] };
const REGULAR: Condition = { match: 'all', tests: [{ fact: 'course', is: 'one_of', values: ['regular'] }] };

const form = (number: number, article: string, title = '', seal_omitted = true): DocumentRule =>
  ({ form_number: `様式第${number}号（${article.replace(/第\d+項$/, '')}関係）（設定例）`, article, title, seal_omitted });

const DOCUMENTS: Partial<Record<DocumentKind, DocumentRule>> = {
  application: form(1, '第5条'), award: form(4, '第7条第1項', '{年度}{制度名}交付決定通知書'), rejection: form(5, '第7条第2項'), withdrawal: form(6, '第8条'), change_request: form(7, '第9条第1項'),
  change_approval: form(8, '第9条第2項'), change_rejection: form(9, '第9条第3項'), stop_request: form(10, '第10条第1項'), stop_approval: form(11, '第10条第2項'), advance_request: form(12, '第11条第2項'),
  advance_settlement: form(13, '第11条第3項'), result_report: form(14, '第12条'), settlement: form(15, '第13条'), payment_request: form(16, '第14条'), revocation: form(17, '第15条第2項', '', false),
  repayment_order: form(18, '第16条', '', false)
};

const ELIGIBILITY: readonly EligibilityRule[] = [
  { key: 'kind', article: '第3条（設定例）', when: null, rule: 'kinds', kinds: ['civic_group', 'npo', 'association'] },
  { key: 'members', article: '第3条第1号（設定例）', when: null, rule: 'members', minimum: 5 },
  { key: 'local', article: '第3条第2号（設定例）', when: null, rule: 'local_share', share: { numerator: 1, denominator: 2 }, more_than: true, counts: ['living', 'working', 'studying'] },
  { key: 'young', article: '第4条第2項（設定例）', when: START_UP, rule: 'founded', minimum_years: null, maximum_years: 3, basis_on: '2026-04-01' },
  { key: 'lasting', article: '第4条第3項（設定例）', when: REGULAR, rule: 'founded', minimum_years: 1, maximum_years: null, basis_on: '2026-04-01' },
  { key: 'first_time', article: '第4条第2項（設定例）', when: START_UP, rule: 'once_only' },
  { key: 'thrice', article: '第4条第4項（設定例）', when: REGULAR, rule: 'times', maximum: 3 },
  { key: 'rules', article: '第3条第3号（設定例）', when: null, rule: 'paper', paper: 'rules' },
  { key: 'member_list', article: '第3条第3号（設定例）', when: null, rule: 'paper', paper: 'member_list' },
  { key: 'one', article: '第4条第5項（設定例）', when: null, rule: 'one_per_year' },
  { key: 'early', article: '第5条第2項（設定例）', when: null, rule: 'days_before_start', days: 30 },
  { key: 'free', article: '第3条第4号（設定例）', when: null, rule: 'declaration', text: '政治・宗教・営利を目的とする活動ではありません。', otherwise: 'excluded' },
  { key: 'clean', article: '第3条第5号（設定例）', when: null, rule: 'declaration', text: '暴力団や、その関係者はいません。', otherwise: 'excluded' },
  { key: 'single', article: '第4条第6項（設定例）', when: null, rule: 'declaration', text: '同じ事業で、国・県・市のほかの補助を受けていません。', otherwise: 'ask' }
];

const question = (change: Pick<EditionQuestion, 'key' | 'label' | 'kind'> & Partial<EditionQuestion>): EditionQuestion =>
  ({ section: 'extra', hint: '', required: true, max: 0, unit: '', options: [], when: null, from_yen: null, ...change });
const QUESTIONS: readonly EditionQuestion[] = [
  question({ key: 'course', section: 'project', label: 'どのコースで申請しますか', kind: 'choice', options: [{ key: 'start_up', label: 'スタートアップ' }, { key: 'regular', label: '通常' }], hint: '新しく始める事業はスタートアップ、続けてきた事業は通常です。' }),
  question({ key: 'first_step', section: 'project', label: 'はじめの一歩として何をしますか', kind: 'multiline', max: 500, when: START_UP }),
  question({ key: 'record', section: 'project', label: 'これまでの実績', kind: 'multiline', max: 800, when: REGULAR, from_yen: 50_000 }),
  question({ key: 'themes', label: '分野', kind: 'choices', options: [{ key: 'safety', label: '安全・安心' }, { key: 'green', label: '環境・緑化' }, { key: 'children', label: '子ども・若者' }, { key: 'other', label: 'その他' }], required: false }),
  question({ key: 'fee', label: '参加費を集めますか', kind: 'yes_no' }),
  question({ key: 'fee_yen', label: '1人あたりの参加費', kind: 'yen', max: 100_000, when: { match: 'all', tests: [{ fact: 'fee', is: 'yes' }] } }),
  question({ key: 'photos', label: '活動の写真', kind: 'file', max: 5, required: false, hint: '写っている方の承諾を得てください。' })
];

const paper = (change: Pick<EditionPaper, 'key' | 'name'> & Partial<EditionPaper>): EditionPaper =>
  ({ hint: '', required: true, kinds: ['civic_group', 'npo', 'association'], from_dossier: null, when: null, from_yen: null, ...change });
const PAPERS: readonly EditionPaper[] = [
  paper({ key: 'rules', name: '会則', from_dossier: 'rules', hint: '団体の目的や役員の決め方が分かるもの' }), paper({ key: 'member_list', name: '会員名簿', from_dossier: 'member_list' }),
  paper({ key: 'estimate', name: '見積書', from_yen: 50_000, hint: '1件5万円（設定例）をこえる支出の分' }), paper({ key: 'last_report', name: '前の年度の事業報告', when: REGULAR }),
  paper({ key: 'registry', name: '登記事項証明書', kinds: ['npo'] }), paper({ key: 'leaflet', name: '活動のちらし', required: false })
];

const category = (side: EditionCategory['side'], key: string, name: string, hint: string, change: Partial<EditionCategory> = {}): EditionCategory =>
  ({ key, side, name, hint, eligible: true, reason: '', is_grant: false, deducted: false, cap_yen: null, cap_share: null, ...change });
const outside = (key: string, name: string, reason: string): EditionCategory => category('expense', key, name, '', { eligible: false, reason });
const CATEGORIES: readonly EditionCategory[] = [
  category('income', 'grant', '支援金', 'この制度の支援金', { is_grant: true }), category('income', 'own', '会費・自己資金', '会費、積立金など'), category('income', 'fees', '参加費', '参加者からいただくお金', { deducted: true }),
  category('income', 'gifts', '寄附金・協賛金', '', { deducted: true }), category('income', 'other_income', 'その他の収入', ''),
  category('expense', 'honoraria', '報償費', '講師や専門家への謝礼', { cap_yen: 50_000 }), category('expense', 'supplies', '消耗品費', '文具、材料、花の苗など'), category('expense', 'printing', '印刷費', 'ちらし、ポスター'),
  category('expense', 'rent', '使用料・賃借料', '会場、機材の借り上げ'), category('expense', 'insurance', '保険料', '行事の保険'), category('expense', 'postage', '通信運搬費', '切手、配送'),
  category('expense', 'services', '委託費', '自分たちではできない専門の作業', { cap_share: { numerator: 1, denominator: 2 } }),
  outside('food', '食糧費', '飲食の費用は対象になりません。'), outside('wages', '人件費', '会員の人件費・謝礼は対象になりません。'), outside('equipment', '備品費', '団体の財産になる備品は対象になりません。')
];

const CRITERIA = [
  { key: 'public', name: '公益性', description: '多くの市民のためになるか', weight: 30, max_points: 5 }, { key: 'need', name: '必要性', description: '地域の困りごとや願いにこたえるか', weight: 20, max_points: 5 },
  { key: 'feasible', name: '実現性', description: '日程・体制・予算に無理がないか', weight: 20, max_points: 5 }, { key: 'together', name: '協働', description: 'ほかの団体や市と力を合わせるか', weight: 20, max_points: 5 },
  { key: 'lasting', name: '継続性', description: '支援が終わったあとも続くか', weight: 10, max_points: 5 }
];
const CONDITIONS = [
  '支援金は、申請した事業のほかに使わないこと。', '事業の内容や予算を変えるときは、あらかじめ市の承認を受けること。', '{報告期限}までに、実績報告書と収支決算書を出すこと。', '領収書などの書類は、5年間（設定例）保存すること。'
];
const NOTICES = ['この決定について分からないことは、{担当課}（電話 {電話}）にお尋ねください。'];

const AFTER: AfterAward = {
  withdrawal_days: 20, start_report: false, minor_total_percent: 20, minor_between_percent: 20, minor_decrease_only: false, advance: { numerator: 8, denominator: 10 }, advance_parts: 1,
  report_days: 30, report_until: '03-31', progress_report: false, keep_years: 5, asset_from_yen: null, asset_years: 0, surcharge_basis_points: 1095, late_basis_points: 1095, repayment_days: 20
};

/** For fiscal year 2026. */
export const SAMPLE_CONTENT: EditionContent = {
  format: CONTENT_FORMAT, name: 'まちづくり支援金（設定例）', summary: '市民の団体が自分たちで考えたまちづくりの活動を、はじめの一歩から応援する支援金です。',
  purpose: '市民の団体が自主的に行う公益的な活動を支援し、市民と市が力を合わせてまちをつくることを目的とします。',
  description: '新しく始める事業は全額（上限10万円）、続けてきた事業は2分の1（上限20万円）を支援します（設定例）。', legal_basis: 'まちづくり支援金交付要綱（設定例）',
  documents: DOCUMENTS, contact: { section: '', phone: '', email: '', hours: '', consultation: '申請の前に、担当課にご相談ください。' }, eligibility: ELIGIBILITY,
  windows: [
    { key: 'first', name: '第1回', opens_on: '2026-04-13', opens_at_time: '08:30', closes_on: '2026-05-29', closes_at_time: '17:00' },
    { key: 'second', name: '第2回', opens_on: '2026-07-01', opens_at_time: '08:30', closes_on: '2026-07-31', closes_at_time: '24:00' }
  ],
  closed_day: 'after', close_when_spent: true, starts_from: '2026-06-01', completion_due_on: '2027-02-26', route: { otherwise: 'ordinary', cases: [] }, needs_budget: { otherwise: true, cases: [] },
  common: { continuity: 'from_amount', partners: 'from_amount', safety: 'from_amount' }, long_form_from_yen: 50_000, extra_title: 'この支援金についての質問', questions: QUESTIONS, papers: PAPERS, categories: CATEGORIES,
  formula: {
    figures: [], rows: [], steps: [
      { key: 'base', label: '差し引いたあとの経費', do: 'less', from: 'eligible', minus: ['deducted'] },
      { key: 'rated', label: '補助率をかけた額', do: 'rate', of: 'base', rate: { otherwise: { numerator: 1, denominator: 2 }, cases: [{ when: START_UP, value: { numerator: 10, denominator: 10 } }] } },
      { key: 'capped', label: '上限と比べた額', do: 'cap', of: 'rated', yen: { otherwise: 200_000, cases: [{ when: START_UP, value: 100_000 }] } },
      { key: 'grant', label: '支援金の額', do: 'round', of: 'capped', unit: 1_000, mode: 'down' }
    ]
  },
  funding: [{ key: 'adverts', name: '市報広告料収入（設定例）', amount_yen: 700_000 }, { key: 'general', name: '一般財源（設定例）', amount_yen: 300_000 }],
  requirements: [
    { key: 'members', name: '会員が5人以上いる', article: '第3条第1号（設定例）' }, { key: 'papers', name: '会則と会員名簿がそろっている', article: '第3条第3号（設定例）' },
    { key: 'public', name: '市内で行う公益的な事業である', article: '第4条（設定例）' }, { key: 'costs', name: '対象経費の区分が正しい', article: '別表（設定例）' }
  ],
  judging: { by: 'committee', criteria: CRITERIA, floor_percent: 60, criterion_floor_percent: null, tie: { by: 'criterion', criterion: 'public' }, release: 'on_a_day' },
  how_judged: '市の担当者が書類を確かめたあと、審査委員が基準ごとに採点し、平均点の高い順に予算の範囲で採択します。申請する団体と利害関係のある委員は、その団体の審査に加わりません。',
  letters: { award: { opening: '', conditions: CONDITIONS, notices: NOTICES }, rejection: { opening: '', conditions: [], notices: NOTICES } }, after: AFTER,
  catalogue: { keywords: ['まちづくり', '市民活動', '協働'], purpose_of_use: '公益的なまちづくりの事業に要する経費', industry: '' }
};
