/** What every check of an edition's document shares. Pure. */
import type { ClosedDays } from '../../time/business-day.ts';
import type { EditionContent } from '../content.ts';
import type { Finding } from '../place.ts';

/** What a document does not hold itself. `fiscal_year` null: checks that need it say nothing. `closed`: the city's own closing days. */
export interface About { fiscal_year: number | null; closed: ClosedDays }

export type Check = (content: EditionContent, about: About) => Finding[];
/** One topic: what is wrong and may never be stored, what an opening still needs, and what an officer should look at. */
export interface Topic { errors?: Check; missing?: Check; warnings?: Check }

/** Places in a list where a value stands that stood before. */
export function repeated<T>(list: readonly T[], by: (one: T) => string): number[] {
  const seen = new Set<string>();
  return list.flatMap((one, index) => {
    const value = by(one);
    if (seen.has(value)) return [index];
    seen.add(value);
    return [];
  });
}
