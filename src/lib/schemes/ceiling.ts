/**
 * What a formula promises at most, read from its steps alone: for lists and catalogues. A limit on what may be typed is no
 * promise: a price per household has no ceiling in the rules, however many households a form takes. Pure.
 */
import type { Formula, Step } from '../formulas/formula.ts';
import { valuesOf } from '../formulas/needs.ts';
import { add, floor, greatest, least, multiply, rational, roundTo, type Rational } from '../formulas/rational.ts';

/** `yen`: no amount is ever above it, whichever case applies. `rate`: the largest share of cost. Null where the rules set none. */
export interface Ceiling { yen: number | null; rate: Rational | null }

type Bound = Rational | null;
const ONE = rational(1);
const known = (bounds: readonly Bound[]): Rational[] => bounds.filter((bound) => bound !== null);
const largest = (values: readonly Rational[]): Bound => (values.length === 0 ? null : greatest(values[0]!, ...values));
const smallest = (values: readonly Rational[]): Bound => (values.length === 0 ? null : least(values[0]!, ...values));
const all = (bounds: readonly Bound[], join: (values: readonly Rational[]) => Bound): Bound => (bounds.some((bound) => bound === null) ? null : join(known(bounds)));

/** The upper bound of a step in yen. `at`: of what it names; null for what has none. */
function yenOf(step: Step, at: (key: string) => Bound): Bound {
  switch (step.do) {
    case 'amount': return largest(valuesOf(step.yen).map((yen) => rational(yen)));
    case 'rate': {
      const of = at(step.of);
      const rate = largest(ratesOf(step));
      return of === null ? (rate !== null && rate.n === 0n ? rate : null) : multiply(of, rate!);
    }
    case 'sum': return all(step.of.map(at), (values) => values.reduce(add));
    case 'less': return at(step.from);
    case 'least': return smallest(known(step.of.map(at)));
    case 'greatest': return all(step.of.map(at), largest);
    case 'cap': return smallest(known([at(step.of), largest(valuesOf(step.yen).map((yen) => rational(yen)))]));
    case 'bracket': return largest(step.brackets.map(({ yen }) => rational(yen)));
    case 'round': {
      const of = at(step.of);
      return of === null ? null : roundTo(of, BigInt(step.unit), step.mode);
    }
    case 'units': case 'tiers': case 'share': case 'each': return null;
  }
}

const ratesOf = (step: Extract<Step, { do: 'rate' }>): Rational[] => valuesOf(step.rate).map(({ numerator, denominator }) => rational(numerator, denominator));

/** The largest share of cost a step passes on; null for what does not rest on cost. */
function rateOf(step: Step, at: (key: string) => Bound): Bound {
  switch (step.do) {
    case 'rate': {
      const [of, rate] = [at(step.of), largest(ratesOf(step))];
      return of === null || rate === null ? null : multiply(of, rate);
    }
    case 'sum': { const parts = known(step.of.map(at)); return parts.length === 0 ? null : least(parts.reduce(add), ONE); }
    case 'less': return at(step.from);
    case 'least': return smallest(known(step.of.map(at)));
    case 'greatest': return largest(known(step.of.map(at)));
    case 'cap': case 'round': return at(step.of);
    case 'each': return largest(step.classes.map(({ rate }) => rational(rate.numerator, rate.denominator)));
    case 'amount': case 'units': case 'tiers': case 'bracket': case 'share': return null;
  }
}

/** Walks the steps once; each names earlier ones only. */
function last(formula: Formula, given: readonly string[], of: (step: Step, at: (key: string) => Bound) => Bound): Bound {
  const bounds = new Map<string, Bound>(given.map((key) => [key, ONE]));
  let bound: Bound = null;
  for (const step of formula.steps) {
    bound = of(step, (key) => bounds.get(key) ?? null);
    bounds.set(step.key, bound);
  }
  return bound;
}

/** For formulas that passed their check; others give some answer, and no exception. */
export function ceilingOf(formula: Formula): Ceiling {
  const yen = last(formula, [], yenOf);
  return { yen: yen === null ? null : Number(floor(yen)), rate: last(formula, ['eligible', 'total'], rateOf) };
}

/** 1/3 → '33.3', 1/2 → '50.0': percent with one decimal, rounded half up (GIF 451-4 最大補助率). */
export function percentWords(rate: Rational): string {
  const tenths = roundTo(multiply(rate, rational(1000)), 1n, 'half_up').n;
  return `${tenths / 10n}.${tenths % 10n}`;
}

