import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floorToThousandYen, formatYen, formatYenPlain, isYen, MAX_YEN, multiplyRate, parseYen, roundYen, sumYen, type Rounding } from './yen.ts';

const amount = fc.integer({ min: 0, max: MAX_YEN });

describe('reading an amount', () => {
  test.each([
    ['0', 0], ['1234', 1234], ['１２３４', 1234], ['1,234,567円', 1234567], ['１，２３４，５６７円', 1234567], ['1、000', 1000], ['¥1,000', 1000],
    ['￥１０００', 1000], [' 5 000 ', 5000], ['　5000　円', 5000], ['007', 7], ['999999999999', MAX_YEN], ['999,999,999,999', MAX_YEN]
  ])('%j is %i', (text, yen) => {
    expect(parseYen(text)).toEqual({ ok: true, yen });
  });

  test.each([
    ['', 'empty'], ['　 ', 'empty'], ['円', 'not_a_number'], ['1e3', 'not_a_number'], ['-0', 'negative'], ['－１００', 'negative'], ['△100', 'negative'],
    ['▲1,000', 'negative'], ['٣', 'not_a_number'], ['१२', 'not_a_number'], ['1,000.5', 'decimal'], ['１．５', 'decimal'], ['Infinity', 'not_a_number'],
    ['NaN', 'not_a_number'], ['0x10', 'not_a_number'], ['+5', 'not_a_number'], ['10万円', 'kanji_unit'], ['1千', 'kanji_unit'], ['1,00', 'comma_place'],
    [',', 'comma_place'], ['1000000000000', 'too_large'], ['十', 'not_a_number'], ['①', 'not_a_number'], ['1_000', 'not_a_number'], ['9'.repeat(5000), 'not_a_number']
  ])('%j is refused as %s', (text, reason) => {
    expect(parseYen(text)).toEqual({ ok: false, reason });
  });

  test('what is written is read back, in every dress', () => {
    fc.assert(fc.property(amount, fc.boolean(), (yen, wide) => {
      const written = wide ? formatYen(yen).replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)) : formatYen(yen);
      expect(parseYen(written)).toEqual({ ok: true, yen });
      expect(parseYen(String(yen))).toEqual({ ok: true, yen });
    }), { numRuns: 2000 });
  });

  test('any other text is an amount or a reason, never a fraction or an exception', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789０９,，.-−eE円¥ 　') }));
    fc.assert(fc.property(hostile, (text) => {
      const parsed = parseYen(text);
      if (parsed.ok) expect(isYen(parsed.yen)).toBe(true);
    }), { numRuns: 5000 });
  });
});

describe('writing', () => {
  test('groups of three, △ below zero, nothing that is not whole', () => {
    expect(formatYen(1234567)).toBe('1,234,567円');
    expect(formatYen(0)).toBe('0円');
    expect(formatYenPlain(-1000)).toBe('△1,000');
    expect(() => formatYen(0.5)).toThrow(RangeError);
    expect(() => formatYen(2 ** 53)).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  test('a sum is checked on the way', () => {
    expect(sumYen([])).toBe(0);
    expect(sumYen([1, 2, 3])).toBe(6);
    expect(() => sumYen([MAX_YEN, 1])).toThrow(RangeError);
    expect(() => sumYen([1, -1])).toThrow(RangeError);
    expect(() => sumYen([0.1, 0.2])).toThrow(RangeError);
  });

  test.each<[number, number, Rounding, number]>([
    [123456, 1000, 'down', 123000], [123456, 1000, 'up', 124000], [123500, 1000, 'half_up', 124000], [123499, 1000, 'half_up', 123000],
    [123000, 1000, 'up', 123000], [999, 1000, 'down', 0], [15, 10, 'half_up', 20], [150, 100, 'down', 100]
  ])('%i to %i, %s, is %i', (yen, unit, rounding, rounded) => {
    expect(roundYen(yen, unit, rounding)).toBe(rounded);
  });

  test('千円未満切捨て', () => {
    expect(floorToThousandYen(100_999)).toBe(100_000);
    expect(floorToThousandYen(999)).toBe(0);
  });

  test('a rate is applied exactly and rounded once', () => {
    expect(multiplyRate(100_001, 1, 2)).toBe(50_000);
    expect(multiplyRate(100_001, 1, 2, 'half_up')).toBe(50_001);
    expect(multiplyRate(100_000, 1, 3, 'up')).toBe(33_334);
    expect(multiplyRate(MAX_YEN, 999_999_999, 999_999_999)).toBe(MAX_YEN);
    // 2,999 × 1/2 = 1,499.5: to the yen first it would be 1,500, and then 2,000 to the nearest thousand.
    expect(multiplyRate(2999, 1, 2, 'half_up', 1000)).toBe(1000);
    expect(multiplyRate(500, 0, 3)).toBe(0);
    expect(() => multiplyRate(MAX_YEN, 2, 1)).toThrow(RangeError);
    expect(() => multiplyRate(100, 1, 0)).toThrow(RangeError);
    expect(() => multiplyRate(100, 0.5, 1)).toThrow(RangeError);
    expect(() => multiplyRate(100, -1, 2)).toThrow(RangeError);
  });

  test('every rounding is within one unit of the exact product, on its own side', () => {
    const rate = fc.integer({ min: 1, max: 1000 });
    const cases = fc.record({
      yen: fc.integer({ min: 0, max: 999_999_999 }), numerator: rate, denominator: rate,
      unit: fc.constantFrom(1, 10, 100, 1000), rounding: fc.constantFrom<Rounding>('down', 'up', 'half_up')
    });
    fc.assert(fc.property(cases, ({ yen, numerator, denominator, unit, rounding }) => {
      const result = BigInt(multiplyRate(yen, numerator, denominator, rounding, unit));
      const [exact, step] = [BigInt(yen) * BigInt(numerator), BigInt(unit) * BigInt(denominator)];
      const error = result * BigInt(denominator) - exact;
      expect(result % BigInt(unit)).toBe(0n);
      if (rounding === 'down') expect(error <= 0n && error > -step).toBe(true);
      if (rounding === 'up') expect(error >= 0n && error < step).toBe(true);
      if (rounding === 'half_up') expect(2n * error <= step && 2n * error > -step).toBe(true);
    }), { numRuns: 2000 });
  });
});
