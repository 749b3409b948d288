import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isYen } from '../money/yen.ts';
import { checkFormula } from './check.ts';
import { evaluate } from './evaluate.ts';
import { breakFormula } from './broken.fixtures.ts';
import { anyCase, KNOWN, makeFormula, makeGiven, Thrown } from './fixtures.ts';
import type { Given } from './formula.ts';
import { faultsOf } from './readd.ts';

/** A hundred thousand cases take half a minute of a processor, and longer beside others. */
const BUSY = 900_000;

function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Evaluates; a RangeError is the refusal that is asked for, anything else is a bug. */
function tryEvaluate(...[formula, given]: Parameters<typeof evaluate>): ReturnType<typeof evaluate> | 'refused' {
  try {
    return evaluate(formula, given);
  } catch (error) {
    if (error instanceof RangeError) return 'refused';
    throw error;
  }
}

test('a formula broken in any one place is refused there, and evaluating it anyway gives nothing wrong', { timeout: BUSY }, () => {
  const seen = new Map<string, number>();
  const broken = new Thrown((dice) => {
    const formula = makeFormula(dice);
    return { ...breakFormula(dice, formula), given: makeGiven(dice, formula) };
  });
  fc.assert(fc.property(broken, ({ formula, given, how, at }) => {
    seen.set(how, (seen.get(how) ?? 0) + 1);
    const { errors } = checkFormula(formula, KNOWN);
    hold(errors.some((error) => error.at.startsWith(at)), `${how}: nothing said of ${at}, only ${JSON.stringify(errors)}`);
    hold(errors.every(({ message }) => /[ぁ-ん].*。$/.test(message)), `not a sentence: ${JSON.stringify(errors)}`);
    const result = tryEvaluate(formula, given);
    if (result === 'refused' || !result.ok) return;
    hold(isYen(result.result_yen) && faultsOf(result.trace).length === 0, `${how}: ${JSON.stringify(result)}`);
  }), { numRuns: 100_000 });
  expect([...seen].filter(([, times]) => times < 100)).toEqual([]);
  expect(seen.size).toBeGreaterThan(35);
});

test('amounts that are not yen are refused, wherever they stand', () => {
  const wrong = fc.constantFrom(-1, 0.5, NaN, Infinity, 2 ** 53, -0, 1_000_000_000_000, '1000' as unknown as number, null as unknown as number);
  fc.assert(fc.property(anyCase(), wrong, fc.nat(), ({ formula, given }, yen, place) => {
    const amounts: ((one: Given) => Given)[] = (['eligible', 'total', 'deducted', 'granted_this_year'] as const).map((key) => (one) => ({ ...one, [key]: yen }));
    for (const { key } of formula.figures) if (yen !== null) amounts.push((one) => ({ ...one, figures: { ...one.figures, [key]: yen } }));
    for (const { key, classes } of formula.rows) amounts.push((one) => ({ ...one, rows: { ...one.rows, [key]: [{ class: classes[0]!.key, cost_yen: yen }] } }));
    hold(tryEvaluate(formula, amounts[place % amounts.length]!(given)) === 'refused', `${yen} was taken`);
  }), { numRuns: 10_000 });
});

test('what is missing is what is needed: answering it, round by round, gives an amount, and other answers change nothing', () => {
  let asked = 0;
  const unanswered = new Thrown((dice) => {
    const formula = makeFormula(dice);
    const given = makeGiven(dice, formula, false);
    const keys = new Set([...Object.keys(KNOWN), ...formula.figures.map(({ key }) => key), ...formula.rows.map(({ key }) => key)]);
    return { formula, given, empty: { ...given, facts: {}, figures: {}, rows: {} } satisfies Given, keys };
  });
  fc.assert(fc.property(unanswered, ({ formula, given, empty, keys }) => {
    let now: Given = empty;
    const answeredKeys = new Set<string>();
    for (let rounds = 0; rounds < 30; rounds += 1) {
      const result = evaluate(formula, now);
      if (result.ok) {
        // Everything else may be answered as it likes.
        const whole = evaluate(formula, { ...now, facts: { ...given.facts, ...now.facts }, figures: { ...given.figures, ...now.figures }, rows: { ...given.rows, ...now.rows } });
        hold(whole.ok && whole.result_yen === result.result_yen, 'an answer nobody asked for changed the amount');
        return;
      }
      hold(result.missing.length > 0 && new Set(result.missing).size === result.missing.length, 'nothing is missing, yet no amount');
      for (const key of result.missing) {
        asked += 1;
        hold(keys.has(key) && !answeredKeys.has(key), `${key} is unknown, or was asked twice`);
        answeredKeys.add(key);
        now = answer(now, given, key, formula.rows.some((list) => list.key === key) ? 'rows' : formula.figures.some((figure) => figure.key === key) ? 'figures' : 'facts');
      }
    }
    throw new Error('never an amount');
  }), { numRuns: 20_000 });
  expect(asked).toBeGreaterThan(10_000);
});

const answer = (now: Given, given: Given, key: string, part: 'facts' | 'figures' | 'rows'): Given => ({ ...now, [part]: { ...now[part], [key]: given[part][key] } });
