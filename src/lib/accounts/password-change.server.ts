/** A new password: by a link in a mail when the old one is lost, or by the person who is signed in. */
import * as audit from '../audit/audit.server.ts';
import { sql, transaction, type Actor, type Tx } from '../db/db.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { foldEmail } from './account.ts';
import { forgetDevices } from './device.server.ts';
import { checkPassword } from './password.ts';
import { hashPassword, type Busy } from './password.server.ts';
import { endAllSessions, secondStepAt } from './session.server.ts';
import { checkOwnPassword, forgetFailures, open, type SignInFrom } from './sign-in.server.ts';
import { takeMail } from './sign-up.server.ts';
import type { ResetRequired, Throttled } from './throttle.server.ts';
import { cancelTokens, issueToken, readToken, useToken } from './token.server.ts';

export type Weak = { ok: false; reason: 'weak'; message: string };

/**
 * Sends the reset link; to an address without an account, a link to sign up. Both take the same
 * statements, so neither the answer nor its time tells whether an address is known (AN-4).
 */
export async function requestReset(tx: Tx, value: { email: string }, clientKey: string, now = new Date()) {
  const taken = await takeMail(tx, value.email, clientKey, now);
  if (!taken.ok) return taken;
  const [account] = await tx<{ id: string; email: string }[]>`
    select id, email from account where email_folded = ${foldEmail(value.email)} and disabled_at is null`;
  // The mail goes to the address on record, not to what was typed: the two may differ in case.
  const email = account?.email ?? value.email;
  const { id, token, expiresAt } = await issueToken(tx, account ? 'reset' : 'sign_up', { email, accountId: account?.id ?? null }, now);
  if (account) await enqueue(tx, { to: email, template: 'password_reset_link', data: { url: `/password-reset/${token}`, expiresAt }, dedupeKey: `password_reset_link:${id}` });
  else await enqueue(tx, { to: email, template: 'sign_up_link', data: { url: `/sign-up/${token}`, expiresAt }, dedupeKey: `sign_up_link:${id}` });
  await audit.record(tx, { action: 'account.request_reset', subject: ['account_token', id] });
  return { ok: true as const };
}

/** Whether a reset link can still be used, without using it. */
export async function isResetOpen(token: string, now = new Date()): Promise<boolean> {
  return (await readToken(sql, 'reset', token, now)) !== null;
}

/** Sets the password and ends every session and remembered browser: whoever else was inside is out (AN-9). */
export async function completeReset(actor: Actor, value: { token: string; password: string }, contextWords: string[], now = new Date()): Promise<
  { ok: true; accountId: string } | { ok: false; reason: 'link_over' } | Weak | Busy
> {
  const link = await readToken(sql, 'reset', value.token, now);
  const [account] = link ? await sql<{ name: string }[]>`select name from account where id = ${link.account_id} and disabled_at is null` : [];
  if (!link || !account) return { ok: false, reason: 'link_over' };
  const strong = checkPassword(value.password, { email: link.email, name: account.name, words: contextWords });
  if (!strong.ok) return { ok: false, reason: 'weak', message: strong.message };
  const hashed = await hashPassword(value.password);
  if (!hashed.ok) return hashed;
  return transaction(actor, async (tx) => {
    const used = await useToken(tx, 'reset', value.token, now);
    if (!used?.account_id) return { ok: false as const, reason: 'link_over' as const };
    const accountId = used.account_id;
    const [changed] = await setPassword(tx, accountId, hashed.hash, now);
    if (!changed) return { ok: false as const, reason: 'link_over' as const };
    await forgetFailures(tx, changed.email, accountId);
    await announce(tx, changed.email, now, used.id);
    await audit.record(tx, { action: 'account.reset_password', subject: ['account', accountId] });
    return { ok: true as const, accountId };
  });
}

/** Changes the password of the person who is signed in and knows the old one. Other sessions end; this browser gets a new one. */
export async function changePassword(
  actor: Actor, accountId: string, value: { current: string; password: string }, from: SignInFrom, contextWords: string[], now = new Date()
): Promise<{ ok: true; session: string; device: string } | { ok: false; reason: 'wrong' } | Weak | Busy | Throttled | ResetRequired> {
  const checked = await checkOwnPassword(actor, accountId, value.current, now);
  if (!checked.ok) return checked;
  const [account] = await sql<{ email: string; name: string }[]>`select email, name from account where id = ${accountId}`;
  const strong = checkPassword(value.password, { email: account?.email ?? '', name: account?.name ?? '', words: contextWords });
  if (!strong.ok) return { ok: false, reason: 'weak', message: strong.message };
  const hashed = await hashPassword(value.password);
  if (!hashed.ok) return hashed;
  return transaction(actor, async (tx) => {
    // Whoever changes the password in a session that made the second step need not make it again at once.
    const madeAt = await secondStepAt(tx, { accountId, sessionId: from.previousSessionId });
    const [changed] = await setPassword(tx, accountId, hashed.hash, now, checked.password_hash);
    if (!changed) return { ok: false as const, reason: 'wrong' as const };
    await announce(tx, changed.email, now, crypto.randomUUID());
    await audit.record(tx, { action: 'account.change_password', subject: ['account', accountId] });
    return { ok: true as const, ...(await open(tx, accountId, from, now, madeAt)) };
  });
}

/** Stores the new hash and ends everything that rested on the old password. */
async function setPassword(tx: Tx, accountId: string, hash: string, now: Date, old?: string) {
  const changed = await tx<{ email: string }[]>`
    update account set password_hash = ${hash}, password_changed_at = ${now}, updated_at = ${now}
    where id = ${accountId} and disabled_at is null and (${old ?? null}::text is null or password_hash = ${old ?? null}) returning email`;
  if (changed.length === 0) return changed;
  await endAllSessions(tx, accountId);
  await forgetDevices(tx, accountId);
  await cancelTokens(tx, accountId, now);
  return changed;
}

/** Tells the owner, in case it was somebody else (ASVS 6.3.7). */
async function announce(tx: Tx, email: string, at: Date, key: string): Promise<void> {
  await enqueue(tx, { to: email, template: 'password_changed', data: { at }, dedupeKey: `password_changed:${key}` });
}
