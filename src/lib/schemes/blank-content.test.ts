import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDay } from '../time/day.ts';
import { blankContent, nextYear } from './blank-content.ts';
import { checkContent } from './check-content.ts';
import { compareContents } from './compare.ts';
import { readContent } from './content-schema.ts';
import { sample, stored } from './fixtures.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

describe('a new edition', () => {
  const blank = blankContent('あたらしい補助金', 2026);
  const findings = checkContent(blank, { fiscal_year: 2026 });

  test('can be stored, and says what it lacks', () => {
    expect(readContent(JSON.parse(JSON.stringify(blank)))).toEqual({ ok: true, content: blank });
    expect(findings.errors).toEqual([]);
    expect(findings.missing.map(({ at }) => at)).toEqual(expect.arrayContaining(['windows', 'summary', 'legal_basis', 'documents.award', 'formula.steps', 'funding', 'judging.criteria']));
    expect(blank.completion_due_on).toBe('2027-03-31');
  });

  test('its examples are marked as such', () => {
    expect(blank.categories.every(({ name }) => name.endsWith('（設定例）'))).toBe(true);
    expect(findings.warnings.some(({ message }) => message.includes('設定例'))).toBe(true);
  });
});

describe('the next year', () => {
  test('days move, everything else stays', () => {
    const { content, warnings } = nextYear(SAMPLE_CONTENT, 2026, 2027);
    expect(content.windows.map(({ opens_on, closes_on }) => [opens_on, closes_on])).toEqual([['2027-04-13', '2027-05-29'], ['2027-07-01', '2027-07-31']]);
    expect([content.starts_from, content.completion_due_on]).toEqual(['2027-06-01', '2028-02-26']);
    expect(content.eligibility[3]).toMatchObject({ basis_on: '2027-04-01' });
    expect(compareContents(SAMPLE_CONTENT, content).map(({ at }) => at)).toEqual(['eligibility.3', 'eligibility.4', 'windows.0.opens_on', 'windows.0.closes_on', 'windows.1.opens_on', 'windows.1.closes_on', 'starts_from', 'completion_due_on']);
    expect(warnings.map(({ at }) => at)).toEqual(['windows.0.closes_on', 'windows.1.closes_on', 'completion_due_on']);
    expect(warnings[0]?.message).toContain('2027年5月29日（土）は閉庁日です');
  });

  test('a leap day becomes the 28th, and comes back as what it became', () => {
    const leap = sample({ completion_due_on: '2028-02-29' });
    const { content, warnings } = nextYear(leap, 2027, 2028);
    expect(content.completion_due_on).toBe('2029-02-28');
    expect(warnings.map(({ message }) => message)).toContainEqual('事業の完了期限：2月29日がない年なので、2029年2月28日（水）にしました。');
    expect(nextYear(leap, 2027, 2031).content.completion_due_on).toBe('2032-02-29');
  });

  test.each(['令和8年度の募集', '令和元年度', 'R8の要綱', 'Ｒ８年度', '2026年から', '平成３０年'])('a text that says %s is left, with a warning', (purpose) => {
    const { content, warnings } = nextYear(sample({ purpose }), 2026, 2027);
    expect(content.purpose).toBe(purpose);
    expect(warnings.find(({ at }) => at === 'purpose')?.message).toContain('令和9年度に合っているか');
  });

  test('the city’s closing days are looked at', () => {
    expect(nextYear(SAMPLE_CONTENT, 2026, 2027, ['2027-04-13']).warnings.map(({ at }) => at)).toContain('windows.0.opens_on');
  });

  test('what could be stored can be stored again, and the same year changes nothing', () => {
    fc.assert(fc.property(stored, fc.integer({ min: 2020, max: 2060 }), (content, toYear) => {
      const moved = nextYear(content, 2026, toYear).content;
      expect(readContent(JSON.parse(JSON.stringify(moved))).ok).toBe(true);
      expect(moved.windows.every(({ opens_on, closes_on }) => isDay(opens_on) && isDay(closes_on))).toBe(true);
      expect(compareContents(content, nextYear(content, 2026, 2026).content)).toEqual([]);
    }), { numRuns: 200 });
  });
});
