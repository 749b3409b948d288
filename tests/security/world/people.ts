import { hashPassword } from '../../../src/lib/accounts/password.server.ts';
import { makeOffer } from '../../../src/lib/accounts/second-factor-offer.server.ts';
import { enrol } from '../../../src/lib/accounts/second-factor.server.ts';
import { hashSecret, newSecret } from '../../../src/lib/accounts/secret.server.ts';
import { newTotpSecret } from '../../../src/lib/accounts/totp.server.ts';
import { endRole, grantRole } from '../../../src/lib/accounts/staff.server.ts';
import { createAccount } from '../../../src/lib/accounts/store.server.ts';
import * as audit from '../../../src/lib/audit/audit.server.ts';
import { transaction, type Actor, type Tx } from '../../../src/lib/db/db.server.ts';
import { TEST_KEYS } from '../../keys.ts';
import { addressOf, DISABLED, ENDED, HALFWAY, PERSONAS, ROLES_OF, STALE, UNENROLLED, type Persona } from '../personas.ts';
import { singleWord } from './marks.ts';

// Playwright and the commands make a world outside of vitest, whose settings have the key.
process.env.PORTAL_KEYS ??= TEST_KEYS;

export const SYSTEM: Actor = { name: 'system:test' };
export const PASSWORD = 'kanaria-to-suzume-7';

export interface People {
  ids: Record<Exclude<Persona, 'visitor'>, string>;
  /** Accounts nobody uses: something to stop and to give roles to. */
  spare: string;
}

/** An account for every persona, with its roles and, where the city asks for one, a second factor. */
export async function makePeople(): Promise<People> {
  const hashed = await hashPassword(PASSWORD);
  if (!hashed.ok) throw new Error('busy');
  return transaction(SYSTEM, async (tx) => {
    const add = async (email: string, name: string) => {
      const made = await createAccount(tx, { email, name, kana: null, passwordHash: hashed.hash, demo: true });
      if (!made.ok) throw new Error(made.reason);
      return made.accountId;
    };
    const ids = {} as People['ids'];
    for (const persona of PERSONAS) {
      if (persona === 'visitor') continue;
      ids[persona] = await add(addressOf(persona), `架空 ${persona}`);
      for (const role of ROLES_OF[persona] ?? []) {
        const given = await grantRole(tx, null, { accountId: ids[persona], role, fromOn: '2024-04-01', lastOn: null });
        if (!given.ok) throw new Error(given.reason);
        if (ENDED.includes(persona)) await endRole(tx, ids.officer!, given.roleId);
      }
      if (ROLES_OF[persona] && !UNENROLLED.includes(persona)) await addFactor(tx, ids[persona]);
    }
    const spare = await add('spare@kanaria.example', '架空 spare');
    await addFactor(tx, spare);
    return { ids, spare };
  });
}

async function addFactor(tx: Tx, accountId: string): Promise<void> {
  await enrol(tx, accountId, { ...makeOffer('set_up'), secret: newTotpSecret() }, 0, new Date());
}

/** A session written straight into the table; answers the cookie. The hash is all the portal ever sees of it again. */
export async function openSession(accountId: string, { stale = false, halfway = false, agent = '' } = {}): Promise<string> {
  const secret = newSecret();
  const now = Date.now();
  await transaction(SYSTEM, async (tx) => {
    // Ahead of time, so that a long run does not grow stale half-way.
    const fresh = new Date(stale ? now - 3_600_000 : now + 3_600_000);
    const begun = new Date(halfway ? now + 3_600_000 : now);
    await tx`
      insert into session (id, account_id, created_at, last_seen_at, expires_at, fresh_auth_at, second_step_at, user_agent)
      values (${hashSecret(secret)}, ${accountId}, ${begun}, ${begun}, ${new Date(now + 86_400_000)}, ${fresh}, ${halfway ? null : new Date(now)}, ${agent})`;
  });
  return `sid=${secret}`;
}

/** Everybody's cookie. The disabled hold one from before; stopping an account ends its sessions, so theirs is put back as if it had not. */
export async function openSessions(people: People): Promise<Record<Persona, string | undefined>> {
  const cookies = { visitor: undefined } as Record<Persona, string | undefined>;
  for (const persona of PERSONAS) {
    if (persona === 'visitor') continue;
    if (DISABLED.includes(persona)) {
      await transaction(SYSTEM, async (tx) => {
        await tx`update account set disabled_at = now() where id = ${people.ids[persona]}`;
        await audit.record(tx, { action: 'test.disable', subject: ['account', people.ids[persona]], after: { note: singleWord('audit') } });
      });
    }
    cookies[persona] = await openSession(people.ids[persona], { stale: STALE.includes(persona), halfway: HALFWAY.includes(persona) });
  }
  // A second session of a member: the list of one's own devices must not be anybody else's.
  await openSession(people.ids.memberA, { agent: singleWord('oldSession') });
  return cookies;
}
