/** The second factor in the database: set up, spent code by code, renewed, taken away. Every change is announced (ASVS 6.3.7). */
import * as audit from '../audit/audit.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import type { MailData } from '../mail/templates.ts';
import { isOutdated, keyring, seal, unseal } from '../settings/sealing.server.ts';
import { hashRecoveryCode } from './recovery-code.server.ts';
import type { Offer } from './second-factor-offer.server.ts';
import { endAllSessions } from './session.server.ts';
import { counter, forget } from './throttle.server.ts';

const contextOf = (accountId: string): string => `account.totp:${accountId}`;

export type SecondFactor = { enrolled_at: Date; codes_left: number };

export async function secondFactor(sql: Sql, accountId: string): Promise<SecondFactor | null> {
  const [row] = await sql<SecondFactor[]>`
    select f.enrolled_at, (select count(*) from recovery_code c where c.account_id = f.account_id and c.used_at is null) as codes_left
    from second_factor f where f.account_id = ${accountId}`;
  return row ?? null;
}

/** The secret shared with the authenticator; null when there is none. Throws when it cannot be opened: a key is missing. */
export async function totpSecret(sql: Sql, accountId: string): Promise<{ secret: string; sealed: string } | null> {
  const [row] = await sql<{ sealed_secret: string }[]>`select sealed_secret from second_factor where account_id = ${accountId}`;
  if (!row) return null;
  const secret = unseal(row.sealed_secret, contextOf(accountId));
  if (secret === null) throw new Error('a second factor cannot be opened: its key is not in PORTAL_KEYS');
  return { secret, sealed: row.sealed_secret };
}

/**
 * Sets up what was offered; `step` is the one whose code proved it, and is used up. Where there is one already it refuses
 * with `already`, unless it `replaces` that, with its recovery codes.
 */
export async function enrol(tx: Tx, accountId: string, offer: Offer & { secret: string }, step: number, now: Date, replaces = false) {
  const replaced = replaces && (await remove(tx, accountId));
  const made = await tx`
    insert into second_factor (account_id, sealed_secret, last_step, codes_made_at, enrolled_at)
    values (${accountId}, ${seal(offer.secret, contextOf(accountId))}, ${step}, ${offer.madeAt}, ${now})
    on conflict (account_id) do nothing returning account_id`;
  if (made.length === 0) return { ok: false as const, reason: 'already' as const };
  await storeCodes(tx, accountId, offer.codes);
  await forgetGuesses(tx, accountId);
  await announce(tx, accountId, { what: 'set_up', at: now });
  await audit.record(tx, { action: 'second_factor.enrol', subject: ['account', accountId], after: { replaced } });
  return { ok: true as const };
}

/**
 * Spends one step: of any number who bring its code at once exactly one gets it (AN-7). `sealed` is what the code was
 * compared with, so that a code of an authenticator replaced meanwhile is worth nothing. A value under an older key is
 * sealed anew on the way.
 */
export async function spendStep(tx: Tx, accountId: string, step: number, { secret, sealed }: { secret: string; sealed: string }): Promise<boolean> {
  const kept = isOutdated(sealed) ? seal(secret, contextOf(accountId)) : sealed;
  const spent = await tx`
    update second_factor set last_step = ${step}, sealed_secret = ${kept}
    where account_id = ${accountId} and last_step < ${step} and sealed_secret = ${sealed} returning account_id`;
  return spent.length === 1;
}

/** Spends a recovery code and tells the person; false when it is not one, or was used. Of many at once one spends it (AN-8). */
export async function spendRecoveryCode(tx: Tx, accountId: string, code: string, now: Date): Promise<boolean> {
  const spent = await tx`
    update recovery_code set used_at = ${now}
    where account_id = ${accountId} and code_hash = ${hashRecoveryCode(code)} and used_at is null returning account_id`;
  if (spent.length === 0) return false;
  const codesLeft = (await secondFactor(tx, accountId))?.codes_left ?? 0;
  await announce(tx, accountId, { what: 'recovery_code', codesLeft, at: now });
  return true;
}

/**
 * Puts the offered recovery codes in the place of the old ones. The same offer again changes nothing; an offer older than
 * the codes of now is refused, or codes that were used and replaced could come back.
 */
export async function renewCodes(tx: Tx, accountId: string, offer: Offer, now: Date) {
  const [held] = await tx<{ codes_made_at: Date }[]>`select codes_made_at from second_factor where account_id = ${accountId} for update`;
  if (!held || held.codes_made_at >= offer.madeAt) {
    const [same] = await tx`select 1 from recovery_code where account_id = ${accountId} and code_hash = ${hashRecoveryCode(offer.codes[0]!)}`;
    return same ? { ok: true as const } : { ok: false as const, reason: 'offer_over' as const };
  }
  await tx`update second_factor set codes_made_at = ${offer.madeAt} where account_id = ${accountId}`;
  await tx`delete from recovery_code where account_id = ${accountId}`;
  await storeCodes(tx, accountId, offer.codes);
  await announce(tx, accountId, { what: 'codes', at: now });
  await audit.record(tx, { action: 'second_factor.codes', subject: ['account', accountId] });
  return { ok: true as const };
}

/** The person goes without from now on. Whether that is allowed is for the caller to know. */
export async function turnOff(tx: Tx, accountId: string, now: Date) {
  if (!(await remove(tx, accountId))) return { ok: false as const, reason: 'missing' as const };
  await announce(tx, accountId, { what: 'off', at: now });
  await audit.record(tx, { action: 'second_factor.off', subject: ['account', accountId] });
  return { ok: true as const };
}

/** An administrator takes away what another person has lost. Their sessions end; where it is required they set it up anew. */
export async function resetByAdministrator(tx: Tx, by: string, accountId: string, now = new Date()) {
  if (by === accountId) return { ok: false as const, reason: 'self' as const };
  if (!(await remove(tx, accountId))) return { ok: false as const, reason: 'missing' as const };
  await endAllSessions(tx, accountId);
  await announce(tx, accountId, { what: 'reset', at: now });
  await audit.record(tx, { action: 'second_factor.reset', subject: ['account', accountId] });
  return { ok: true as const };
}

/**
 * For the job that tidies: seals up to `limit` secrets anew under the current key, so that the one before can be taken
 * away some day. One row a person, so the table is read whole.
 */
export async function resealOutdated(tx: Tx, limit = 500): Promise<number> {
  const rows = await tx<{ account_id: string; sealed_secret: string }[]>`
    select account_id, sealed_secret from second_factor where split_part(sealed_secret, '.', 2) <> ${keyring().current} limit ${limit}`;
  const renewed = rows.flatMap(({ account_id, sealed_secret }) => {
    const secret = unseal(sealed_secret, contextOf(account_id));
    return secret === null ? [] : [{ id: account_id, before: sealed_secret, after: seal(secret, contextOf(account_id)) }];
  });
  if (renewed.length === 0) return 0;
  await tx`
    update second_factor f set sealed_secret = n.after
    from unnest(${renewed.map((one) => one.id)}::uuid[], ${renewed.map((one) => one.before)}::text[], ${renewed.map((one) => one.after)}::text[]) as n (id, before, after)
    where f.account_id = n.id and f.sealed_secret = n.before`;
  await audit.record(tx, { action: 'second_factor.reseal', subject: ['second_factor', 'all'], after: { count: renewed.length, key: keyring().current } });
  return renewed.length;
}

async function storeCodes(tx: Tx, accountId: string, codes: readonly string[]): Promise<void> {
  await tx`insert into recovery_code ${tx(codes.map((code) => ({ account_id: accountId, code_hash: hashRecoveryCode(code) })))}`;
}

async function remove(tx: Tx, accountId: string): Promise<boolean> {
  const [factor] = await tx`select 1 from second_factor where account_id = ${accountId} for update`;
  if (!factor) return false;
  await tx`delete from recovery_code where account_id = ${accountId}`;
  await tx`delete from second_factor where account_id = ${accountId}`;
  await forgetGuesses(tx, accountId);
  return true;
}

/** Guesses count against what was guessed at: with a new secret they begin anew. */
export async function forgetGuesses(tx: Tx, accountId: string): Promise<void> {
  await forget(tx, [counter('secondStep', accountId), counter('secondStepStreak', accountId), counter('recovery', accountId)]);
}

async function announce(tx: Tx, accountId: string, data: MailData['second_step_notice']): Promise<void> {
  const [account] = await tx<{ email: string }[]>`select email from account where id = ${accountId}`;
  if (account) await enqueue(tx, { to: account.email, template: 'second_step_notice', data, dedupeKey: `second_step_notice:${crypto.randomUUID()}` });
}
