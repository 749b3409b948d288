import { sql, type Tx } from '../../../src/lib/db/db.server.ts';
import * as files from '../../../src/lib/files/store.server.ts';
import { copyDossier, mailAddresses } from '../../../src/lib/organisations/copy.server.ts';
import { cancelInvitation, invite, openInvitations } from '../../../src/lib/organisations/invitations.server.ts';
import { changeRepresentative, endMembership, members } from '../../../src/lib/organisations/members.server.ts';
import { comingFrom } from '../../../src/lib/organisations/membership.server.ts';
import { addPaper, openPaper, replacePaper } from '../../../src/lib/organisations/papers.server.ts';
import * as organisations from '../../../src/lib/organisations/store.server.ts';
import { markedPdf } from '../world/groups.ts';
import { groupWord } from '../world/marks.ts';
import { attempt, caseOf, does, groupOf, isDraft, isMember, isRepresentative, once, otherGroup, some, type Wall } from './seen.ts';

export const isCancelled = async (tx: Tx, id: string) => (await tx`select from organisation_invitation where id = ${id} and cancelled_at is not null`).length === 1;

export const organisationWalls: Wall[] = [
  { name: 'organisations.currentMembership', call: async (seen) => (await organisations.currentMembership(sql, groupOf(seen).id, seen.id)) !== null, may: once(isMember) },
  { name: 'organisations.forMember', call: async (seen) => (await organisations.forMember(sql, groupOf(seen).id, seen.id)) !== null, may: once(isMember) },
  { name: 'organisations.ofViewer', call: async (seen) => (await organisations.ofViewer(sql, seen.id)).some((row) => row.id === groupOf(seen).id), may: once(isMember) },
  { name: 'members', call: async (seen) => some(await members(sql, groupOf(seen).id, seen.id)), may: once(isMember) },
  { name: 'openInvitations', call: async (seen) => some(await openInvitations(sql, groupOf(seen).id, seen.id)), may: once(isMember) },
  { name: 'openPaper', call: async (seen) => (await openPaper(sql, groupOf(seen).papers.rules, groupOf(seen).id, seen.id)) !== null, may: once(isMember) },
  { name: "openPaper of the other group's", call: async (seen) => (await openPaper(sql, seen.world.groups[seen.group === 'A' ? 'B' : 'A'].papers.rules, groupOf(seen).id, seen.id)) !== null, may: once(() => false) },
  { name: 'organisations.update', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => organisations.update(tx, seen.id, groupOf(seen).id, 99, {} as never)), may: once(isMember) },
  { name: 'endMembership', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => endMembership(tx, seen.id, groupOf(seen).id, { member: seen.world.groups.A.memberId!, to_on: '2030-01-01' })), may: once((seen) => seen.group === 'A' && (isRepresentative(seen) || seen.persona === 'memberA')) },
  { name: 'changeRepresentative', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => changeRepresentative(tx, seen.id, groupOf(seen).id, { successor: seen.world.groups.A.memberId!, afterwards: 'stay' })), may: once((seen) => seen.group === 'A' && isRepresentative(seen)) },
  { name: 'invite', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => invite(tx, seen.id, groupOf(seen).id, { email: 'wall@kanaria.example', role: 'member' }, 'test')), may: once(isRepresentative) },
  { name: 'cancelInvitation', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => cancelInvitation(tx, seen.id, groupOf(seen).id, groupOf(seen).invitation.id)), may: once(isRepresentative) },
  { name: "cancelInvitation of the other group's", call: (seen) => does(seen, groupOf(seen).id, (tx) => cancelInvitation(tx, seen.id, groupOf(seen).id, otherGroup(seen).invitation.id)), may: once(() => false) },
  { name: "invite, and the other group's invitation to the same address ends", call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    const invited = await invite(tx, seen.id, groupOf(seen).id, { email: `${groupWord('invited', seen.group === 'A' ? 'B' : 'A')}@kanaria.example`, role: 'member' }, 'test');
    return { ok: invited.ok && (await isCancelled(tx, otherGroup(seen).invitation.id)) };
  }), may: once(() => false) },
  { name: 'endMembership, and what the person invited for the other group ends', call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    await tx`update organisation_invitation set invited_by = ${seen.world.people.ids.memberA} where id = ${otherGroup(seen).invitation.id}`;
    const ended = await endMembership(tx, seen.id, groupOf(seen).id, { member: seen.world.groups.A.memberId!, to_on: '2030-01-01' });
    return { ok: ended.ok && (await isCancelled(tx, otherGroup(seen).invitation.id)) };
  }), may: once(() => false) },
  { name: 'endMembership of a term that is over', call: (seen) => does(seen, groupOf(seen).id, (tx) => endMembership(tx, seen.id, groupOf(seen).id, { member: seen.world.groups.A.pastMemberId!, to_on: '2030-01-01' })), may: once(() => false) },
  { name: "organisations.forMember with the other group's papers, for somebody who acts for both", call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    await tx`insert into organisation_member (organisation_id, account_id, role, from_on) values (${otherGroup(seen).id}, ${seen.id}, 'member', current_date)`;
    const found = await organisations.forMember(tx, groupOf(seen).id, seen.id);
    return { ok: found!.organisation.papers.some(({ id }) => id === otherGroup(seen).papers.rules) };
  }), may: (seen) => (isDraft(seen) && isMember(seen) ? false : null) },
  { name: "files.open of the other group's", call: async (seen) => (await files.open(sql, caseOf(seen).file, { organisation_id: otherGroup(seen).id })).ok, may: once(() => false) },
  { name: 'comingFrom', call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    // A term to come of somebody else here, and one of this person elsewhere.
    for (const [group, account] of [[groupOf(seen).id, seen.world.people.spare], [otherGroup(seen).id, seen.id]] as const) {
      await tx`insert into organisation_member (organisation_id, account_id, role, from_on) values (${group}, ${account}, 'member', current_date + 9)`;
    }
    return { ok: (await comingFrom(tx, groupOf(seen).id, seen.id)) !== null };
  }), may: (seen) => (isDraft(seen) && !isMember({ ...seen, group: seen.group === 'A' ? 'B' : 'A' }) ? false : null) },
  { name: 'mailAddresses', call: async (seen) => (await mailAddresses(sql, groupOf(seen).id)).some((row) => row.account_id === seen.id), may: once(isMember) },
  { name: "copyDossier with the other group's papers", call: async (seen) => (await copyDossier(sql, groupOf(seen).id)).papers.some(({ name }) => name.includes(groupWord('paper', seen.group === 'A' ? 'B' : 'A'))), may: once(() => false) },
  { name: 'replacePaper', call: (seen) => does(seen, groupOf(seen).id, (tx) => replacePaper(tx, seen.id, groupOf(seen).id, { kind: 'rules', replaces: groupOf(seen).papers.rules }, files.prepareOwn(markedPdf('x'), 'x.pdf', 1))), may: once(isMember) },
  { name: 'addPaper', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => addPaper(tx, seen.id, groupOf(seen).id, 'rules', files.prepareOwn(markedPdf('x'), 'x.pdf', 1))), may: once(isMember) }
];
