/** Signing up: a link to the address first, the person's name and password after it. */
import * as audit from '../audit/audit.server.ts';
import { sql, transaction, type Actor, type Tx } from '../db/db.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { foldEmail } from './account.ts';
import { checkPassword } from './password.ts';
import { hashPassword, type Busy } from './password.server.ts';
import { open, type SignInFrom } from './sign-in.server.ts';
import { createAccount, hasAccount } from './store.server.ts';
import { counter, take, type Taken } from './throttle.server.ts';
import { issueToken, readToken, useToken } from './token.server.ts';

/** Counts a mail that somebody can make the portal send; the same for known and unknown addresses. */
export function takeMail(tx: Tx, email: string, clientKey: string, now: Date): Promise<Taken> {
  return take(tx, [counter('mailAddress', foldEmail(email)), counter('mailClient', clientKey), counter('mailGlobal')], now);
}

/** Sends the sign-up link, or, to an address that has an account, the way to log in. The answer is the same (AN-4). */
export async function requestSignUp(tx: Tx, value: { email: string }, clientKey: string, now = new Date()) {
  const taken = await takeMail(tx, value.email, clientKey, now);
  if (!taken.ok) return taken;
  const known = await hasAccount(tx, value.email);
  const { id, token, expiresAt } = await issueToken(tx, 'sign_up', { email: value.email, accountId: null }, now);
  const to = value.email;
  if (known) await enqueue(tx, { to, template: 'already_registered', data: { signInUrl: '/login', resetUrl: '/password-reset' }, dedupeKey: `already_registered:${id}` });
  else await enqueue(tx, { to, template: 'sign_up_link', data: { url: `/sign-up/${token}`, expiresAt }, dedupeKey: `sign_up_link:${id}` });
  await audit.record(tx, { action: 'account.request_sign_up', subject: ['account_token', id] });
  return { ok: true as const };
}

/** The address a sign-up link was sent to, without using the link. */
export async function signUpEmail(token: string, now = new Date()): Promise<string | null> {
  return (await readToken(sql, 'sign_up', token, now))?.email ?? null;
}

export type SignUpValue = { token: string; name: string; kana: string | null; password: string };

/** Makes the account and signs the person in. `contextWords`: the municipality's and the portal's names. */
export async function completeSignUp(actor: Actor, value: SignUpValue, from: SignInFrom, contextWords: string[], now = new Date()): Promise<
  | { ok: true; accountId: string; session: string; device: string }
  | { ok: false; reason: 'link_over' } | { ok: false; reason: 'weak'; message: string } | { ok: false; reason: 'taken' } | Busy
> {
  const email = await signUpEmail(value.token, now);
  if (!email) return { ok: false, reason: 'link_over' };
  const strong = checkPassword(value.password, { email, name: value.name, words: contextWords });
  if (!strong.ok) return { ok: false, reason: 'weak', message: strong.message };
  const hashed = await hashPassword(value.password);
  if (!hashed.ok) return hashed;
  return transaction(actor, async (tx) => {
    const used = await useToken(tx, 'sign_up', value.token, now);
    if (!used) return { ok: false as const, reason: 'link_over' as const };
    const made = await createAccount(tx, { email: used.email, name: value.name, kana: value.kana, passwordHash: hashed.hash }, now);
    if (!made.ok) return made;
    return { ok: true as const, accountId: made.accountId, ...(await open(tx, made.accountId, from, now)) };
  });
}
