/**
 * Signing in. Three steps, because a password check must not hold a database connection: count the attempt and read
 * the hash; check the password; open the session. Known and unknown addresses take the same steps (AN-4).
 */
import * as audit from '../audit/audit.server.ts';
import { sql, transaction, type Actor, type Tx } from '../db/db.server.ts';
import { foldEmail } from './account.ts';
import { knownDevice, rememberDevice } from './device.server.ts';
import { BUSY, hashPassword, isBusy, verifyPassword, type Busy } from './password.server.ts';
import * as sessions from './session.server.ts';
import { counter, forget, giveBack, take, type Counter, type ResetRequired, type Throttled } from './throttle.server.ts';

export type SignInValue = { email: string; password: string };
/** What the request brings along. `clientKey` is the hashed address of the connection. */
export type SignInFrom = { clientKey: string; userAgent: string | null; device: string | undefined; previousSessionId?: string | undefined };

export type SignInResult =
  | { ok: true; accountId: string; session: string; device: string }
  | { ok: false; reason: 'wrong' } | Busy | Throttled | ResetRequired;

type Candidate = { id: string; password_hash: string };

export async function signIn(actor: Actor, value: SignInValue, from: SignInFrom, now = new Date()): Promise<SignInResult> {
  // A storm is turned away before it reaches the database.
  if (isBusy()) return BUSY;
  const folded = foldEmail(value.email);
  const prepared = await transaction(actor, async (tx) => {
    const [account] = await tx<Candidate[]>`select id, password_hash from account where email_folded = ${folded} and disabled_at is null`;
    const device = await knownDevice(tx, account?.id ?? null, from.device, now);
    const counters = device ? deviceCounters(folded, device) : strangerCounters(folded, from.clientKey);
    const taken = await take(tx, counters, now);
    return taken.ok ? { ok: true as const, account: account ?? null, device } : taken;
  });
  if (!prepared.ok) return prepared;
  const { account, device } = prepared;

  const checked = await verifyPassword(account?.password_hash ?? null, value.password);
  if (!checked.ok) {
    await transaction(actor, (tx) => giveBack(tx, device ? deviceCounters(folded, device) : strangerCounters(folded, from.clientKey)));
    return checked;
  }
  if (!account || !checked.matches) return { ok: false, reason: 'wrong' };

  const renewed = checked.outdated ? await hashPassword(value.password) : null;
  return transaction({ ...actor, name: `account:${account.id}` }, async (tx) => {
    // The hash is compared so that a log-in that raced with a reset does not open a session for the old password.
    const [still] = await tx`
      select id from account where id = ${account.id} and disabled_at is null and password_hash = ${account.password_hash} for share`;
    if (!still) return { ok: false as const, reason: 'wrong' as const };
    await settle(tx, folded, from.clientKey, device);
    if (renewed?.ok) await tx`update account set password_hash = ${renewed.hash}, updated_at = ${now} where id = ${account.id}`;
    if (from.previousSessionId) await sessions.endSession(tx, from.previousSessionId);
    const opened = await open(tx, account.id, from, now);
    await audit.record(tx, { action: 'account.sign_in', subject: ['account', account.id], after: { known_device: device !== null, strengthened: renewed?.ok === true } });
    return { ok: true as const, accountId: account.id, ...opened };
  });
}

/** Ends this session on the server; the browser stays remembered. */
export async function signOut(tx: Tx, who: { accountId: string; sessionId: string }): Promise<void> {
  await sessions.endSession(tx, who.sessionId);
  await audit.record(tx, { action: 'account.sign_out', subject: ['account', who.accountId] });
}

/** A session and a remembered browser, for a person who has just given the password; `secondStepAt`: and the second step before. */
export async function open(tx: Tx, accountId: string, from: SignInFrom, now: Date, secondStepAt: Date | null = null): Promise<{ session: string; device: string }> {
  const session = await sessions.signIn(tx, accountId, from.userAgent, now, secondStepAt);
  return { session, device: await rememberDevice(tx, accountId, from.device, now) };
}

// Both lists run from the narrowest counter to the widest, and every transaction locks them in this order.
function strangerCounters(folded: string, clientKey: string): Counter[] {
  return [
    counter('loginPair', folded, clientKey), counter('loginClient', clientKey), counter('loginAccount', folded),
    counter('loginStreak', folded), counter('loginGlobal')
  ];
}

function deviceCounters(folded: string, device: string): Counter[] {
  return [counter('deviceLogin', folded, device), counter('deviceStreak', folded, device)];
}

/** After a success: the failures in a row are over, and the success itself does not count as an attempt. */
async function settle(tx: Tx, folded: string, clientKey: string, device: string | null): Promise<void> {
  if (device) return forget(tx, deviceCounters(folded, device));
  await forget(tx, [counter('loginPair', folded, clientKey)]);
  await giveBack(tx, [counter('loginClient', clientKey), counter('loginAccount', folded)]);
  await forget(tx, [counter('loginStreak', folded)]);
  await giveBack(tx, [counter('loginGlobal')]);
}

/** After a reset by mail: whoever reads the mailbox is the owner, and strangers' failures are forgotten. */
export async function forgetFailures(tx: Tx, email: string, accountId: string): Promise<void> {
  const folded = foldEmail(email);
  await forget(tx, [counter('loginAccount', folded), counter('loginStreak', folded), counter('confirm', accountId), counter('confirmStreak', accountId)]);
}

export type Confirmed = { ok: true; password_hash: string } | { ok: false; reason: 'wrong' } | Busy | Throttled | ResetRequired;

/** Checks the signed-in person's own password again, before what needs it (AN-10). */
export async function checkOwnPassword(actor: Actor, accountId: string, password: string, now: Date): Promise<Confirmed> {
  if (isBusy()) return BUSY;
  const counters = [counter('confirm', accountId), counter('confirmStreak', accountId)];
  const taken = await transaction(actor, (tx) => take(tx, counters, now));
  if (!taken.ok) return taken;
  const [account] = await sql<Candidate[]>`select id, password_hash from account where id = ${accountId} and disabled_at is null`;
  const checked = await verifyPassword(account?.password_hash ?? null, password);
  if (!checked.ok) {
    await transaction(actor, (tx) => giveBack(tx, counters));
    return checked;
  }
  if (!account || !checked.matches) return { ok: false, reason: 'wrong' };
  await transaction(actor, (tx) => forget(tx, counters));
  return { ok: true, password_hash: account.password_hash };
}

/** Gives the session five fresh minutes. */
export async function confirmPassword(actor: Actor, who: { accountId: string; sessionId: string }, password: string, now = new Date()): Promise<Confirmed> {
  const checked = await checkOwnPassword(actor, who.accountId, password, now);
  if (!checked.ok) return checked;
  await transaction(actor, async (tx) => {
    await sessions.confirmSession(tx, who.sessionId, now);
    await audit.record(tx, { action: 'account.confirm_password', subject: ['account', who.accountId] });
  });
  return checked;
}
