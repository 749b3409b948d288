import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rounding } from '../money/yen.ts';
import { add, commonGrain, compare, divide, floor, fromText, greatest, isMultiple, least, multiply, rational, roundTo, subtract, sum, toText, ZERO } from './rational.ts';
import { exactInWords, rateOfWords, roundingOfWords, sourceInWords, spanInWords } from './words.ts';

const some = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 6n })).map(([n, d]) => rational(n, d));
const texts = (...values: ReturnType<typeof rational>[]): string[] => values.map(toText);

describe('exact fractions', () => {
  test('lowest terms, a denominator above zero', () => {
    expect(texts(rational(6, 4), rational(-6, 4), rational(6, -4), rational(0, -7), rational(12, 3))).toEqual(['3/2', '-3/2', '-3/2', '0', '4']);
    expect(() => rational(1, 0)).toThrow(RangeError);
    expect(() => rational(0.5)).toThrow(RangeError);
    expect(() => divide(rational(1), ZERO)).toThrow(RangeError);
  });

  test('the laws of arithmetic', () => {
    fc.assert(fc.property(some, some, some, (a, b, c) => {
      expect(toText(add(a, b))).toBe(toText(add(b, a)));
      expect(toText(multiply(a, add(b, c)))).toBe(toText(add(multiply(a, b), multiply(a, c))));
      expect(toText(subtract(add(a, b), b))).toBe(toText(a));
      if (b.n !== 0n) expect(toText(multiply(divide(a, b), b))).toBe(toText(a));
      expect(compare(a, b)).toBe(-compare(b, a) + 0);
      expect(compare(least(a, b, c), greatest(a, b, c))).toBeLessThanOrEqual(0);
      expect(toText(sum([a, b, c]))).toBe(toText(add(a, add(b, c))));
    }), { numRuns: 2000 });
  });

  test('what is written is read back, and nothing else is read', () => {
    fc.assert(fc.property(some, (value) => { expect(fromText(toText(value))).toEqual(value); }));
    for (const text of ['', ' 1', '1.5', '1e3', '2/4', '1/0', '1/-2', '+1', '-0', '01', '4/1', '１', '1/2/3', '9'.repeat(500)]) expect(() => fromText(text), text).toThrow(RangeError);
  });

  test.each<[number, number, bigint, Rounding, string]>([
    [24691, 2, 1n, 'down', '12345'], [24691, 2, 1n, 'half_up', '12346'], [24691, 2, 1n, 'up', '12346'], [24691, 2, 1000n, 'down', '12000'],
    [2999, 2, 1000n, 'half_up', '1000'], [1, 3, 1n, 'up', '1'], [1, 3, 1n, 'half_up', '0'], [5000, 1, 1000n, 'up', '5000'], [500, 1, 1000n, 'half_up', '1000'], [0, 1, 100n, 'up', '0']
  ])('%i/%i to %i, %s, is %s', (n, d, unit, mode, rounded) => {
    expect(toText(roundTo(rational(n, d), unit, mode))).toBe(rounded);
  });

  test('the floor of what is below zero is below it', () => {
    expect([floor(rational(-1, 2)), floor(rational(-4, 2)), floor(rational(7, 2))]).toEqual([-1n, -2n, 3n]);
  });

  test('a common grain measures both, and nothing coarser does', () => {
    expect(texts(commonGrain(rational(1, 2), rational(3)), commonGrain(rational(100), rational(250)), commonGrain(ZERO, rational(7)), commonGrain(rational(1, 2), rational(1, 3)))).toEqual(['1/2', '50', '7', '1/6']);
    fc.assert(fc.property(some, some, (a, b) => {
      const grain = commonGrain(a, b);
      expect(isMultiple(a, grain) && isMultiple(b, grain)).toBe(true);
    }));
    expect([isMultiple(ZERO, ZERO), isMultiple(rational(1), ZERO)]).toEqual([true, false]);
  });
});

describe('in words', () => {
  test('never a rounded figure that looks exact', () => {
    expect([rational(1_234_567), rational(123_457, 2), rational(1, 8), rational(100, 3), rational(7, 6), rational(21, 20), rational(1, 1000), rational(1, 2000), ZERO].map(exactInWords))
      .toEqual(['1,234,567', '61,728.5', '0.125', '33と3分の1', '1と6分の1', '1.05', '0.001', '0と2000分の1', '0']);
  });
  test('rates, roundings, spans and sources', () => {
    expect([{ numerator: 1, denominator: 2 }, { numerator: 10, denominator: 10 }, { numerator: 0, denominator: 1 }].map(rateOfWords)).toEqual(['2分の1', '全額（10分の10）', '0（対象外）']);
    expect([roundingOfWords(1000, 'down'), roundingOfWords(10_000, 'up'), roundingOfWords(1, 'half_up')]).toEqual(['1,000円未満切捨て', '1万円未満切上げ', '1円未満四捨五入']);
    expect([{ from: 1, to: 50 }, { from: 1001, to: null }, { from: 1, to: 1 }].map((span) => spanInWords(span, '世帯'))).toEqual(['1〜50世帯', '1,001世帯以上', '1世帯']);
    expect(sourceInWords({ basis_on: '2026-04-01', source: '自治会の届出' })).toBe('令和8年4月1日現在、自治会の届出');
    expect(sourceInWords({ basis_on: null, source: '自治会の届出' })).toBe('自治会の届出');
  });
});
