import { describe, expect, test } from 'vitest';
import { always } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { KNOWN } from './fixtures.ts';
import { LIMITS, type Figure, type Formula, type Given, type RowList, type Step } from './formula.ts';
import { rangesOf } from './range.ts';
import { faultsOf, readd } from './readd.ts';

const half = always({ numerator: 1, denominator: 2 });
const households = (more: Partial<Figure> = {}): Figure => ({
  key: 'households', label: '加入世帯', quantity: 'count', unit: '世帯', source: '自治会の届出', basis_on: '2026-04-01', minimum: 1, maximum: 5000, when: null, from: 'households', ...more
});
const lamps: RowList = {
  key: 'lamps', label: '防犯灯', unit: '基', maximum_rows: 40, when: null, classes: [{ key: 'pole', label: '既設の柱' }, { key: 'own', label: '専用の柱' }]
};
const formula = (steps: Step[], more: Partial<Formula> = {}): Formula => ({ figures: [], rows: [], steps, ...more });
const given = (more: Partial<Given> = {}): Given => ({ eligible: 0, total: 0, deducted: 0, granted_this_year: 0, figures: {}, rows: {}, facts: {}, ...more });

/** [label, formula, result] of every line, once the trace has added up again. */
function lines(rule: Formula, input: Given): string[][] {
  const result = evaluate(rule, input, KNOWN);
  if (!result.ok) throw new Error(`missing ${result.missing}`);
  expect(faultsOf(result.trace)).toEqual([]);
  return result.trace.map((step) => [step.label, step.formula, step.result]);
}

describe('the words of the trace', () => {
  test('率・上限・端数: the line above is not named again', () => {
    const rule = formula([
      { key: 'rated', label: '補助率をかける', do: 'rate', of: 'eligible', rate: half },
      { key: 'capped', label: '上限と比べる', do: 'cap', of: 'rated', yen: always(100_000) },
      { key: 'grant', label: '千円未満切捨て', do: 'round', of: 'capped', unit: 1000, mode: 'down' }
    ]);
    expect(lines(rule, given({ eligible: 150_001 }))).toEqual([
      ['補助対象経費', '対象になる支出の合計', '150,001円'],
      ['補助率をかける', '150,001円 × 2分の1', '75,000.5円'],
      ['上限と比べる', '75,000.5円 と上限 100,000円 の少ないほう', '75,000.5円'],
      ['千円未満切捨て', '75,000.5円 の1,000円未満を切り捨て', '75,000円']
    ]);
    const result = evaluate(rule, given({ eligible: 150_001 }));
    if (!result.ok) throw new Error('missing');
    expect(result.trace.map(({ key, do: kind, result_yen, value }) => [key, kind, result_yen, value])).toEqual([
      ['eligible', 'given', 150_001, '150001'], ['rated', 'rate', 75_000, '150001/2'], ['capped', 'cap', 75_000, '150001/2'], ['grant', 'round', 75_000, '75000']
    ]);
  });

  test('a case that applies says when', () => {
    const rule = formula([
      { key: 'rated', label: '補助率をかける', do: 'rate', of: 'eligible', rate: { otherwise: { numerator: 1, denominator: 2 }, cases: [{ when: { match: 'all', tests: [{ fact: 'course', is: 'one_of', values: ['a'] }] }, value: { numerator: 1, denominator: 1 } }] } }
    ]);
    expect(lines(rule, given({ eligible: 1000, facts: { course: 'a' } }))[1]).toEqual(['補助率をかける', '1,000円 × 全額（10分の10）（コースが「選択肢a」のとき）', '1,000円']);
    expect(lines(rule, given({ eligible: 1000, facts: { course: 'b' } }))[1]).toEqual(['補助率をかける', '1,000円 × 2分の1', '500円']);
  });

  test('段階ごとの単価, with the day and the source of the number', () => {
    const rule = formula([{ key: 'grant', label: '世帯割', do: 'tiers', figure: 'households', tiers: [{ from: 1, to: 50, yen: 500 }, { from: 51, to: 100, yen: 300 }, { from: 101, to: null, yen: 100 }] }], { figures: [households()] });
    expect(lines(rule, given({ figures: { households: 70 } }))).toEqual([
      ['加入世帯', '令和8年4月1日現在、自治会の届出', '70世帯'],
      ['世帯割', '1〜50世帯: 50世帯 × 500円 ＋ 51〜100世帯: 20世帯 × 300円', '31,000円']
    ]);
    expect(lines(rule, given({ figures: { households: 103 } }))[1]![1]).toBe('1〜50世帯: 50世帯 × 500円 ＋ 51〜100世帯: 50世帯 × 300円 ＋ 101世帯以上: 3世帯 × 100円');
  });

  test('単価 × 数, 合計, 差引, 少ないほう, 多いほう', () => {
    const rule = formula([
      { key: 'base', label: '均等割', do: 'amount', yen: always(10_000) },
      { key: 'heads', label: '世帯割', do: 'units', lines: [{ figure: 'households', yen: always(1400) }, { figure: 'new_homes', yen: always(2000) }] },
      { key: 'all', label: '限度額', do: 'sum', of: ['base', 'heads'] },
      { key: 'need', label: '市の負担', do: 'less', from: 'total', minus: ['deducted'] },
      { key: 'low', label: 'いずれか低い額', do: 'least', of: ['all', 'need', 'eligible'] },
      { key: 'grant', label: '最低保障', do: 'greatest', of: ['low', 'base'] }
    ], { figures: [households(), households({ key: 'new_homes', label: '新しい世帯', when: { match: 'all', tests: [{ fact: 'is_first', is: 'yes' }] } })] });
    const words = lines(rule, given({ eligible: 90_000, total: 50_000, deducted: 60_000, figures: { households: 120 }, facts: { is_first: false } }));
    expect(words).toEqual([
      ['均等割', '定額 10,000円', '10,000円'],
      ['加入世帯', '令和8年4月1日現在、自治会の届出', '120世帯'],
      ['世帯割', '加入世帯 120世帯 × 1,400円', '168,000円'],
      ['限度額', '均等割 10,000円 ＋ 世帯割 168,000円', '178,000円'],
      ['総事業費', '支出の合計', '50,000円'],
      ['差し引く収入', '差し引く収入の合計', '60,000円'],
      ['市の負担', '総事業費 50,000円 − 差し引く収入 60,000円（0円より少なくはなりません）', '0円'],
      ['補助対象経費', '対象になる支出の合計', '90,000円'],
      ['いずれか低い額', '限度額 178,000円、市の負担 0円、補助対象経費 90,000円 のうち最も少ない額', '0円'],
      ['最低保障', 'いずれか低い額 0円 と 均等割 10,000円 の多いほう', '10,000円']
    ]);
  });

  test('割合と区分', () => {
    const rule = formula([
      { key: 'old_share', label: '75歳以上の割合', do: 'share', figure: 'old', of: 'people' },
      { key: 'grant', label: '基準額', do: 'bracket', of: 'old_share', brackets: [{ from: 0, to: 29, yen: 10_000 }, { from: 30, to: null, yen: 20_000 }] }
    ], { figures: [households({ key: 'people', label: '住民', unit: '人' }), households({ key: 'old', label: '75歳以上', unit: '人', minimum: 0, basis_on: null })] });
    expect(lines(rule, given({ figures: { people: 120, old: 41 } })).slice(2)).toEqual([
      ['75歳以上の割合', '75歳以上 41人 ÷ 住民 120人（1％未満切捨て）', '34％'],
      ['基準額', '75歳以上の割合 34％は「30％以上」の区分', '20,000円']
    ]);
  });

  test('1件ごと: equal rows stand together, and each is rounded by itself', () => {
    const rule = formula([{
      key: 'grant', label: '防犯灯の補助', do: 'each', rows: 'lamps', rounding: { unit: 100, mode: 'down' },
      classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen: 12_000 }, { class: 'own', rate: { numerator: 1, denominator: 2 }, cap_yen: null }]
    }], { rows: [lamps] });
    const row = (kind: string, cost_yen: number) => ({ class: kind, cost_yen });
    expect(lines(rule, given({ rows: { lamps: [row('pole', 25_000), row('own', 33_333), row('pole', 25_000)] } }))).toEqual([
      ['防犯灯の補助', '既設の柱 25,000円 × 2分の1、上限 12,000円 → 12,000円 × 2基 ＋ 専用の柱 33,333円 × 2分の1 → 16,600円（1基ごとに100円未満切捨て）', '40,600円']
    ]);
    expect(lines(rule, given({ rows: { lamps: [] } }))).toEqual([['防犯灯の補助', '防犯灯の行がありません', '0円']]);
    const many = lines(rule, given({ rows: { lamps: Array.from({ length: 30 }, (_, n) => row('own', 20_000 + n * 200)) } }))[0]!;
    expect(many[1]).toContain(' ＋ ほか 10基 124,500円');
    expect(many[2]).toBe('343,500円');
  });
});

describe('what is not asked, and what is missing', () => {
  const courseA = { match: 'all' as const, tests: [{ fact: 'course', is: 'one_of' as const, values: ['a'] }] };
  const rule = formula([
    { key: 'heads', label: '世帯割', do: 'units', lines: [{ figure: 'households', yen: always(1000) }] },
    { key: 'rated', label: '事業割', do: 'rate', of: 'eligible', rate: half },
    { key: 'sum', label: '合計', do: 'sum', of: ['heads', 'rated'] },
    { key: 'grant', label: '端数', do: 'round', of: 'sum', unit: 1, mode: 'down' },
  ], { figures: [households({ when: courseA })] });

  test('the question that decides is missing, not the figure behind it', () => {
    expect(evaluate(rule, given({ eligible: 100 }))).toEqual({ ok: false, missing: ['course'] });
    expect(evaluate(rule, given({ eligible: 100, facts: { course: 'a' } }))).toEqual({ ok: false, missing: ['households'] });
    expect(evaluate(rule, given({ eligible: 100, facts: { course: 'b' } }))).toMatchObject({ ok: true, result_yen: 50 });
    expect(evaluate(rule, given({ eligible: 100, facts: { course: 'b' }, figures: { households: 30 } }))).toMatchObject({ ok: true, result_yen: 50 });
    expect(evaluate(rule, given({ eligible: 100, facts: { course: 'a' }, figures: { households: 30 } }))).toMatchObject({ ok: true, result_yen: 30_050 });
  });

  test('a number outside its bounds is asked for again', () => {
    for (const number of [0, 5001]) expect(evaluate(rule, given({ facts: { course: 'a' }, figures: { households: number } })), String(number)).toEqual({ ok: false, missing: ['households'] });
  });

  test('a step that leads nowhere asks for nothing and is not shown', () => {
    const aside: Formula = { ...rule, steps: [rule.steps[0]!, { key: 'grant', label: '定額', do: 'amount', yen: always(5000) }] };
    expect(evaluate(aside, given())).toMatchObject({ ok: true, result_yen: 5000, trace: [{ key: 'grant' }] });
  });

  test('a rate of nothing shuts what is behind it: a course for some', () => {
    const shut: Formula = formula([
      { key: 'heads', label: '世帯割', do: 'units', lines: [{ figure: 'households', yen: always(1000) }] },
      { key: 'grant', label: 'Aコースだけ', do: 'rate', of: 'heads', rate: { otherwise: { numerator: 0, denominator: 1 }, cases: [{ when: courseA, value: { numerator: 1, denominator: 1 } }] } }
    ], { figures: [households()] });
    expect(evaluate(shut, given({ facts: { course: 'c' } }), KNOWN)).toMatchObject({ ok: true, result_yen: 0, trace: [{ formula: '補助率 0（対象外）' }] });
    expect(evaluate(shut, given({ facts: { course: 'a' } }))).toEqual({ ok: false, missing: ['households'] });
  });

  test('an absent list is missing; too many rows, a class that is gone or costs beyond a budget are asked for again', () => {
    const each = formula([{ key: 'grant', label: '灯', do: 'each', rows: 'lamps', rounding: { unit: 1, mode: 'down' }, classes: lamps.classes.map(({ key }) => ({ class: key, rate: { numerator: 1, denominator: 1 }, cap_yen: null })) }], { rows: [lamps] });
    const row = { class: 'pole', cost_yen: 1 };
    const wrong: Given['rows'][] = [{}, { lamps: Array.from({ length: 41 }, () => row) }, { lamps: [{ ...row, class: 'gone' }] }, { lamps: [row, { ...row, cost_yen: LIMITS.budget }] }];
    for (const rows of wrong) {
      expect(evaluate(each, given({ rows }))).toEqual({ ok: false, missing: ['lamps'] });
    }
    expect(evaluate(each, given({ rows: { lamps: [row, { ...row, cost_yen: LIMITS.budget - 1 }] } }))).toMatchObject({ ok: true, result_yen: LIMITS.budget });
  });

  test('200 rows lifted at the ceiling of a budget stay within the range that was foreseen', () => {
    const list = { ...lamps, maximum_rows: 200 };
    const each = formula([{ key: 'grant', label: '灯', do: 'each', rows: 'lamps', rounding: { unit: 10_000, mode: 'up' }, classes: lamps.classes.map(({ key }) => ({ class: key, rate: { numerator: 1, denominator: 1 }, cap_yen: null })) }], { rows: [list] });
    const rows = Array.from({ length: 200 }, (_, index) => ({ class: 'pole', cost_yen: index === 0 ? LIMITS.budget - 199 : 1 }));
    const result = evaluate(each, given({ rows: { lamps: rows } }));
    expect(result).toMatchObject({ ok: true, result_yen: LIMITS.budget + 1 + 199 * 10_000 });
    expect(Number(rangesOf(each).get('grant')!.max.n)).toBeGreaterThanOrEqual(result.ok ? result.result_yen : Infinity);
  });

  test('the whole of a share that is not asked for is a share of nothing', () => {
    const share = formula([
      { key: 'share', label: '割合', do: 'share', figure: 'old', of: 'households' },
      { key: 'grant', label: '区分', do: 'bracket', of: 'share', brackets: [{ from: 0, to: 0, yen: 0 }, { from: 1, to: null, yen: 5000 }] }
    ], { figures: [households({ key: 'old', label: '高齢', minimum: 0 }), households({ when: courseA })] });
    expect(lines(share, given({ facts: { course: 'b' }, figures: { old: 3 } })).slice(1)).toEqual([
      ['加入世帯', 'この申請では対象になりません', '0世帯'], ['割合', 'この申請では対象になりません', '0％'], ['区分', '割合 0％は「0％」の区分', '0円']
    ]);
  });
});

describe('adding up again', () => {
  test('a line somebody has touched does not add up', () => {
    const rule = formula([
      { key: 'rated', label: '率', do: 'rate', of: 'eligible', rate: half }, { key: 'grant', label: '端数', do: 'round', of: 'rated', unit: 100, mode: 'down' }
    ]);
    const result = evaluate(rule, given({ eligible: 12_345 }));
    if (!result.ok) throw new Error('missing');
    expect(result.trace.map(readd)).toEqual(['12345', '12345/2', '6100']);
    const touched = (key: string, change: object) => faultsOf(result.trace.map((step) => (step.key === key ? { ...step, ...change } : step)));
    expect(touched('grant', { value: '6200' })).toHaveLength(2);
    expect(touched('grant', { result_yen: 6200 })).toHaveLength(1);
    expect(touched('eligible', { value: '20000', result_yen: 20_000, parts: [{ name: '補助対象経費', value: '20000', op: 'add', line: 'eligible' }] })).toEqual(['rated: 補助対象経費 12345 is not the value of eligible']);
    expect(touched('rated', { parts: [{ name: '率', value: '1/2', op: 'times', line: null }] })[0]).toContain('nothing to work on');
    expect(touched('rated', { parts: [{ name: '率', value: '半分', op: 'add', line: null }] })[0]).toContain('not an exact value');
  });

  test('a bracket that is not the right one, and tiers that leave a household out, do not add up', () => {
    const part = (op: 'number' | 'from' | 'to' | 'add' | 'times', value: string) => ({ name: '', value, op, line: null });
    expect(readd({ do: 'bracket', parts: [part('number', '50'), part('from', '0'), part('to', '50'), part('add', '7')] })).toBe('7');
    expect(() => readd({ do: 'bracket', parts: [part('number', '51'), part('from', '0'), part('to', '50'), part('add', '7')] })).toThrow(RangeError);
    expect(() => readd({ do: 'bracket', parts: [part('number', '51'), part('from', '52'), part('add', '7')] })).toThrow(RangeError);
    expect(() => readd({ do: 'tiers', parts: [part('number', '70'), part('add', '50'), part('times', '500')] })).toThrow(RangeError);
  });
});
