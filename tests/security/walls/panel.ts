import { sql } from '../../../src/lib/db/db.server.ts';
import * as panel from '../../../src/lib/screening/panel.server.ts';
import * as scores from '../../../src/lib/screening/scores.server.ts';
import { attempt, caseOf, editionOf, hasSeat, hasSeats, scorer, seatOf, type Wall } from './seen.ts';

export const panelWalls: Wall[] = [
  { name: 'panel.mine', call: async (seen) => (await panel.mine(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id), may: (seen) => hasSeats(seen) && hasSeat(seen) },
  { name: 'panel.mine in full', call: async (seen) => (await panel.mine(sql, seen.id)).some((row) => row.application_id === caseOf(seen).id && [row.project_title, row.organisation_name, row.representative_name].some((text) => text !== '')), may: (seen) => hasSeats(seen) && hasSeat(seen) && (scorer(seen) || seen.persona === 'panelUndeclared') },
  { name: 'panel.assignment', call: async (seen) => (await panel.assignment(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? hasSeat(seen) : null) },
  { name: 'panel.application', call: async (seen) => (await panel.application(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: 'panel.file', call: async (seen) => (await panel.file(sql, seatOf(seen), seen.id, caseOf(seen).file)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: "panel.file of another application's file", call: async (seen) => (await panel.file(sql, seatOf(seen), seen.id, seen.world.cases[seen.group === 'A' ? 'B.submitted' : 'A.submitted'].file)) !== null, may: (seen) => (hasSeats(seen) ? false : null) },
  { name: 'scores.sheet', call: async (seen) => (await scores.sheet(sql, seatOf(seen), seen.id)) !== null, may: (seen) => (hasSeats(seen) ? scorer(seen) && seen.persona !== 'panelConflict' : null) },
  { name: 'scores.saveSheet', call: (seen) => attempt(seen, undefined, (tx) => scores.saveSheet(tx, seen.id, seatOf(seen), editionOf(seen).criteria, { comment: '', scores: [] }, 0, false)), may: (seen) => (hasSeats(seen) ? scorer(seen) : null) },
  { name: 'panel.declare', call: (seen) => attempt(seen, undefined, (tx) => panel.declare(tx, seen.id, seatOf(seen), { conflicted: true, note: 'x' })), may: (seen) => (hasSeats(seen) ? hasSeat(seen) : null) }
];
