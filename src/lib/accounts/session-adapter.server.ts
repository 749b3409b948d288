import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia';
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import { staffSecondStep } from '../settings/environment.server.ts';
import { dayOf } from '../time/day.ts';
import { limitsFor, owedBy, sessionEndsAt, type Owed, type Role } from './account.ts';
import { hashSecret } from './secret.server.ts';

/** Runs `work` in a transaction: the caller's own, or one opened for it. */
export type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type SessionAttributes = { created_at: Date; fresh_auth_at: Date; second_step_at: Date | null; user_agent: string; ends_at: Date };
export type UserAttributes = { email: string; name: string; roles: Role[]; owes: Owed | null; about: unknown };

type SessionRow = {
  id: string; account_id: string; created_at: Date; last_seen_at: Date; expires_at: Date; fresh_auth_at: Date; second_step_at: Date | null; user_agent: string;
  email: string; name: string; disabled_at: Date | null; roles: Role[]; enrolled: boolean; about: unknown;
};

/** Writing "last seen" on every request would make every read a write; a minute's grain only ends sessions earlier. */
const SEEN_GRAIN_MS = 60_000;

/**
 * Lucia's view of our tables. Lucia would store the session id as it stands in the cookie and knows one life for all;
 * here only the SHA-256 is stored, and the limits depend on the account's roles of this very moment.
 * Only `setSession` and `getSessionAndUser` are given a secret; everything Lucia gets back is named by its hash.
 * `about`: a JSON value on the account `a`, read along with its session.
 */
export function sessionAdapter(sql: Sql, write: Write, now: Date, about: Statement = sql`null::json`): Adapter {
  /** What this request has read, for the renewal that Lucia asks for right after. */
  let read: SessionRow | undefined;

  return {
    async getSessionAndUser(secret) {
      const [row] = await sessionRows(sql, sql`s.id = ${hashSecret(secret)}`, now, about);
      read = row;
      if (!row) return [null, null];
      return [asLuciaSession(row, now), row.disabled_at ? null : asLuciaUser(row)];
    },
    async getUserSessions(accountId) {
      const rows = await sessionRows(sql, sql`s.account_id = ${accountId}`, now, sql`null::json`);
      return rows.map((row) => asLuciaSession(row, now));
    },
    async setSession({ id: secret, userId, attributes }) {
      await write((tx) => tx`
        insert into session (id, account_id, created_at, last_seen_at, expires_at, fresh_auth_at, second_step_at, user_agent)
        values (${hashSecret(secret)}, ${userId}, ${attributes.created_at}, ${attributes.created_at}, ${attributes.ends_at},
                ${attributes.fresh_auth_at}, ${attributes.second_step_at}, ${attributes.user_agent})`);
    },
    // Lucia's own sliding end is replaced by our two limits; its renewal becomes "seen just now".
    async updateSessionExpiration(id) {
      if (!read || read.id !== id || now.getTime() - read.last_seen_at.getTime() < SEEN_GRAIN_MS) return;
      await write((tx) => tx`update session set last_seen_at = ${now} where id = ${id} and last_seen_at < ${now}`);
    },
    async deleteSession(id) {
      await write((tx) => tx`delete from session where id = ${id}`);
    },
    async deleteUserSessions(accountId) {
      await write((tx) => tx`delete from session where account_id = ${accountId}`);
    },
    async deleteExpiredSessions() {
      // The longest idle limit of all: whatever is older has ended under any role.
      await write((tx) => tx`
        delete from session where expires_at <= ${now} or last_seen_at <= ${new Date(now.getTime() - limitsFor(false).idleMs)}`);
    }
  };
}

function sessionRows(sql: Sql, which: Statement, now: Date, about: Statement): Promise<SessionRow[]> {
  const today = dayOf(now);
  return sql<SessionRow[]>`
    select s.id, s.account_id, s.created_at, s.last_seen_at, s.expires_at, s.fresh_auth_at, s.second_step_at, s.user_agent,
           a.email, a.name, a.disabled_at, exists (select from second_factor f where f.account_id = a.id) as enrolled,
           (select coalesce(json_agg(r.role order by r.role), '[]') from staff_role r
             where r.account_id = a.id and r.from_on <= ${today} and (r.to_on is null or r.to_on > ${today})) as roles,
           ${about} as about
    from session s join account a on a.id = s.account_id
    where ${which} order by s.last_seen_at desc, s.id limit 100`;
}

const owed = (row: SessionRow): Owed | null => owedBy(row, staffSecondStep() === 'required');

/** The roles a person holds count once nothing is owed. */
function asLuciaUser(row: SessionRow): DatabaseUser {
  const owes = owed(row);
  return { id: row.account_id, attributes: { email: row.email, name: row.name, roles: owes ? [] : row.roles, owes, about: row.about } };
}

/** Lucia compares with the machine's clock; what remains by our clock is therefore counted from there. */
function asLuciaSession(row: SessionRow, now: Date): DatabaseSession {
  const endsAt = sessionEndsAt(row, limitsFor(row.roles.length > 0, owed(row)));
  return {
    id: row.id,
    userId: row.account_id,
    expiresAt: new Date(Date.now() + endsAt.getTime() - now.getTime()),
    attributes: { created_at: row.created_at, fresh_auth_at: row.fresh_auth_at, second_step_at: row.second_step_at, user_agent: row.user_agent, ends_at: endsAt }
  };
}
