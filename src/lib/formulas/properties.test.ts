import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isYen } from '../money/yen.ts';
import { checkFormula } from './check.ts';
import { evaluate } from './evaluate.ts';
import { anyCase, KNOWN } from './fixtures.ts';
import { LIMITS } from './formula.ts';
import { rangesOf } from './range.ts';
import { compare, fromText, isMultiple } from './rational.ts';
import { faultsOf } from './readd.ts';
import { reckonSlowly } from './reference.fixtures.ts';

const RUNS = 100_000;
/** A hundred thousand cases take half a minute of a processor, and longer beside others. */
const BUSY = 900_000;

/**
 * expect() costs more than the arithmetic it looks at, so these say what is wrong themselves; fast-check shows the case.
 */
function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

test('every formula the check lets through: exact to the yen, whole, within its bounds, and every line adds up again', { timeout: BUSY }, () => {
  const seen = { amounts: 0, missing: 0, above_zero: 0, kinds: new Set<string>() };
  fc.assert(fc.property(anyCase(), ({ formula, given }) => {
    const { errors } = checkFormula(formula, KNOWN);
    hold(errors.length === 0, `refused: ${JSON.stringify(errors)}`);
    const result = evaluate(formula, given, KNOWN);
    const slowly = reckonSlowly(formula, given);
    if (!result.ok) {
      seen.missing += 1;
      hold(slowly === null, `missing ${result.missing}, but it is ${slowly}`);
      return;
    }
    seen.amounts += 1;
    if (result.result_yen > 0) seen.above_zero += 1;
    for (const step of result.trace) seen.kinds.add(step.do);
    hold(result.result_yen === slowly, `${result.result_yen}, slowly ${slowly}`);
    hold(isYen(result.result_yen), 'not yen');
    hold(result.trace.at(-1)!.value === String(result.result_yen), 'the last line is not the grant');
    const faults = faultsOf(result.trace);
    hold(faults.length === 0, faults.join('\n'));
    const ranges = rangesOf(formula);
    for (const { key, value } of result.trace) {
      const [exact, range] = [fromText(value), ranges.get(key)!];
      hold(compare(exact, range.min) >= 0 && compare(exact, range.max) <= 0, `${key}: ${value} is out of its range`);
      hold(isMultiple(exact, range.grain), `${key}: ${value} is not of its grain`);
      hold(exact.n >= 0n && exact.n <= BigInt(LIMITS.yen) * exact.d, `${key}: ${value}`);
    }
  }), { numRuns: RUNS });
  expect(seen.amounts).toBeGreaterThan(RUNS / 2);
  expect(seen.above_zero).toBeGreaterThan(RUNS / 4);
  expect(seen.missing).toBeGreaterThan(RUNS / 50);
  expect([...seen.kinds].sort()).toEqual(['amount', 'bracket', 'cap', 'each', 'given', 'greatest', 'least', 'less', 'rate', 'round', 'share', 'sum', 'tiers', 'units']);
});
