/** One-time links in mails: 256 random bits, stored as SHA-256, short-lived, used by one atomic statement (AN-9). */
import type { Sql, Tx } from '../db/db.server.ts';
import { TOKEN_LIFE_MS, type TokenPurpose } from './account.ts';
import { hashSecret, looksLikeSecret, newSecret } from './secret.server.ts';

export type TokenSubject = { id: string; email: string; account_id: string | null };

export async function issueToken(tx: Tx, purpose: TokenPurpose, subject: { email: string; accountId: string | null }, now: Date): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + TOKEN_LIFE_MS[purpose]);
  const [row] = await tx<{ id: string }[]>`
    insert into account_token (token_hash, purpose, account_id, email, created_at, expires_at)
    values (${hashSecret(token)}, ${purpose}, ${subject.accountId}, ${subject.email}, ${now}, ${expiresAt})
    returning id`;
  return { id: row!.id, token, expiresAt };
}

/** Looks without using: mail scanners open links too, so a GET must not spend them. */
export async function readToken(sql: Sql, purpose: TokenPurpose, token: string, now: Date): Promise<TokenSubject | null> {
  if (!looksLikeSecret(token)) return null;
  const [row] = await sql<TokenSubject[]>`
    select id, email, account_id from account_token
    where token_hash = ${hashSecret(token)} and purpose = ${purpose} and used_at is null and expires_at > ${now}`;
  return row ?? null;
}

/** Uses the token. Of any number of simultaneous users exactly one gets it. */
export async function useToken(tx: Tx, purpose: TokenPurpose, token: string, now: Date): Promise<TokenSubject | null> {
  if (!looksLikeSecret(token)) return null;
  const [row] = await tx<TokenSubject[]>`
    update account_token set used_at = ${now}
    where token_hash = ${hashSecret(token)} and purpose = ${purpose} and used_at is null and expires_at > ${now}
    returning id, email, account_id`;
  return row ?? null;
}

/** Makes every other open link of the account worthless. */
export async function cancelTokens(tx: Tx, accountId: string, now: Date): Promise<void> {
  await tx`update account_token set used_at = ${now} where account_id = ${accountId} and used_at is null`;
}

/** For the daily job: links nobody can use any more, after a day in which a question about them may come. */
export async function sweepTokens(tx: Tx, now: Date): Promise<void> {
  await tx`delete from account_token where expires_at <= ${new Date(now.getTime() - 24 * 3_600_000)}`;
}
