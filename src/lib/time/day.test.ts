import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, compareDays, dayFrom, dayOf, daysBetween, endOfDay, isDay, startOfDay, weekdayOf } from './day.ts';

const someDay = fc.integer({ min: 0, max: 100_000 }).map((count) => addDays('1868-10-23', count));

describe('a day', () => {
  test.each(['2026-04-01', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is one', (text) => {
    expect(isDay(text)).toBe(true);
  });

  test.each([
    '2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-1-01', '0000-01-01', '２０２６-04-01',
    ' 2026-04-01', '2026-04-01T00:00', '2026-04-01\n', '+002026-04-01', '', null, 20260401, new Date()
  ])('%j is none', (text) => {
    expect(isDay(text)).toBe(false);
  });

  test('a day that does not exist is never built', () => {
    expect(dayFrom(2026, 2, 30)).toBeNull();
    expect(dayFrom(2024, 2, 29)).toBe('2024-02-29');
    expect(dayFrom(2026.5, 1, 1)).toBeNull();
  });

  test('a sum of days comes back, and sorts as the days do', () => {
    fc.assert(fc.property(someDay, fc.integer({ min: -20_000, max: 20_000 }), (day, count) => {
      const moved = addDays(day, count);
      expect(addDays(moved, -count)).toBe(day);
      expect(daysBetween(day, moved)).toBe(count);
      expect(compareDays(day, moved)).toBe(day < moved ? -1 : day > moved ? 1 : 0);
      expect((weekdayOf(day) + count % 7 + 7) % 7).toBe(weekdayOf(moved));
    }), { numRuns: 300 });
  });

  test('nonsense is a bug, not a day', () => {
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
    expect(() => addDays('2026-02-01', 0.5)).toThrow(RangeError);
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => dayOf(new Date(Number.NaN))).toThrow(RangeError);
  });
});

describe("Japan's midnight", () => {
  test('an instant belongs to the day of the clock in Japan', () => {
    expect(dayOf(new Date('2026-03-31T14:59:59.999Z'))).toBe('2026-03-31');
    expect(dayOf(new Date('2026-03-31T15:00:00.000Z'))).toBe('2026-04-01');
  });

  test('a day ends where the next begins', () => {
    fc.assert(fc.property(someDay, (day) => {
      expect(endOfDay(day)).toEqual(startOfDay(addDays(day, 1)));
      expect(dayOf(startOfDay(day))).toBe(day);
      expect(dayOf(new Date(endOfDay(day).getTime() - 1))).toBe(day);
    }), { numRuns: 200 });
    expect(endOfDay('2026-12-31').toISOString()).toBe('2026-12-31T15:00:00.000Z');
  });

  test("the machine's time zone changes nothing (IN-6)", () => {
    const script = `
      const base = process.argv[1];
      const [day, wareki, year, open] = await Promise.all(
        ['day', 'wareki', 'fiscal-year', 'business-day'].map((name) => import(base + name + '.ts')));
      const out = [];
      for (let hour = 0; hour < 24 * 40; hour += 1) {
        const instant = new Date(Date.UTC(2026, 2, 1, hour, 30));
        const today = day.dayOf(instant);
        out.push(wareki.formatInstant(instant), wareki.formatPlainDay(today), year.fiscalYearOf(today),
          open.nextBusinessDay(today, []), day.endOfDay(today).toISOString(), wareki.parseDayText('令和8年4月1日'));
      }
      console.log(out.join());`;
    const base = new URL('./', import.meta.url).href;
    const [utc, tokyo, newYork] = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((TZ) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, base], { env: { ...process.env, TZ }, encoding: 'utf8' }));
    expect(utc).toContain('令和8年4月1日 0時30分');
    expect(tokyo).toBe(utc);
    expect(newYork).toBe(utc);
  });
});
