import { describe, expect, test } from 'vitest';
import { BUDGET_MAX_YEN } from '../applications/budget.ts';
import { MAX_YEN } from '../money/yen.ts';
import { always, type Cases } from './condition.ts';
import { checkFormula } from './check.ts';
import { KNOWN } from './fixtures.ts';
import { LIMITS, type Figure, type Formula, type Rate, type RowList, type Step } from './formula.ts';
import { isMonotoneInCost } from './monotone.ts';

const half = always({ numerator: 1, denominator: 2 });
const households: Figure = { key: 'households', label: '加入世帯', quantity: 'count', unit: '世帯', source: '届出', basis_on: '2026-04-01', minimum: 1, maximum: 500, when: null, from: 'households' };
const lamps: RowList = { key: 'lamps', label: '防犯灯', unit: '基', maximum_rows: 40, when: null, classes: [{ key: 'pole', label: '柱' }] };
const formula = (steps: Step[], more: Partial<Formula> = {}): Formula => ({ figures: [], rows: [], steps, ...more });
const said = (rule: Formula, kind: 'errors' | 'warnings'): string[] => checkFormula(rule, KNOWN)[kind].map(({ at, message }) => `${at} ${message}`);
const amount = (key: string, yen: number): Step => ({ key, label: key, do: 'amount', yen: always(yen) });
const rated = (rate: Cases<Rate>): Step => ({ key: 'rated', label: '補助率をかける', do: 'rate', of: 'eligible', rate });
const down = (of: string, unit = 1000): Step => ({ key: 'grant', label: '切捨て', do: 'round', of, unit, mode: 'down' });

test('the ceilings of this folder are those of the budget and of the columns', () => {
  expect([LIMITS.budget, LIMITS.yen]).toEqual([BUDGET_MAX_YEN, MAX_YEN]);
});

describe('errors name the place and the reason', () => {
  test('a rate above one', () => {
    expect(said(formula([rated(always({ numerator: 3, denominator: 2 })), down('rated')]), 'errors')).toEqual([
      'steps.0.rate.otherwise 手順1「補助率をかける」: 率が100％を超えています（2分の3）。100％までにしてください。'
    ]);
  });
  test('in a case, too', () => {
    const when = { match: 'all' as const, tests: [{ fact: 'course', is: 'one_of' as const, values: ['z'] }] };
    expect(said(formula([rated({ otherwise: { numerator: 1, denominator: 2 }, cases: [{ when, value: { numerator: 1, denominator: 0 } }] }), down('rated')]), 'errors')).toEqual([
      'steps.0.rate.cases.0.when.tests.0.values.0 手順1「補助率をかける」: 「コース」に選択肢「z」はありません。',
      'steps.0.rate.cases.0.value 手順1「補助率をかける」: 率の分子は0以上、分母は1以上の整数にしてください。'
    ]);
  });
  test('a fraction of a yen at the end, but not where every case is whole', () => {
    expect(said(formula([rated(half)]), 'errors')).toEqual(['steps.0 手順1「補助率をかける」: 結果に1円未満の端数が出ることがあります。最後に端数処理の手順を足してください。']);
    expect(said(formula([amount('base', 100_000), { ...rated(half), of: 'base' } as Step]), 'errors')).toEqual([]);
    expect(said(formula([rated(always({ numerator: 10, denominator: 10 }))]), 'errors')).toEqual([]);
  });
  test('an amount beyond the columns', () => {
    const rule = formula([{ key: 'grant', label: '世帯割', do: 'units', lines: [{ figure: 'households', yen: always(20_000) }] }], { figures: [{ ...households, maximum: LIMITS.figure }] });
    expect(said(rule, 'errors')).toEqual(['steps.0 手順1「世帯割」: 999,999,999,999円を超えることがあります（最大 1,999,999,980,000円）。上限を置くか、たずねる数の最大や単価を小さくしてください。']);
  });
  test('a large city at an ordinary price, and 200 lights without a cap, stay within them', () => {
    expect(said(formula([{ key: 'grant', label: '世帯割', do: 'units', lines: [{ figure: 'households', yen: always(9999) }] }], { figures: [{ ...households, maximum: LIMITS.figure }] }), 'errors')).toEqual([]);
    const each: Step = { key: 'grant', label: '灯', do: 'each', rows: 'lamps', classes: [{ class: 'pole', rate: { numerator: 1, denominator: 1 }, cap_yen: null }], rounding: { unit: 10_000, mode: 'up' } };
    expect(said(formula([each], { rows: [{ ...lamps, maximum_rows: 200 }] }), 'errors')).toEqual([]);
    expect(said(formula([{ key: 'all', label: '合計', do: 'sum', of: ['eligible', 'total', 'deducted'] }]), 'errors')).toEqual([]);
  });
  test('figures that wait for each other', () => {
    const waits = (key: string, on: string): Figure => ({ ...households, key, label: key, when: { match: 'all', tests: [{ fact: on, is: 'at_least', number: 5 }] } });
    expect(said(formula([amount('grant', 1)], { figures: [waits('a', 'b'), waits('b', 'a')] }), 'errors')).toEqual([
      'figures.0.when.tests.0.fact たずねる数「a」: 条件の項目「b」が見つかりません。ここより前にある質問か数を選んでください。'
    ]);
  });
});

describe('warnings', () => {
  const warned = (rule: Formula): string[] => {
    expect(said(rule, 'errors')).toEqual([]);
    return said(rule, 'warnings');
  };
  test('an ordinary rule has none', () => {
    expect(warned(formula([rated(half), { key: 'capped', label: '上限', do: 'cap', of: 'rated', yen: always(100_000) }, down('capped')]))).toEqual([]);
    expect(warned(formula([rated(always({ numerator: 10, denominator: 10 })), { key: 'capped', label: '上限', do: 'cap', of: 'rated', yen: always(100_000) }, down('capped')]))).toEqual([]);
  });
  test('a cap below the unit of the rounding after it', () => {
    expect(warned(formula([rated(half), { key: 'capped', label: '上限', do: 'cap', of: 'rated', yen: { otherwise: 5000, cases: [{ when: { match: 'all', tests: [{ fact: 'is_first', is: 'yes' }] }, value: 900 }] } }, down('capped')]))).toEqual([
      'steps.2.unit 手順3「切捨て」: 上限（手順「上限」）が端数処理の単位より小さいので、その場合の結果はいつも0円になります。'
    ]);
  });
  test('rounding up after a cap, or after the lesser', () => {
    const up = (of: string): Step => ({ ...down(of), mode: 'up' } as Step);
    expect(warned(formula([rated(half), { key: 'capped', label: '上限', do: 'cap', of: 'rated', yen: always(5500) }, up('capped')]))[0]).toContain('上限を超えることがあります');
    expect(warned(formula([{ key: 'low', label: '低い額', do: 'least', of: ['eligible', 'total'] }, up('low')]))[0]).toContain('もとの金額を超えることがあります');
    const each = (cap_yen: number, mode: 'up' | 'down'): Step => ({ key: 'grant', label: '灯', do: 'each', rows: 'lamps', classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen }], rounding: { unit: 1000, mode } });
    expect(warned(formula([each(5500, 'up')], { rows: [lamps] }))[0]).toContain('steps.0.classes.0.cap_yen');
    expect(warned(formula([each(900, 'down')], { rows: [lamps] })).join()).toContain('いつも0');
    expect(warned(formula([each(5000, 'up')], { rows: [lamps] }))).toEqual([]);
  });
  test('what nobody uses', () => {
    const rule = formula([rated(half), amount('grant', 1000)], { figures: [households], rows: [lamps] });
    expect(warned(rule)).toEqual([
      'steps.0 手順1「補助率をかける」: 最後の手順につながっていないので、補助額に使われません。',
      'figures.0 たずねる数「加入世帯」: どの手順でも使われません。', 'rows.0 一覧「防犯灯」: どの手順でも使われません。'
    ]);
    const inCondition: Step = { key: 'grant', label: '定額', do: 'amount', yen: { otherwise: 1000, cases: [{ when: { match: 'all', tests: [{ fact: 'households', is: 'at_least', number: 100 }] }, value: 2000 }] } };
    expect(warned(formula([inCondition], { figures: [households] }))).toEqual([]);
  });
  test('what never matters', () => {
    expect(warned(formula([amount('base', 5000), { key: 'grant', label: '上限', do: 'cap', of: 'base', yen: always(5000) }]))).toEqual(['steps.1.yen 手順2「上限」: 上限に届くことがないので、この手順は結果を変えません。']);
    expect(warned(formula([amount('base', 5000), down('base')]))).toEqual(['steps.1.unit 手順2「切捨て」: 端数が出ないので、この手順は結果を変えません。']);
    expect(warned(formula([amount('low', 10), amount('high', 20), { key: 'grant', label: '低い額', do: 'least', of: ['low', 'high'] }]))).toEqual(['steps.2.of.1 手順3「低い額」: 2番目の金額が選ばれることはありません。']);
    expect(warned(formula([amount('low', 10), amount('high', 20), { key: 'grant', label: '高い額', do: 'greatest', of: ['low', 'high'] }]))).toEqual(['steps.2.of.0 手順3「高い額」: 1番目の金額が選ばれることはありません。']);
    expect(warned(formula([amount('none', 0), { key: 'grant', label: '合計', do: 'sum', of: ['none', 'eligible'] }]))).toEqual(['steps.0 手順1「none」: 結果がいつも0になります。', 'steps.1.of.0 手順2「合計」: 1番目の金額はいつも0円です。']);
  });
  test('conditions nobody meets, or everybody', () => {
    const when = (number: number) => ({ match: 'all' as const, tests: [{ fact: 'times', is: 'at_least' as const, number }] });
    const grant = (number: number): Step => ({ key: 'grant', label: '定額', do: 'amount', yen: { otherwise: 1, cases: [{ when: when(number), value: 2 }] } });
    expect(warned(formula([grant(0)]))).toEqual(['steps.0.yen.cases.0.when.tests.0.number 手順1「定額」: 「開催回数」は0から20までなので、この条件はいつも当てはまります。']);
    expect(warned(formula([grant(21)]))[0]).toContain('当てはまることがありません');
    const twice: Step = { key: 'grant', label: '定額', do: 'amount', yen: { otherwise: 1, cases: [{ when: when(3), value: 2 }, { when: when(3), value: 4 }] } };
    expect(warned(formula([twice]))).toEqual(['steps.0.yen.cases.1.when 手順1「定額」: 同じ条件が前にあるので、この場合は使われません。']);
  });
  test('a divisor that is not always asked for', () => {
    const people: Figure = { ...households, key: 'people', label: '住民', when: { match: 'all', tests: [{ fact: 'is_first', is: 'yes' }] } };
    const rule = formula([{ key: 'share', label: '割合', do: 'share', figure: 'households', of: 'people' }, { key: 'grant', label: '区分', do: 'bracket', of: 'share', brackets: [{ from: 0, to: 9, yen: 1 }, { from: 10, to: null, yen: 2 }] }], { figures: [households, people] });
    expect(warned(rule)).toEqual(['steps.0.of 手順1「割合」: 「住民」をたずねない場合、割合は0％になります。']);
  });
});

describe('monotone in cost', () => {
  const bracket = (...yen: number[]): Step => ({ key: 'grant', label: '区分', do: 'bracket', of: 'eligible', brackets: yen.map((one, index) => ({ from: index * 1000, to: index === yen.length - 1 ? null : index * 1000 + 999, yen: one })) });
  test.each<[string, Step[], boolean]>([
    ['a rate, a cap and a rounding', [rated(half), { key: 'capped', label: '上限', do: 'cap', of: 'rated', yen: always(1000) }, down('capped')], true],
    ['an amount that never moves', [amount('grant', 1)], true],
    ['what is left of a fixed sum', [amount('limit', 1000), { key: 'grant', label: '残り', do: 'less', from: 'limit', minus: ['eligible'] }], false],
    ['what is left of the cost', [{ key: 'grant', label: '差引', do: 'less', from: 'total', minus: ['deducted'] }], true],
    ['the cost less other cost', [{ key: 'grant', label: '差引', do: 'less', from: 'total', minus: ['eligible'] }], false],
    ['less of what falls', [amount('limit', 1000), { key: 'rest', label: '残り', do: 'less', from: 'limit', minus: ['eligible'] }, { key: 'grant', label: '差引', do: 'less', from: 'limit', minus: ['rest'] }], true],
    ['brackets that rise', [bracket(0, 10, 10, 20)], true],
    ['brackets that fall', [bracket(20, 10)], false],
    ['brackets that rise and fall', [bracket(0, 10, 5)], false],
    ['brackets all alike', [bracket(5, 5)], true],
    ['a sum of what rises and what falls', [amount('limit', 1000), { key: 'rest', label: '残り', do: 'less', from: 'limit', minus: ['eligible'] }, { key: 'grant', label: '合計', do: 'sum', of: ['rest', 'eligible'] }], false]
  ])('%s', (_, steps, monotone) => {
    expect(isMonotoneInCost(formula(steps))).toBe(monotone);
  });
});
