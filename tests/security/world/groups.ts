import * as audit from '../../../src/lib/audit/audit.server.ts';
import { hashSecret, newSecret } from '../../../src/lib/accounts/secret.server.ts';
import { sql, transaction } from '../../../src/lib/db/db.server.ts';
import { prepareOwn } from '../../../src/lib/files/store.server.ts';
import { addPaper } from '../../../src/lib/organisations/papers.server.ts';
import * as organisations from '../../../src/lib/organisations/store.server.ts';
import { groupPhone, groupWord, type GroupKey } from './marks.ts';
import { SYSTEM, type People } from './people.ts';

export interface Group { id: string; name: string; papers: { rules: string; member_list: string }; invitation: { id: string; token: string }; /** The founder's term. */ ownerTermId: string; memberId: string | null; otherMemberId: string | null; pastMemberId: string | null }

/** A file whose bytes say whose they are, in plain letters behind a PDF's end. */
export const markedPdf = (mark: string): Buffer => Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n% ${mark}\n`);

export async function makeGroups(people: People): Promise<Record<GroupKey, Group>> {
  const groups = { A: await makeGroup('A', people.ids.representativeA), B: await makeGroup('B', people.ids.representativeB) };
  await transaction(SYSTEM, async (tx) => {
    const join = async (accountId: string, role: 'member' | 'representative', over: boolean) => {
      const [row] = await tx<{ id: string }[]>`
        insert into organisation_member (organisation_id, account_id, role, from_on, to_on)
        values (${groups.A.id}, ${accountId}, ${role}, current_date - 400, ${over ? tx`current_date` : null}) returning id`;
      return row!.id;
    };
    groups.A.memberId = await join(people.ids.memberA, 'member', false);
    groups.A.otherMemberId = await join(people.ids.officerOfA, 'member', false);
    // Those of before: the first day without the right to act is today. One of them acts for the other group now.
    await join(people.ids.pastA, 'representative', true);
    groups.A.pastMemberId = await join(people.ids.representativeB, 'member', true);
    await join(people.ids.disabledA, 'member', false);
    await audit.record(tx, { action: 'test.join', subject: ['organisation', groups.A.id] });
  });
  return groups;
}

async function makeGroup(key: GroupKey, owner: string): Promise<Group> {
  const name = `金糸雀の会${key}（架空）`;
  const made = await transaction({ name: `account:${owner}` }, (tx) => organisations.create(tx, owner, {
    kind: 'civic_group', corporate_number: null, name, name_kana: 'カナリアノカイ', representative_title: '代表', representative_name: `架空 代表${key}`,
    postal_code: '318-0000', address: groupWord('address', key), phone: groupPhone(key), purpose: '歌う。', founded_on: '2021-04-01',
    members_count: 18, members_living: 14, members_working: 3, members_studying: 1, district_id: null, role: 'representative'
  }));
  if (!made.ok) throw new Error(made.reason);
  const papers = {} as Group['papers'];
  for (const kind of ['rules', 'member_list'] as const) {
    const file = prepareOwn(markedPdf(groupWord('paperBytes', key)), `${groupWord('paper', key)}.pdf`, 1);
    const added = await transaction({ name: `account:${owner}`, onBehalfOf: made.id }, (tx) => addPaper(tx, owner, made.id, kind, file));
    if (!added.ok) throw new Error(added.reason);
    papers[kind] = added.id;
  }
  const [term] = await sql<{ id: string }[]>`select id from organisation_member where organisation_id = ${made.id}`;
  return { id: made.id, name, papers, ownerTermId: term!.id, invitation: await invite(key, made.id, owner), memberId: null, otherMemberId: null, pastMemberId: null };
}

/** An open invitation to somebody who has not answered. The address is known to the group alone, the token to whoever got the mail. */
async function invite(key: GroupKey, organisationId: string, owner: string): Promise<Group['invitation']> {
  const token = newSecret();
  return transaction(SYSTEM, async (tx) => {
    const [row] = await tx<{ id: string }[]>`
      insert into organisation_invitation (organisation_id, email, role, token_hash, invited_by, expires_at)
      values (${organisationId}, ${`${groupWord('invited', key)}@kanaria.example`}, 'member', ${hashSecret(token)}, ${owner}, now() + interval '7 days') returning id`;
    await audit.record(tx, { action: 'test.invite', subject: ['organisation', organisationId] });
    return { id: row!.id, token };
  });
}

/** The dossier's version, for a form that is not stale. */
export async function versionOf(organisationId: string): Promise<number> {
  const [row] = await sql<{ version: number }[]>`select version from organisation where id = ${organisationId}`;
  return row!.version;
}
