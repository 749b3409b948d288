import { randomUUID } from 'node:crypto';
import { error, redirect, type Handle, type HandleServerError, type RequestEvent, type ServerInit } from '@sveltejs/kit';
import { reconfirmPage, secondStepPage } from '$lib/accounts/reconfirm.server';
import * as session from '$lib/accounts/session.server';
import { Busy, DatabaseAway, KeyMisuse, sql, UnknownOutcome } from '$lib/db/db.server';
import { FRESH_AUTH_MS, homeOf, secondStepPath, type Owed } from '$lib/accounts/account';
import { databaseAwayPage, safeLocalPath, sessionExpiredPage } from '$lib/forms/pages';
import { keptFields, lostFiles } from '$lib/forms/keep';
import { startPortal } from '$lib/jobs/portal.server';
import { ofAccount, type GroupOfViewer } from '$lib/organisations/membership.server';
import { isAllowed, policy, required } from '$lib/policy/policy';
import { clientKeyOf, publicOrigin } from '$lib/settings/environment.server';
import { refusePage } from '$lib/policy/refusals';
import { log } from '$lib/settings/log.server';

/** A form without files has no reason to be larger; files go to routes that say so in the policy. */
const FORM_BYTES = 512 * 1024;

export const init: ServerInit = async () => {
  await startPortal();
};

export const handle: Handle = async ({ event, resolve }) => {
  const { locals, request } = event;
  locals.requestId = randomUUID();
  locals.origin = publicOrigin();
  locals.clientKey = clientKeyOf(event.getClientAddress());
  locals.viewer = null;
  locals.halfway = null;
  locals.actor = { name: 'visitor', requestId: locals.requestId };

  if (request.method !== 'GET' && request.method !== 'HEAD') {
    if (!isSameSite(request, locals.origin)) return refusePage(403, locals.requestId, 'ほかのサイトからの送信は受け付けていません。このポータルの画面からもう一度送ってください。');
    const tooLarge = refuseBody(event);
    if (tooLarge) return tooLarge;
  }

  // The typed form is needed again when the database is away or the session has ended; a copy is taken before anybody reads it.
  const copy = isForm(request) ? request.clone() : null;
  if (copy) blameTheSender(request);
  try {
    const cookie = event.cookies.get(session.cookieName(locals.origin));
    const current = cookie ? await session.currentSessionAnd<GroupOfViewer[]>(cookie, ofAccount(sql)) : null;
    // Who still owes the second step is nobody yet, whatever the page: only the pages of that step know the person.
    if (current?.session.owes) locals.halfway = { ...current.session, owes: current.session.owes };
    else if (current) locals.viewer = { ...current.session, organisations: current.about };
    if (locals.viewer) locals.actor = { name: `account:${locals.viewer.accountId}`, requestId: locals.requestId };
  } catch (problem) {
    if (isDatabaseAway(problem)) return databaseAway(event, copy);
    throw problem;
  }

  const refusal = await authorise(event, copy);
  if (refusal) return refusal;

  const response = await resolve(event);
  if (locals.databaseAway) return databaseAway(event, copy);
  if (locals.foreignKey) return refusePage(409, locals.requestId, 'この画面は、すでにほかの人が送りました。画面を開き直してから、もう一度送ってください。');
  return withHeaders(event, response);
};

/** A form that was cut off or garbled on its way is the sender's to send again, not a fault of ours: 400 where Kit would say 500. */
function blameTheSender(request: Request): void {
  const read = request.formData.bind(request);
  request.formData = () => read().catch((problem: unknown) => {
    if (problem instanceof TypeError) error(400, '送られた内容を読み取れませんでした。もう一度送ってください。');
    throw problem;
  });
}

/** Deny by default: what the policy table does not name is refused here, before any load or action runs. */
async function authorise(event: RequestEvent, copy: Request | null): Promise<Response | null> {
  const { locals, route, request, url } = event;
  if (route.id === null) return null;
  const { who, fresh } = required(route.id, request.method, actionOf(url));
  const roles = locals.viewer?.roles ?? null;
  // Done already, in another window or by a second press.
  if (who === 'halfway' && locals.viewer) redirect(303, safeLocalPath(url.searchParams.get('next')) ?? homeOf(locals.viewer.roles));
  if (!isAllowed(who, roles, locals.halfway !== null)) {
    if (locals.halfway && who !== undefined) return secondStepFirst(event, locals.halfway.owes, copy);
    if (who === undefined || locals.viewer) return refusePage(who === undefined && Object.hasOwn(policy, route.id) ? 405 : 403, locals.requestId);
    if (copy) return keepPage(401, sessionExpiredPage({ action: url.pathname + url.search, next: url.pathname, ...(await typed(copy)) }));
    redirect(303, `/login?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  if (fresh && locals.viewer && !isFresh(locals.viewer.freshAuthAt)) {
    if (copy) return reconfirmPage(url.pathname + url.search, await typed(copy));
    redirect(303, `/confirm-password?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  return null;
}

/** The password alone opens nothing: on to the second step, with what was typed. */
async function secondStepFirst({ url }: RequestEvent, owes: Owed, copy: Request | null): Promise<Response> {
  if (copy) return secondStepPage(owes, url.pathname + url.search, await typed(copy));
  redirect(303, secondStepPath(owes, url.pathname + url.search));
}

/** Away, overloaded, or unsure whether it committed: the form is kept, and sending it again with its key is safe. */
const isDatabaseAway = (problem: unknown): boolean =>
  problem instanceof DatabaseAway || problem instanceof Busy || problem instanceof UnknownOutcome;

const isFresh = (at: Date | null): boolean => at !== null && Date.now() - at.getTime() < FRESH_AUTH_MS;

/** `?/name` names the action; a page's only action and an endpoint's POST are `default`, which nobody may name: Kit answers it with an error of its own. */
function actionOf(url: URL): string {
  for (const key of url.searchParams.keys()) if (key.startsWith('/')) return key === '/default' ? '' : key.slice(1);
  return 'default';
}

/** Fetch Metadata first, Origin where a browser sends none; neither means no browser form of ours (SE-8). */
function isSameSite(request: Request, origin: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const from = request.headers.get('origin');
  if (from !== null) return from === origin;
  return site === 'same-origin';
}

const isForm = (request: Request): boolean =>
  request.method === 'POST' && /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(request.headers.get('content-type') ?? '');

function refuseBody(event: RequestEvent): Response | null {
  const { request, route, locals } = event;
  const type = request.headers.get('content-type');
  if (request.body && type !== null && !isForm(request)) return refusePage(415, locals.requestId, 'この形式の送信は受け付けていません。');
  const line = route.id !== null && Object.hasOwn(policy, route.id) ? policy[route.id] : undefined;
  if (line?.upload) return null;
  const length = request.headers.get('content-length');
  if (request.body && length === null) return refusePage(411, locals.requestId, '送信の大きさが分からないため受け付けられません。');
  if (Number(length ?? 0) > FORM_BYTES) return refusePage(413, locals.requestId, '送信された内容が大きすぎます。文章を短くして、もう一度送ってください。');
  return null;
}

async function typed(copy: Request) {
  try {
    const form = await copy.formData();
    return { kept: keptFields(form), files: lostFiles(form) };
  } catch {
    return { kept: [], files: [] };
  }
}

async function databaseAway(event: RequestEvent, copy: Request | null): Promise<Response> {
  const { url, locals } = event;
  log('warning', { event: 'database_away', request: locals.requestId, route: event.route.id });
  if (event.isDataRequest || !copy) {
    return refusePage(503, locals.requestId, 'ただいま保存先につながりません。1分ほど待ってから、もう一度開いてください。');
  }
  return keepPage(503, databaseAwayPage({ action: url.pathname + url.search, reference: locals.requestId.slice(0, 8), ...(await typed(copy)) }));
}

const keepPage = (status: number, html: string): Response => new Response(html, {
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '5' } : {}),
    'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  }
});

function withHeaders(event: RequestEvent, response: Response): Response {
  // Pages made for one person must not be found by the next one at the same machine.
  if (event.locals.viewer || event.cookies.get(session.cookieName(event.locals.origin)) || event.request.method !== 'GET') {
    if (!response.headers.get('cache-control')) response.headers.set('cache-control', 'private, no-store');
  }
  response.headers.set('x-request-id', event.locals.requestId);
  return response;
}

export const handleError: HandleServerError = ({ error: problem, event, status, message }) => {
  const reference = event.locals.requestId?.slice(0, 8);
  if (isDatabaseAway(problem)) {
    event.locals.databaseAway = true;
    return { message: 'ただいま保存先につながりません。', reference };
  }
  if (problem instanceof KeyMisuse) {
    event.locals.foreignKey = true;
    return { message: 'この画面は、すでにほかの人が送りました。', reference };
  }
  if (status >= 500) log('error', { event: 'unexpected', request: event.locals.requestId, route: event.route.id, error: problem });
  return { message, reference };
};
