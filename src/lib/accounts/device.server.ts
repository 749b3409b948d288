/**
 * Browsers on which a person has signed in before. A stranger's failures lock strangers out, not the owner on such a
 * browser (AN-5). It proves nothing else: the password is asked all the same.
 */
import type { Sql, Tx } from '../db/db.server.ts';
import { cookieNameOf, isSecure } from './lucia.server.ts';
import { hashSecret, looksLikeSecret, newSecret } from './secret.server.ts';
import type { CookieToSet } from './session.server.ts';

/** How long a browser is remembered as one the person has signed in on before. */
export const DEVICE_LIFE_MS = 180 * 24 * 3_600_000;
const DEVICES_MAX = 20;

export const deviceCookieName = (origin: string): string => cookieNameOf('device', origin);

export function deviceCookie(secret: string, origin: string): CookieToSet {
  return { name: deviceCookieName(origin), value: secret, attributes: { path: '/', httpOnly: true, secure: isSecure(origin), sameSite: 'lax', maxAge: DEVICE_LIFE_MS / 1000 } };
}

/** Remembers the browser for this account. A browser that others of the household use keeps its secret. */
export async function rememberDevice(tx: Tx, accountId: string, presented: string | undefined, now: Date): Promise<string> {
  const secret = looksLikeSecret(presented) ? presented : newSecret();
  await tx`
    insert into known_device (id, account_id, created_at, last_used_at, expires_at)
    values (${hashSecret(secret)}, ${accountId}, ${now}, ${now}, ${new Date(now.getTime() + DEVICE_LIFE_MS)})
    on conflict (id, account_id) do update set last_used_at = excluded.last_used_at, expires_at = excluded.expires_at`;
  await tx`
    delete from known_device where account_id = ${accountId} and id in (
      select id from known_device where account_id = ${accountId} order by last_used_at desc, id offset ${DEVICES_MAX})`;
  return secret;
}

export async function forgetDevices(tx: Tx, accountId: string): Promise<void> {
  await tx`delete from known_device where account_id = ${accountId}`;
}

/** The device's hash when this account has signed in with it, otherwise null. */
export async function knownDevice(sql: Sql, accountId: string | null, presented: string | undefined, now: Date): Promise<string | null> {
  const id = looksLikeSecret(presented) ? hashSecret(presented) : null;
  const [row] = await sql<{ id: string }[]>`select id from known_device where id = ${id} and account_id = ${accountId} and expires_at > ${now}`;
  return row?.id ?? null;
}

/** For the daily job. */
export async function sweepDevices(tx: Tx, now: Date): Promise<void> {
  await tx`delete from known_device where expires_at <= ${now}`;
}
