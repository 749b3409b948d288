import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dossier } from '../organisations/organisation.ts';
import { addDays } from '../time/day.ts';
import { concerns } from './concerns.ts';
import type { EligibilityRule } from './content.ts';
import { eligibilityOf, judgeFounded, judgeShare, lastDayWithin, wholeYears, type Given, type History } from './eligibility.ts';
import { sample, stored } from './fixtures.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

const dossier = (change: Partial<Dossier> = {}): Dossier => ({
  id: 'id', version: 1, district_name: null, updated_at: new Date(0), papers: [], kind: 'civic_group', corporate_number: null, name: '会（架空）', name_kana: 'カイ', representative_title: '', representative_name: '', postal_code: '',
  address: '', phone: '', purpose: '', founded_on: '2024-05-01', members_count: 10, members_living: 4, members_working: 1, members_studying: 1, district_id: null, ...change
});
const paper = (kind: 'rules' | 'member_list') => ({ id: kind, kind, file_id: 'f', name: 'n', media_type: 'application/pdf', bytes: 1, sha256: '', pages: 1, added_at: new Date(0) });
const history: History = { applications_this_year: 0, awards_ever: 0, project_awards: 0 };
const given = (change: Partial<Given> = {}): Given => ({
  applied_on: '2026-05-01', starts_on: '2026-06-01', declared: { free: true, clean: true, single: true }, facts: { course: 'start_up' }, ...change
});
const results = (...[d, h, g]: [Partial<Dossier>?, Partial<History>?, Partial<Given>?]): Record<string, string> =>
  Object.fromEntries(eligibilityOf(SAMPLE_CONTENT, dossier({ papers: [paper('rules'), paper('member_list')], ...d }), { ...history, ...h }, given(g)).map(({ key, result }) => [key, result]));

describe('findings on the sample', () => {
  test('a young group on the starting course', () => {
    expect(results()).toEqual({ kind: 'met', members: 'met', local: 'met', young: 'met', first_time: 'met', rules: 'met', member_list: 'met', one: 'met', early: 'met', free: 'met', clean: 'met', single: 'met' });
  });

  test.each<[string, Parameters<typeof results>, string, string]>([
    ['too few', [{ members_count: 4, members_living: 4, members_working: 0, members_studying: 0 }], 'members', 'not_met'], ['half is no majority', [{ members_count: 12 }], 'local', 'not_met'], ['nobody counted', [{ members_count: 0, members_living: 0, members_working: 0, members_studying: 0 }], 'local', 'unclear'],
    ['old', [{ founded_on: '2023-03-31' }], 'young', 'not_met'], ['on the last day', [{ founded_on: '2023-04-01' }], 'young', 'met'], ['not founded', [{ founded_on: null }], 'young', 'unclear'], ['founded after the basis', [{ founded_on: '2026-04-02' }], 'young', 'not_met'],
    ['supported before', [{}, { awards_ever: 1 }], 'first_time', 'not_met'], ['nobody knows', [{}, { awards_ever: null }], 'first_time', 'unclear'], ['a second application', [{}, { applications_this_year: 1 }], 'one', 'not_met'],
    ['no rules', [{ papers: [paper('member_list')] }], 'rules', 'not_met'], ['29 days before', [{}, {}, { starts_on: '2026-05-30' }], 'early', 'not_met'], ['30 days before', [{}, {}, { starts_on: '2026-05-31' }], 'early', 'met'],
    ['no day yet', [{}, {}, { starts_on: null }], 'early', 'unclear'], ['not declared', [{}, {}, { declared: {} }], 'free', 'unclear'], ['declared otherwise', [{}, {}, { declared: { free: false } }], 'free', 'not_met'],
    ['to be asked', [{}, {}, { declared: { single: false } }], 'single', 'unclear'], ['the other course', [{}, {}, { facts: { course: 'regular' } }], 'thrice', 'met'], ['three times', [{}, { project_awards: 3 }, { facts: { course: 'regular' } }], 'thrice', 'not_met'],
    ['as the group says', [{}, { project_awards: null }, { facts: { course: 'regular', support_year: 4 } }], 'thrice', 'not_met'], ['nobody says', [{}, { project_awards: null }, { facts: { course: 'regular' } }], 'thrice', 'unclear']
  ])('%s', (_, input, key, result) => { expect(results(...input)[key]).toBe(result); });

  test('rules of the other course are left out; while no course is chosen they are unclear', () => {
    expect(results()).not.toHaveProperty('lasting');
    expect(results({}, {}, { facts: {} })).toMatchObject({ lasting: 'unclear', young: 'unclear', members: 'met' });
  });

  test('a finding says the rule, the reason and the article', () => {
    const [found] = eligibilityOf(SAMPLE_CONTENT, dossier(), history, given({ starts_on: '2026-05-02' })).filter(({ key }) => key === 'early');
    expect(found).toEqual({ key: 'early', result: 'not_met', article: '第5条第2項（設定例）', message: '事業を始める日の30日前までに申請すること。事業を始める日を令和8年5月31日以後にしてください。' });
  });
});

describe('years', () => {
  test.each([
    ['2024-04-01', '2025-03-31', 0], ['2024-04-01', '2025-04-01', 1], ['2024-02-29', '2025-02-28', 0], ['2024-02-29', '2025-03-01', 1], ['2024-02-29', '2028-02-28', 3], ['2024-02-29', '2028-02-29', 4],
    ['2025-03-01', '2025-03-01', 0], ['2025-03-02', '2025-03-01', -1], ['1999-12-31', '2026-01-01', 26]
  ])('from %s to %s: %i', (from, basis, years) => { expect(wholeYears(from, basis)).toBe(years); });

  test('within n years: the same date counts; the 29th of February ends on the 28th', () => {
    expect(lastDayWithin('2023-04-01', 3)).toBe('2026-04-01');
    expect(lastDayWithin('2024-02-29', 1)).toBe('2025-02-28');
    expect(lastDayWithin('2024-02-29', 4)).toBe('2028-02-29');
    expect(lastDayWithin('9990-01-01', 50)).toBeNull();
  });

  test('the basis day is the application’s where none is set', () => {
    const rule = { key: 'k', article: '', when: null, rule: 'founded', minimum_years: 1, maximum_years: null, basis_on: null } as const;
    expect(judgeFounded(rule, '2025-05-01', '2026-04-30').result).toBe('not_met');
    expect(judgeFounded(rule, '2025-05-01', '2026-05-01').result).toBe('met');
  });

  test('at least n and at most n years never both fail, and never both hold but around the day itself', () => {
    const someDay = fc.integer({ min: 0, max: 30_000 }).map((days) => addDays('1990-01-01', days));
    const rule = (minimum_years: number | null, maximum_years: number | null): Extract<EligibilityRule, { rule: 'founded' }> => ({ key: 'k', article: '', when: null, rule: 'founded', minimum_years, maximum_years, basis_on: null });
    fc.assert(fc.property(someDay, fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 30 }), (founded, later, years) => {
      const today = addDays(founded, later);
      const full = judgeFounded(rule(years, null), founded, today).result === 'met';
      const within = judgeFounded(rule(null, years), founded, today).result === 'met';
      expect(full || within).toBe(true);
      if (full && within) expect(today.slice(5)).toBe(founded.slice(5));
    }), { numRuns: 1000 });
  });
});

test('shares are exact', () => {
  const rule = { key: 'k', article: '', when: null, rule: 'local_share', share: { numerator: 1, denominator: 3 }, more_than: false, counts: ['living'] } as const;
  expect(judgeShare(rule, 1, 3).result).toBe('met');
  expect(judgeShare({ ...rule, more_than: true }, 1, 3).result).toBe('not_met');
  expect(judgeShare(rule, 333_333, 1_000_000).result).toBe('not_met');
});

test('what is not asked does not concern anybody', () => {
  const fee = (number: number) => ({ match: 'all' as const, tests: [{ fact: 'fee_yen', is: 'at_least' as const, number }] });
  expect(concerns(SAMPLE_CONTENT, fee(500), {})).toBe('unknown');
  expect(concerns(SAMPLE_CONTENT, fee(500), { fee: 'no' })).toBe('no');
  expect(concerns(SAMPLE_CONTENT, fee(500), { fee: 'yes' })).toBe('unknown');
  expect(concerns(SAMPLE_CONTENT, fee(500), { fee: 'yes', fee_yen: 500 })).toBe('yes');
  expect(concerns(SAMPLE_CONTENT, null, {})).toBe('yes');
});

test('any edition that can be stored gives findings, not exceptions', () => {
  fc.assert(fc.property(stored, fc.option(fc.constantFrom('2024-02-29', '1900-01-01', '2199-12-31'), { nil: null }), fc.constantFrom({}, { course: 'regular' }, { course: 'start_up', fee: 'yes' }), (content, founded_on, facts) => {
    const findings = eligibilityOf(content, dossier({ founded_on }), history, given({ facts }));
    expect(findings.length).toBeLessThanOrEqual(content.eligibility.length);
  }), { numRuns: 400 });
  expect(eligibilityOf(sample({ eligibility: [] }), dossier(), history, given())).toEqual([]);
});
