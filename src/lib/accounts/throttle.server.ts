/**
 * Counters that slow guessing and mail floods down. In PostgreSQL, in a normal table, so that neither a restart nor a
 * second server is a way around them (AN-5). Attempts are counted before they are judged: two hundred at once are
 * two hundred counts, not one.
 */
import { createHash } from 'node:crypto';
import type { Tx } from '../db/db.server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export type Bucket = { name: string; limit: number; windowMs: number };
/** One counter: a bucket and whom it counts. */
export type Counter = { bucket: Bucket; subject: string };

/** A window that never ends by itself, for failures in a row (NIST SP 800-63B: at most 100). */
const FOREVER_MS = 100 * 365 * 24 * HOUR_MS;

const bucket = (name: string, limit: number, windowMs: number): Bucket => ({ name, limit, windowMs });

export const BUCKETS = {
  /** One connection against one account: whoever mistypes ten times is better served by a reset. */
  loginPair: bucket('login.pair', 10, 15 * MINUTE_MS),
  /** One connection against anybody. A community centre or the town hall shares one address. */
  loginClient: bucket('login.client', 100, 15 * MINUTE_MS),
  /** Everybody against one account. */
  loginAccount: bucket('login.account', 30, 15 * MINUTE_MS),
  /** Everybody against everybody; far above a deadline day. */
  loginGlobal: bucket('login.global', 3000, 15 * MINUTE_MS),
  /** Failures in a row against one account from unknown browsers; then only a reset by mail helps. */
  loginStreak: bucket('login.streak', 100, FOREVER_MS),
  /** The owner's own browser is counted apart, so strangers cannot use it up. */
  deviceLogin: bucket('device.login', 10, 15 * MINUTE_MS),
  deviceStreak: bucket('device.streak', 100, FOREVER_MS),
  /** The password asked again inside a session. */
  confirm: bucket('confirm', 10, 15 * MINUTE_MS),
  confirmStreak: bucket('confirm.streak', 100, FOREVER_MS),
  /**
   * Guesses at the second step, by whoever has the password already. A code is right once in 333,333 (±1 step of 10^6):
   * 480 guesses a day, and no more than 100 in a row; then a recovery code or the administrator helps.
   */
  secondStep: bucket('second_step', 5, 15 * MINUTE_MS),
  secondStepStreak: bucket('second_step.streak', 100, FOREVER_MS),
  /** Recovery codes cannot be guessed; this keeps a machine from trying. */
  recovery: bucket('recovery', 10, 15 * MINUTE_MS),
  /** Mails somebody can make the portal send: to one address, by one connection, in all. */
  mailAddress: bucket('mail.address', 5, HOUR_MS),
  mailClient: bucket('mail.client', 30, HOUR_MS),
  mailGlobal: bucket('mail.global', 2000, HOUR_MS)
} as const;

export type Throttled = { ok: false; reason: 'throttled'; retryAfterSeconds: number };
/** Too many failures in a row: waiting does not help, a reset does. */
export type ResetRequired = { ok: false; reason: 'reset_required' };
export type Taken = { ok: true } | Throttled | ResetRequired;

export function counter(bucketName: keyof typeof BUCKETS, ...subject: string[]): Counter {
  return { bucket: BUCKETS[bucketName], subject: subject.join('\n') };
}

function keyOf({ bucket, subject }: Counter): string {
  return createHash('sha256').update(`${bucket.name}\n${subject}`).digest('hex');
}

/**
 * Counts one attempt on each counter, in the order given, and stops at the first that is full. Give the narrow ones
 * first: what they refuse does not use up the wide ones. A refusal, returned from the transaction, counts nothing.
 */
export async function take(tx: Tx, counters: Counter[], now: Date): Promise<Taken> {
  for (const one of counters) {
    const { bucket } = one;
    const [row] = await tx<{ count: number; window_ends_at: Date }[]>`
      insert into throttle (key, count, window_ends_at) values (${keyOf(one)}, 1, ${new Date(now.getTime() + bucket.windowMs)})
      on conflict (key) do update set
        count = case when throttle.window_ends_at <= ${now} then 1 else throttle.count + 1 end,
        window_ends_at = case when throttle.window_ends_at <= ${now} then excluded.window_ends_at else throttle.window_ends_at end
      returning count, window_ends_at`;
    if (!row || row.count <= bucket.limit) continue;
    if (bucket.windowMs === FOREVER_MS) return { ok: false, reason: 'reset_required' };
    return { ok: false, reason: 'throttled', retryAfterSeconds: Math.max(1, Math.ceil((row.window_ends_at.getTime() - now.getTime()) / 1000)) };
  }
  return { ok: true };
}

/** Takes back one count from each: the attempt succeeded, or was never judged. */
export async function giveBack(tx: Tx, counters: Counter[]): Promise<void> {
  for (const one of counters) await tx`update throttle set count = count - 1 where key = ${keyOf(one)} and count > 0`;
}

/** Starts these counters anew. */
export async function forget(tx: Tx, counters: Counter[]): Promise<void> {
  for (const one of counters) await tx`delete from throttle where key = ${keyOf(one)}`;
}

/** For the daily job: windows that have ended. */
export async function sweepThrottle(tx: Tx, now: Date): Promise<void> {
  await tx`delete from throttle where window_ends_at <= ${now}`;
}
