/**
 * What nobody is ever asked: conditions that no answer fulfils. Looks at each fact by itself, and at chains of questions; what
 * it calls unreachable is so, while a contradiction spread over several facts may escape it. Pure.
 */
import { checkFormula } from '../../formulas/check.ts';
import type { Condition, Test } from '../../formulas/condition.ts';
import type { KnownFact } from '../../formulas/known-facts.ts';
import { floor } from '../../formulas/rational.ts';
import { rangesOf } from '../../formulas/range.ts';
import { KINDS } from '../../organisations/organisation.ts';
import type { EditionContent } from '../content.ts';
import { allFacts, knownFacts } from '../known-facts.ts';
import { eligibleKinds } from './eligibility.ts';

/** Facts as narrow as the edition makes them: only the kinds of group that may apply. */
function facts(content: EditionContent): Map<string, KnownFact> {
  const known = new Map(Object.entries(allFacts(content)));
  const kinds = eligibleKinds(content);
  const kind = known.get('kind');
  if (kind?.kind === 'choice' && kinds.length > 0) known.set('kind', { ...kind, options: kind.options.filter(({ key }) => (kinds as string[]).includes(key)) });
  return known;
}

/** Whether one answer to one fact can pass all these tests of it. */
function together(tests: readonly Test[], fact: KnownFact): boolean {
  if (fact.kind === 'yes_no') return new Set(tests.map(({ is }) => is)).size <= 1;
  if (fact.kind === 'number') {
    const low = Math.max(fact.minimum, ...tests.flatMap((test) => (test.is === 'at_least' ? [test.number] : [])));
    const high = Math.min(fact.maximum, ...tests.flatMap((test) => (test.is === 'at_most' ? [test.number] : [])));
    return low <= high;
  }
  const shut = new Set(tests.flatMap((test) => (test.is === 'none_of' ? test.values : [])));
  const open = fact.options.filter(({ key }) => !shut.has(key)).map(({ key }) => key);
  const wanted = tests.flatMap((test) => (test.is === 'one_of' ? [test.values] : []));
  // One choice must be in every list at once; of several choices each list may have its own.
  if (fact.kind === 'choice') return open.some((key) => wanted.every((values) => values.includes(key)));
  return open.length > 0 && wanted.every((values) => open.some((key) => values.includes(key)));
}

/** Whether some application can fulfil the condition. Facts nobody gives stay unknown, and what is unknown holds for nobody. */
function canHold(condition: Condition | null, known: ReadonlyMap<string, KnownFact>): boolean {
  if (condition === null) return true;
  const possible = (tests: readonly Test[]): boolean => {
    const fact = known.get(tests[0]!.fact);
    return fact !== undefined && together(tests, fact);
  };
  if (condition.match === 'any') return condition.tests.some((test) => possible([test]));
  const byFact = Map.groupBy(condition.tests, ({ fact }) => fact);
  return [...byFact.values()].every(possible);
}

/** The most this formula can give in yen; null while it is not sound. */
function mostOf(content: EditionContent): number | null {
  if (checkFormula(content.formula, knownFacts(content)).errors.length > 0) return null;
  const last = content.formula.steps.at(-1);
  const range = last && rangesOf(content.formula).get(last.key);
  return range ? Number(floor(range.max)) : null;
}

/** Places of questions, figures, lists and papers that never come up, each with the reason. */
export function neverAsked(content: EditionContent): { at: string; message: string }[] {
  const known = facts(content);
  const most = mostOf(content);
  const found: { at: string; message: string }[] = [];
  const look = (at: string, key: string | null, when: Condition | null, from_yen: number | null): void => {
    const message = !canHold(when, known) ? '条件に当てはまる申請がないので、だれにも聞かれません。'
      : from_yen !== null && most !== null && from_yen > most ? '計算で出る額がこの申請額に届かないので、だれにも聞かれません。' : null;
    if (message === null) return;
    found.push({ at, message });
    if (key !== null) known.delete(key);
  };
  content.questions.forEach(({ key, when, from_yen }, index) => look(`questions.${index}`, key, when, from_yen));
  content.formula.figures.forEach(({ key, when }, index) => look(`formula.figures.${index}`, key, when, null));
  content.formula.rows.forEach(({ when }, index) => look(`formula.rows.${index}`, null, when, null));
  content.papers.forEach(({ when, from_yen }, index) => look(`papers.${index}`, null, when, from_yen));
  content.eligibility.forEach(({ when }, index) => {
    if (!canHold(when, known)) found.push({ at: `eligibility.${index}`, message: '「次のときだけ」の条件に当てはまる申請がないので、働きません。' });
  });
  const kinds = eligibleKinds(content);
  content.papers.forEach((paper, index) => {
    if (paper.kinds.length > 0 && kinds.length < KINDS.length && !paper.kinds.some((kind) => kinds.includes(kind))) found.push({ at: `papers.${index}.kinds`, message: '申請できる種類の団体が含まれていないので、だれも出しません。' });
  });
  return found;
}
