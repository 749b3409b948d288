/** Invented people and groups for the tests of this folder. 架空. */
import { createAccount } from '../accounts/store.server.ts';
import { transaction, type Actor } from '../db/db.server.ts';
import { prepareOwn } from '../files/store.server.ts';
import type { DossierValue, MemberRole } from './organisation.ts';
import * as organisations from './store.server.ts';

export const DOSSIER: DossierValue = {
  kind: 'civic_group', corporate_number: null, name: '花と緑の会（架空）', name_kana: 'ハナトミドリノカイ',
  representative_title: '代表', representative_name: '髙﨑　𠮷子', postal_code: '318-0033', address: '高萩市本町1-100-1（架空）', phone: '',
  purpose: '駅前の花だんを手入れする。', founded_on: null, members_count: 12, members_living: 10, members_working: 1, members_studying: 1, district_id: null
};

export const PDF = prepareOwn(Buffer.from('%PDF-1.7\n% 架空の会則\n%%EOF'), '会則.pdf', 1);

let people = 0;

/** A new account; its id. */
export async function person(name = '高萩　花子'): Promise<string> {
  people += 1;
  const email = `person${people}@example.jp`;
  const made = await transaction({ name: 'system:test' }, (tx) => createAccount(tx, { email, name, kana: null, passwordHash: '$argon2id$test' }));
  if (!made.ok) throw new Error(made.reason);
  return made.accountId;
}

/** The actor of an account's request, acting for a group when one is given. */
export function as(accountId: string, organisationId?: string): Actor {
  return { name: `account:${accountId}`, requestId: 'test', ...(organisationId === undefined ? {} : { onBehalfOf: organisationId }) };
}

/** A group founded by the account; its id. */
export async function groupOf(accountId: string, role: MemberRole = 'representative', change: Partial<DossierValue> = {}): Promise<string> {
  const made = await transaction(as(accountId), (tx) => organisations.create(tx, accountId, { ...DOSSIER, ...change, role }));
  if (!made.ok) throw new Error(made.reason);
  return made.id;
}
