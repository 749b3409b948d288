/**
 * Sessions, as the rest of the portal sees them. Whoever replaces Lucia rewrites this file and its adapter, nothing else.
 */
import { sql, transaction, type Sql, type Statement, type Tx } from '../db/db.server.ts';
import { deviceSummary, limitsFor, type Viewer } from './account.ts';
import { cookieNameOf, luciaOn } from './lucia.server.ts';
import { looksLikeSecret, newSecret } from './secret.server.ts';

/** The viewer as accounts know it; which groups the person acts for is the groups' own knowledge. */
export type CurrentSession = Omit<Viewer, 'organisations'>;

export type CookieToSet = { name: string; value: string; attributes: { path: '/'; httpOnly: true; secure: boolean; sameSite: 'lax'; maxAge: number } };

/** Opens a session with a new id (SE-3) and returns the secret for the cookie; it exists nowhere else. */
export async function signIn(tx: Tx, accountId: string, userAgent: string | null, now: Date): Promise<string> {
  const secret = newSecret();
  await within(tx, now).createSession(accountId, {
    created_at: now,
    fresh_auth_at: now,
    user_agent: deviceSummary(userAgent),
    // The widest limit; staff are held to theirs at every reading, by the roles of that moment.
    ends_at: new Date(now.getTime() + limitsFor(false).absoluteMs)
  }, { sessionId: secret });
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
  const { id: accountId, name, email, roles, about } = user;
  return { session: { accountId, name, email, roles, sessionId: session.id, freshAuthAt: session.fresh_auth_at }, about };
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
