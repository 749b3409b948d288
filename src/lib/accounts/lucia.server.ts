/**
 * Lucia, as the city's design card asks. It left maintenance in 2025, so nothing outside session.server.ts knows it:
 * see docs/decisions/006-accounts-and-lucia.md.
 */
import { Lucia, TimeSpan } from 'lucia';
import type { Sql, Statement } from '../db/db.server.ts';
import { APPLICANT_LIMITS } from './account.ts';
import { sessionAdapter, type SessionAttributes, type UserAttributes, type Write } from './session-adapter.server.ts';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaOn>;
    UserId: string;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: UserAttributes;
  }
}

/** Browsers refuse `__Host-` without https; plain http is the `npm start` on one's own machine. */
export function cookieNameOf(name: 'sid' | 'device', origin: string): string {
  return isSecure(origin) ? `__Host-${name}` : name;
}

export function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}

/** A Lucia for one request or transaction: it reads through `sql`, writes through `write`, and lives at `now`. */
export function luciaOn(sql: Sql, write: Write, now: Date, origin = 'https:', about?: Statement) {
  return new Lucia<SessionAttributes, UserAttributes>(sessionAdapter(sql, write, now, about), {
    sessionExpiresIn: new TimeSpan(APPLICANT_LIMITS.absoluteMs, 'ms'),
    sessionCookie: { name: cookieNameOf('sid', origin), attributes: { secure: isSecure(origin), sameSite: 'lax', path: '/' } },
    getSessionAttributes: (attributes) => attributes,
    getUserAttributes: (attributes) => attributes
  });
}
