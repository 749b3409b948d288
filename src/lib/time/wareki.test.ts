import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from './day.ts';
import {
  ERAS, formatDeadline, formatInstant, formatPlainDay, formatWareki, formatWarekiBoth, formatWarekiYear, parseDay, parseDayText, parseYear
} from './wareki.ts';

describe('writing', () => {
  test.each([
    ['1868-10-22', '1868年10月22日'], ['1868-10-23', '明治元年10月23日'],
    ['1912-07-29', '明治45年7月29日'], ['1912-07-30', '大正元年7月30日'],
    ['1926-12-24', '大正15年12月24日'], ['1926-12-25', '昭和元年12月25日'],
    ['1989-01-07', '昭和64年1月7日'], ['1989-01-08', '平成元年1月8日'],
    ['2019-04-30', '平成31年4月30日'], ['2019-05-01', '令和元年5月1日'], ['2026-04-01', '令和8年4月1日']
  ])('%s is %s', (day, text) => {
    expect(formatWareki(day)).toBe(text);
  });

  test('both forms, the plain form, a year and an instant', () => {
    expect(formatWarekiBoth('2026-04-01')).toBe('令和8年（2026年）4月1日');
    expect(formatWarekiBoth('1868-01-01')).toBe('1868年1月1日');
    expect(formatPlainDay('2026-04-30')).toBe('2026年4月30日（木）');
    expect(formatWarekiYear(2026)).toBe('令和8年');
    expect(formatWarekiYear(2019)).toBe('平成31年・令和元年');
    expect(formatWarekiYear(1800)).toBe('1800年');
    expect(formatInstant(new Date('2026-11-23T01:42:59Z'))).toBe('令和8年11月23日 10時42分');
    expect(formatInstant(new Date('2026-12-31T15:05:00Z'))).toBe('令和9年1月1日 0時05分');
    expect(() => formatWareki('2026-02-30')).toThrow(RangeError);
  });
});

describe('reading', () => {
  test.each([
    ['令和8', 2026], ['R8', 2026], ['r８', 2026], ['Ｒ８', 2026], ['令8', 2026], ['㋿8', 2026], ['令和 8 年', 2026], ['R.8', 2026],
    ['元', 2019], ['元年', 2019], ['令和元年', 2019], ['平成元', 1989], ['H31', 2019], ['平成40', 2028], ['昭和64年', 1989], ['S1', 1926],
    ['大正15', 1926], ['明治45', 1912], ['2026', 2026], ['２０２６', 2026], ['西暦2026年', 2026], [' 2026 ', 2026], ['令和08', 2026], ['令和8年度', 2026]
  ])('the year %s is %i', (text, year) => {
    expect(parseYear(text)).toBe(year);
  });

  test.each(['', '8', '08', '26', '令和', '令和0', '令和-1', '令和百', 'X8', '令和8.5', '20261', '1867', '٢٠٢٦', '令令8', '年', 'R８８８'])(
    'the year %j is not guessed', (text) => {
      expect(parseYear(text)).toBeNull();
    });

  test.each([
    ['2026-04-01', '2026-04-01'], ['2026/4/1', '2026-04-01'], ['２０２６／４／１', '2026-04-01'], ['令和8年4月1日', '2026-04-01'],
    ['R8.4.1', '2026-04-01'], ['令和8年 4月 1日', '2026-04-01'], ['昭和64年1月7日', '1989-01-07'], ['2026－4－1', '2026-04-01']
  ])('%s is %s', (text, day) => {
    expect(parseDayText(text)).toBe(day);
  });

  test.each(['', '2026-02-30', '2026-4', '4/1', '8-4-1', '2026-04-01T00:00', '20260401', 'あ', '2026-04-01-'])('%j is no day', (text) => {
    expect(parseDayText(text)).toBeNull();
  });

  test('three boxes, with the words people add', () => {
    expect(parseDay('令和8', '４', '1日')).toBe('2026-04-01');
    expect(parseDay('2026', '4月', ' 1 ')).toBe('2026-04-01');
    expect(parseDay('令和8', '2', '29')).toBeNull();
    expect(parseDay('令和8', '', '1')).toBeNull();
    expect(parseDay('8', '4', '1')).toBeNull();
  });

  test('what is written is read back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 60_000 }), (count) => {
      const day = addDays(ERAS.at(-1)?.from ?? '', count);
      expect(parseDayText(formatWareki(day))).toBe(day);
      expect(parseYear(formatWareki(day).split('年')[0] ?? '')).toBe(Number(day.slice(0, 4)));
    }), { numRuns: 300 });
  });
});

describe('formatDeadline', () => {
  test('gives midnight to the day that ends', () => {
    expect(formatDeadline(new Date('2026-12-23T15:00:00Z'))).toBe('令和8年12月23日（水）24時');
    expect(formatDeadline(new Date('2026-12-23T08:15:00Z'))).toBe('令和8年12月23日（水）17時15分');
  });
});
