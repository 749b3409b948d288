import * as awards from '../../../src/lib/awards/store.server.ts';
import { sql } from '../../../src/lib/db/db.server.ts';
import * as batches from '../../../src/lib/documents/batch.server.ts';
import * as letters from '../../../src/lib/documents/letters.server.ts';
import * as panel from '../../../src/lib/screening/panel.server.ts';
import { ranking, standingOf } from '../../../src/lib/screening/ranking.server.ts';
import * as screening from '../../../src/lib/screening/store.server.ts';
import * as worklist from '../../../src/lib/screening/worklist.server.ts';
import { attempt, caseOf, does, editionOf, EVERYTHING, groupOf, hasSeats, isDraft, isOfficer, isOpen, isUnbiased, once, some, type Wall } from './seen.ts';

export const officeWalls: Wall[] = [
  { name: 'screening.forOffice', call: async (seen) => (await screening.forOffice(sql, caseOf(seen).id, seen.id)) !== null, may: isOpen },
  { name: 'screening.officers', call: async (seen) => (await screening.officers(sql, caseOf(seen).id)).some((row) => row.id === seen.id), may: (seen) => isOfficer(seen) && isUnbiased(seen) },
  { name: 'screening.officers after a term that is over', call: (seen) => does(seen, undefined, async (tx) => {
    await tx`insert into organisation_member (organisation_id, account_id, role, from_on, to_on) values (${groupOf(seen).id}, ${seen.id}, 'member', current_date - 9, current_date - 1)`;
    return { ok: (await screening.officers(tx, caseOf(seen).id)).some((row) => row.id === seen.id) };
  }), may: (seen) => (isDraft(seen) && isOfficer(seen) && isUnbiased(seen) ? true : null) },
  { name: 'standingOf with a sheet of somebody who declared an interest', call: async (seen) => (await standingOf(sql, caseOf(seen).id, editionOf(seen).criteria)).counted > 1, may: (seen) => (hasSeats(seen) ? false : null) },
  { name: 'screening.assign', call: (seen) => attempt(seen, undefined, (tx) => screening.assign(tx, caseOf(seen).id, null)), may: isOpen },
  { name: 'screening.saveChecks', call: (seen) => attempt(seen, undefined, (tx) => screening.saveChecks(tx, seen.id, caseOf(seen).id, [])), may: isOpen },
  { name: 'screening.requestCorrection', call: (seen) => attempt(seen, undefined, (tx) => screening.requestCorrection(tx, seen.id, caseOf(seen).id, { due_on: '2099-01-01', message: '', items: [] }, '')), may: isOpen },
  { name: 'screening.cancelCorrection', call: (seen) => attempt(seen, undefined, (tx) => screening.cancelCorrection(tx, caseOf(seen).id, '')), may: isOpen },
  { name: 'screening.accept', call: (seen) => attempt(seen, undefined, (tx) => screening.accept(tx, seen.id, caseOf(seen).id)), may: isOpen },
  { name: 'screening.dismiss', call: (seen) => attempt(seen, undefined, (tx) => screening.dismiss(tx, seen.id, caseOf(seen).id, 'x', '')), may: isOpen },
  { name: 'worklist', call: async (seen) => (await worklist.worklist(sql, EVERYTHING, seen.id, null)).rows.some((row) => row.id === caseOf(seen).id), may: isOpen },
  { name: 'worklistSides counting what the list does not show', call: async (seen) => (await worklist.worklistSides(sql, EVERYTHING, seen.id)).count !== (await worklist.worklist(sql, EVERYTHING, seen.id, null)).rows.length, may: once(() => false) },
  { name: 'worklistSides saved', call: async (seen) => some((await worklist.worklistSides(sql, EVERYTHING, seen.id)).saved), may: once(({ persona }) => persona === 'officer') },
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
