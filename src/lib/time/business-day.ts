import holidayJp from '@holiday-jp/holiday_jp';
import { addDays, isDay, weekdayOf, type Day } from './day.ts';

/** The city's own closing days, from settings; a list or a set of days. */
export type ClosedDays = readonly Day[] | ReadonlySet<Day>;

const HOLIDAYS: Readonly<Record<string, { readonly name: string }>> = holidayJp.holidays;
/** The holiday table ends here; beyond it an answer would be a guess, so it is refused. */
export const LAST_KNOWN_YEAR = Number(Object.keys(HOLIDAYS).at(-1)?.slice(0, 4));
const FIRST_KNOWN_YEAR = 1970;
/** A search longer than this means the closing days are wrong, not that the city is shut for two months. */
const LONGEST_CLOSURE_DAYS = 60;

/** Name of the national holiday (国民の祝日に関する法律, 振替休日 included) on `day`; null on other days. Years 1970–2050. */
export function holidayName(day: Day): string | null {
  if (!isDay(day)) throw new RangeError(`not a day: ${JSON.stringify(day)}`);
  const year = Number(day.slice(0, 4));
  if (year < FIRST_KNOWN_YEAR || year > LAST_KNOWN_YEAR) throw new RangeError(`holidays of ${year} are not known`);
  return Object.hasOwn(HOLIDAYS, day) ? (HOLIDAYS[day]?.name ?? null) : null;
}

/** 29 December to 3 January around the turn into `year`: the usual closing of city offices, a default for settings. */
export function yearEndClosing(year: number): Day[] {
  return Array.from({ length: 6 }, (_, at) => addDays(`${year - 1}-12-29`, at));
}

/** Whether the city office is open on `day`: no weekend, national holiday or closing day of the city. */
export function isBusinessDay(day: Day, closed: ClosedDays): boolean {
  const holiday = holidayName(day) !== null;
  const weekday = weekdayOf(day);
  const shut = 'has' in closed ? closed.has(day) : closed.includes(day);
  return weekday !== 0 && weekday !== 6 && !holiday && !shut;
}

function search(from: Day, step: 1 | -1, closed: ClosedDays): Day {
  let day = from;
  for (let tried = 0; tried < LONGEST_CLOSURE_DAYS; tried += 1) {
    if (isBusinessDay(day, closed)) return day;
    day = addDays(day, step);
  }
  throw new RangeError(`no business day within ${LONGEST_CLOSURE_DAYS} days of ${from}`);
}

/** The first business day strictly after `day`. */
export function nextBusinessDay(day: Day, closed: ClosedDays): Day {
  return search(addDays(day, 1), 1, closed);
}

/** The last business day strictly before `day`. */
export function previousBusinessDay(day: Day, closed: ClosedDays): Day {
  return search(addDays(day, -1), -1, closed);
}

/** `day` itself when the office is open, otherwise the next business day (a deadline that slides later). */
export function businessDayOnOrAfter(day: Day, closed: ClosedDays): Day {
  return search(day, 1, closed);
}

/** `day` itself when the office is open, otherwise the one before (a deadline that moves earlier, as in つくば市's rule). */
export function businessDayOnOrBefore(day: Day, closed: ClosedDays): Day {
  return search(day, -1, closed);
}

/** The `count`-th business day after `day` (before it when negative); 0 gives `day` itself, open or not. |count| ≤ 400. */
export function addBusinessDays(day: Day, count: number, closed: ClosedDays): Day {
  if (!Number.isSafeInteger(count) || Math.abs(count) > 400) throw new RangeError(`not a number of business days: ${count}`);
  let reached = day;
  for (let left = Math.abs(count); left > 0; left -= 1) {
    reached = count > 0 ? nextBusinessDay(reached, closed) : previousBusinessDay(reached, closed);
  }
  return reached;
}
