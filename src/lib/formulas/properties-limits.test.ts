import fc from 'fast-check';
import { expect, test } from 'vitest';
import { always } from './condition.ts';
import { checkFormula } from './check.ts';
import { evaluate } from './evaluate.ts';
import { KNOWN, makeFormula, makeGiven, Thrown, type Dice, type FormulaCase } from './fixtures.ts';
import { LIMITS, type Formula, type Given, type Step } from './formula.ts';
import { isMonotoneInCost } from './monotone.ts';

const RUNS = 100_000;
/** A hundred thousand cases take half a minute of a processor, and longer beside others. */
const BUSY = 900_000;

function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

interface Ended extends FormulaCase { cap: number; more: Given }

/** Any formula, ended as most rules end: held to the cost and to a cap, in either order, with or without 端数切捨て; and the same case at more cost. */
function makeEnded(dice: Dice): Ended {
  const made = makeFormula(dice);
  const cap = dice.whole(0, dice.one([1000, 300_000, LIMITS.budget]));
  const end: Step[] = [];
  const latest = (): string => end.at(-1)?.key ?? 'end';
  const within = (): number => end.push({ key: 'within', label: '対象経費まで', do: 'least', of: [latest(), 'eligible'] });
  const capped = (): number => end.push({ key: 'capped', label: '上限', do: 'cap', of: latest(), yen: always(cap) });
  for (const hold_to of dice.chance(50) ? [within, capped] : [capped, within]) hold_to();
  if (dice.chance(50)) end.push({ key: 'rounded', label: '切捨て', do: 'round', of: latest(), unit: dice.one([1, 10, 100, 1000, 10_000]), mode: 'down' });
  const formula: Formula = { ...made, steps: [...made.steps, ...end] };
  const given = makeGiven(dice, formula, false);
  return { formula, given, cap, more: atMoreCost(dice, given) };
}

/** Eligible cost, total cost and rows may all rise, each within its ceiling; nothing else moves. */
function atMoreCost(dice: Dice, given: Given): Given {
  const rise = (yen: number, ceiling: number): number => yen + dice.whole(0, Math.min(Math.max(0, ceiling - yen), dice.one([0, 1, 999, 1_000_000, LIMITS.budget])));
  return {
    ...given, eligible: rise(given.eligible, LIMITS.budget), total: rise(given.total, LIMITS.budget),
    rows: Object.fromEntries(Object.entries(given.rows).map(([key, rows]) => [key, rows.map((row) => ({ ...row, cost_yen: rise(row.cost_yen, Math.floor(LIMITS.budget / 60)) }))]))
  };
}

test('never above its final cap, nor above the eligible cost it is held to, never negative; and more cost never gives less where that is said', { timeout: BUSY }, () => {
  const seen = { at_cap: 0, at_cost: 0, monotone: 0, rose: 0 };
  fc.assert(fc.property(new Thrown(makeEnded), ({ formula, given, cap, more }) => {
    const result = evaluate(formula, given);
    if (!result.ok) throw new Error(`missing ${result.missing}`);
    hold(result.result_yen >= 0, 'negative');
    hold(result.result_yen <= cap, `${result.result_yen} is above the cap ${cap}`);
    hold(result.result_yen <= given.eligible, `${result.result_yen} is above the eligible cost ${given.eligible}`);
    if (result.result_yen === cap && cap > 0) seen.at_cap += 1;
    if (result.result_yen === given.eligible && given.eligible > 0) seen.at_cost += 1;
    if (!isMonotoneInCost(formula)) return;
    seen.monotone += 1;
    const after = evaluate(formula, more);
    hold(after.ok && after.result_yen >= result.result_yen, `${result.result_yen}, and ${after.ok ? after.result_yen : 'nothing'} at more cost`);
    if (after.ok && after.result_yen > result.result_yen) seen.rose += 1;
  }), { numRuns: 1.25 * RUNS });
  expect(seen.monotone).toBeGreaterThanOrEqual(RUNS);
  expect(Math.min(seen.at_cap, seen.at_cost, seen.rose)).toBeGreaterThan(RUNS / 50);
});

test('every formula made here is one the check lets through', () => {
  fc.assert(fc.property(new Thrown(makeEnded), ({ formula }) => {
    const { errors } = checkFormula(formula, KNOWN);
    hold(errors.length === 0, JSON.stringify(errors));
  }), { numRuns: 5000 });
});

test('what was not said to be monotone may fall, and is found falling', () => {
  const remainder: Formula = {
    figures: [], rows: [],
    steps: [{ key: 'limit', label: '枠', do: 'amount', yen: always(100_000) }, { key: 'rest', label: '残り', do: 'less', from: 'limit', minus: ['eligible'] }]
  };
  expect(isMonotoneInCost(remainder)).toBe(false);
  let fell = 0;
  fc.assert(fc.property(new Thrown(makeEnded), ({ formula, given, more }) => {
    if (isMonotoneInCost(formula)) return;
    const [before, after] = [evaluate(formula, given), evaluate(formula, more)];
    if (before.ok && after.ok && after.result_yen < before.result_yen) fell += 1;
  }), { numRuns: 10_000 });
  expect(fell).toBeGreaterThan(0);
});
