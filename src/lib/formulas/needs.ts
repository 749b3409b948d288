/** What a step rests on. One place, so that evaluating, checking and the search for unused things agree. Pure. */
import type { Cases, Condition } from './condition.ts';
import { BUILT_IN_AMOUNTS, type BuiltInAmount, type Formula, type Rate, type Step } from './formula.ts';

export const isBuiltIn = (key: string): key is BuiltInAmount => Object.hasOwn(BUILT_IN_AMOUNTS, key);

/** A name a step uses, and where it stands: built-in amounts, yen figures and earlier steps ('value'), figures, row lists. */
export interface Need { kind: 'value' | 'figure' | 'rows'; key: string; at: string }

/** Everything a step names, in the order it reads. */
export function needsOf(step: Step): Need[] {
  const value = (key: string, at: string): Need => ({ kind: 'value', key, at });
  const figure = (key: string, at: string): Need => ({ kind: 'figure', key, at });
  switch (step.do) {
    case 'amount': return [];
    case 'rate': case 'cap': case 'round': case 'bracket': return [value(step.of, 'of')];
    case 'sum': case 'least': case 'greatest': return step.of.map((key, index) => value(key, `of.${index}`));
    case 'less': return [value(step.from, 'from'), ...step.minus.map((key, index) => value(key, `minus.${index}`))];
    case 'units': return step.lines.map((line, index) => figure(line.figure, `lines.${index}.figure`));
    case 'tiers': return [figure(step.figure, 'figure')];
    case 'share': return [figure(step.figure, 'figure'), figure(step.of, 'of')];
    case 'each': return [{ kind: 'rows', key: step.rows, at: 'rows' }];
  }
}

/** The values of a step that may differ from case to case, with their places. */
export function casesOf(step: Step): { at: string; cases: Cases<number | Rate> }[] {
  switch (step.do) {
    case 'amount': case 'cap': return [{ at: 'yen', cases: step.yen }];
    case 'rate': return [{ at: 'rate', cases: step.rate }];
    case 'units': return step.lines.map((line, index) => ({ at: `lines.${index}.yen`, cases: line.yen }));
    default: return [];
  }
}

/** All values a case may give. */
export const valuesOf = <T>(cases: Cases<T>): T[] => [...cases.cases.map((one) => one.value), cases.otherwise];

export const conditionsOf = (step: Step): Condition[] => casesOf(step).flatMap(({ cases }) => cases.cases.map((one) => one.when));

/** Keys of everything the last step rests on, itself included: steps, amounts, figures, row lists. What stands outside decides nothing. */
export function reachedKeys(formula: Formula, skips: (step: Step) => boolean = () => false): Set<string> {
  const reached = new Set<string>();
  const last = formula.steps.at(-1);
  if (last) reached.add(last.key);
  for (const step of [...formula.steps].reverse()) {
    if (!reached.has(step.key) || skips(step)) continue;
    for (const need of needsOf(step)) reached.add(need.key);
  }
  return reached;
}
