/** Stops on what `checkFormula` would have refused, so that a broken formula never gives an amount. Pure. */
import { isYen } from '../money/yen.ts';
import { LIMITS, ROUNDING_UNITS, type Rate } from './formula.ts';
import { rational, type Rational } from './rational.ts';

export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new RangeError(`formula: ${what}`);
}

export const isRate = ({ numerator, denominator }: Rate): boolean =>
  Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator) && numerator >= 0 && denominator >= 1 && denominator <= LIMITS.denominator && numerator <= denominator;

export const isRoundingUnit = (unit: number): boolean => (ROUNDING_UNITS as readonly number[]).includes(unit);

export function demandRate(rate: Rate): Rational {
  demand(isRate(rate), 'not a rate');
  return rational(rate.numerator, rate.denominator);
}

export function demandAmount(yen: number): Rational {
  demand(isYen(yen), 'not an amount');
  return rational(yen);
}

export function demandUnit(unit: number): bigint {
  demand(isRoundingUnit(unit), 'not a unit of rounding');
  return BigInt(unit);
}
