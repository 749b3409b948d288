import { foldDigits } from './digits.ts';

/** Twelve digits: the largest amount a form or a column takes. Far inside a number's exact range (2^53). */
export const MAX_YEN = 999_999_999_999;

/** 切捨て · 切上げ · 四捨五入. Always named, never implied. */
export type Rounding = 'down' | 'up' | 'half_up';

/** Why a text is not an amount; the words for each stand in forms/problems.ts. */
export type YenRefusal = 'empty' | 'not_a_number' | 'decimal' | 'negative' | 'kanji_unit' | 'comma_place' | 'too_large';

/** Whether `value` is an amount: a safe integer from 0 to 999,999,999,999. */
export function isYen(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_YEN && !Object.is(value, -0);
}

function demandYen(value: number): void {
  if (!isYen(value)) throw new RangeError(`not an amount of yen: ${value}`);
}

function demandWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${what} must be a whole number from 1: ${value}`);
}

/**
 * Reads an amount as people type it: '１２，３４５円', '¥1,234,567', '1、000', ' 5 000 '. Yen, whole (IN-5, ux F10).
 * Refuses with a reason: '1e3', '-0', decimals, other scripts' digits, '10万', commas in a wrong place, more than 12 digits.
 */
export function parseYen(text: string): { ok: true; yen: number } | { ok: false; reason: YenRefusal } {
  const refuse = (reason: YenRefusal) => ({ ok: false, reason }) as const;
  if (text.length > 200) return refuse(text.trim() === '' ? 'empty' : 'not_a_number');
  const bare = foldDigits(text.replace(/\s/g, '')).replace(/[，、､]/g, ',').replace(/^[¥￥\\]/, '').replace(/円$/, '');
  if (bare === '') return refuse(text.trim() === '' ? 'empty' : 'not_a_number');
  if (/^[-－−‐–—ー▲△+＋]/.test(bare)) return refuse(/^[-－−‐–—ー▲△][\d,]+$/.test(bare) ? 'negative' : 'not_a_number');
  if (/^[\d,]+[千万億]/.test(bare)) return refuse('kanji_unit');
  if (/^[\d,]+[.．。][\d,]*$/.test(bare)) return refuse('decimal');
  if (!/^[\d,]+$/.test(bare)) return refuse('not_a_number');
  if (bare.includes(',') && !/^\d{1,3}(?:,\d{3})+$/.test(bare)) return refuse('comma_place');
  const digits = bare.replaceAll(',', '').replace(/^0+(?=\d)/, '');
  return digits.length > 12 ? refuse('too_large') : { ok: true, yen: Number(digits) };
}

/** 1234567 → '1,234,567'. Any safe integer; a difference below zero is written '△1,000' as budget papers do. */
export function formatYenPlain(yen: number): string {
  if (!Number.isSafeInteger(yen)) throw new RangeError(`not a whole amount of yen: ${yen}`);
  const grouped = String(Math.abs(yen)).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return yen < 0 ? `△${grouped}` : grouped;
}

/** 1234567 → '1,234,567円'. */
export function formatYen(yen: number): string {
  return `${formatYenPlain(yen)}円`;
}

/** The sum of amounts in yen (0 for none). Throws RangeError when one is not an amount or the sum exceeds 12 digits. */
export function sumYen(amounts: Iterable<number>): number {
  let sum = 0;
  for (const yen of amounts) {
    demandYen(yen);
    sum += yen;
    demandYen(sum);
  }
  return sum;
}

/**
 * yen × numerator ÷ denominator, rounded once, to a multiple of `unit` yen. Exact: the product never is a float.
 * Rounding once matters: first to 1 yen and then to 1,000 can differ from what the rules say.
 */
export function multiplyRate(yen: number, numerator: number, denominator: number, rounding: Rounding = 'down', unit = 1): number {
  demandYen(yen);
  if (numerator !== 0) demandWhole(numerator, 'numerator');
  demandWhole(denominator, 'denominator');
  demandWhole(unit, 'unit');
  const product = BigInt(yen) * BigInt(numerator);
  const divisor = BigInt(denominator) * BigInt(unit);
  const whole = product / divisor;
  const rest = product % divisor;
  const up = rounding === 'up' ? rest > 0n : rounding === 'half_up' ? rest * 2n >= divisor : false;
  const result = Number((whole + (up ? 1n : 0n)) * BigInt(unit));
  demandYen(result);
  return result;
}

/** Rounds an amount to a multiple of `unit` yen (10, 100, 1000 differ from city to city). */
export function roundYen(yen: number, unit: number, rounding: Rounding): number {
  return multiplyRate(yen, 1, 1, rounding, unit);
}

/** 千円未満切捨て: the rounding of most grants (結城市, 笠間市 and others; domain-facts §1, §3). */
export function floorToThousandYen(yen: number): number {
  return roundYen(yen, 1000, 'down');
}
