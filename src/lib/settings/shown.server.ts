import type { Sql } from '../db/db.server.ts';
import type { CitySettings } from './settings.ts';
import { city } from './store.server.ts';

/** How old the settings under a page may be: with several servers, one learns this late what was saved through another. */
const FRESH_MS = 2_000;

let last: { until: number; city: Promise<CitySettings> } | undefined;

/**
 * The city's settings for the frame of every page, read at most every two seconds. For showing alone: whatever is
 * decided, sent or printed reads `city`.
 */
export function shownCity(sql: Sql): Promise<CitySettings> {
  const now = performance.now();
  if (last && now < last.until) return last.city;
  const reading = city(sql);
  last = { until: now + FRESH_MS, city: reading };
  // What could not be read is asked again at once.
  reading.catch(() => forgetShownCity());
  return reading;
}

/** To be called after saving, so that whoever saved sees it on the next page. */
export function forgetShownCity(): void {
  last = undefined;
}
