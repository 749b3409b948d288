import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { always, factsOf, judge, pick, type Condition, type Fact, type Facts, type Test, type Verdict } from './condition.ts';
import { builtInFacts, conditionInWords, type KnownFacts } from './known-facts.ts';

/** Facts that make a test hold, fail, or wait. */
const ANSWERS: Record<Verdict, Fact> = { yes: 'yes', no: 'no', unknown: null };
const VERDICTS: Verdict[] = ['yes', 'no', 'unknown'];
const asked = (...facts: string[]): Test[] => facts.map((fact) => ({ fact, is: 'yes' }));
const verdictOf = (match: Condition['match'], ...verdicts: Verdict[]): Verdict =>
  judge({ match, tests: asked(...verdicts.map((_, index) => `q${index}`)) }, Object.fromEntries(verdicts.map((verdict, index) => [`q${index}`, ANSWERS[verdict]])));

describe('three-valued truth', () => {
  test.each<[Verdict, Verdict, Verdict, Verdict]>([
    ['yes', 'yes', 'yes', 'yes'], ['yes', 'no', 'no', 'yes'], ['yes', 'unknown', 'unknown', 'yes'],
    ['no', 'yes', 'no', 'yes'], ['no', 'no', 'no', 'no'], ['no', 'unknown', 'no', 'unknown'],
    ['unknown', 'yes', 'unknown', 'yes'], ['unknown', 'no', 'no', 'unknown'], ['unknown', 'unknown', 'unknown', 'unknown']
  ])('%s and/or %s: all %s, any %s', (first, second, all, any) => {
    expect(verdictOf('all', first, second)).toBe(all);
    expect(verdictOf('any', first, second)).toBe(any);
  });

  test('any number of tests: the least of all, the greatest of any; order does not matter; a later answer never overturns a verdict', () => {
    const rank = (verdict: Verdict): number => ['no', 'unknown', 'yes'].indexOf(verdict);
    const verdicts = fc.array(fc.constantFrom(...VERDICTS), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(verdicts, fc.constantFrom<Condition['match']>('all', 'any'), fc.constantFrom<Verdict>('yes', 'no'), (list, match, answer) => {
      const ranks = list.map(rank);
      const verdict = verdictOf(match, ...list);
      expect(rank(verdict)).toBe(match === 'all' ? Math.min(...ranks) : Math.max(...ranks));
      expect(verdictOf(match, ...[...list].reverse())).toBe(verdict);
      const later = verdictOf(match, ...list.map((one) => (one === 'unknown' ? answer : one)));
      if (verdict !== 'unknown') expect(later).toBe(verdict);
      else expect(later).not.toBe('unknown');
    }), { numRuns: 2000 });
  });

  test('no condition always holds', () => {
    expect(judge(null, {})).toBe('yes');
    expect(factsOf(null)).toEqual([]);
  });
});

const one = (test: Test, fact: Fact): Verdict => judge({ match: 'all', tests: [test] }, { q: fact });

describe('single tests', () => {
  test.each<[string, Test, Fact, Verdict]>([
    ['a choice among', { fact: 'q', is: 'one_of', values: ['a', 'b'] }, 'b', 'yes'],
    ['a choice not among', { fact: 'q', is: 'one_of', values: ['a', 'b'] }, 'c', 'no'],
    ['one of several choices is enough', { fact: 'q', is: 'one_of', values: ['a'] }, ['c', 'a'], 'yes'],
    ['none of several choices', { fact: 'q', is: 'none_of', values: ['a'] }, ['b', 'c'], 'yes'],
    ['one of them is too many', { fact: 'q', is: 'none_of', values: ['a'] }, ['b', 'a'], 'no'],
    ['nothing chosen is an answer', { fact: 'q', is: 'none_of', values: ['a'] }, [], 'yes'],
    ['at least, on the border', { fact: 'q', is: 'at_least', number: 5 }, 5, 'yes'],
    ['at least, below', { fact: 'q', is: 'at_least', number: 5 }, 4, 'no'],
    ['at most, on the border', { fact: 'q', is: 'at_most', number: 5 }, 5, 'yes'],
    ['at most, above', { fact: 'q', is: 'at_most', number: 5 }, 6, 'no'],
    ['nought is an answer', { fact: 'q', is: 'at_most', number: 0 }, 0, 'yes'],
    ['a text is not a number', { fact: 'q', is: 'at_least', number: 5 }, '7', 'unknown'],
    ['yes as true', { fact: 'q', is: 'yes' }, true, 'yes'],
    ['no as false', { fact: 'q', is: 'no' }, false, 'yes'],
    ['no is not yes', { fact: 'q', is: 'yes' }, 'no', 'no'],
    ['nothing said', { fact: 'q', is: 'no' }, '', 'unknown']
  ])('%s', (_, test, fact, verdict) => {
    expect(one(test, fact)).toBe(verdict);
  });

  test('what every object inherits is not an answer', () => {
    expect(judge({ match: 'all', tests: [{ fact: 'constructor', is: 'none_of', values: ['a'] }] }, {})).toBe('unknown');
  });
});

describe('cases', () => {
  const cases = { otherwise: 0, cases: [{ when: { match: 'all' as const, tests: asked('q0') }, value: 1 }, { when: { match: 'all' as const, tests: asked('q1') }, value: 2 }] };
  test.each<[Facts, { value: number } | null]>([
    [{ q0: 'yes' }, { value: 1 }], [{ q0: 'yes', q1: 'yes' }, { value: 1 }], [{ q0: 'no', q1: 'yes' }, { value: 2 }], [{ q0: 'no', q1: 'no' }, { value: 0 }],
    [{ q1: 'yes' }, null], [{ q0: 'no' }, null], [{}, null]
  ])('%j gives %j', (facts, value) => {
    expect(pick(cases, facts)).toEqual(value);
  });
  test('the same in every case needs no facts', () => {
    expect(pick(always(7), {})).toEqual({ value: 7 });
  });
  test('facts are named once', () => {
    expect(factsOf({ match: 'any', tests: asked('q1', 'q0', 'q1') })).toEqual(['q1', 'q0']);
  });
});

describe('in words', () => {
  const known: KnownFacts = { ...builtInFacts([{ key: 'npo', label: 'NPO法人' }, { key: 'association', label: '自治会' }]), first: { kind: 'yes_no', label: '初めての申請ですか' } };
  const words = (match: Condition['match'], ...tests: Test[]) => conditionInWords({ match, tests }, known);

  test('as an officer would say it', () => {
    expect(words('all', { fact: 'kind', is: 'one_of', values: ['npo'] }, { fact: 'members', is: 'at_least', number: 1000 })).toBe('団体の種類が「NPO法人」、かつ会員数が1,000人以上');
    expect(words('any', { fact: 'first', is: 'yes' }, { fact: 'support_year', is: 'at_most', number: 2 })).toBe('「初めての申請ですか」が「はい」、または同じ事業への支援が2回目以下');
    expect(words('all', { fact: 'kind', is: 'none_of', values: ['npo', 'association'] })).toBe('団体の種類が「NPO法人」と「自治会」のどれでもない');
    expect(words('all', { fact: 'kind', is: 'none_of', values: ['npo'] }, { fact: 'first', is: 'no' })).toBe('団体の種類が「NPO法人」でない、かつ「初めての申請ですか」が「いいえ」');
  });
  test('a fact nobody knows has no words', () => {
    expect(words('all', { fact: 'first', is: 'yes' }, { fact: 'other', is: 'yes' })).toBeNull();
  });
});
