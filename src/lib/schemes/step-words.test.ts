import { describe, expect, test } from 'vitest';
import { schemeExamples } from '../../../tests/examples/schemes.ts';
import { ceilingOf } from './ceiling.ts';
import { checkContent } from './check-content.ts';
import { readContent } from './content-schema.ts';
import { figureInWords, formulaInWords, rowListInWords, stepInWords, type StepNames } from './step-words.ts';
import { sample } from './fixtures.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

const money = (yen: number) => ({ otherwise: yen, cases: [] });

test('the sample, a line a step', () => {
  expect(formulaInWords(SAMPLE_CONTENT).map(({ label, words }) => `${label}：${words}`)).toEqual([
    '差し引いたあとの経費：「補助対象経費」から「差し引く収入」を差し引く（0円まで）', expect.stringMatching(/^補助率をかけた額：「差し引いたあとの経費」×率（.*「スタートアップ」のとき全額（10分の10）、そのほかは2分の1）$/),
    expect.stringMatching(/^上限と比べた額：「補助率をかけた額」と上限（.*のとき100,000円、そのほかは200,000円）の少ないほう$/), '支援金の額：「上限と比べた額」を1,000円未満切捨て'
  ]);
});

describe('every kind of step', () => {
  const figure = { key: 'lights', label: '管理する灯数', quantity: 'count' as const, unit: '基', source: '防犯灯台帳', basis_on: '2026-01-01', minimum: 1, maximum: 500, when: null, from: 'lights' as const };
  const rows = { key: 'rooms', label: '工事', unit: '件', classes: [{ key: 'pole', label: '柱あり' }], maximum_rows: 20, when: null };
  const names: StepNames = { facts: {}, amounts: new Map([['lights', '管理する灯数'], ['eligible', '補助対象経費'], ['a', 'あ']]), units: new Map([['lights', '基']]), rows: new Map([['rooms', rows]]) };
  test.each<[Parameters<typeof stepInWords>[0], string]>([
    [{ key: 'x', label: '', do: 'amount', yen: money(5_000) }, '定額：5,000円'], [{ key: 'x', label: '', do: 'sum', of: ['a', 'eligible'] }, '「あ」と「補助対象経費」の合計'],
    [{ key: 'x', label: '', do: 'least', of: ['a', 'eligible'] }, '「あ」と「補助対象経費」のうち少ないほう'], [{ key: 'x', label: '', do: 'greatest', of: ['a', 'eligible'] }, '「あ」と「補助対象経費」のうち多いほう'],
    [{ key: 'x', label: '', do: 'units', lines: [{ figure: 'lights', yen: money(1_200) }] }, '「管理する灯数」×単価（1,200円）'], [{ key: 'x', label: '', do: 'tiers', figure: 'lights', tiers: [{ from: 1, to: 50, yen: 1_000 }, { from: 51, to: null, yen: 500 }] }, '「管理する灯数」の段階ごとの単価（1〜50基 1,000円、51基以上 500円）の合計'],
    [{ key: 'x', label: '', do: 'bracket', of: 'lights', brackets: [{ from: 0, to: 50, yen: 100_000 }, { from: 51, to: null, yen: 200_000 }] }, '「管理する灯数」の区分ごとの額（0〜50基 100,000円、51基以上 200,000円）'],
    [{ key: 'x', label: '', do: 'share', figure: 'a', of: 'lights' }, '「あ」が「管理する灯数」に占める割合（1％未満切捨て）'],
    [{ key: 'x', label: '', do: 'each', rows: 'rooms', classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen: 12_000 }], rounding: { unit: 100, mode: 'down' } }, '「工事」の1件ごとに、費用×率（柱あり 2分の1・上限12,000円）、100円未満切捨て、合計'],
    [{ key: 'x', label: '', do: 'rate', of: 'gone', rate: { otherwise: { numerator: 0, denominator: 1 }, cases: [] } }, '「gone」×率（0（対象外））']
  ])('%o', (step, words) => { expect(stepInWords(step, names)).toBe(words); });

  test('what is asked for', () => {
    expect(figureInWords(figure, {})).toBe('管理する灯数、令和8年1月1日現在、防犯灯台帳、1基から500基まで、防犯灯台帳の灯数');
    expect(rowListInWords(rows, {})).toBe('工事、区分は柱あり、20行まで');
  });
});

/** How other cities decide (tests/examples/schemes), as a city here would store it. */
describe.each(schemeExamples())('$name: $city', (example) => {
  const questions = example.questions.map((question) => ({ ...SAMPLE_CONTENT.questions[4]!, ...question }));
  const content = sample({ questions, formula: example.formula, eligibility: [], papers: [] });

  test('may be stored, and every step reads without a key', () => {
    expect(readContent(JSON.parse(JSON.stringify(content)))).toMatchObject({ ok: true });
    expect(checkContent(content).errors).toEqual([]);
    for (const { words } of formulaInWords(content)) expect(words).not.toMatch(/「[a-z_0-9]+」|undefined|NaN|なくなった/);
  });

  test('promises no less than its worked cases give', () => {
    const { yen } = ceilingOf(example.formula);
    for (const { expect_yen } of example.cases) expect(expect_yen).toBeLessThanOrEqual(yen ?? Infinity);
  });
});
