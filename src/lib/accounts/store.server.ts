/** Accounts in the database: finding, making and naming them. Passwords and links live in the files beside. */
import * as audit from '../audit/audit.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import { dayOf } from '../time/day.ts';
import { foldEmail, type Role } from './account.ts';

export type NewAccount = { email: string; name: string; kana: string | null; passwordHash: string; demo?: boolean };

/** Makes an account; refuses with `taken` when the address has one. For sign-ups, the demo and the first administrator. */
export async function createAccount(tx: Tx, value: NewAccount, now = new Date()) {
  const [row] = await tx<{ id: string }[]>`
    insert into account (email, email_folded, name, kana, password_hash, demo, password_changed_at, created_at, updated_at)
    values (${value.email}, ${foldEmail(value.email)}, ${value.name}, ${value.kana}, ${value.passwordHash}, ${value.demo ?? false}, ${now}, ${now}, ${now})
    on conflict on constraint account_email_once do nothing returning id`;
  if (!row) return { ok: false as const, reason: 'taken' as const };
  await audit.record(tx, { action: 'account.create', subject: ['account', row.id], after: { name: value.name, kana: value.kana, email: value.email, demo: value.demo ?? false } });
  return { ok: true as const, accountId: row.id };
}

export async function hasAccount(sql: Sql, email: string): Promise<boolean> {
  const rows = await sql`select 1 from account where email_folded = ${foldEmail(email)}`;
  return rows.length > 0;
}

export type OwnAccount = { id: string; email: string; name: string; kana: string | null; password_changed_at: Date };

export async function ownAccount(sql: Sql, accountId: string): Promise<OwnAccount | null> {
  const [row] = await sql<OwnAccount[]>`select id, email, name, kana, password_changed_at from account where id = ${accountId} and disabled_at is null`;
  return row ?? null;
}

/** The name as typed; old letters and issued papers keep the name they were issued with. */
export async function renameAccount(tx: Tx, accountId: string, value: { name: string; kana: string | null }) {
  const [before] = await tx<{ name: string; kana: string | null }[]>`select name, kana from account where id = ${accountId} and disabled_at is null for update`;
  if (!before) return { ok: false as const, reason: 'missing' as const };
  await tx`update account set name = ${value.name}, kana = ${value.kana}, updated_at = now() where id = ${accountId}`;
  await audit.record(tx, { action: 'account.rename', subject: ['account', accountId], before, after: value });
  return { ok: true as const };
}

export type AccountRow = {
  id: string; email: string; name: string; kana: string | null; demo: boolean; disabled_at: Date | null; created_at: Date; last_seen_at: Date | null; roles: Role[];
};
export const ACCOUNTS_PER_PAGE = 50;

/** Newest first; `after` is the last id of the page before (uuidv7 runs with time). `search` finds a part of a name, a reading or an address; `staff` keeps those with a role. */
export async function listAccounts(sql: Sql, options: { after?: string | null; search?: string; staff?: boolean; limit?: number } = {}, now = new Date()) {
  const today = dayOf(now);
  const pattern = `%${(options.search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const limit = Math.min(options.limit ?? ACCOUNTS_PER_PAGE, 200);
  const rows = await sql<AccountRow[]>`
    select a.id, a.email, a.name, a.kana, a.demo, a.disabled_at, a.created_at, r.roles,
           (select max(s.last_seen_at) from session s where s.account_id = a.id) as last_seen_at
    from account a cross join lateral (
      select coalesce(json_agg(role order by role), '[]') as roles from staff_role
      where account_id = a.id and from_on <= ${today} and (to_on is null or to_on > ${today})) r
    where (${options.after ?? null}::uuid is null or a.id < ${options.after ?? null}::uuid)
      and (${options.search ?? ''} = '' or a.name like ${pattern} or a.kana like ${pattern} or a.email_folded like lower(${pattern}))
      and (not ${options.staff ?? false}::boolean or exists (select 1 from staff_role s where s.account_id = a.id and (s.to_on is null or s.to_on > ${today})))
    order by a.id desc limit ${limit + 1}`;
  return { accounts: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
}
