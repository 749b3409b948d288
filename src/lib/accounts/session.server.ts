/**
 * Sessions, as the rest of the portal sees them. Whoever replaces Lucia rewrites this file and its adapter, nothing else.
 */
import { sql, transaction, type Sql, type Statement, type Tx } from '../db/db.server.ts';
import { deviceSummary, limitsFor, type Owed, type Viewer } from './account.ts';
import { cookieNameOf, luciaOn } from './lucia.server.ts';
import { looksLikeSecret, newSecret } from './secret.server.ts';

/**
 * The viewer as accounts know it; which groups the person acts for is the groups' own knowledge. While something is owed
 * there are no roles, and it is no viewer yet.
 */
export type CurrentSession = Omit<Viewer, 'organisations'> & { owes: Owed | null };

export type CookieToSet = { name: string; value: string; attributes: { path: '/'; httpOnly: true; secure: boolean; sameSite: 'lax'; maxAge: number } };

/**
 * Opens a session with a new id (SE-3) and returns the secret for the cookie; it exists nowhere else.
 * `secondStepAt`: when the second step was made, for somebody who has made it already.
 */
export async function signIn(tx: Tx, accountId: string, userAgent: string | null, now: Date, secondStepAt: Date | null = null): Promise<string> {
  return create(tx, accountId, { fresh_auth_at: now, second_step_at: secondStepAt, user_agent: deviceSummary(userAgent) }, now);
}

/**
 * The second step is made: the session goes on under a new id (SE-3), the old one is dead. When the password was given
 * stays as it was. Null when the session has ended meanwhile.
 */
export async function passSecondStep(tx: Tx, who: { accountId: string; sessionId: string }, now: Date): Promise<string | null> {
  const [old] = await tx<{ fresh_auth_at: Date; user_agent: string }[]>`
    delete from session where id = ${who.sessionId} and account_id = ${who.accountId} returning fresh_auth_at, user_agent`;
  return old ? create(tx, who.accountId, { ...old, second_step_at: now }, now) : null;
}

async function create(tx: Tx, accountId: string, session: { fresh_auth_at: Date; second_step_at: Date | null; user_agent: string }, now: Date): Promise<string> {
  const secret = newSecret();
  // The widest limit; staff are held to theirs at every reading, by the roles of that moment.
  const ends_at = new Date(now.getTime() + limitsFor(false).absoluteMs);
  await within(tx, now).createSession(accountId, { ...session, created_at: now, ends_at }, { sessionId: secret });
  return secret;
}

/** Who is behind a cookie, with the roles of this moment; null when nobody, too old, revoked or disabled. */
export async function currentSession(cookieValue: string | undefined, now = new Date(), db: Sql = sql): Promise<CurrentSession | null> {
  return (await sessionAnd(cookieValue, now, db))?.session ?? null;
}

/**
 * The same, with what another noun wants to know of everybody who is signed in: a JSON value on the account `a`, read in
 * the one statement that every request asks first.
 */
export async function currentSessionAnd<About>(cookieValue: string | undefined, about: Statement): Promise<{ session: CurrentSession; about: About } | null> {
  const found = await sessionAnd(cookieValue, new Date(), sql, about);
  return found && { session: found.session, about: found.about as About };
}

async function sessionAnd(cookieValue: string | undefined, now: Date, db: Sql, wanted?: Statement) {
  if (!looksLikeSecret(cookieValue)) return null;
  const lucia = luciaOn(db, (work) => transaction({ name: 'system:session' }, work), now, undefined, wanted);
  const { session, user } = await lucia.validateSession(cookieValue);
  if (!session) return null;
  const { id: accountId, name, email, roles, owes, about } = user;
  return { session: { accountId, name, email, roles, owes, sessionId: session.id, freshAuthAt: session.fresh_auth_at }, about };
}

/** When this session made its second step; null when it has not, or has ended. */
export async function secondStepAt(tx: Tx, who: { accountId: string; sessionId: string | undefined }): Promise<Date | null> {
  const [row] = await tx<{ second_step_at: Date | null }[]>`
    select second_step_at from session where id = ${who.sessionId ?? null} and account_id = ${who.accountId}`;
  return row?.second_step_at ?? null;
}

/** Ends one session on the server; the cookie is worth nothing afterwards. */
export async function endSession(tx: Tx, sessionId: string): Promise<void> {
  await within(tx).invalidateSession(sessionId);
}

export async function endAllSessions(tx: Tx, accountId: string): Promise<void> {
  await within(tx).invalidateUserSessions(accountId);
}

/** Ends every session of the account but this one. */
export async function endOtherSessions(tx: Tx, accountId: string, keptId: string): Promise<void> {
  await tx`delete from session where account_id = ${accountId} and id <> ${keptId}`;
}

/** Ends a session chosen from the account's own list; somebody else's id does nothing. */
export async function endOwnSession(tx: Tx, accountId: string, sessionId: string): Promise<boolean> {
  const gone = await tx`delete from session where account_id = ${accountId} and id = ${sessionId} returning id`;
  return gone.length === 1;
}

/** Notes that the person has just given the password again. */
export async function confirmSession(tx: Tx, sessionId: string, now: Date): Promise<void> {
  await tx`update session set fresh_auth_at = ${now} where id = ${sessionId}`;
}

export type OwnSession = { id: string; device: string; createdAt: Date; endsAt: Date };

export async function listSessions(db: Sql, accountId: string, now = new Date()): Promise<OwnSession[]> {
  const sessions = await luciaOn(db, readOnly, now).getUserSessions(accountId);
  return sessions.map((session) => ({ id: session.id, device: session.user_agent, createdAt: session.created_at, endsAt: session.ends_at }));
}

/** For the daily job: rows of sessions that have ended. */
export async function sweepSessions(tx: Tx, now: Date): Promise<void> {
  await within(tx, now).deleteExpiredSessions();
}

/** The cookie for a secret from `signIn`. */
export function sessionCookie(secret: string, origin: string): CookieToSet {
  return asCookie(luciaOn(sql, readOnly, new Date(), origin).createSessionCookie(secret));
}

/** The cookie that takes the other away. */
export function blankSessionCookie(origin: string): CookieToSet {
  return asCookie(luciaOn(sql, readOnly, new Date(), origin).createBlankSessionCookie());
}

export const cookieName = (origin: string): string => cookieNameOf('sid', origin);

function within(tx: Tx, now = new Date()) {
  return luciaOn(tx, (work) => work(tx), now);
}

function readOnly(): never {
  throw new Error('this Lucia reads only');
}

function asCookie(cookie: { name: string; value: string; attributes: { secure?: boolean; maxAge?: number } }): CookieToSet {
  const { secure = true, maxAge = 0 } = cookie.attributes;
  return { name: cookie.name, value: cookie.value, attributes: { path: '/', httpOnly: true, secure, sameSite: 'lax', maxAge } };
}
