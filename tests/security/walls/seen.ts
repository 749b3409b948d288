import { transaction, type Tx } from '../../../src/lib/db/db.server.ts';
import { ENDED, MEMBERS_A, MEMBERS_B, ROLES_OF, UNENROLLED, type Persona } from '../personas.ts';
import { mayScore } from '../secrets.ts';
import type { CaseKey, CaseState, GroupKey } from '../world/marks.ts';
import type { World } from '../world/world.ts';

/** One question: who asks about which application. */
export interface Seen { persona: Persona; id: string; key: CaseKey; group: GroupKey; state: CaseState; world: World }
/** `may`: null where the wall says nothing about this record. */
export interface Wall { name: string; call(seen: Seen): Promise<boolean>; may(seen: Seen): boolean | null }

class Undone extends Error {
  readonly result: { ok: boolean; reason?: string };
  constructor(result: { ok: boolean; reason?: string }) {
    super('undone');
    this.result = result;
  }
}

/** Runs a verb and takes it back. True unless the verb says that there is no such record for this person. */
export async function attempt({ id }: Seen, group: string | undefined, verb: (tx: Tx) => Promise<{ ok: boolean; reason?: string }>): Promise<boolean> {
  try {
    await transaction({ name: `account:${id}`, ...(group ? { onBehalfOf: group } : {}) }, async (tx) => { throw new Undone(await verb(tx)); });
  } catch (error) {
    if (error instanceof Undone) return error.result.ok || !['not_found', 'not_member', 'not_representative', 'not_allowed', 'own_draft', 'not_declared', 'locked'].includes(error.result.reason!);
    throw error;
  }
  return true;
}

/** The same for what must not be done at all: true when it was. */
export const does = async (seen: Seen, group: string | undefined, verb: (tx: Tx) => Promise<{ ok: boolean }>): Promise<boolean> => attempt(seen, group, async (tx) => ((await verb(tx)).ok ? { ok: true } : { ok: false, reason: 'not_found' }));

export const some = (rows: readonly unknown[]) => rows.length > 0;
export const isMember = ({ persona, group }: Seen) => (group === 'A' ? MEMBERS_A : MEMBERS_B).includes(persona);
export const isRepresentative = (seen: Seen) => isMember(seen) && seen.persona.startsWith('representative');
export const isOfficer = ({ persona }: Seen) => (ROLES_OF[persona] ?? []).includes('officer') && !ENDED.includes(persona);
export const isDraft = ({ state }: Seen) => state === 'draft';
export const hasSeats = ({ state }: Seen) => ['accepted', 'proposed', 'decided', 'released'].includes(state);
/** The office's stores know no roles, only whom an application is closed to: members of the group, and who declared an interest. */
export const isOpen = (seen: Seen) => !isDraft(seen) && isUnbiased(seen);
export const isUnbiased = (seen: Seen) => !isMember(seen) && !(['panelConflict', 'officerConflict'].includes(seen.persona) && seen.group === 'A' && hasSeats(seen));
export const caseOf = ({ world, key }: Seen) => world.cases[key];
export const groupOf = ({ world, group }: Seen) => world.groups[group];
export const otherGroup = ({ world, group }: Seen) => world.groups[group === 'A' ? 'B' : 'A'];
export const seatOf = (seen: Seen): string => caseOf(seen).assignments[seen.persona] ?? caseOf(seen).assignments.panelPeer ?? '00000000-0000-7000-8000-000000000000';
export const hasSeat = (seen: Seen) => caseOf(seen).assignments[seen.persona] !== undefined;
export const scorer = (seen: Seen) => hasSeat(seen) && mayScore(seen.persona, seen.group, seen.state);
export const editionOf = ({ world, state }: Seen) => world.editions[state === 'released' ? 'before' : 'now'];
/** The officer's choice of nothing in particular. */
export const EVERYTHING = { state: null, edition: null, assigned: null, waiting: null };
export const hasSecondFactor = ({ persona }: Seen) => ROLES_OF[persona] !== undefined && !UNENROLLED.includes(persona);
/** Asked once for each group: of its draft. */
export const once = (may: (seen: Seen) => boolean) => (seen: Seen) => (isDraft(seen) ? may(seen) : null);
