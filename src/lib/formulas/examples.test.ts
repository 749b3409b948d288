import { describe, expect, test } from 'vitest';
import { factsOfExample, schemeExamples } from '../../../tests/examples/schemes.ts';
import { formatYenPlain } from '../money/yen.ts';
import { checkFormula } from './check.ts';
import { evaluate } from './evaluate.ts';
import { isMonotoneInCost } from './monotone.ts';
import { faultsOf } from './readd.ts';
import { reckonSlowly } from './reference.fixtures.ts';

const examples = schemeExamples();

test('there are cases enough, of every kind of step', () => {
  expect(examples.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(45);
  const kinds = new Set(examples.flatMap(({ formula }) => formula.steps.map((step) => step.do)));
  expect([...kinds].sort()).toEqual(['amount', 'bracket', 'cap', 'each', 'least', 'less', 'rate', 'round', 'share', 'sum', 'tiers', 'units']);
});

describe.each(examples)('$name: $city', (example) => {
  const known = factsOfExample(example);

  test('is sound, and says what it fills in', () => {
    expect(checkFormula(example.formula, known)).toEqual({ errors: [], warnings: [] });
    expect(example.note).not.toBe('');
    if (example.note.includes('資料にない')) expect(example.note).toContain('設定例');
    expect(isMonotoneInCost(example.formula)).toBe(true);
  });

  test.each(example.cases)('$words', ({ words, given, expect_yen }) => {
    const result = evaluate(example.formula, given, known);
    expect(result).toMatchObject({ ok: true, result_yen: expect_yen });
    expect(words).toContain(formatYenPlain(expect_yen));
    expect(reckonSlowly(example.formula, given)).toBe(expect_yen);
    if (result.ok) expect(faultsOf(result.trace)).toEqual([]);
  });
});
