/** Whom a changed rule of eligibility or a changed step of the formula favours. Always a matter of rights, unless only words differ. Pure. */
import type { Cases } from '../formulas/condition.ts';
import { BUILT_IN_AMOUNTS, type Formula, type Rate, type Step } from '../formulas/formula.ts';
import type { EligibilityRule } from './content.ts';
import { AGAINST, BETTER, combined, growing, HARMLESS, number, ordered, share, UNCLEAR, type Around, type Meaning } from './compare-meaning.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
/** Whether two things differ in the named fields at most. */
const butFor = <T extends object>(before: T, after: T, ...fields: string[]): boolean => {
  const rest = (value: T): [string, unknown][] => Object.entries(value).filter(([name]) => !fields.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return same(rest(before), rest(after));
};

export function ruleMeaning(before: EligibilityRule, after: EligibilityRule, around: Around): Meaning {
  if (butFor(before, after, 'article')) return HARMLESS;
  if (before.rule !== after.rule || !same(before.when, after.when)) return UNCLEAR;
  const rank = (judge: ReturnType<typeof ordered>, field: string): Meaning => judge((before as unknown as Record<string, unknown>)[field], (after as unknown as Record<string, unknown>)[field], around);
  switch (after.rule) {
    case 'kinds': return rank(growing(1, BETTER), 'kinds');
    case 'members': return rank(ordered(-1, BETTER, number(0)), 'minimum');
    case 'local_share': return butFor(before, after, 'article', 'share', 'counts') ? combined([rank(ordered(-1, BETTER, share(0)), 'share'), rank(growing(1, BETTER), 'counts')]) : UNCLEAR;
    case 'founded': return butFor(before, after, 'article', 'minimum_years', 'maximum_years')
      ? combined([rank(ordered(-1, BETTER, number(-1)), 'minimum_years'), rank(ordered(1, BETTER, number(Infinity)), 'maximum_years')]) : UNCLEAR;
    case 'times': return rank(ordered(1, BETTER, number(0)), 'maximum');
    case 'days_before_start': return rank(ordered(-1, BETTER, number(0)), 'days');
    case 'declaration': return butFor(before, after, 'article', 'otherwise') ? (after.otherwise === 'ask' ? BETTER : AGAINST) : UNCLEAR;
    case 'paper': case 'one_per_year': case 'once_only': return UNCLEAR;
  }
}

/** Whether more in any step can only give more in the end: nothing is taken off but what an application brings, no bracket, no share. */
function isRising({ steps }: Formula): boolean {
  return steps.every((step) => step.do !== 'bracket' && step.do !== 'share' && (step.do !== 'less' || step.minus.every((key) => Object.hasOwn(BUILT_IN_AMOUNTS, key))));
}

/** Values case by case, where the cases themselves are the same. */
function casesMeaning<T extends number | Rate>(before: Cases<T>, after: Cases<T>, around: Around): Meaning {
  if (!same(before.cases.map(({ when }) => when), after.cases.map(({ when }) => when))) return UNCLEAR;
  const judge = ordered(1, BETTER, (value) => (typeof value === 'number' ? value : share(0)(value)));
  return combined([...before.cases.map(({ value }, index) => judge(value, after.cases[index]!.value, around)), judge(before.otherwise, after.otherwise, around)]);
}

export function stepMeaning(before: Step, after: Step, around: Around): Meaning {
  if (butFor(before, after, 'label')) return HARMLESS;
  if (!isRising(around.before.formula) || !isRising(around.after.formula)) return UNCLEAR;
  if (before.do === 'rate' && after.do === 'rate' && butFor(before, after, 'label', 'rate')) return casesMeaning(before.rate, after.rate, around);
  if ((before.do === 'cap' || before.do === 'amount') && after.do === before.do && butFor(before, after, 'label', 'yen')) return casesMeaning(before.yen, after.yen, around);
  if (before.do === 'units' && after.do === 'units' && same(before.lines.map(({ figure }) => figure), after.lines.map(({ figure }) => figure))) {
    return combined(before.lines.map(({ yen }, index) => casesMeaning(yen, after.lines[index]!.yen, around)));
  }
  return UNCLEAR;
}

/** A figure or a list of the formula: its name alone harms nobody, all else may change the amount. */
export const askedMeaning = (before: object, after: object): Meaning => (butFor(before, after, 'label') ? HARMLESS : UNCLEAR);
