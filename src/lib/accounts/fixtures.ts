/** For tests only: people with a password that passes the rules, hashed once. */
import { hashPassword } from './password.server.ts';
import { createAccount } from './store.server.ts';
import { grantRole } from './staff.server.ts';
import { transaction, type Actor } from '../db/db.server.ts';
import type { Role } from './account.ts';

export const PASSWORD = 'みかん 電柱 三毛猫 鉛筆けずり';
export const OTHER_PASSWORD = 'ringo densha kasa enpitsu mado';
export const VISITOR: Actor = { name: 'visitor' };
export const actorOf = (accountId: string): Actor => ({ name: `account:${accountId}` });

let hash: string | undefined;

export async function makeAccount(email: string, options: { name?: string; roles?: Role[]; now?: Date; passwordHash?: string } = {}): Promise<string> {
  if (!hash) {
    const made = await hashPassword(PASSWORD);
    if (!made.ok) throw new Error('busy');
    hash = made.hash;
  }
  const passwordHash = options.passwordHash ?? hash;
  const now = options.now ?? new Date();
  return transaction({ name: 'system:test' }, async (tx) => {
    const made = await createAccount(tx, { email, name: options.name ?? '高萩 花子', kana: null, passwordHash }, now);
    if (!made.ok) throw new Error(made.reason);
    for (const role of options.roles ?? []) {
      const granted = await grantRole(tx, null, { accountId: made.accountId, role, fromOn: '2020-01-01', lastOn: null }, now);
      if (!granted.ok) throw new Error(granted.reason);
    }
    return made.accountId;
  });
}
