/**
 * The second wall (AZ-1): the stores' own WHERE clauses, called as if every guard before them had been forgotten.
 * Each call answers whether the record was there for that person; a verb's transaction never commits.
 */
import * as drafts from '../../src/lib/applications/drafts.server.ts';
import { submit, withdraw } from '../../src/lib/applications/submission.server.ts';
import * as awards from '../../src/lib/awards/store.server.ts';
import { sql, transaction, type Tx } from '../../src/lib/db/db.server.ts';
import * as batches from '../../src/lib/documents/batch.server.ts';
import * as letters from '../../src/lib/documents/letters.server.ts';
import { prepareOwn } from '../../src/lib/files/store.server.ts';
import { cancelInvitation, invite, openInvitations } from '../../src/lib/organisations/invitations.server.ts';
import { changeRepresentative, endMembership, members } from '../../src/lib/organisations/members.server.ts';
import { addPaper, openPaper, paperForOffice } from '../../src/lib/organisations/papers.server.ts';
import * as groupOffice from '../../src/lib/organisations/office.server.ts';
import { beginSuccession, cancelSuccession, endByOffice, pending } from '../../src/lib/organisations/succession.server.ts';
import * as organisations from '../../src/lib/organisations/store.server.ts';
import * as panel from '../../src/lib/screening/panel.server.ts';
import { ranking } from '../../src/lib/screening/ranking.server.ts';
import * as scores from '../../src/lib/screening/scores.server.ts';
import * as screening from '../../src/lib/screening/store.server.ts';
import * as worklist from '../../src/lib/screening/worklist.server.ts';
import { dayOf } from '../../src/lib/time/day.ts';
import { MEMBERS_A, MEMBERS_B, PERSONAS, type Persona } from './personas.ts';
import { mayScore } from './secrets.ts';
import { CASES, groupWord, type CaseKey, type CaseState, type GroupKey } from './world/marks.ts';
import { markedPdf } from './world/groups.ts';
import type { World } from './world/world.ts';

interface Seen { persona: Persona; id: string; key: CaseKey; group: GroupKey; state: CaseState; world: World }
/** `may`: null where the wall says nothing about this record. */
interface Wall { name: string; call(seen: Seen): Promise<boolean>; may(seen: Seen): boolean | null }

class Undone extends Error {
  readonly result: { ok: boolean; reason?: string };
  constructor(result: { ok: boolean; reason?: string }) {
    super('undone');
    this.result = result;
  }
}

/** Runs a verb and takes it back. True unless the verb says that there is no such record for this person. */
async function attempt({ id }: Seen, group: string | undefined, verb: (tx: Tx) => Promise<{ ok: boolean; reason?: string }>): Promise<boolean> {
  try {
    await transaction({ name: `account:${id}`, ...(group ? { onBehalfOf: group } : {}) }, async (tx) => { throw new Undone(await verb(tx)); });
  } catch (error) {
    if (error instanceof Undone) return error.result.ok || !['not_found', 'not_member', 'not_representative', 'not_allowed', 'own_draft', 'not_declared', 'locked'].includes(error.result.reason!);
    throw error;
  }
  return true;
}

/** The same for what must not be done at all: true when it was. */
const does = async (seen: Seen, group: string, verb: (tx: Tx) => Promise<{ ok: boolean }>): Promise<boolean> => attempt(seen, group, async (tx) => ((await verb(tx)).ok ? { ok: true } : { ok: false, reason: 'not_found' }));

const some = (rows: readonly unknown[]) => rows.length > 0;
const isMember = ({ persona, group }: Seen) => (group === 'A' ? MEMBERS_A : MEMBERS_B).includes(persona);
const isRepresentative = (seen: Seen) => isMember(seen) && seen.persona.startsWith('representative');
const isDraft = ({ state }: Seen) => state === 'draft';
const hasSeats = ({ state }: Seen) => ['accepted', 'proposed', 'decided', 'released'].includes(state);
/** The office's stores know no roles, only whom an application is closed to: members of the group, and who declared an interest. */
const isOpen = (seen: Seen) => !isDraft(seen) && !isMember(seen) && !(['panelConflict', 'officerConflict'].includes(seen.persona) && seen.group === 'A' && hasSeats(seen));
const caseOf = ({ world, key }: Seen) => world.cases[key];
const groupOf = ({ world, group }: Seen) => world.groups[group];
const otherGroup = ({ world, group }: Seen) => world.groups[group === 'A' ? 'B' : 'A'];
const seatOf = (seen: Seen): string => caseOf(seen).assignments[seen.persona] ?? caseOf(seen).assignments.panelPeer ?? '00000000-0000-7000-8000-000000000000';
const hasSeat = (seen: Seen) => caseOf(seen).assignments[seen.persona] !== undefined;
const scorer = (seen: Seen) => hasSeat(seen) && mayScore(seen.persona, seen.group, seen.state);
const editionOf = ({ world, state }: Seen) => world.editions[state === 'released' ? 'before' : 'now'];
const answers = { contact_name: '', contact_kana: '', contact_phone: '', contact_email: '' };

const groupWalls: Wall[] = [
  { name: 'drafts.forMember', call: async (seen) => (await drafts.forMember(sql, caseOf(seen).id, seen.id)) !== null, may: isMember },
  { name: 'drafts.ofMember', call: async (seen) => (await drafts.ofMember(sql, seen.id)).some((row) => row.id === caseOf(seen).id), may: isMember },
  { name: 'drafts.fileForMember', call: async (seen) => (await drafts.fileForMember(sql, caseOf(seen).id, caseOf(seen).file, seen.id)) !== null, may: isMember },
  { name: "drafts.fileForMember of another application's file", call: async (seen) => (await drafts.fileForMember(sql, caseOf(seen).id, seen.world.cases[seen.key === 'A.draft' ? 'A.decided' : 'A.draft'].file, seen.id)) !== null, may: () => false },
  { name: 'drafts.begin', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.begin(tx, seen.id, groupOf(seen).id, seen.world.editions.now.id)), may: (seen) => (isDraft(seen) ? isMember(seen) : null) },
  { name: 'drafts.saveAnswers', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.saveAnswers(tx, seen.id, caseOf(seen).id, 'contact', answers, 1)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.saveBudget', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.saveBudget(tx, seen.id, caseOf(seen).id, [], null, 1)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.detach', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.detach(tx, seen.id, caseOf(seen).id, caseOf(seen).file)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.attach', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.attach(tx, seen.id, caseOf(seen).id, caseOf(seen).paper, async () => null)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'submit', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => submit(tx, seen.id, caseOf(seen).id, 'x', '')), may: isRepresentative },
  { name: 'withdraw', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => withdraw(tx, seen.id, caseOf(seen).id, '')), may: isRepresentative },
  { name: 'awards.releasedAward', call: async (seen) => (await awards.releasedAward(sql, caseOf(seen).id)) !== null, may: ({ state }) => state === 'released' },
  { name: 'awards.publicProjects', call: async (seen) => (await awards.publicProjects(sql, null)).some((row) => row.application_id === caseOf(seen).id), may: ({ state }) => state === 'released' }
];

/** Asked once for each group: of its draft. */
const once = (may: (seen: Seen) => boolean) => (seen: Seen) => (isDraft(seen) ? may(seen) : null);
const organisationWalls: Wall[] = [
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
    const [row] = await tx<{ over: boolean }[]>`select cancelled_at is not null as over from organisation_invitation where id = ${otherGroup(seen).invitation.id}`;
    return { ok: invited.ok && row!.over };
  }), may: once(() => false) },
  { name: 'endMembership of a term that is over', call: (seen) => does(seen, groupOf(seen).id, (tx) => endMembership(tx, seen.id, groupOf(seen).id, { member: seen.world.groups.A.pastMemberId!, to_on: '2030-01-01' })), may: once(() => false) },
  { name: 'addPaper', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => addPaper(tx, seen.id, groupOf(seen).id, 'rules', prepareOwn(markedPdf('x'), 'x.pdf', 1))), may: once(isMember) }
];

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
const groupOfficeWalls: Wall[] = [
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
  { name: 'pending', call: (seen) => does(seen, groupOf(seen).id, async (tx) => { await begun(tx, seen); return { ok: (await pending(tx, groupOf(seen).id, seen.id)) !== null }; }), may: once((seen) => !isMember(seen) || isRepresentative(seen)) },
  { name: 'cancelSuccession', call: (seen) => attempt(seen, undefined, async (tx) => cancelSuccession(tx, seen.id, groupOf(seen).id, await begun(tx, seen))), may: once((seen) => !isMember(seen) || isRepresentative(seen)) },
  { name: 'endByOffice', call: (seen) => attempt(seen, undefined, (tx) => endByOffice(tx, seen.id, groupOf(seen).id, groupOf(seen).ownerTermId, { ...GROUND, to_on: day() })), may: notOwnGroup },
  { name: "endByOffice of the other group's", call: (seen) => does(seen, groupOf(seen).id, (tx) => endByOffice(tx, seen.id, groupOf(seen).id, otherGroup(seen).ownerTermId, { ...GROUND, to_on: day() })), may: once(() => false) }
];

const officeWalls: Wall[] = [
  { name: 'screening.forOffice', call: async (seen) => (await screening.forOffice(sql, caseOf(seen).id, seen.id)) !== null, may: isOpen },
  { name: 'screening.assign', call: (seen) => attempt(seen, undefined, (tx) => screening.assign(tx, caseOf(seen).id, null)), may: isOpen },
  { name: 'screening.saveChecks', call: (seen) => attempt(seen, undefined, (tx) => screening.saveChecks(tx, seen.id, caseOf(seen).id, [])), may: isOpen },
  { name: 'screening.requestCorrection', call: (seen) => attempt(seen, undefined, (tx) => screening.requestCorrection(tx, seen.id, caseOf(seen).id, { due_on: '2099-01-01', message: '', items: [] }, '')), may: isOpen },
  { name: 'screening.cancelCorrection', call: (seen) => attempt(seen, undefined, (tx) => screening.cancelCorrection(tx, caseOf(seen).id, '')), may: isOpen },
  { name: 'screening.accept', call: (seen) => attempt(seen, undefined, (tx) => screening.accept(tx, seen.id, caseOf(seen).id)), may: isOpen },
  { name: 'screening.dismiss', call: (seen) => attempt(seen, undefined, (tx) => screening.dismiss(tx, seen.id, caseOf(seen).id, 'x', '')), may: isOpen },
  { name: 'worklist', call: async (seen) => (await worklist.worklist(sql, { state: null, edition: null, assigned: null, waiting: null }, seen.id, null)).rows.some((row) => row.id === caseOf(seen).id), may: isOpen },
  { name: 'worklistSides saved', call: async (seen) => some((await worklist.worklistSides(sql, { state: null, edition: null, assigned: null, waiting: null }, seen.id)).saved), may: once(({ persona }) => persona === 'officer') },
  { name: 'forgetFilter', call: (seen) => attempt(seen, undefined, (tx) => worklist.forgetFilter(tx, seen.id, seen.world.filter)), may: once(({ persona }) => persona === 'officer') },
  { name: 'panel.assignable', call: async (seen) => (await panel.assignable(sql, editionOf(seen).id, seen.id)).some((row) => row.id === caseOf(seen).id), may: (seen) => seen.state === 'accepted' && isOpen(seen) },
  { name: 'ranking', call: async (seen) => (await ranking(sql, editionOf(seen), seen.id)).some((row) => row.application_id === caseOf(seen).id && !row.closed), may: (seen) => hasSeats(seen) && isOpen(seen) },
  { name: 'awards.proposal', call: async (seen) => (await awards.proposal(sql, caseOf(seen).proposal!, seen.id)) !== null, may: (seen) => (caseOf(seen).proposal ? isOpen(seen) : null) },
  { name: 'awards.waiting', call: async (seen) => (await awards.waiting(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id), may: (seen) => seen.state === 'proposed' && isOpen(seen) },
  { name: 'awards.recent', call: async (seen) => (await awards.recent(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id), may: (seen) => ['decided', 'released'].includes(seen.state) && isOpen(seen) },
  { name: 'awards.draft', call: (seen) => attempt(seen, undefined, (tx) => awards.draft(tx, seen.id, caseOf(seen).id, caseOf(seen).submission!, { outcome: 'declined', amount_yen: 0, reason: 'x', conditions: [] })), may: isOpen },
  ...(['approve', 'sendBack'] as const).map((verb): Wall => ({
    name: `awards.${verb}`, call: (seen) => attempt(seen, undefined, (tx) => awards[verb](tx, seen.id, caseOf(seen).proposal!, caseOf(seen).seenHash!, 'x')),
    may: (seen) => (caseOf(seen).proposal ? isOpen(seen) && seen.persona !== (seen.group === 'A' ? 'approverDrafter' : 'officer') : null)
  })),
  { name: 'batches.waitingShown', call: async (seen) => (await batches.waitingShown(sql, editionOf(seen).id, seen.id)).some((row) => row.id === caseOf(seen).id), may: (seen) => seen.key === 'B.decided' && isOpen(seen) },
  { name: 'batches.problems', call: async (seen) => (await batches.problems(sql, seen.world.batches.now, seen.id)).some((row) => row.application_id === caseOf(seen).id), may: (seen) => seen.state === 'decided' && isOpen(seen) },
  { name: 'letters.forOffice', call: async (seen) => (await letters.forOffice(sql, caseOf(seen).letter!, seen.id)) !== null, may: (seen) => (caseOf(seen).letter ? isOpen(seen) : null) },
  { name: 'batches.lettersOf', call: async (seen) => (await batches.lettersOf(sql, caseOf(seen).batch!, seen.id)).some((row) => row.id === caseOf(seen).letter), may: (seen) => (caseOf(seen).batch ? isOpen(seen) : null) }
];

const panelWalls: Wall[] = [
  { name: 'panel.mine', call: async (seen) => (await panel.mine(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id), may: (seen) => hasSeats(seen) && hasSeat(seen) },
  { name: 'panel.mine in full', call: async (seen) => (await panel.mine(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id && row.project_title !== ''), may: (seen) => hasSeats(seen) && hasSeat(seen) && (scorer(seen) || seen.persona === 'panelUndeclared') },
  { name: 'panel.assignment', call: async (seen) => (await panel.assignment(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? hasSeat(seen) : null) },
  { name: 'panel.application', call: async (seen) => (await panel.application(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: 'panel.file', call: async (seen) => (await panel.file(sql, seatOf(seen), seen.id, caseOf(seen).file)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: "panel.file of another application's file", call: async (seen) => (await panel.file(sql, seatOf(seen), seen.id, seen.world.cases[seen.group === 'A' ? 'B.submitted' : 'A.submitted'].file)) !== null, may: (seen) => (hasSeats(seen) ? false : null) },
  { name: 'scores.sheet', call: async (seen) => (await scores.sheet(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) && seen.persona !== 'panelConflict' : null) },
  { name: 'scores.saveSheet', call: (seen) => attempt(seen, undefined, (tx) => scores.saveSheet(tx, seen.id, seatOf(seen), editionOf(seen).criteria, { comment: '', scores: [] }, 0, false)), may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: 'panel.declare', call: (seen) => attempt(seen, undefined, (tx) => panel.declare(tx, seen.id, seatOf(seen), { conflicted: true, note: 'x' })), may: (seen) => (hasSeats(seen) ? hasSeat(seen) : null) }
];

/** Calls every store as everybody about every application. Ends at the first mismatch when told so. */
export async function runWalls(world: World, first = false): Promise<{ cells: number; mismatches: string[] }> {
  const found = { cells: 0, mismatches: [] as string[] };
  for (const { name, call, may } of [...groupWalls, ...organisationWalls, ...groupOfficeWalls, ...officeWalls, ...panelWalls]) {
    for (const key of CASES) {
      const [group, state] = key.split('.') as [GroupKey, CaseState];
      for (const persona of PERSONAS) {
        if (persona === 'visitor' || persona.startsWith('disabled')) continue;
        const seen: Seen = { persona, id: world.people.ids[persona], key, group, state, world };
        const allowed = may(seen);
        if (allowed === null) continue;
        found.cells += 1;
        const open = await call(seen).catch((error: Error) => `threw ${error.name}: ${error.message}`);
        if (open !== allowed) found.mismatches.push(`wall ${name} of ${key} for ${persona}: ${open === true ? 'open' : open === false ? 'closed' : open} instead of ${allowed ? 'open' : 'closed'}`);
        if (first && found.mismatches.length > 0) return found;
      }
    }
  }
  return found;
}
