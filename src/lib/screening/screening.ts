/** What an officer does with an application before the committee sees it. Pure. */
import { STATE_WORDS, WAITING_WORDS, type ApplicationState, type WaitingFor } from '../applications/application.ts';
import type { Tone } from '../ui/tone.ts';

export const CHECK_RESULTS = ['met', 'not_met', 'unclear'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];
export const CHECK_WORDS: Record<CheckResult, string> = { met: '適合', not_met: '不適合', unclear: '確認が必要' };
export const CHECK_TONES: Record<CheckResult, Tone> = { met: 'success', not_met: 'error', unclear: 'warning' };

/** What happens to an application, in words for its timeline. */
export const EVENT_WORDS: Record<string, string> = {
  'application.submit': '申請を提出', 'application.correct': '補正した内容を提出', 'application.withdraw': '申請を取下げ',
  'application.assign': '担当者を変更', 'screening.check': '形式審査を保存', 'screening.correction': '補正を依頼', 'screening.cancel_correction': '補正の依頼を取消し',
  'screening.accept': '受理', 'screening.dismiss': '却下', 'award.draft': '起案', 'award.return': '差戻し', 'award.approve': '決裁', 'letter.issue': '通知書を発行'
};

/** The work list's filter, as it stands in the address and in a saved filter. Empty means all. */
export interface WorklistFilter {
  state: ApplicationState | null;
  edition: string | null;
  /** An account, `me`, or `nobody`. */
  assigned: string | null;
  waiting: WaitingFor | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STATES = Object.keys(STATE_WORDS).filter((state) => state !== 'draft');

/** Reads a filter from an address; what it does not know is left out, never an error. */
export function readFilter(params: URLSearchParams): WorklistFilter {
  const one = (name: string, known: (text: string) => boolean) => {
    const text = params.get(name) ?? '';
    return known(text) ? text : null;
  };
  return {
    state: one('state', (text) => STATES.includes(text)) as ApplicationState | null,
    edition: one('edition', (text) => UUID.test(text)),
    assigned: one('assigned', (text) => text === 'me' || text === 'nobody' || UUID.test(text)),
    waiting: one('waiting', (text) => Object.hasOwn(WAITING_WORDS, text)) as WaitingFor | null
  };
}

/** The filter as a query string, always in the same order, so that equal filters have equal addresses. */
export function writeFilter(filter: WorklistFilter): string {
  const params = new URLSearchParams();
  for (const name of ['state', 'edition', 'assigned', 'waiting'] as const) if (filter[name]) params.set(name, filter[name]);
  return params.toString();
}

/** A place in a list ordered by (submitted_at, id), newest first: `2026-11-23T01:02:03.456789Z_uuid`. */
export interface Cursor { submitted_at: string; id: string }
/** The page after a place, or the one before it. */
export interface Place { side: 'after' | 'before'; cursor: Cursor }

export const writeCursor = (cursor: Cursor): string => `${cursor.submitted_at}_${cursor.id}`;

/** Reads a cursor from an address; anything that is no moment of this portal's time is no cursor. */
export function readCursor(text: string | null): Cursor | null {
  const [, moment = '', fraction = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{3,6})Z_([0-9a-f-]{36})$/.exec(text ?? '') ?? [];
  const instant = new Date(`${moment}Z`);
  // Written back, an impossible day or hour becomes another one; the database would refuse it with an error.
  if (!UUID.test(id) || Number.isNaN(instant.getTime()) || moment < '1970' || !instant.toISOString().startsWith(moment)) return null;
  return { submitted_at: `${moment}${fraction}Z`, id };
}

/** The place an address names: `after` for the next page, `before` for the previous one. */
export function readPlace(params: URLSearchParams): Place | null {
  const after = readCursor(params.get('after'));
  if (after) return { side: 'after', cursor: after };
  const before = readCursor(params.get('before'));
  return before ? { side: 'before', cursor: before } : null;
}
