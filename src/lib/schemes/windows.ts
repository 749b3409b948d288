/**
 * When an edition takes applications. Days and times are Japan's; an end is always exclusive: a window that closes at 17:00
 * takes what arrives at 16:59:59 and refuses 17:00:00. A time is taken literally, so 23:59 gives the last minute away;
 * 24:00 is the end of the day (民法 第141条: その末日の終了), and the checks say so where somebody wrote 23:59. Pure.
 */
import { businessDayOnOrAfter, businessDayOnOrBefore, type ClosedDays } from '../time/business-day.ts';
import { startOfDay, type Day } from '../time/day.ts';
import type { ClosedDayRule, EditionContent, EditionWindow } from './content.ts';

const MINUTE = 60_000;

/** The instant Japan's clock shows a time ('00:00' to '24:00') on a day. */
export function instantOf(day: Day, time: string): Date {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return new Date(startOfDay(day).getTime() + (hours * 60 + minutes) * MINUTE);
}

/**
 * The day a deadline really falls on. `closed`: the city's own closing days. Null when it can't be said: the holidays of
 * that year are not known, or the city would not be open for two months around it.
 */
export function moveDeadline(day: Day, rule: ClosedDayRule, closed: ClosedDays): Day | null {
  if (rule === 'stays') return day;
  try {
    return rule === 'before' ? businessDayOnOrBefore(day, closed) : businessDayOnOrAfter(day, closed);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A window with its instants. `closes_on` is the day after moving; `moved` tells that it is another than was written. */
export interface EffectiveWindow { key: string; name: string; opens_at: Date; closes_at: Date; closes_on: Day; moved: boolean }

/** A deadline that can't be moved for want of known holidays stays where it was written; the checks refuse such an edition. */
export function effectiveWindow(window: EditionWindow, rule: ClosedDayRule, closed: ClosedDays): EffectiveWindow {
  const closes_on = moveDeadline(window.closes_on, rule, closed) ?? window.closes_on;
  return {
    key: window.key, name: window.name, opens_at: instantOf(window.opens_on, window.opens_at_time), closes_at: instantOf(closes_on, window.closes_at_time),
    closes_on, moved: closes_on !== window.closes_on
  };
}

/** All windows in the order they open. */
export function effectiveWindows(content: Pick<EditionContent, 'windows' | 'closed_day'>, closed: ClosedDays): EffectiveWindow[] {
  return content.windows.map((window) => effectiveWindow(window, content.closed_day, closed))
    .sort((a, b) => a.opens_at.getTime() - b.opens_at.getTime() || a.closes_at.getTime() - b.closes_at.getTime());
}

export type EditionState = 'unpublished' | 'before' | 'open' | 'closed' | 'spent';
export const EDITION_STATE_WORDS: Record<EditionState, string> = {
  unpublished: '公開前', before: '受付前', open: '受付中', closed: '受付終了', spent: '予算に達したため受付終了'
};

/** Beside the content: when it was published, what was granted of the budget in yen, and the city's closing days. */
export interface EditionStanding { published_at: Date | null; committed_yen: number; budget_yen: number; closed: ClosedDays }
export interface EditionNow {
  state: EditionState;
  /** The window that is open; of several at once the one that closes last. */
  current: EffectiveWindow | null;
  /** The next to open; null when there is none, or nothing will be taken any more. */
  next: EffectiveWindow | null;
}

/**
 * Where an edition stands at an instant. Between two windows it is `before`. Once the budget is spent, `close_when_spent`
 * ends this window and those to come (つくば市: 交付決定額が予算額に達したら打切り, domain-facts §1); what is over stays `closed`.
 */
export function editionState(content: Pick<EditionContent, 'windows' | 'closed_day' | 'close_when_spent'>, standing: EditionStanding, at: Date): EditionNow {
  if (standing.published_at === null || standing.published_at > at) return { state: 'unpublished', current: null, next: null };
  const windows = effectiveWindows(content, standing.closed);
  const open = windows.filter((window) => window.opens_at <= at && at < window.closes_at);
  const current = open.reduce<EffectiveWindow | null>((last, window) => (last === null || window.closes_at > last.closes_at ? window : last), null);
  const next = windows.find((window) => window.opens_at > at && window.closes_at > window.opens_at) ?? null;
  if (current === null && next === null) return { state: 'closed', current: null, next: null };
  if (content.close_when_spent && standing.committed_yen >= standing.budget_yen) return { state: 'spent', current: null, next: null };
  return { state: current === null ? 'before' : 'open', current, next };
}

/** Pairs of windows, as places in the list, that are open at the same time. */
export function overlaps(content: Pick<EditionContent, 'windows' | 'closed_day'>, closed: ClosedDays): [number, number][] {
  const windows = content.windows.map((window) => effectiveWindow(window, content.closed_day, closed));
  return windows.flatMap((one, first) => windows.slice(first + 1).flatMap((other, offset): [number, number][] =>
    (one.opens_at < other.closes_at && other.opens_at < one.closes_at ? [[first, first + 1 + offset]] : [])));
}

/** The last instant an application can arrive, or null without a window. */
export function lastClosing(content: Pick<EditionContent, 'windows' | 'closed_day'>, closed: ClosedDays): Date | null {
  return content.windows.map((window) => effectiveWindow(window, content.closed_day, closed).closes_at)
    .reduce<Date | null>((last, closing) => (last === null || closing > last ? closing : last), null);
}
