import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QUESTIONS } from '../applications/application.ts';
import { checkContent, isComplete } from './check-content.ts';
import { COMMON_NAMES } from './checks/keys.ts';
import { lastReportDay } from './checks/judging.ts';
import type { EditionCategory, EditionContent, EditionQuestion } from './content.ts';
import { readContent } from './content-schema.ts';
import { asJson, changeAt, sample, stored, type Json } from './fixtures.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

/** The sample with values replaced at dotted places; read, so that only shapes that can be stored are tried. */
function changed(changes: Record<string, unknown>): EditionContent {
  const json = Object.entries(changes).reduce<Json>((made, [path, value]) =>
    changeAt(made, path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)), () => value as Json | undefined), asJson(SAMPLE_CONTENT));
  const read = readContent(json);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.content;
}
const about = { fiscal_year: 2026, closed: [] };
const say = (level: 'errors' | 'missing' | 'warnings', changes: Record<string, unknown>): string =>
  checkContent(changed(changes), about)[level].map(({ at, message }) => `${at} ${message}`).join('\n');

const tests = (...list: unknown[]) => ({ match: 'all', tests: list });
const question = (change: Partial<EditionQuestion>): EditionQuestion =>
  ({ key: 'q', section: 'extra', label: '新しい設問', hint: '', kind: 'text', required: false, max: 100, unit: '', options: [], when: null, from_yen: null, ...change });
const withQuestion = (change: Partial<EditionQuestion>) => ({ questions: [...SAMPLE_CONTENT.questions, question(change)] });
const withCategory = (change: Partial<EditionCategory>) => ({ categories: [...SAMPLE_CONTENT.categories, { ...SAMPLE_CONTENT.categories.at(5)!, key: 'new', name: '新しい区分', cap_yen: null, ...change }] });
const half = { numerator: 1, denominator: 2 };
const above = { numerator: 3, denominator: 2 };

test('the sample can be opened', () => {
  const findings = checkContent(SAMPLE_CONTENT, about);
  expect(findings.errors).toEqual([]);
  expect(findings.missing).toEqual([]);
  expect(findings.warnings.every(({ message }) => message.includes('設定例'))).toBe(true);
  expect(isComplete(findings)).toBe(true);
});

describe('what may never be stored', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a rate above one', { 'formula.steps.1.rate.otherwise': above }, 'formula.steps.1.rate.otherwise'], ['a share above one', { 'eligibility.2.share': above }, 'eligibility.2.share 申請できる団体の条件の3行目の市に関わる会員の割合：割合が100％'],
    ['more than everybody', { 'eligibility.2.share': { numerator: 2, denominator: 2 } }, '100％より多い'], ['an advance above one', { 'after.advance': above }, 'after.advance'], ['an advance of nothing', { 'after.advance.numerator': 0 }, '割合が0です'],
    ['an advance in no part', { 'after.advance_parts': 0 }, 'after.advance_parts'], ['a cap as a share above one', withCategory({ cap_share: above }), 'categories.15.cap_share'], ['both caps', withCategory({ cap_yen: 1, cap_share: half }), '金額か割合のどちらか'],
    ['a cap on income', withCategory({ side: 'income', cap_yen: 1 }), '支出の区分にだけ'], ['the grant among the expenses', withCategory({ is_grant: true }), 'categories.15.is_grant'],
    ['the grant twice', { 'categories.1.is_grant': true }, 'categories.1.is_grant 収支の区分の2行目（会費・自己資金）のこの制度の補助金か：この制度の補助金の区分は、1つだけ'], ['the grant deducted from itself', { 'categories.0.deducted': true }, 'categories.0.deducted'],
    ['an expense deducted', withCategory({ deducted: true }), 'categories.15.deducted'], ['a formula that names nothing', { 'formula.steps.1.of': 'nothing' }, 'formula.steps.1.of'], ['a fraction of a yen', { 'formula.steps': SAMPLE_CONTENT.formula.steps.slice(0, 3) }, 'formula.steps.2'],
    ['a window that ends before it starts', { 'windows.0.closes_on': '2026-04-12' }, 'windows.0.closes_on 受付期間の1行目（第1回）の締切日：締切が受付の開始より前'], ['a window that ends as it starts', { 'windows.0.closes_on': '2026-04-13', 'windows.0.closes_at_time': '08:30' }, 'windows.0.closes_on'],
    ['a deadline moved before the start', { closed_day: 'before', 'windows.0.opens_on': '2026-05-30', 'windows.0.closes_on': '2026-05-31' }, '2026年5月29日（金）に移り'], ['a deadline whose holidays are unknown', { 'windows.1.closes_on': '2120-07-31' }, 'この年の祝日がまだ分からない'],
    ['a project that ends before it may begin', { starts_from: '2027-02-27' }, 'starts_from'], ['a key twice', { 'papers.1.key': 'rules' }, 'papers.1.key'], ['an option twice', { 'questions.0.options.1.key': 'start_up' }, 'questions.0.options.1.key'],
    ['a criterion twice', { 'judging.criteria.1.key': 'public' }, 'judging.criteria.1.key'], ['the key of a common question', withQuestion({ key: 'title' }), '共通の項目で使っている'], ['the key of a built-in fact', withQuestion({ key: 'members' }), 'questions.7.key'],
    ['a question and a figure with one key', { ...withQuestion({ key: 'homes' }), 'formula.figures': [{ key: 'homes', label: '世帯', quantity: 'count', unit: '世帯', source: '名簿', basis_on: null, minimum: 0, maximum: 9, when: null, from: 'typed' }] }, 'questions.7.key'],
    ['a placeholder that does not exist', { 'letters.award.opening': '{団体}' }, 'letters.award.opening 通知書の文の交付決定通知書の書き出し：1文字目の「{団体}」'], ['a placeholder that is not closed', { 'letters.award.notices.0': 'あ{団体名' }, '2文字目'],
    ['a placeholder before its time', { 'letters.rejection.notices.0': '{交付決定額}' }, 'letters.rejection.notices.0'], ['… in a title', { 'documents.award.title': '{確定額}' }, 'documents.award.title'],
    ['a condition on itself', withQuestion({ kind: 'yes_no', when: tests({ fact: 'q', is: 'yes' }) as EditionQuestion['when'] }), '自分自身'], ['a condition on a later question', { 'questions.0.when': tests({ fact: 'fee', is: 'yes' }) }, 'questions.0.when.tests.0.fact 設問の1行目（どのコースで申請しますか）の条件の項目の1行目の条件にするもの：「参加費を集めますか」はこの設問より後'],
    ['a condition on nothing', { 'papers.0.when': tests({ fact: 'nothing', is: 'yes' }) }, 'papers.0.when.tests.0.fact'], ['a condition on a text', { 'papers.0.when': tests({ fact: 'first_step', is: 'yes' }) }, '条件にできません'],
    ['an option that does not exist', { 'papers.0.when': tests({ fact: 'course', is: 'one_of', values: ['gold'] }) }, '選択肢「gold」はありません'], ['a kind that does not exist', { 'eligibility.3.when': tests({ fact: 'kind', is: 'one_of', values: ['company'] }) }, 'eligibility.3.when.tests.0.values.0'],
    ['a case on nothing', { 'route.cases': [{ when: tests({ fact: 'nothing', is: 'yes' }), value: 'short' }] }, 'route.cases.0.when'], ['a number where an answer is wanted', { 'needs_budget.cases': [{ when: tests({ fact: 'course', is: 'at_least', number: 1 }), value: false }] }, 'needs_budget.cases.0.when'],
    ['a tie by no criterion', { 'judging.tie': { by: 'criterion', criterion: 'beauty' } }, 'judging.tie'], ['no support at all', { 'eligibility.6.maximum': 0 }, 'eligibility.6.maximum'], ['no years', { 'eligibility.3.maximum_years': null }, 'eligibility.3'],
    ['years the wrong way round', { 'eligibility.3.minimum_years': 4 }, 'eligibility.3.maximum_years'], ['required beyond the long form', { 'questions.2.from_yen': 60_000 }, 'questions.2.from_yen'], ['a paper required beyond the long form', { 'papers.2.from_yen': 60_000 }, 'papers.2.from_yen'],
    ['a text without length', withQuestion({ max: 0 }), 'questions.7.max'], ['a text too long for anybody', withQuestion({ max: 201 }), '1から200まで'], ['options without a choice', withQuestion({ options: [{ key: 'a', label: 'あ' }] }), 'questions.7.options'],
    ['money beyond a column', { 'funding.0.amount_yen': 999_999_999_999, 'funding.1.amount_yen': 1 }, 'funding']
  ])('%s', (_, changes, words) => {
    expect(say('errors', changes)).toContain(words);
  });

  test('a figure in the condition of a question is told as such', () => {
    const figure = { key: 'homes', label: '世帯', quantity: 'count', unit: '世帯', source: '名簿', basis_on: null, minimum: 0, maximum: 9, when: null, from: 'typed' };
    const changes = { 'formula.figures': [figure], 'questions.1.when': tests({ fact: 'homes', is: 'at_least', number: 2 }) };
    expect(say('errors', changes)).toContain('計算式でたずねる数は条件にできません');
    expect(say('errors', { 'formula.figures': [figure], 'papers.0.when': tests({ fact: 'homes', is: 'at_least', number: 2 }) })).toBe('');
  });

  test('a mistake is told once', () => {
    expect(checkContent(changed({ 'questions.0.when': tests({ fact: 'fee', is: 'yes' }) })).errors).toHaveLength(1);
  });
});

describe('what an opening needs', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a window', { windows: [] }, 'windows'], ['a name', { name: '' }, 'name'], ['a basis', { legal_basis: '' }, 'legal_basis'], ['funding', { funding: [] }, 'funding'], ['a step', { 'formula.steps': [] }, 'formula.steps'],
    ['an eligible category', { categories: SAMPLE_CONTENT.categories.filter(({ side, eligible }) => side === 'income' || !eligible) }, '補助の対象になる支出'], ['the grant’s own income', { categories: SAMPLE_CONTENT.categories.slice(1) }, 'この制度の補助金を入れる収入'],
    ['a reason', { 'categories.12.reason': '' }, 'categories.12.reason'], ['criteria', { 'judging.criteria': [], 'judging.tie': { by: 'smaller_request' } }, 'judging.criteria'], ['a checklist', { 'judging.by': 'office', requirements: [] }, 'requirements'],
    ['the award’s letter', { 'documents.award': undefined }, 'documents.award'], ['the article of a letter', { 'documents.rejection.article': '' }, 'documents.rejection.article'], ['the letter of the short way', { 'route.otherwise': 'short' }, 'documents.award_and_settlement'],
    ['the letter of one case', { 'route.cases': [{ when: SAMPLE_CONTENT.questions[1]!.when, value: 'short' }] }, 'documents.award_and_settlement'], ['the request for an advance', { 'documents.advance_request': undefined }, 'documents.advance_request'],
    ['the report of progress', { 'after.progress_report': true }, 'documents.progress_report'], ['options', withQuestion({ kind: 'choice', max: 0 }), 'questions.7.options'], ['where the long form begins', { long_form_from_yen: null }, 'common.continuity'],
    ['the name of a page', { extra_title: '' }, 'extra_title'], ['who gives a paper', { 'papers.0.kinds': [] }, 'papers.0.kinds'], ['the day a rule counts from', { common: { ...SAMPLE_CONTENT.common, starts_on: 'from_amount' } }, 'common.starts_on'], ['a budget for a formula of costs', { 'needs_budget.otherwise': false }, '収支予算を求めないのに']
  ])('%s', (_, changes, words) => {
    expect(say('errors', changes)).toBe('');
    expect(say('missing', changes)).toContain(words);
  });

  test('without a budget no category is needed', () => {
    const figures = [{ key: 'homes', label: '加入世帯', quantity: 'count' as const, unit: '世帯', source: '名簿', basis_on: null, minimum: 0, maximum: 5_000, when: null, from: 'typed' as const }];
    const content = sample({
      needs_budget: { otherwise: false, cases: [] }, categories: [], formula: { figures, rows: [], steps: [{ key: 'grant', label: '世帯割', do: 'units', lines: [{ figure: 'homes', yen: { otherwise: 1_000, cases: [] } }] }] }
    });
    expect(checkContent(content).errors).toEqual([]);
    expect(checkContent(content).missing).toEqual([]);
  });
});

describe('what an officer should look at', () => {
  const npoOnly = { 'eligibility.0.kinds': ['npo'] };
  test.each<[string, Record<string, unknown>, string]>([
    ['a cap of nothing', withCategory({ cap_yen: 0 }), 'categories.15.cap_yen'], ['a cap nobody meets', withCategory({ eligible: false, reason: '理由', cap_yen: 5 }), '上限は使われません'], ['a cap below the rounding', { 'formula.steps.2.yen.otherwise': 500 }, 'formula.steps.3.unit'],
    ['windows that overlap', { 'windows.1.opens_on': '2026-05-29' }, 'windows.1 受付期間の2行目（第2回）：1行目の受付期間と重なって'], ['weights', { 'judging.criteria.0.weight': 31 }, '重みの合計が101'], ['a window of last year', { 'windows.0.opens_on': '2026-03-31' }, '令和8年度の外'],
    ['completion before the last window', { completion_due_on: '2026-07-31' }, '最後の締切より前'], ['completion next year', { completion_due_on: '2027-04-01' }, '令和8年度の終わりより後'], ['completion last year', { completion_due_on: '2026-03-31', starts_from: null }, '始まりより前'],
    ['no money', { 'funding.0.amount_yen': 0, 'funding.1.amount_yen': 0 }, '合計が0円'], ['a question for nobody', withQuestion({ when: tests({ fact: 'course', is: 'one_of', values: ['start_up'] }, { fact: 'course', is: 'none_of', values: ['start_up'] }) as EditionQuestion['when'] }), 'questions.7 設問の8行目（新しい設問）：条件に当てはまる申請がない'],
    ['a question both ways', withQuestion({ when: tests({ fact: 'fee', is: 'yes' }, { fact: 'fee', is: 'no' }) as EditionQuestion['when'] }), 'questions.7'], ['a question for a group that may not apply', { ...npoOnly, ...withQuestion({ when: tests({ fact: 'kind', is: 'one_of', values: ['association'] }) as EditionQuestion['when'] }) }, 'questions.7'],
    ['a number no answer reaches', withQuestion({ when: tests({ fact: 'fee_yen', is: 'at_least', number: 100_001 }) as EditionQuestion['when'] }), 'questions.7'], ['beyond the largest grant', withQuestion({ from_yen: 200_001 }), 'この申請額に届かない'],
    ['a paper for nobody', { ...npoOnly, 'papers.4.kinds': ['association'] }, 'papers.4.kinds'], ['a chain of questions', { questions: [...SAMPLE_CONTENT.questions, question({ key: 'never', kind: 'yes_no', when: tests({ fact: 'fee', is: 'yes' }, { fact: 'fee', is: 'no' }) as EditionQuestion['when'] }), question({ when: tests({ fact: 'never', is: 'yes' }) as EditionQuestion['when'] })] }, 'questions.8'],
    ['a deadline that moves', { 'windows.0.closes_on': '2026-05-31' }, '2026年5月31日（日）は閉庁日なので、締切は2026年6月1日（月）'], ['a minute before midnight', { 'windows.1.closes_at_time': '23:59' }, 'windows.1.closes_at_time'], ['an example', {}, '設定例'],
    ['a later page in a condition', { 'questions.1.when': tests({ fact: 'course', is: 'one_of', values: ['start_up'] }), 'questions.0.section': 'extra' }, '後のページにある設問'], ['nobody judged', { eligibility: [] }, 'どの団体でも'], ['nobody left', { 'eligibility.1': { ...SAMPLE_CONTENT.eligibility[0]!, key: 'other', kinds: ['npo'] }, ...npoOnly, 'eligibility.0.kinds': ['association'] }, '申請できる団体がありません'],
    ['a rule twice', { 'eligibility.2': { ...SAMPLE_CONTENT.eligibility[1]!, key: 'more' } }, '同じ種類の条件が2つ'], ['a report before the end', { 'after.report_until': '01-31' }, 'after.report_until'], ['assets for no year', { 'after.asset_from_yen': 500_000 }, 'after.asset_years'],
    ['later letters', { 'documents.revocation': undefined }, '交付決定取消通知書'], ['a letter without a number', { 'documents.award.form_number': '' }, 'このままでかまいません'], ['no description', { description: '' }, 'description'], ['income nobody deducts', { 'formula.steps.0.minus': ['granted_this_year'] }, '差し引いていません'],
    ['nothing to deduct', { 'categories.2.deducted': false, 'categories.3.deducted': false }, '差し引く収入の区分がありません'], ['criteria nobody uses', { 'judging.by': 'office' }, '基準は使われません'], ['no end', { common: { ends_on: 'left_out' } }, 'common.ends_on'], ['one paper twice', { 'papers.1.from_dossier': 'rules' }, '2回求めて']
  ])('%s', (_, changes, words) => {
    expect(say('errors', changes)).toBe('');
    expect(say('warnings', changes)).toContain(words);
  });

  test('the city’s closing days move a deadline too', () => {
    expect(checkContent(SAMPLE_CONTENT, { closed: ['2026-05-29'] }).warnings.map(({ at }) => at)).toContain('windows.0.closes_on');
  });

  test('several choices may be wanted at once, one choice may not', () => {
    const both = (fact: string, ...values: string[]) => tests(...values.map((value) => ({ fact, is: 'one_of', values: [value] }))) as EditionQuestion['when'];
    expect(say('warnings', withQuestion({ when: both('themes', 'green', 'children') }))).not.toContain('questions.7');
    expect(say('warnings', withQuestion({ when: both('course', 'start_up', 'regular') }))).toContain('questions.7');
  });
});

test('the last day for the report lies in the fiscal year of the completion', () => {
  const last = (report_until: string, completion_due_on = '2027-02-26') => lastReportDay(sample({ after: { ...SAMPLE_CONTENT.after, report_until }, completion_due_on }));
  expect([last('03-31'), last('12-31'), last('04-01'), last(''), last('02-29'), last('02-29', '2028-02-01')]).toEqual(['2027-03-31', '2026-12-31', '2026-04-01', null, '2027-02-28', '2028-02-29']);
});

test('the names of common questions are those of the applications', () => {
  expect(new Set(COMMON_NAMES)).toEqual(new Set(Object.values(QUESTIONS).flat().map(({ name }) => name)));
});

test('whatever can be stored can be checked, and every finding has a place and words', () => {
  let flawed = 0;
  fc.assert(fc.property(stored, fc.option(fc.integer({ min: 2000, max: 2100 })), (content, fiscal_year) => {
    const findings = checkContent(content, { fiscal_year });
    if (findings.errors.length > 0) flawed += 1;
    for (const { at, message } of Object.values(findings).flat()) {
      expect(typeof at).toBe('string');
      expect(message).toMatch(/[ぁ-ん]/);
    }
  }), { numRuns: 2000 });
  expect(flawed).toBeGreaterThan(300);
});
