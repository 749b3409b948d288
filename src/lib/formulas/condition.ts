/**
 * Conditions that a city writes without programming: 「すべて／どれかに当てはまるとき」 over what is known of an application.
 * Three-valued: what has not been answered yet decides nothing. Pure.
 */

/** What is known of one application. A fact that is absent, null or '' is not known yet. */
export type Fact = string | number | boolean | readonly string[] | null | undefined;
export type Facts = Readonly<Record<string, Fact>>;

/** Facts every application has, beside the edition's own questions and figures, which are facts by their keys. */
export const BUILT_IN_FACTS = {
  kind: '団体の種類',
  support_year: '同じ事業への支援が何回目か',
  members: '会員数'
} as const;
export type BuiltInFact = keyof typeof BUILT_IN_FACTS;

export type Test =
  /** A choice (or one of several choices, or the kind of group) is one of these; `none_of`: is none of them. */
  | { fact: string; is: 'one_of' | 'none_of'; values: readonly string[] }
  /** A number is at least, or at most, this. */
  | { fact: string; is: 'at_least' | 'at_most'; number: number }
  /** A はい／いいえ question was answered so. */
  | { fact: string; is: 'yes' | 'no' };

export interface Condition { match: 'all' | 'any'; tests: readonly Test[] }

export const MAX_TESTS = 8;

export type Verdict = 'yes' | 'no' | 'unknown';

/** Whether the condition holds. `unknown` when the answers that would decide it are not there yet. No condition always holds. */
export function judge(condition: Condition | null, facts: Facts): Verdict {
  if (condition === null) return 'yes';
  const verdicts = condition.tests.map((test) => judgeTest(test, facts));
  const deciding = condition.match === 'all' ? 'no' : 'yes';
  if (verdicts.includes(deciding)) return deciding;
  if (verdicts.includes('unknown')) return 'unknown';
  return condition.match === 'all' ? 'yes' : 'no';
}

function judgeTest(test: Test, facts: Facts): Verdict {
  const fact = Object.hasOwn(facts, test.fact) ? facts[test.fact] : undefined;
  if (fact === undefined || fact === null || fact === '') return 'unknown';
  switch (test.is) {
    case 'one_of': return toVerdict(includesAny(fact, test.values));
    case 'none_of': return toVerdict(!includesAny(fact, test.values));
    case 'at_least': return typeof fact === 'number' ? toVerdict(fact >= test.number) : 'unknown';
    case 'at_most': return typeof fact === 'number' ? toVerdict(fact <= test.number) : 'unknown';
    case 'yes': return toVerdict(fact === true || fact === 'yes');
    case 'no': return toVerdict(fact === false || fact === 'no');
  }
}

const toVerdict = (holds: boolean): Verdict => (holds ? 'yes' : 'no');

function includesAny(fact: Exclude<Fact, null | undefined>, values: readonly string[]): boolean {
  if (Array.isArray(fact)) return fact.some((one: string) => values.includes(one));
  return typeof fact === 'string' && values.includes(fact);
}

/** The facts a condition asks for. */
export const factsOf = (condition: Condition | null): string[] => (condition === null ? [] : [...new Set(condition.tests.map((test) => test.fact))]);

/** A value that may differ from case to case: the first case that holds, else `otherwise`. */
export interface Cases<T> { otherwise: T; cases: readonly { when: Condition; value: T }[] }

export const MAX_CASES = 12;

/** The value for these facts; null while an undecided case stands before the first that holds. */
export function pick<T>(cases: Cases<T>, facts: Facts): { value: T } | null {
  for (const one of cases.cases) {
    const verdict = judge(one.when, facts);
    if (verdict === 'yes') return { value: one.value };
    if (verdict === 'unknown') return null;
  }
  return { value: cases.otherwise };
}

/** The same value in every case. */
export const always = <T>(value: T): Cases<T> => ({ otherwise: value, cases: [] });
