/**
 * What a step can give at least and at most, whatever is typed, and of what grain: each value is a whole multiple of it.
 * Worked out from the formula alone, wider than the truth where two amounts move together, never narrower. Pure.
 */
import { BUILT_IN_AMOUNTS, LIMITS, type BuiltInAmount, type Formula, type Step } from './formula.ts';
import { valuesOf } from './needs.ts';
import { add, commonGrain, compare, divide, floor, greatest, isMultiple, least, multiply, rational, roundTo, subtract, sum, ZERO, type Rational } from './rational.ts';

export type Ranges = ReadonlyMap<string, Range>;
export interface Range { min: Rational; max: Rational; grain: Rational }

const ONE = rational(1);
const grainOf = (grains: readonly Rational[]): Rational => grains.reduce(commonGrain, ZERO);
const minOf = (values: readonly Rational[]): Rational => least(values[0]!, ...values);
const maxOf = (values: readonly Rational[]): Rational => greatest(values[0]!, ...values);
const amounts = (values: readonly number[]): Range => {
  const exact = values.map((value) => rational(value));
  return { min: minOf(exact), max: maxOf(exact), grain: grainOf(exact) };
};
const scaled = (range: Range, { min, max, grain }: Range): Range => ({ min: multiply(range.min, min), max: multiply(range.max, max), grain: multiply(range.grain, grain) });

/** Built-in amounts, figures and steps by key. For formulas whose steps were checked one by one. */
export function rangesOf(formula: Formula): Ranges {
  const ranges = new Map<string, Range>();
  for (const key of Object.keys(BUILT_IN_AMOUNTS) as BuiltInAmount[]) {
    ranges.set(key, { min: ZERO, max: rational(key === 'granted_this_year' ? LIMITS.yen : LIMITS.budget), grain: ONE });
  }
  for (const { key, minimum, maximum, when } of formula.figures) ranges.set(key, { min: when === null ? rational(minimum) : ZERO, max: rational(maximum), grain: ONE });
  for (const step of formula.steps) ranges.set(step.key, rangeOf(step, (key) => ranges.get(key)!, formula));
  return ranges;
}

function rangeOf(step: Step, at: (key: string) => Range, formula: Formula): Range {
  const all = (keys: readonly string[]): Range[] => keys.map(at);
  switch (step.do) {
    case 'amount': return amounts(valuesOf(step.yen));
    case 'rate': {
      const rates = valuesOf(step.rate).map(({ numerator, denominator }) => rational(numerator, denominator));
      return scaled(at(step.of), { min: minOf(rates), max: maxOf(rates), grain: grainOf(rates) });
    }
    case 'sum': return total(all(step.of));
    case 'less': {
      const [from, minus] = [at(step.from), total(all(step.minus))];
      return {
        min: greatest(subtract(from.min, minus.max), ZERO), max: greatest(subtract(from.max, minus.min), ZERO), grain: commonGrain(from.grain, minus.grain)
      };
    }
    case 'least': return extreme(all(step.of), minOf);
    case 'greatest': return extreme(all(step.of), maxOf);
    case 'cap': {
      const [of, caps] = [at(step.of), amounts(valuesOf(step.yen))];
      return { min: least(of.min, caps.min), max: least(of.max, caps.max), grain: commonGrain(of.grain, caps.grain) };
    }
    case 'units': return total(step.lines.map(({ figure, yen }) => scaled(at(figure), amounts(valuesOf(yen)))));
    case 'tiers': return { min: inTiers(step, at(step.figure).min), max: inTiers(step, at(step.figure).max), grain: amounts(step.tiers.map(({ yen }) => yen)).grain };
    case 'bracket': {
      const { min, max } = at(step.of);
      const met = step.brackets.filter(({ from, to }) => compare(rational(from), max) <= 0 && (to === null || compare(rational(to), min) >= 0));
      return amounts((met.length > 0 ? met : step.brackets).map(({ yen }) => yen));
    }
    case 'share': {
      const [part, whole] = [at(step.figure), at(step.of)];
      return { min: ZERO, max: rational(floor(divide(multiply(part.max, rational(100)), greatest(whole.min, ONE)))), grain: ONE };
    }
    case 'each': return rangeOfEach(step, formula);
    case 'round': {
      const { min, max, grain } = at(step.of);
      const unit = BigInt(step.unit);
      return { min: roundTo(min, unit, step.mode), max: roundTo(max, unit, step.mode), grain: isMultiple(grain, rational(unit)) ? grain : rational(unit) };
    }
  }
}

const total = (ranges: readonly Range[]): Range => ({
  min: sum(ranges.map(({ min }) => min)), max: sum(ranges.map(({ max }) => max)), grain: grainOf(ranges.map(({ grain }) => grain))
});

const extreme = (ranges: readonly Range[], choose: (values: readonly Rational[]) => Rational): Range => ({
  min: choose(ranges.map(({ min }) => min)), max: choose(ranges.map(({ max }) => max)), grain: grainOf(ranges.map(({ grain }) => grain))
});

/** More households never cost less, so the ends of the number give the ends of the amount. */
function inTiers(step: Extract<Step, { do: 'tiers' }>, number: Rational): Rational {
  return sum(step.tiers.map(({ from, to, yen }) => {
    const top = to === null ? number : least(number, rational(to));
    return multiply(greatest(subtract(top, rational(from - 1)), ZERO), rational(yen));
  }));
}

/** A list's costs together stay below a budget's ceiling, and no row exceeds the cap of its class: the lesser of both bounds. */
function rangeOfEach(step: Extract<Step, { do: 'each' }>, formula: Formula): Range {
  const unit = BigInt(step.rounding.unit);
  const rows = rational(formula.rows.find(({ key }) => key === step.rows)!.maximum_rows);
  const budget = rational(LIMITS.budget);
  const rates = maxOf(step.classes.map(({ rate }) => rational(rate.numerator, rate.denominator)));
  const byBudget = add(multiply(budget, rates), step.rounding.mode === 'down' ? ZERO : multiply(rows, rational(unit)));
  const perRow = maxOf(step.classes.map(({ rate, cap_yen }) => {
    const most = multiply(budget, rational(rate.numerator, rate.denominator));
    return roundTo(cap_yen === null ? most : least(most, rational(cap_yen)), unit, step.rounding.mode);
  }));
  return { min: ZERO, max: least(byBudget, multiply(rows, perRow)), grain: rational(unit) };
}
