import { isDay, type Day } from './day.ts';
import { ERAS } from './wareki.ts';

/** The fiscal year a day belongs to, named by the western year it begins in (4/1–3/31; 地方自治法 第208条). */
export function fiscalYearOf(day: Day): number {
  if (!isDay(day)) throw new RangeError(`not a day: ${JSON.stringify(day)}`);
  const year = Number(day.slice(0, 4));
  return day.slice(5) >= '04-01' ? year : year - 1;
}

/** First and last day of a fiscal year: 2026 → { from: '2026-04-01', to: '2027-03-31' }. */
export function fiscalYearBounds(fiscalYear: number): { from: Day; to: Day } {
  const from = `${fiscalYear}-04-01`;
  const to = `${fiscalYear + 1}-03-31`;
  if (!isDay(from) || !isDay(to)) throw new RangeError(`not a fiscal year: ${fiscalYear}`);
  return { from, to };
}

/** 2026 → '令和8年度'. A year that changed era bears the new one (2019 → '令和元年度'), as the 2019 budget did. */
export function formatFiscalYear(fiscalYear: number): string {
  const { from } = fiscalYearBounds(fiscalYear);
  const era = ERAS.find((one) => one.from <= `${from.slice(0, 4)}-12-31`);
  if (!era) return `${fiscalYear}年度`;
  const count = fiscalYear - Number(era.from.slice(0, 4)) + 1;
  return `${era.name}${count === 1 ? '元' : count}年度`;
}
