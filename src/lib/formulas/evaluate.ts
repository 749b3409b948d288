import type { Evaluation, Formula, Given, Step } from './formula.ts';
import { demand } from './demand.ts';
import { layOut, type Desk } from './desk.ts';
import type { KnownFacts } from './known-facts.ts';
import { reachedKeys } from './needs.ts';
import { isWhole } from './rational.ts';
import { work } from './work.ts';

/**
 * The amount of a formula in whole yen with every line of the arithmetic, or what is still to be answered first. Exact until a
 * step rounds. Steps the last one does not rest on are neither asked for nor shown. `known` gives conditions their words
 * (「…のとき」) in the trace. Never throws on a formula that `checkFormula` passed; throws RangeError on amounts that are not
 * yen, counts that are not whole, and wherever a formula that was never checked would give a wrong amount.
 */
export function evaluate(formula: Formula, given: Given, known: KnownFacts = {}): Evaluation {
  const desk = layOut(formula, given, known);
  const reached = reachedKeys(formula, (step) => isShut(step, desk));
  for (const step of formula.steps.filter(({ key }) => reached.has(key))) {
    const worked = work(step, desk);
    if (!worked) continue;
    const [quantity, unit] = step.do === 'share' ? ['share', '％'] as const : ['yen', '円'] as const;
    desk.write({ key: step.key, label: step.label, quantity, unit, value: worked.value, asked: true }, { do: step.do, formula: worked.formula, parts: worked.parts });
  }
  if (desk.missing.size > 0) return { ok: false, missing: [...desk.missing] };
  const last = formula.steps.at(-1);
  demand(last !== undefined, 'no steps');
  const grant = desk.use(last.key);
  demand(grant !== null && grant.quantity === 'yen' && isWhole(grant.value), 'the last step does not give whole yen');
  return { ok: true, result_yen: Number(grant.value.n), trace: desk.trace };
}

/** A rate of nothing: what it is taken of decides nothing, and is not asked for. */
const isShut = (step: Step, desk: Desk): boolean => step.do === 'rate' && desk.choose(step.rate)?.value.numerator === 0;
