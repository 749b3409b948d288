import { expect, test } from 'vitest';
import { dayOf } from './day.ts';
import { fiscalYearBounds, fiscalYearOf, formatFiscalYear } from './fiscal-year.ts';

test.each([['2026-03-31', 2025], ['2026-04-01', 2026], ['2027-01-01', 2026], ['2024-02-29', 2023], ['2027-03-31', 2026]])(
  '%s is in fiscal year %i', (day, year) => {
    expect(fiscalYearOf(day)).toBe(year);
  });

test('the year turns at midnight in Japan', () => {
  expect(fiscalYearOf(dayOf(new Date('2027-03-31T14:59:59Z')))).toBe(2026);
  expect(fiscalYearOf(dayOf(new Date('2027-03-31T15:00:00Z')))).toBe(2027);
});

test('bounds belong to the year they bound', () => {
  for (let year = 1950; year < 2100; year += 1) {
    const { from, to } = fiscalYearBounds(year);
    expect([fiscalYearOf(from), fiscalYearOf(to)]).toEqual([year, year]);
  }
  expect(() => fiscalYearBounds(12.5)).toThrow(RangeError);
  expect(() => fiscalYearOf('2026-04-31')).toThrow(RangeError);
});

test.each([[2026, '令和8年度'], [2019, '令和元年度'], [2018, '平成30年度'], [1988, '昭和63年度'], [1989, '平成元年度']])('%i is %s', (year, text) => {
  expect(formatFiscalYear(year)).toBe(text);
});
