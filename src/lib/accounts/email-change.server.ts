/** Another address: asked with the password, proved by the new mailbox, announced to the old one (AN-10). */
import * as audit from '../audit/audit.server.ts';
import { sql, transaction, type Actor, type Tx } from '../db/db.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { foldEmail } from './account.ts';
import type { Busy } from './password.server.ts';
import { endOtherSessions } from './session.server.ts';
import { checkOwnPassword } from './sign-in.server.ts';
import { takeMail } from './sign-up.server.ts';
import { hasAccount, ownAccount } from './store.server.ts';
import type { ResetRequired, Throttled } from './throttle.server.ts';
import { cancelTokens, issueToken, readToken, useToken } from './token.server.ts';

/** Sends a confirmation link to the new address. An address that has an account gets a mail instead; the answer is the same. */
export async function requestEmailChange(
  actor: Actor, accountId: string, value: { email: string; password: string }, clientKey: string, now = new Date()
): Promise<{ ok: true } | { ok: false; reason: 'wrong' } | { ok: false; reason: 'same' } | Busy | Throttled | ResetRequired> {
  const checked = await checkOwnPassword(actor, accountId, value.password, now);
  if (!checked.ok) return checked;
  return transaction(actor, async (tx) => {
    const own = await ownAccount(tx, accountId);
    if (!own) return { ok: false as const, reason: 'wrong' as const };
    if (own.email === value.email) return { ok: false as const, reason: 'same' as const };
    const taken = await takeMail(tx, value.email, clientKey, now);
    if (!taken.ok) return taken;
    const others = foldEmail(own.email) !== foldEmail(value.email) && (await hasAccount(tx, value.email));
    const { id, token, expiresAt } = await issueToken(tx, 'email_change', { email: value.email, accountId }, now);
    const to = value.email;
    if (others) await enqueue(tx, { to, template: 'already_registered', data: { signInUrl: '/login', resetUrl: '/password-reset' }, dedupeKey: `already_registered:${id}` });
    else await enqueue(tx, { to, template: 'email_change_confirm', data: { url: `/account/email/${token}`, expiresAt }, dedupeKey: `email_change_confirm:${id}` });
    await enqueue(tx, { to: own.email, template: 'email_change_notice', data: { at: now }, dedupeKey: `email_change_notice:${id}:asked` });
    await audit.record(tx, { action: 'account.request_email_change', subject: ['account', accountId] });
    return { ok: true as const };
  });
}

/** The address a confirmation link would change to, without using the link. Only the owner, signed in, sees and uses it. */
export async function pendingEmail(accountId: string, token: string, now = new Date()): Promise<string | null> {
  const link = await readToken(sql, 'email_change', token, now);
  return link?.account_id === accountId ? link.email : null;
}

/**
 * Changes the address. The link alone is not enough: had the owner mistyped the address, a stranger would hold the link,
 * and with it the account. Other sessions end.
 */
export async function confirmEmailChange(tx: Tx, who: { accountId: string; sessionId: string }, token: string, now = new Date()) {
  const link = await useToken(tx, 'email_change', token, now);
  if (!link || link.account_id !== who.accountId) return { ok: false as const, reason: 'link_over' as const };
  const own = await ownAccount(tx, who.accountId);
  if (!own) return { ok: false as const, reason: 'link_over' as const };
  const changed = await tx`
    update account set email = ${link.email}, email_folded = ${foldEmail(link.email)}, updated_at = ${now}
    where id = ${who.accountId} and not exists (select 1 from account where email_folded = ${foldEmail(link.email)} and id <> ${who.accountId})
    returning id`;
  if (changed.length === 0) return { ok: false as const, reason: 'link_over' as const };
  await cancelTokens(tx, who.accountId, now);
  await endOtherSessions(tx, who.accountId, who.sessionId);
  await enqueue(tx, { to: own.email, template: 'email_change_notice', data: { at: now }, dedupeKey: `email_change_notice:${link.id}:done` });
  await audit.record(tx, { action: 'account.change_email', subject: ['account', who.accountId], before: { email: own.email }, after: { email: link.email } });
  return { ok: true as const, email: link.email };
}
