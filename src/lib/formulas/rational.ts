/**
 * Exact fractions on bigint: an amount stays exact from the first step to the last and is rounded only where the rules round.
 * Always in lowest terms with a denominator above zero, so that equal values have equal texts. Pure.
 */
import type { Rounding } from '../money/yen.ts';

export interface Rational { readonly n: bigint; readonly d: bigint }

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/** n/d in lowest terms. Throws RangeError when d is zero, or a number is not whole. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  const top = BigInt(n);
  const bottom = BigInt(d);
  if (bottom === 1n) return { n: top, d: 1n };
  if (bottom === 0n) throw new RangeError('a fraction with the denominator 0');
  const common = gcd(top, bottom) * (bottom < 0n ? -1n : 1n);
  return { n: top / common, d: bottom / common };
}

export const ZERO: Rational = { n: 0n, d: 1n };

const bothWhole = (a: Rational, b: Rational): boolean => a.d === 1n && b.d === 1n;

export const add = (a: Rational, b: Rational): Rational => (bothWhole(a, b) ? { n: a.n + b.n, d: 1n } : rational(a.n * b.d + b.n * a.d, a.d * b.d));
export const subtract = (a: Rational, b: Rational): Rational => (bothWhole(a, b) ? { n: a.n - b.n, d: 1n } : rational(a.n * b.d - b.n * a.d, a.d * b.d));
export const multiply = (a: Rational, b: Rational): Rational => (bothWhole(a, b) ? { n: a.n * b.n, d: 1n } : rational(a.n * b.n, a.d * b.d));
/** Throws RangeError when b is zero. */
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);

/** Negative, 0 or positive, for comparing and sorting. */
export const compare = (a: Rational, b: Rational): number => {
  const [left, right] = bothWhole(a, b) ? [a.n, b.n] : [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
};
export const least = (first: Rational, ...others: readonly Rational[]): Rational => others.reduce((low, one) => (compare(one, low) < 0 ? one : low), first);
export const greatest = (first: Rational, ...others: readonly Rational[]): Rational => others.reduce((high, one) => (compare(one, high) > 0 ? one : high), first);
export const sum = (values: readonly Rational[]): Rational => values.reduce(add, ZERO);

export const isWhole = (value: Rational): boolean => value.d === 1n;

/** The largest whole number that is not above the value. */
export const floor = ({ n, d }: Rational): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d));

/** To a multiple of `unit`: 切捨て towards zero's side below, 切上げ above, 四捨五入 with the half going up. Values are not negative. */
export function roundTo(value: Rational, unit: bigint, mode: Rounding): Rational {
  const size = value.d * unit;
  const [whole, rest] = [floor({ n: value.n, d: size }), value.n - floor({ n: value.n, d: size }) * size];
  const up = mode === 'up' ? rest > 0n : mode === 'half_up' && rest * 2n >= size;
  return { n: (whole + (up ? 1n : 0n)) * unit, d: 1n };
}

/** The largest fraction both are whole multiples of: 1/2 and 3 give 1/2. Zero is a multiple of everything. */
export const commonGrain = (a: Rational, b: Rational): Rational =>
  (bothWhole(a, b) ? { n: gcd(a.n, b.n), d: 1n } : rational(gcd(a.n * b.d, b.n * a.d), a.d * b.d));

/** Whether a value is a whole multiple of the grain. */
export const isMultiple = (value: Rational, grain: Rational): boolean => (grain.n === 0n ? value.n === 0n : isWhole(divide(value, grain)));

/** '12345', '24691/2': the text a trace keeps. */
export const toText = ({ n, d }: Rational): string => (d === 1n ? `${n}` : `${n}/${d}`);

/** Reads what `toText` writes; throws RangeError on any other text, also on a fraction that is not in lowest terms. */
export function fromText(text: string): Rational {
  const [, n, d] = /^(-?\d{1,400})(?:\/(\d{1,400}))?$/.exec(text) ?? [];
  const value = n === undefined ? null : rational(BigInt(n), BigInt(d ?? 1));
  if (value === null || toText(value) !== text) throw new RangeError(`not an exact value: ${text.slice(0, 80)}`);
  return value;
}
