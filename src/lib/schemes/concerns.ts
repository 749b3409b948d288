/**
 * Whether a condition of an edition holds for an application, knowing also what that application is not asked: an answer that
 * will never come is no reason to wait for it, and what rests on it does not concern the application. Pure.
 */
import { BUILT_IN_FACTS, judge, type Condition, type Facts, type Test, type Verdict } from '../formulas/condition.ts';
import type { EditionContent } from './content.ts';

type Asking = Pick<EditionContent, 'questions' | 'formula'>;

/** Whether a fact is asked for: `no` when its own condition can't hold any more, or nothing of that name is there. */
export function isAsked(content: Asking, key: string, facts: Facts, on: readonly string[] = []): Verdict {
  if (Object.hasOwn(BUILT_IN_FACTS, key)) return 'yes';
  const source = content.questions.find((one) => one.key === key) ?? content.formula.figures.find((one) => one.key === key);
  if (source === undefined || on.includes(key)) return 'no';
  return concerns(content, source.when, facts, [...on, key]);
}

/** As `judge`, but a test of something that is not asked fails. `on`: facts on the way, against circles. */
export function concerns(content: Asking, condition: Condition | null, facts: Facts, on: readonly string[] = []): Verdict {
  if (condition === null) return 'yes';
  const verdicts = condition.tests.map((test) => judgeAsked(content, test, facts, on));
  const deciding: Verdict = condition.match === 'all' ? 'no' : 'yes';
  if (verdicts.includes(deciding)) return deciding;
  if (verdicts.includes('unknown')) return 'unknown';
  return condition.match === 'all' ? 'yes' : 'no';
}

function judgeAsked(content: Asking, test: Test, facts: Facts, on: readonly string[]): Verdict {
  const verdict = judge({ match: 'all', tests: [test] }, facts);
  return verdict === 'unknown' && isAsked(content, test.fact, facts, on) === 'no' ? 'no' : verdict;
}
