import { foldDigits } from '../money/digits.ts';
import { addDays, dayFrom, dayOf, isDay, startOfDay, weekdayOf, type Day } from './day.ts';

export interface Era { readonly name: string; readonly letter: string; readonly square: string; readonly from: Day }

/** Newest first. Borders: 元号を改める政令 and its forerunners; a day belongs to the era that begins on it. */
export const ERAS: readonly Era[] = [
  { name: '令和', letter: 'R', square: '㋿', from: '2019-05-01' },
  { name: '平成', letter: 'H', square: '㍻', from: '1989-01-08' },
  { name: '昭和', letter: 'S', square: '㍼', from: '1926-12-25' },
  { name: '大正', letter: 'T', square: '㍽', from: '1912-07-30' },
  { name: '明治', letter: 'M', square: '㍾', from: '1868-10-23' }
];

const firstYear = (era: Era): number => Number(era.from.slice(0, 4));
const inEra = (era: Era, year: number): string => {
  const count = year - firstYear(era) + 1;
  return `${era.name}${count === 1 ? '元' : count}年`;
};

/** The era a day belongs to; null before 1868-10-23. */
export function eraOf(day: Day): Era | null {
  return ERAS.find((era) => era.from <= day) ?? null;
}

function parts(day: Day): { year: number; monthDay: string } {
  if (!isDay(day)) throw new RangeError(`not a day: ${JSON.stringify(day)}`);
  return { year: Number(day.slice(0, 4)), monthDay: `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日` };
}

/** '2026-04-01' → '令和8年4月1日' ('元年' for the first year), as official documents write it. Before Meiji: the western year. */
export function formatWareki(day: Day): string {
  const { year, monthDay } = parts(day);
  const era = eraOf(day);
  return `${era ? inEra(era, year) : `${year}年`}${monthDay}`;
}

/** '2026-04-01' → '令和8年（2026年）4月1日', for pages that show both (ux F7). */
export function formatWarekiBoth(day: Day): string {
  const { year, monthDay } = parts(day);
  const era = eraOf(day);
  return era ? `${inEra(era, year)}（${year}年）${monthDay}` : `${year}年${monthDay}`;
}

/** '2026-04-30' → '2026年4月30日（木）', for pages in plain Japanese (ux W1). */
export function formatPlainDay(day: Day): string {
  const { year, monthDay } = parts(day);
  return `${year}年${monthDay}（${'日月火水木金土'[weekdayOf(day)]}）`;
}

/** 2026 → '令和8年'; a year with two eras names both, earlier first: 2019 → '平成31年・令和元年'. */
export function formatWarekiYear(year: number): string {
  const first = eraOf(`${String(year).padStart(4, '0')}-01-01`);
  const last = eraOf(`${String(year).padStart(4, '0')}-12-31`);
  if (!last) return `${year}年`;
  return [first, last].filter((era, at, both): era is Era => era !== null && both.indexOf(era) === at)
    .map((era) => inEra(era, year)).join('・');
}

/** An instant as Japan's clock shows it: '令和8年11月23日 10時42分'. */
export function formatInstant(instant: Date): string {
  const clock = new Date(instant.getTime() + 9 * 3_600_000);
  return `${formatWareki(dayOf(instant))} ${clock.getUTCHours()}時${String(clock.getUTCMinutes()).padStart(2, '0')}分`;
}

/**
 * Reads the year as people write it: '2026', '西暦2026年', '令和8', '令8', 'R8', 'r８', '㋿8', '平成元年'; bare '元' is 令和元年.
 * Returns the western year (1868–9999), null when it can't tell. A bare '8' is refused: it may be any era.
 * '平成31' in December and '平成40' are taken: papers written before the change of era say so.
 */
export function parseYear(text: string): number | null {
  if (text.length > 20) return null;
  const folded = foldDigits(text.replace(/\s/g, '')).replace(/[Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase().replace(/年度?$/, '');
  if (folded === '元') return 2019;
  const western = /^(?:西暦)?(\d{4})$/.exec(folded)?.[1];
  if (western) return Number(western) >= 1868 ? Number(western) : null;
  const [, head, count] = /^(\D{1,2}?)\.?(元|\d{1,2})$/.exec(folded) ?? [];
  const era = ERAS.find((one) => head === one.name || head === one.name[0] || head === one.letter || head === one.square);
  const number = count === '元' ? 1 : Number(count);
  return era && number >= 1 ? firstYear(era) + number - 1 : null;
}

/**
 * A moment after which nothing is accepted, as people say it: 令和8年12月23日（水）24時. Midnight belongs to the day
 * that ends, because 「24日0時まで」 is read as the 24th by everybody in a hurry.
 */
export function formatDeadline(instant: Date): string {
  const day = dayOf(instant);
  const isMidnight = instant.getTime() === startOfDay(day).getTime();
  const shown = isMidnight ? addDays(day, -1) : day;
  const weekday = '日月火水木金土'[weekdayOf(shown)];
  const time = isMidnight ? '24時' : formatInstant(instant).split(' ')[1];
  return `${formatWareki(shown)}（${weekday}）${time}`;
}

/** Reads the three boxes 年 月 日 (ux F7); null when they are not a day. Full-width digits and 月/日 after the figure are taken. */
export function parseDay(year: string, month: string, day: string): Day | null {
  const y = parseYear(year);
  const [m, d] = [month, day].map((box) => /^(\d{1,2})[月日]?$/.exec(foldDigits(box.slice(0, 12).replace(/\s/g, '')))?.[1]);
  return y === null || !m || !d ? null : dayFrom(y, Number(m), Number(d));
}

/** Reads a day in one piece: '2026-04-01', '2026/4/1', '令和8年4月1日', 'R8.4.1'; null when it is not a day. */
export function parseDayText(text: string): Day | null {
  if (text.length > 40) return null;
  const [, year, month, day] = /^([^-/.年]+?)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/
    .exec(foldDigits(text).replace(/[－−ー]/g, '-').replace(/／/g, '/').replace(/．/g, '.').trim()) ?? [];
  return year && month && day ? parseDay(year, month, day) : null;
}
