import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../formulas/condition.ts';
import type { EditionContent } from './content.ts';
import { sample, stored } from './fixtures.ts';
import { quickCheck, type QuickCheck } from './quick-check.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

const context = { today: '2026-05-01' };
const check = (answers: Facts, content: EditionContent = SAMPLE_CONTENT): QuickCheck => quickCheck(content, answers, context);
const names = (answers: Facts, content?: EditionContent): string[] => check(answers, content).questions.map(({ name }) => name);

const good: Facts = {
  'kind': 'civic_group', 'members': 10, 'rule-local-living-studying-working': 6, 'course': 'start_up', 'rule-founded-on': '2024-05-01', 'rule-awarded-before': 'no', 'rule-paper-rules': 'yes', 'rule-paper-member_list': 'yes',
  'rule-other-application': 'no', 'rule-starts-on': '2026-07-01', 'rule-declared-free': 'yes', 'rule-declared-clean': 'yes', 'rule-declared-single': 'yes'
};

describe('what is asked', () => {
  test('first what decides which rules apply, then those rules’ own', () => {
    expect(names({})).toEqual(['kind', 'members', 'rule-local-living-studying-working', 'course', 'rule-paper-rules', 'rule-paper-member_list', 'rule-other-application', 'rule-starts-on', 'rule-declared-free', 'rule-declared-clean', 'rule-declared-single']);
    expect(names({ course: 'start_up' })).toContain('rule-awarded-before');
    expect(names({ course: 'regular' })).not.toContain('rule-awarded-before');
    expect(names({ course: 'regular' })).toContain('support_year');
  });

  test('questions that decide nothing are not asked', () => {
    expect(names({})).not.toContain('themes');
    expect(names({}, sample({ eligibility: [] }))).toEqual([]);
  });

  test('a condition’s question that is itself asked under a condition comes after that one', () => {
    const rule = { ...SAMPLE_CONTENT.eligibility[1]!, when: { match: 'all' as const, tests: [{ fact: 'fee_yen', is: 'at_least' as const, number: 500 }] } };
    const content = sample({ eligibility: [rule] });
    expect(names({}, content)).toEqual(['fee']);
    expect(names({ fee: 'yes' }, content)).toEqual(['fee', 'fee_yen']);
    expect(names({ fee: 'yes', fee_yen: 800 }, content)).toEqual(['fee', 'fee_yen', 'members']);
    expect(check({ fee: 'no' }, content)).toMatchObject({ verdict: 'yes', reasons: [] });
  });

  test('of an either-or only what still decides', () => {
    const when = { match: 'any' as const, tests: [{ fact: 'fee', is: 'yes' as const }, { fact: 'course', is: 'one_of' as const, values: ['regular'] }] };
    const content = sample({ eligibility: [{ ...SAMPLE_CONTENT.eligibility[1]!, when }] });
    expect(names({}, content)).toEqual(['fee', 'course']);
    expect(names({ fee: 'yes' }, content)).toEqual(['fee', 'members']);
    expect(names({ fee: 'no' }, content)).toEqual(['fee', 'course']);
  });

  test('the city’s own word for 自治会', () => {
    const [kind] = quickCheck(SAMPLE_CONTENT, {}, { ...context, kinds: { civic_group: '市民活動団体', npo: 'NPO法人', association: '常会' } }).questions;
    expect(kind?.options.map(({ label }) => label)).toContain('常会');
  });
});

describe('the verdict', () => {
  test('every answer good: 申請できます, with the reasons', () => {
    const { verdict, reasons } = check(good);
    expect(verdict).toBe('yes');
    expect(reasons).toHaveLength(12);
    expect(reasons[1]).toEqual({ key: 'members', result: 'yes', message: '会員が5人以上いること。', article: '第3条第1号（設定例）' });
  });

  test('nothing is decided before it is', () => {
    expect(check({}).verdict).toBeNull();
    for (const name of Object.keys(good)) expect(check({ ...good, [name]: null }).verdict, name).toBeNull();
  });

  test.each<[Facts, 'no' | 'ask']>([
    [{ members: 4, 'rule-local-living-studying-working': 4 }, 'no'], [{ 'rule-local-living-studying-working': 5 }, 'no'], [{ 'rule-local-living-studying-working': 11 }, 'ask'], [{ 'rule-founded-on': '2023-03-31' }, 'no'],
    [{ 'rule-awarded-before': 'yes' }, 'no'], [{ 'rule-paper-rules': 'no' }, 'ask'], [{ 'rule-other-application': true }, 'no'], [{ 'rule-starts-on': '2026-05-30' }, 'ask'], [{ 'rule-declared-clean': 'no' }, 'no'], [{ 'rule-declared-single': 'no' }, 'ask'],
    [{ course: 'regular', support_year: 3 }, 'ask'], [{ course: 'regular', support_year: 4 }, 'no']
  ])('%j: %s', (change, verdict) => {
    const changed = { ...good, ...(change.course === 'regular' ? { 'rule-paper-rules': 'no' } : {}), ...change };
    expect(check(changed).verdict).toBe(verdict);
  });

  test('one rule broken is enough, whatever is still open', () => {
    expect(check({ 'rule-declared-clean': 'no' }).verdict).toBe('no');
  });

  test('answers that make no sense decide nothing', () => {
    expect(check({ ...good, kind: 'company' }).verdict).toBeNull();
    expect(check({ ...good, members: -1 }).verdict).toBeNull();
    expect(check({ ...good, members: '10' }).verdict).toBeNull();
    expect(check({ ...good, 'rule-founded-on': '2024-02-30' }).verdict).toBeNull();
    expect(check({ ...good, course: ['start_up'] }).verdict).toBeNull();
  });
});

test('any edition, any answers: no exception; and answering what is asked ends in a verdict', () => {
  fc.assert(fc.property(stored, fc.infiniteStream(fc.nat()), (content, stream) => {
    let answers: Facts = {};
    let found = quickCheck(content, answers, context);
    for (let round = 0; round < 60 && found.verdict === null; round += 1) {
      const given = found.questions.filter(({ name }) => answers[name] === undefined).map((question) => {
        const pick = stream.next().value ?? 0;
        const option = question.options[pick % Math.max(question.options.length, 1)]?.key;
        const answer = { choice: option, choices: option === undefined ? [] : [option], yes_no: pick % 2 === 0, integer: pick % (question.max + 1), day: ['2020-02-29', '2026-07-01'][pick % 2] }[question.kind];
        return [question.name, answer] as const;
      });
      if (given.every(([, answer]) => answer === undefined)) break;
      answers = { ...answers, ...Object.fromEntries(given) };
      found = quickCheck(content, answers, context);
    }
    // A choice without options can't be answered, and 0 may be below a figure's minimum; everything else ends.
    const stuck = found.questions.some(({ name }) => answers[name] === undefined || answers[name] === 0);
    if (!stuck) expect(found.verdict).not.toBeNull();
  }), { numRuns: 400 });
});
