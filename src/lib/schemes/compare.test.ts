import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareContents, touchesRights, type Change, type Favour } from './compare.ts';
import { OPTIONAL_COMMON, type EditionContent } from './content.ts';
import { readContent } from './content-schema.ts';
import { asJson, changeAt, sample, stored, type Json } from './fixtures.ts';
import { SAMPLE_CONTENT as BEFORE } from './sample-content.ts';

function changed(changes: Record<string, unknown>): EditionContent {
  const json = Object.entries(changes).reduce<Json>((made, [path, value]) =>
    changeAt(made, path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)), () => value as Json | undefined), asJson(BEFORE));
  const read = readContent(json);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.content;
}
const differences = (changes: Record<string, unknown>): Change[] => compareContents(BEFORE, changed(changes));
const without = (list: 'eligibility' | 'windows' | 'questions' | 'papers' | 'categories' | 'funding' | 'requirements', index: number) => ({ [list]: BEFORE[list].filter((_, at) => at !== index) });
const plus = <L extends 'eligibility' | 'windows' | 'questions' | 'papers' | 'categories' | 'funding' | 'requirements'>(list: L, from: number, change: Partial<EditionContent[L][number]>) =>
  ({ [list]: [...BEFORE[list], { ...BEFORE[list][from]!, key: 'new', ...change }] });
const criteria = BEFORE.judging.criteria;

describe('what touches rights, and whom it favours', () => {
  const RIGHT: [string, Record<string, unknown>, Favour][] = [
    ['a lower rate', { 'formula.steps.1.rate.otherwise': { numerator: 1, denominator: 3 } }, 'against'], ['a higher rate', { 'formula.steps.1.rate.otherwise': { numerator: 2, denominator: 3 } }, 'applicant'],
    ['a lower cap in one case', { 'formula.steps.2.yen.cases.0.value': 90_000 }, 'against'], ['one cap up, one down', { 'formula.steps.2.yen.cases.0.value': 90_000, 'formula.steps.2.yen.otherwise': 300_000 }, 'unclear'], ['another rounding', { 'formula.steps.3.unit': 100 }, 'unclear'],
    ['a step less', { 'formula.steps': BEFORE.formula.steps.filter(({ key }) => key !== 'capped').map((step) => (step.do === 'round' ? { ...step, of: 'rated' } : step)) }, 'unclear'], ['another base', { 'formula.steps.0.minus': ['granted_this_year'] }, 'unclear'],
    ['more members', { 'eligibility.1.minimum': 10 }, 'against'], ['fewer members', { 'eligibility.1.minimum': 3 }, 'applicant'], ['fewer kinds', { 'eligibility.0.kinds': ['npo'] }, 'against'], ['other kinds', { 'eligibility.0.kinds': ['npo'], 'eligibility.1.minimum': 3 }, 'against'],
    ['a smaller share', { 'eligibility.2.share': { numerator: 1, denominator: 3 } }, 'applicant'], ['at least instead of more than', { 'eligibility.2.more_than': false }, 'unclear'], ['a shorter time since the founding', { 'eligibility.3.maximum_years': 2 }, 'against'], ['another basis day', { 'eligibility.3.basis_on': '2026-05-01' }, 'unclear'],
    ['a rule for everybody', { 'eligibility.3.when': null }, 'unclear'], ['a rule less', without('eligibility', 1), 'applicant'], ['a rule more', plus('eligibility', 1, {}), 'against'], ['another declaration', { 'eligibility.11.text': '別の文' }, 'unclear'], ['a declaration that may be asked about', { 'eligibility.11.otherwise': 'ask' }, 'applicant'],
    ['not eligible any more', { 'categories.6.eligible': false, 'categories.6.reason': '理由' }, 'against'], ['a lower cap of a category', { 'categories.5.cap_yen': 1_000 }, 'against'], ['no cap any more', { 'categories.5.cap_yen': null }, 'applicant'], ['a cap by share', { 'categories.6.cap_share': { numerator: 1, denominator: 2 } }, 'against'],
    ['deducted', { 'categories.4.deducted': true }, 'against'], ['a category less', without('categories', 6), 'against'], ['a category renamed', { 'categories.6.name': '事務用品費' }, 'unclear'], ['a new category with a cap', plus('categories', 5, {}), 'unclear'], ['a new category that is not eligible', plus('categories', 12, {}), 'unclear'],
    ['closing earlier', { 'windows.0.closes_on': '2026-05-28' }, 'against'], ['closing an hour earlier', { 'windows.0.closes_at_time': '16:00' }, 'against'], ['opening later', { 'windows.1.opens_on': '2026-07-02' }, 'against'], ['a window less', without('windows', 1), 'against'], ['deadlines move the other way', { closed_day: 'before' }, 'against'],
    ['completion earlier', { completion_due_on: '2027-01-31' }, 'against'], ['to be begun later', { starts_from: '2026-07-01' }, 'against'], ['a longer form sooner', { long_form_from_yen: 30_000 }, 'against'],
    ['a required question', plus('questions', 4, { label: '新しい設問' }), 'against'], ['made required', { 'questions.3.required': true }, 'against'], ['a question less', without('questions', 6), 'unclear'], ['an option less', { 'questions.3.options': BEFORE.questions[3]!.options.slice(1) }, 'against'], ['an option renamed', { 'questions.3.options.0.label': '別' }, 'unclear'],
    ['another kind of answer', { 'questions.1.kind': 'text', 'questions.1.max': 200 }, 'unclear'], ['less room', { 'questions.1.max': 300 }, 'against'], ['asked of others', { 'questions.1.when': BEFORE.questions[2]!.when }, 'unclear'], ['required from less on', { 'questions.2.from_yen': 10_000 }, 'against'],
    ['a required paper', plus('papers', 0, { name: '新しい書類' }), 'against'], ['a paper made required', { 'papers.5.required': true }, 'against'], ['a paper of more kinds', { 'papers.4.kinds': ['npo', 'association'] }, 'against'], ['a paper from less on', { 'papers.2.from_yen': null }, 'against'],
    ['a common question', { 'common.continuity': 'asked' }, 'against'], ['a common question less', { common: { ...BEFORE.common, steps: 'left_out' } }, 'applicant'], ['the short way', { 'route.otherwise': 'short' }, 'unclear'], ['no budget', { 'needs_budget.otherwise': false }, 'unclear'],
    ['another weight', { 'judging.criteria.0.weight': 20 }, 'unclear'], ['a criterion more', { 'judging.criteria': [...criteria, { ...criteria[0]!, key: 'new', name: '新' }] }, 'unclear'], ['a higher floor', { 'judging.floor_percent': 70 }, 'against'], ['no floor', { 'judging.floor_percent': null }, 'applicant'], ['another tie', { 'judging.tie': { by: 'earlier_receipt' } }, 'unclear'],
    ['results another way', { 'judging.release': 'at_decision' }, 'unclear'], ['a check more', plus('requirements', 0, { name: '新' }), 'unclear'], ['a condition more', { 'letters.award.conditions': [...BEFORE.letters.award!.conditions, '新しい条件'] }, 'against'], ['a smaller advance', { 'after.advance': { numerator: 1, denominator: 2 } }, 'against'],
    ['no advance', { 'after.advance': null }, 'against'], ['papers kept longer', { 'after.keep_years': 10 }, 'against'], ['an earlier report', { 'after.report_until': '02-28' }, 'against'], ['the report before the new year', { 'after.report_until': '12-31' }, 'against'], ['withdrawn until the start', { 'after.withdrawal_days': null }, 'unclear'],
    ['less money', { 'funding.0.amount_yen': 600_000 }, 'against'], ['another basis', { legal_basis: '別の要綱' }, 'unclear'], ['no letter any more', { 'documents.withdrawal': undefined }, 'unclear']
  ];
  test.each(RIGHT)('right: %s', (_, changes, favour) => {
    const found = differences(changes);
    expect(touchesRights(found)).toBe(true);
    expect(found.filter(({ right }) => right).map((one) => one.favour)).toContain(favour);
  });

  const FREE: [string, Record<string, unknown>, Favour][] = [
    ['a name', { name: '別の名前' }, null], ['a purpose', { purpose: '別の目的' }, null], ['a hint', { 'questions.0.hint': '別の説明' }, null], ['a question’s words', { 'questions.0.label': 'コース' }, null], ['the contact', { 'contact.phone': '000' }, null], ['an article', { 'eligibility.1.article': '第9条' }, null],
    ['a form number', { 'documents.award.form_number': '様式第9号' }, null], ['closing later', { 'windows.0.closes_on': '2026-06-01', 'windows.0.closes_at_time': '09:00' }, 'applicant'], ['opening earlier', { 'windows.0.opens_on': '2026-04-10' }, 'applicant'], ['a window more', plus('windows', 1, {}), 'applicant'],
    ['more money', { 'funding.0.amount_yen': 900_000 }, 'applicant'], ['a source more', plus('funding', 0, { name: '寄附金' }), 'applicant'], ['an optional paper', plus('papers', 5, { name: '写真' }), null], ['an optional question', plus('questions', 3, { label: '新しい設問' }), null],
    ['made optional', { 'questions.4.required': false }, 'applicant'], ['a paper less', without('papers', 3), 'applicant'], ['an option more', { 'questions.3.options': [...BEFORE.questions[3]!.options, { key: 'new', label: '新しい分野' }] }, 'applicant'], ['a new eligible category', plus('categories', 6, { name: '燃料費' }), 'applicant'],
    ['completion later', { completion_due_on: '2027-03-31' }, 'applicant'], ['what a criterion looks at', { 'judging.criteria.0.description': '別の文' }, null], ['a notice', { 'letters.award.notices': ['別の文'] }, null], ['a new letter’s opening', { letters: { ...BEFORE.letters, settlement: { opening: '文', conditions: [], notices: [] } } }, null], ['open though spent', { close_when_spent: false }, 'applicant'],
    ['rows moved', { papers: [...BEFORE.papers].reverse() }, null], ['a step’s name', { 'formula.steps.1.label': '率' }, null], ['the long form later', { long_form_from_yen: 80_000 }, 'applicant'], ['a paper of fewer kinds', { 'papers.0.kinds': ['npo'] }, 'applicant'], ['keywords', { 'catalogue.keywords': ['花'] }, null], ['begun any time', { starts_from: null }, 'applicant']
  ];
  test.each(FREE)('free: %s', (_, changes, favour) => {
    const found = differences(changes);
    expect(found.length).toBeGreaterThan(0);
    expect(touchesRights(found)).toBe(false);
    expect(found.map((one) => one.favour)).toContain(favour);
  });
});

describe('in words', () => {
  const words = (changes: Record<string, unknown>): string[] => differences(changes).map(({ place, before, after }) => `${place}：${before} → ${after}`);

  test('values, rows, steps and moves', () => {
    expect(words({ 'windows.0.closes_on': '2026-05-20' })).toEqual(['受付期間の1行目（第1回）の締切日：令和8年5月29日17時 → 令和8年5月20日17時']);
    expect(words({ 'eligibility.1.minimum': 3 })).toEqual(['申請できる団体の条件の2行目：会員が5人以上いること（第3条第1号（設定例）） → 会員が3人以上いること（第3条第1号（設定例））']);
    expect(words(without('papers', 2))).toEqual(['添付書類（前の3行目）：「見積書」（必須） → なし']);
    expect(words(plus('categories', 5, { name: '謝金' }))).toEqual(['収支の区分の16行目（謝金）：なし → 「謝金」（支出、対象、上限50,000円）']);
    expect(words({ 'after.surcharge_basis_points': 0 })).toEqual(['交付決定のあとの加算金の割合：年10.95％ → 年0.00％']);
    expect(words({ funding: [...BEFORE.funding].reverse() })).toEqual(['財源の順番：市報広告料収入（設定例）、一般財源（設定例） → 一般財源（設定例）、市報広告料収入（設定例）']);
    const [cap] = words({ 'formula.steps.2.yen.otherwise': 150_000 });
    expect(cap).toMatch(/計算式の手順の3行目（上限と比べた額）：「上限と比べた額」：「補助率をかけた額」と上限（.*「スタートアップ」のとき100,000円、そのほかは200,000円）の少ないほう → .*150,000円）の少ないほう/);
    expect(words({ 'letters.award.conditions.0': '別の条件' })).toHaveLength(2);
    expect(words({ common: {} })).toContain('共通の設問の来年度からの続け方：申請額が大きいときだけ聞く → 聞く');
  });

  test('a row that moved and changed is told for what changed, and as moved', () => {
    const papers = [BEFORE.papers[1]!, { ...BEFORE.papers[0]!, hint: '別の説明' }, ...BEFORE.papers.slice(2)];
    expect(compareContents(BEFORE, sample({ papers })).map(({ at }) => at)).toEqual(['papers.1.hint', 'papers']);
  });
});

describe('of any two editions', () => {
  test('one does not differ from itself, however its keys are ordered', () => {
    const reversed = (value: Json): Json => (Array.isArray(value) ? value.map(reversed) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, child]) => [key, reversed(child)])) : value);
    fc.assert(fc.property(stored, (content) => {
      expect(compareContents(content, content)).toEqual([]);
      expect(compareContents(content, reversed(asJson(content)) as unknown as EditionContent)).toEqual([]);
    }), { numRuns: 300 });
  });

  test('a difference is always told, in words, at a place; both ways', () => {
    const asked = Object.fromEntries(OPTIONAL_COMMON.map((name) => [name, 'asked']));
    const heard = ({ letters, common, ...rest }: EditionContent): unknown => ({
      ...rest, common: { ...asked, ...common },
      letters: Object.fromEntries(Object.entries(letters).filter(([, letter]) => letter !== undefined && (letter.opening !== '' || letter.conditions.length + letter.notices.length > 0)))
    });
    fc.assert(fc.property(stored, stored, (before, after) => {
      const found = compareContents(before, after);
      expect(found.length > 0).toBe(!isDeepStrictEqual(heard(before), heard(after)));
      expect(compareContents(after, before).length > 0).toBe(found.length > 0);
      for (const { place, before: old, after: now } of found) for (const words of [place, old, now]) expect(words).not.toMatch(/undefined|\[object|null|NaN/);
    }), { numRuns: 300 });
  });
});
