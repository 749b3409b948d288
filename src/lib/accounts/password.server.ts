/**
 * The only file that touches argon2. A verification takes two cores' worth of tens of milliseconds and runs on the
 * thread pool that files and DNS need too, so at most two run at a time and at most fifty wait (AN-6).
 */
import { hash, parseOptions, verify } from '@node-rs/argon2';

/** argon2id; the package's default algorithm and version are argon2id and 0x13 (AN-1). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const ARGON2ID = 2;

export const PARALLEL_MAX = 2;
export const QUEUE_MAX = 50;
/** Fifty waiting at about fifty a second: whoever comes back after this finds a place. */
export const BUSY_RETRY_SECONDS = 3;

export type Busy = { ok: false; reason: 'busy'; retryAfterSeconds: number };
export const BUSY: Busy = { ok: false, reason: 'busy', retryAfterSeconds: BUSY_RETRY_SECONDS };

let running = 0;
const waiting: (() => void)[] = [];

/** Whether a newcomer would be turned away, so that a storm can be answered before the database is asked. */
export function isBusy(): boolean {
  return running >= PARALLEL_MAX && waiting.length >= QUEUE_MAX;
}

export function queueLength(): number {
  return waiting.length;
}

async function inTurn<T>(work: () => Promise<T>): Promise<{ ok: true; value: T } | Busy> {
  if (isBusy()) return BUSY;
  if (running < PARALLEL_MAX) running++;
  // Whoever leaves hands the place over, so `running` stays as it is.
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return { ok: true, value: await work() };
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** Hashes the password exactly as typed: no trimming, no normalisation, no cut (ASVS 6.2.8). */
export async function hashPassword(password: string): Promise<{ ok: true; hash: string } | Busy> {
  const turn = await inTurn(() => hash(password, COST));
  return turn.ok ? { ok: true, hash: turn.value } : turn;
}

/** Of nobody's password; an unknown account is checked against it so that the answer takes as long as any other. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$a29lYS1uby1kYXJlbW8taQ$Zm9yIG5vYm9keSBhdCBhbGwsIG5ldmVyIG1hdGNoaW4';

/** `stored` null: no such account. `outdated`: the hash is weaker than today's and should be made anew. */
export async function verifyPassword(stored: string | null, password: string): Promise<{ ok: true; matches: boolean; outdated: boolean } | Busy> {
  const usable = stored !== null && isReadable(stored);
  const turn = await inTurn(() => verify(usable ? stored : NOBODY, password));
  if (!turn.ok) return turn;
  return { ok: true, matches: usable && turn.value, outdated: usable && isOutdated(stored) };
}

/** A damaged hash is a failed log-in, not an exception; the reset by mail heals it. */
function isReadable(stored: string): boolean {
  try {
    return parseOptions(stored).algorithm === ARGON2ID;
  } catch {
    return false;
  }
}

function isOutdated(stored: string): boolean {
  const made = parseOptions(stored);
  return made.memoryCost < COST.memoryCost || made.timeCost < COST.timeCost;
}
