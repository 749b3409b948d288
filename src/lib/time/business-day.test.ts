import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addBusinessDays, businessDayOnOrAfter, businessDayOnOrBefore, holidayName, isBusinessDay, LAST_KNOWN_YEAR, nextBusinessDay,
  previousBusinessDay, yearEndClosing
} from './business-day.ts';
import { addDays } from './day.ts';

const closed = yearEndClosing(2027);

describe('open and closed', () => {
  test.each([
    ['2026-11-23', '勤労感謝の日'], ['2026-09-22', '休日'], ['2027-03-22', '春分の日 振替休日'], ['2026-11-24', null]
  ])('%s: %s', (day, name) => {
    expect(holidayName(day)).toBe(name);
    expect(isBusinessDay(day, [])).toBe(name === null);
  });

  test('weekends, and the closing days of the city', () => {
    expect(isBusinessDay('2026-11-21', [])).toBe(false);
    expect(isBusinessDay('2026-12-28', closed)).toBe(true);
    expect(isBusinessDay('2026-12-29', closed)).toBe(false);
    expect(isBusinessDay('2026-12-29', new Set(closed))).toBe(false);
    expect(closed).toEqual(['2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03']);
  });

  test('years whose holidays are not known are refused, not guessed', () => {
    expect(LAST_KNOWN_YEAR).toBeGreaterThanOrEqual(2050);
    expect(() => isBusinessDay(`${LAST_KNOWN_YEAR + 1}-06-01`, [])).toThrow(RangeError);
    expect(() => holidayName('1969-12-31')).toThrow(RangeError);
  });
});

describe('moving', () => {
  test('over the turn of the year and over a long weekend', () => {
    expect(nextBusinessDay('2026-12-28', closed)).toBe('2027-01-04');
    expect(previousBusinessDay('2027-01-04', closed)).toBe('2026-12-28');
    expect(nextBusinessDay('2026-09-18', [])).toBe('2026-09-24');
    expect(businessDayOnOrBefore('2026-06-20', [])).toBe('2026-06-19');
    expect(businessDayOnOrAfter('2026-06-20', [])).toBe('2026-06-22');
    expect(businessDayOnOrAfter('2026-06-22', [])).toBe('2026-06-22');
    expect(addBusinessDays('2026-11-20', 3, [])).toBe('2026-11-26');
    expect(addBusinessDays('2026-11-22', 0, [])).toBe('2026-11-22');
  });

  test('counting forth and back from an open day ends where it began', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 30 }), (start, count) => {
      const day = businessDayOnOrAfter(addDays('1975-01-01', start), []);
      const there = addBusinessDays(day, count, []);
      expect(isBusinessDay(there, [])).toBe(true);
      expect(addBusinessDays(there, -count, [])).toBe(day);
    }), { numRuns: 100 });
  });

  test('a city that never opens is a wrong setting', () => {
    const always = new Set(Array.from({ length: 200 }, (_, at) => addDays('2026-04-01', at)));
    expect(() => nextBusinessDay('2026-04-01', always)).toThrow(RangeError);
    expect(() => addBusinessDays('2026-04-01', 1.5, [])).toThrow(RangeError);
  });
});
