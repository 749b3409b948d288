/**
 * A calendar day in Japan, written 'YYYY-MM-DD'. Never a Date, so no machine's time zone can move it (IN-6).
 * `YYYY-MM-DD` strings compare and sort as the days do.
 */
export type Day = string;

const MILLISECONDS_PER_DAY = 86_400_000;
/** Japan has kept UTC+9 without summer time since 1951, so an offset is exact where a time zone library is not needed. */
const JAPAN_AHEAD = 9 * 3_600_000;

/** Whether `text` is a day of the calendar: 'YYYY-MM-DD', years 0001–9999, 29 February only in leap years. */
export function isDay(text: unknown): text is Day {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** UTC midnight of a day in milliseconds; throws RangeError when `day` is not a day. */
function midnightOf(day: Day): number {
  if (!isDay(day)) throw new RangeError(`not a day: ${JSON.stringify(day)}`);
  return Date.parse(`${day}T00:00:00Z`);
}

/** Builds a day from numbers (month 1–12); null when no such day exists, such as 30 February. */
export function dayFrom(year: number, month: number, day: number): Day | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isDay(text) ? text : null;
}

/** The day it is in Japan at `instant`; throws RangeError for an invalid Date. */
export function dayOf(instant: Date): Day {
  return new Date(instant.getTime() + JAPAN_AHEAD).toISOString().slice(0, 10);
}

/** The day `count` days later (earlier when negative). `count` is a whole number of days. */
export function addDays(day: Day, count: number): Day {
  if (!Number.isSafeInteger(count)) throw new RangeError(`not a whole number of days: ${count}`);
  const moved = new Date(midnightOf(day) + count * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
  if (!isDay(moved)) throw new RangeError(`outside the calendar: ${day} + ${count} days`);
  return moved;
}

/** How many days `to` is after `from` (0 for the same day, negative when earlier). */
export function daysBetween(from: Day, to: Day): number {
  return (midnightOf(to) - midnightOf(from)) / MILLISECONDS_PER_DAY;
}

/** Negative, 0 or positive, for `sort`; throws RangeError when either is not a day. */
export function compareDays(a: Day, b: Day): number {
  return Math.sign(midnightOf(a) - midnightOf(b));
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(midnightOf(day)).getUTCDay();
}

/** The first instant of `day` in Japan (00:00 JST). */
export function startOfDay(day: Day): Date {
  return new Date(midnightOf(day) - JAPAN_AHEAD);
}

/**
 * 24:00 JST of `day`: the first instant that is too late for a deadline on that day.
 * Compare with `<`, so that a whole day counts (民法 第141条: a period ends with the end of its last day).
 */
export function endOfDay(day: Day): Date {
  return startOfDay(addDays(day, 1));
}
