/** The formula, the cases it rests on, and the money behind it. Pure. */
import { checkFormula } from '../../formulas/check.ts';
import type { Findings } from '../../formulas/findings.ts';
import { LIMITS } from '../../formulas/formula.ts';
import { reachedKeys } from '../../formulas/needs.ts';
import type { EditionContent } from '../content.ts';
import { knownFacts } from '../known-facts.ts';
import { finding, type Finding } from '../place.ts';
import { asksForBudget } from './categories.ts';
import type { Topic } from './about.ts';

/** What the formula's own check says, as places of this document. No step at all is not wrong, only unfinished. */
function ofFormula(content: EditionContent): Findings {
  const { errors, warnings } = checkFormula(content.formula, knownFacts(content));
  const here = (findings: readonly Finding[]): Finding[] => findings.map(({ at, message }) => ({ at: at === '' ? 'formula' : `formula.${at}`, message }));
  return { errors: here(errors.filter(({ at }) => at !== 'steps' || content.formula.steps.length > 0)), warnings: here(warnings) };
}

const fundingOf = (content: EditionContent): number => content.funding.reduce((sum, { amount_yen }) => sum + amount_yen, 0);

function withoutBudget(content: EditionContent): Finding[] {
  if (asksForBudget(content) || content.formula.steps.length === 0) return [];
  const reached = reachedKeys(content.formula);
  return ['eligible', 'total', 'deducted'].some((key) => reached.has(key)) ? [finding(content, 'formula.steps', '収支予算を求めないのに、計算が経費や収入の額を使っています。')] : [];
}

export const money: Topic = {
  errors: (content) => [
    ...ofFormula(content).errors, ...(fundingOf(content) > LIMITS.yen ? [finding(content, 'funding', '財源の合計が大きすぎます。12けたまでにしてください。')] : [])
  ],
  missing: (content) => [
    ...(content.formula.steps.length === 0 ? [finding(content, 'formula.steps', '補助額を計算する手順を1つ以上作ってください。')] : []), ...withoutBudget(content),
    ...(content.funding.length === 0 ? [finding(content, 'funding', '財源を1つ以上入れてください。')] : [])
  ],
  warnings: (content) => [
    ...ofFormula(content).warnings, ...(content.funding.length > 0 && fundingOf(content) === 0 ? [finding(content, 'funding', '財源の合計が0円です。')] : [])
  ]
};
