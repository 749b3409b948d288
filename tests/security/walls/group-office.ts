import { sql, type Tx } from '../../../src/lib/db/db.server.ts';
import * as groupOffice from '../../../src/lib/organisations/office.server.ts';
import { paperForOffice } from '../../../src/lib/organisations/papers.server.ts';
import { changeRepresentative } from '../../../src/lib/organisations/members.server.ts';
import { acceptSuccession } from '../../../src/lib/organisations/succession-accept.server.ts';
import { beginSuccession, cancelSuccession, endByOffice, pending } from '../../../src/lib/organisations/succession.server.ts';
import * as worklist from '../../../src/lib/screening/worklist.server.ts';
import { dayOf } from '../../../src/lib/time/day.ts';
import { isCancelled } from './organisations.ts';
import { attempt, caseOf, does, groupOf, isMember, isOpen, isRepresentative, once, otherGroup, some, type Seen, type Wall } from './seen.ts';

const GROUND = { reason: 'moved', reason_note: '', proof: 'group_notice', proof_note: 'x' } as const;
/** A change of representative that the city's officer has begun; what a wall does with it is undone with it. */
const begun = async (tx: Tx, seen: Seen): Promise<string> => {
  const result = await beginSuccession(tx, seen.world.people.ids.officer, groupOf(seen).id, { ...GROUND, email: 'wall@kanaria.example', effective_on: day() }, 'test');
  if (!result.ok) throw new Error(result.reason);
  return result.id;
};
const day = (): string => dayOf(new Date());
/** The office is closed to whoever acts for the group; what roles there are is not the stores' to know. */
const notOwnGroup = once((seen) => !isMember(seen));

export const groupOfficeWalls: Wall[] = [
  { name: 'office.listGroups', call: async (seen) => (await groupOffice.listGroups(sql, seen.id, { search: groupOf(seen).name, after: null })).rows.some((row) => row.id === groupOf(seen).id), may: notOwnGroup },
  { name: 'office.forOffice', call: async (seen) => (await groupOffice.forOffice(sql, groupOf(seen).id, seen.id)) !== null, may: notOwnGroup },
  { name: 'office.terms', call: async (seen) => some(await groupOffice.terms(sql, groupOf(seen).id, seen.id)), may: notOwnGroup },
  { name: "office.terms of the other group's", call: async (seen) => (await groupOffice.terms(sql, groupOf(seen).id, seen.id)).some((row) => row.id === otherGroup(seen).ownerTermId), may: once(() => false) },
  { name: 'office.invitations', call: async (seen) => some(await groupOffice.invitations(sql, groupOf(seen).id, seen.id)), may: notOwnGroup },
  { name: "office.invitations of the other group's", call: async (seen) => (await groupOffice.invitations(sql, groupOf(seen).id, seen.id)).some((row) => row.id === otherGroup(seen).invitation.id), may: once(() => false) },
  { name: 'office.groupTimeline', call: async (seen) => some(await groupOffice.groupTimeline(sql, groupOf(seen).id, seen.id)), may: notOwnGroup },
  { name: 'paperForOffice', call: async (seen) => (await paperForOffice(sql, groupOf(seen).papers.rules, groupOf(seen).id, seen.id)) !== null, may: notOwnGroup },
  { name: "paperForOffice of the other group's", call: async (seen) => (await paperForOffice(sql, otherGroup(seen).papers.rules, groupOf(seen).id, seen.id)) !== null, may: once(() => false) },
  { name: 'ofGroup', call: async (seen) => (await worklist.ofGroup(sql, groupOf(seen).id, seen.id, null)).rows.some((row) => row.id === caseOf(seen).id), may: isOpen },
  { name: "ofGroup of the other group's", call: async (seen) => (await worklist.ofGroup(sql, otherGroup(seen).id, seen.id, null)).rows.some((row) => row.id === caseOf(seen).id), may: () => false },
  { name: 'beginSuccession', call: (seen) => attempt(seen, undefined, (tx) => beginSuccession(tx, seen.id, groupOf(seen).id, { ...GROUND, email: 'wall@kanaria.example', effective_on: day() }, 'test')), may: notOwnGroup },
  { name: 'standing asked by beginSuccession, and the term of whoever represents the group goes on', call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    // Once handed over: the group has a representative of before, too.
    const { representativeA } = seen.world.people.ids;
    if (seen.group === 'A') await changeRepresentative(tx, representativeA, groupOf(seen).id, { successor: seen.world.groups.A.memberId!, afterwards: 'stay' });
    await begun(tx, seen);
    return { ok: (await tx`select from organisation_member where organisation_id = ${groupOf(seen).id} and role = 'representative' and (to_on is null or to_on > current_date)`).length > 0 };
  }), may: once(() => false) },
  { name: "standing asked by beginSuccession, and the other group's representative goes", call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    await begun(tx, seen);
    return { ok: (await tx`select from organisation_member where id = ${otherGroup(seen).ownerTermId} and to_on is not null`).length > 0 };
  }), may: once(() => false) },
  { name: 'standing asked by beginSuccession in a group for which nobody ever acted', call: (seen) => does(seen, undefined, async (tx) => {
    const [made] = await tx<{ id: string }[]>`
      insert into organisation (kind, name, name_kana, representative_title, representative_name, postal_code, address, purpose, members_count, members_living, members_working, members_studying)
      select kind, name, name_kana, representative_title, representative_name, postal_code, address, purpose, members_count, members_living, members_working, members_studying
      from organisation where id = ${groupOf(seen).id} returning id`;
    return beginSuccession(tx, seen.id, made!.id, { ...GROUND, email: 'wall@kanaria.example', effective_on: day() }, 'test');
  }), may: once(() => false) },
  { name: 'acceptSuccession, and a term of somebody else or elsewhere ends', call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    const succession_id = await begun(tx, seen);
    const accepted = await acceptSuccession(tx, seen.id, groupOf(seen).id, { id: groupOf(seen).invitation.id, email: 'wall@kanaria.example', succession_id });
    return { ok: accepted.ok && (await tx`select from organisation_member where id in ${tx([otherGroup(seen).ownerTermId, seen.world.groups.A.otherMemberId!])} and to_on is not null`).length > 0 };
  }), may: (seen) => (seen.key === 'A.draft' && ['representativeB', 'memberA'].includes(seen.persona) ? false : null) },
  { name: 'pending', call: (seen) => does(seen, groupOf(seen).id, async (tx) => { await begun(tx, seen); return { ok: (await pending(tx, groupOf(seen).id, seen.id)) !== null }; }), may: once((seen) => !isMember(seen) || isRepresentative(seen)) },
  { name: 'cancelSuccession', call: (seen) => attempt(seen, undefined, async (tx) => cancelSuccession(tx, seen.id, groupOf(seen).id, await begun(tx, seen))), may: once((seen) => !isMember(seen) || isRepresentative(seen)) },
  { name: 'endTermOn asked by endByOffice, and what the person invited for the other group ends', call: (seen) => does(seen, groupOf(seen).id, async (tx) => {
    await tx`update organisation_invitation set invited_by = ${seen.world.people.ids.memberA} where id = ${otherGroup(seen).invitation.id}`;
    const ended = await endByOffice(tx, seen.id, groupOf(seen).id, seen.world.groups.A.memberId!, { ...GROUND, to_on: day() });
    return { ok: ended.ok && (await isCancelled(tx, otherGroup(seen).invitation.id)) };
  }), may: once(() => false) },
  { name: 'endByOffice', call: (seen) => attempt(seen, undefined, (tx) => endByOffice(tx, seen.id, groupOf(seen).id, groupOf(seen).ownerTermId, { ...GROUND, to_on: day() })), may: notOwnGroup },
  { name: "endByOffice of the other group's", call: (seen) => does(seen, groupOf(seen).id, (tx) => endByOffice(tx, seen.id, groupOf(seen).id, otherGroup(seen).ownerTermId, { ...GROUND, to_on: day() })), may: once(() => false) }
];
