/** What an officer does with an application before the committee sees it. Pure. */
import { STATE_WORDS, WAITING_WORDS, type ApplicationState, type WaitingFor } from '../applications/application.ts';

export const CHECK_RESULTS = ['met', 'not_met', 'unclear'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];
export const CHECK_WORDS: Record<CheckResult, string> = { met: '適合', not_met: '不適合', unclear: '確認が必要' };

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

/** A place in a list ordered by (submitted_at, id), newest first: `2026-11-23T01:02:03.456Z_uuid`. */
export interface Cursor { submitted_at: string; id: string }
export const writeCursor = (cursor: Cursor): string => `${cursor.submitted_at}_${cursor.id}`;
export function readCursor(text: string | null): Cursor | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z)_([0-9a-f-]{36})$/.exec(text ?? '');
  return match && UUID.test(match[2]!) && !Number.isNaN(Date.parse(match[1]!)) ? { submitted_at: match[1]!, id: match[2]! } : null;
}
