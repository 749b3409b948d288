/** Looks for what shows that a guard is missing, over databases of its own; several lanes work side by side (mutants.ts). */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { DatabaseCopy, TestServer } from '../database/server.ts';
import { copyOf } from './copy.ts';
import { TWINS, type Mutant } from './guards.ts';
import { chosen, runOver } from './run.ts';
import type { World } from './world/world.ts';

export interface Ground { root: string; server: TestServer; template: DatabaseCopy; world: World; /** Every mutant, also those nobody chose: a twin may be among them. */ all: readonly Mutant[] }
export interface Lane {
  /** What shows that the guard is missing; null when nobody noticed. */
  evidence(mutant: Mutant): Promise<string | null>;
  /** The same of the stores alone. */
  walls(mutant: Mutant): Promise<string | null>;
  close(): Promise<void>;
}

/** A mutant that takes nothing away. */
export const NOTHING: Mutant = { id: 'none', what: 'nothing', routes: [], store: null };
/** A slow answer may look like a wrong one, and a wrong one comes again. */
const TRIES = 3;

export async function openLane(name: string, ground: Ground): Promise<Lane> {
  const walls = await openWalls(ground);
  return {
    evidence: async (mutant) => (await evidenceAgainst(name, ground, walls, mutant)) ?? evidenceAgainstTwins(name, ground, walls, mutant),
    walls: walls.ask, close: walls.close
  };
}

/** First the routes where it is likely or, in a store, the store itself; then the other of these; then every route. */
async function evidenceAgainst(name: string, ground: Ground, walls: Walls, mutant: Mutant): Promise<string | null> {
  const likely = mutant.routes.length > 0 ? await overRoutes(name, ground, mutant, mutant.routes) : null;
  if (likely) return likely;
  const closed = mutant.store || mutant === NOTHING ? await walls.ask(mutant) : null;
  if (closed) return closed;
  for (let at = 1; at <= TRIES; at += 1) {
    const found = await overRoutes(name, ground, mutant, []);
    if (!found || mutant === NOTHING) return found;
    const again = await overRoutes(name, ground, mutant, [routeIn(found, ground.root)]);
    if (again) return again;
  }
  return null;
}

/** Which route a mismatch is about: the longest id in it. */
const routeIn = (mismatch: string, root: string): string => chosen([], root).map(({ id }) => id).filter((id) => mismatch.includes(id)).toSorted((a, b) => b.length - a.length)[0]!;

async function evidenceAgainstTwins(name: string, ground: Ground, walls: Walls, mutant: Mutant): Promise<string | null> {
  const parts = TWINS.filter((pair) => pair.some((part) => mutant.what.includes(part))).flat();
  const twins = ground.all.filter(({ what }) => parts.some((part) => what.includes(part)));
  if (twins.length < 2) return null;
  const both: Mutant = { id: twins.map(({ id }) => id).join(','), what: '', routes: twins.flatMap(({ routes }) => routes), store: twins.find(({ store }) => store)?.store ?? null };
  const found = await evidenceAgainst(name, ground, walls, both);
  return found && `together with its twin: ${found}`;
}

/** A portal that has just begun, over the world as it was: nothing that another mutant did can be seen here. */
async function overRoutes(name: string, { root, server, template, world }: Ground, { id }: Mutant, words: readonly string[]): Promise<string | null> {
  const database = await copyOf(server, template);
  try {
    const { mismatches } = await runOver(database, world, chosen(words, root), { name: `mutant-${name}`, root, first: true, quick: true, env: { PORTAL_MUTANT: id } });
    return mismatches[0] ?? null;
  } finally {
    await database.drop();
  }
}

interface Walls { ask(mutant: Mutant): Promise<string | null>; close(): Promise<void> }

/**
 * The stores of the copy, in a process of their own: this one has the sound ones loaded. One process asks for every
 * mutant of its lane, for it reads at every question which guard is off, and no transaction of it ever commits.
 */
async function openWalls({ root, server, template, world }: Ground): Promise<Walls> {
  const database = await copyOf(server, template);
  const child = fork(join(root, 'tests/security/walls-alone.ts'), [], { cwd: root, execArgv: [], serialization: 'advanced' });
  const gone = new Promise<void>((exit) => child.once('exit', () => exit()));
  child.send({ appUrl: database.appUrl, world });
  return {
    ask: ({ id, store }) => new Promise((answered, failed) => {
      const lost = () => failed(new Error('the stores ended without an answer'));
      child.once('exit', lost);
      child.once('message', ({ mismatch }: { mismatch: string | null }) => {
        child.off('exit', lost);
        answered(mismatch);
      });
      child.send({ off: id, near: store }, (error) => { if (error) failed(error); });
    }),
    close: async () => {
      child.kill('SIGTERM');
      await gone;
      await database.drop();
    }
  };
}
