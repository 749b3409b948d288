import { expect, test } from 'vitest';
import { sample } from './fixtures.ts';
import { allFacts, casesInWords, knownFacts, whenInWords } from './known-facts.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

const figure = { key: 'homes', label: '加入世帯', quantity: 'count' as const, unit: '世帯', source: '名簿', basis_on: null, minimum: 1, maximum: 500, when: null, from: 'typed' as const };
const content = sample({ formula: { ...SAMPLE_CONTENT.formula, figures: [figure] } });

test('the built-in facts and the questions that decide; figures only among all facts', () => {
  expect(Object.keys(knownFacts(content)).sort()).toEqual(['course', 'fee', 'fee_yen', 'kind', 'members', 'support_year', 'themes']);
  expect(allFacts(content).homes).toEqual({ kind: 'number', label: '加入世帯', unit: '世帯', minimum: 1, maximum: 500 });
  expect(knownFacts(content).fee_yen).toEqual({ kind: 'number', label: '1人あたりの参加費', unit: '円', minimum: 0, maximum: 100_000 });
});

test('a question can’t pose as a built-in fact, and of two with one key the first counts', () => {
  const [course] = SAMPLE_CONTENT.questions;
  const twice = sample({ questions: [{ ...course!, key: 'kind' }, course!, { ...course!, label: '別' }] });
  expect(knownFacts(twice).kind).toMatchObject({ label: '団体の種類' });
  expect(knownFacts(twice).course).toMatchObject({ label: course!.label });
});

test('the city’s words for kinds of group', () => {
  const kinds = { civic_group: '市民活動団体', npo: 'NPO法人', association: '常会' };
  const when = { match: 'all' as const, tests: [{ fact: 'kind', is: 'one_of' as const, values: ['association'] }] };
  expect(whenInWords(when, knownFacts(content, kinds))).toContain('「常会」');
  expect(whenInWords({ match: 'all', tests: [{ fact: 'gone', is: 'yes' }] }, knownFacts(content))).toBe('（なくなった項目による条件）');
  expect(casesInWords({ otherwise: 1, cases: [{ when, value: 2 }] }, String, knownFacts(content, kinds))).toMatch(/「常会」のとき2、そのほかは1$/);
});
