/**
 * The second wall (AZ-1): the stores' own WHERE clauses, called as if every guard before them had been forgotten.
 * Each call answers whether the record was there for that person; a verb's transaction never commits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PERSONAS } from './personas.ts';
import { ROOT } from './portal.ts';
import { accountWalls, secondFactorWalls } from './walls/accounts.ts';
import { applicationWalls, schemeWalls } from './walls/applications.ts';
import { groupOfficeWalls } from './walls/group-office.ts';
import { officeWalls } from './walls/office.ts';
import { organisationWalls } from './walls/organisations.ts';
import { panelWalls } from './walls/panel.ts';
import type { Seen, Wall } from './walls/seen.ts';
import { CASES, type CaseState, type GroupKey } from './world/marks.ts';
import type { World } from './world/world.ts';

const WALLS = [...accountWalls, ...secondFactorWalls, ...applicationWalls, ...schemeWalls, ...organisationWalls, ...groupOfficeWalls, ...officeWalls, ...panelWalls];

/** The walls in the order in which the loss of a guard in this store is likely to show: those that call it first. */
function nearest({ file, within }: { file: string; within: string }): Wall[] {
  const [folder = '', store = ''] = file.replace('.server.ts', '').split('/');
  const verbs = [...readFileSync(join(ROOT, 'src/lib', file), 'utf8').matchAll(/^export (?:async function|function|const) (\w+)/gm)].map((match) => match[1]!);
  const rank = ({ name }: Wall) => {
    if (within !== '' && name.includes(within)) return 0;
    if (verbs.some((verb) => [verb, `${store}.${verb}`, `${folder}.${verb}`].includes(name.split(/[ ,]/)[0]!))) return 1;
    return name.startsWith(`${store}.`) ? 2 : name.startsWith(`${folder}.`) ? 3 : 4;
  };
  return WALLS.toSorted((a, b) => rank(a) - rank(b));
}

/** Calls every store as everybody about every application. `first`: ends at the first mismatch. */
export async function runWalls(world: World, { first = false, near = null }: { first?: boolean; near?: { file: string; within: string } | null } = {}): Promise<{ cells: number; mismatches: string[] }> {
  const found = { cells: 0, mismatches: [] as string[] };
  for (const { name, call, may } of near ? nearest(near) : WALLS) {
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
