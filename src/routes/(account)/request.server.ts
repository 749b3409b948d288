/** What the account pages share: reading who asks, setting the cookies, and answering a refusal with its words. */
import { fail, type RequestEvent } from '@sveltejs/kit';
import { deviceCookie, deviceCookieName } from '$lib/accounts/device.server';
import { blankSessionCookie, currentSession, sessionCookie, type CookieToSet } from '$lib/accounts/session.server';
import type { SignInFrom } from '$lib/accounts/sign-in.server';
import type { Answer } from '$lib/accounts/words';
import { sql } from '$lib/db/db.server';
import type { Typed } from '$lib/forms/read';
import * as settings from '$lib/settings/store.server';

export function fromOf({ locals, request, cookies }: RequestEvent): SignInFrom {
  return {
    clientKey: locals.clientKey,
    userAgent: request.headers.get('user-agent'),
    device: cookies.get(deviceCookieName(locals.origin)),
    previousSessionId: (locals.viewer ?? locals.halfway)?.sessionId
  };
}

/** Gives the browser its session and lets the rest of this request know who is there, or who still owes the second step. */
export async function enter(event: RequestEvent, opened: { session: string; device?: string }): Promise<void> {
  const { locals } = event;
  set(event, sessionCookie(opened.session, locals.origin));
  if (opened.device) set(event, deviceCookie(opened.device, locals.origin));
  const current = await currentSession(opened.session);
  locals.halfway = current?.owes ? { ...current, owes: current.owes } : null;
  locals.viewer = current && !current.owes ? { ...current, organisations: [] } : null;
}

export function leave(event: RequestEvent): void {
  set(event, blankSessionCookie(event.locals.origin));
  // The device cookie stays: the next stranger's failures must not lock this person out.
  event.setHeaders({ 'clear-site-data': '"cache", "storage"' });
  event.locals.viewer = null;
  event.locals.halfway = null;
}

function set({ cookies }: RequestEvent, { name, value, attributes }: CookieToSet): void {
  cookies.set(name, value, attributes);
}

/** Names of the place, which make a password easy to guess. */
export async function placeWords(): Promise<string[]> {
  const city = await settings.city(sql);
  return [city.portal_name, city.city_name, city.section_name, city.association_word];
}

export function refuse<T extends object>(event: RequestEvent, { status, problem, retryAfterSeconds }: Answer, kept: T & { values?: Typed }) {
  if (retryAfterSeconds !== undefined) event.setHeaders({ 'retry-after': String(retryAfterSeconds) });
  return fail(status, { ...kept, problems: [problem] });
}

/**
 * For pages whose address is a secret: nothing keeps a copy, nothing outside this site is told. Not `no-referrer`: under it
 * browsers send their own forms with `Origin: null`, which looks like another site's.
 */
export function guardSecretPage({ setHeaders }: Pick<RequestEvent, 'setHeaders'>): void {
  setHeaders({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex' });
}
