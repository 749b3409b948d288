import { fork, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { policy } from '../../src/lib/policy/policy.ts';
import { copyDatabase, type DatabaseCopy, type TestServer } from '../database/server.ts';
import { copyOf } from './copy.ts';
import { switchGuards, TWINS, type Mutant } from './guards.ts';
import { ROOT } from './portal.ts';
import { chosen, runOver } from './run.ts';
import { makeWorld, type World } from './world/world.ts';

/** Not part of what is built or asked. */
const LEFT_OUT = new Set(['node_modules', 'build', '.svelte-kit', '.data', '.tmp', '.git', 'test-results', 'playwright-report', 'shared']);

export interface Mutation { killed: number; total: number; survivors: string[] }

/**
 * Builds a copy in which every guard has a switch, then runs stores and matrix once for each guard with that one off.
 * A loss that nobody notices survives. Words choose mutants by what they change.
 */
export async function runMutants(server: TestServer, words: readonly string[], say: (line: string) => void): Promise<Mutation> {
  const root = mkdtempSync(join(tmpdir(), 'kyodo-portal-mutants-'));
  try {
    cpSync(ROOT, root, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split('/')[0] ?? '') });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const all = [...switchPolicy(root), ...switchGuards(root)];
    const mutants = all.filter(({ what }) => words.length === 0 || words.some((word) => what.includes(word)));
    build(root);
    const template = await copyDatabase(server);
    const world = await makeWorld(template);
    await mustBeSound(root, template, world, server);
    const survivors: string[] = [];
    const evidenceAgainstTwins = async (mutant: Mutant, others: Mutant[]) => {
      const parts = TWINS.filter((pair) => pair.some((part) => mutant.what.includes(part))).flat();
      const twins = others.filter(({ what }) => parts.some((part) => what.includes(part)));
      if (twins.length < 2) return null;
      const found = await evidenceAgainst({ ...mutant, id: twins.map(({ id }) => id).join(',') }, root, template, world, server);
      return found && `together with its twin: ${found}`;
    };
    for (const [at, mutant] of mutants.entries()) {
      const evidence = (await evidenceAgainst(mutant, root, template, world, server)) ?? (await evidenceAgainstTwins(mutant, all));
      if (!evidence) survivors.push(mutant.what);
      say(`${at + 1}/${mutants.length} ${evidence ? 'killed' : 'SURVIVED'}: ${mutant.what}${evidence ? `\n    ${evidence}` : ''}`);
    }
    return { killed: mutants.length - survivors.length, total: mutants.length, survivors };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Each restriction of each line of the policy, taken to `anyone`. */
function switchPolicy(root: string): Mutant[] {
  const file = join(root, 'src/lib/policy/policy.ts');
  writeFileSync(file, `${readFileSync(file, 'utf8')}
for (const off of ((globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT ?? '').split(',')) {
  const [kind, mutated = '', what = ''] = off.split('|');
  const line = kind === 'policy' ? policy[mutated] : undefined;
  if (line && what === 'get') line.get = 'anyone';
  else if (line && what === 'fresh') line.fresh = false;
  else if (line?.post) line.post[what] = 'anyone';
}
`);
  return Object.entries(policy).flatMap(([id, line]) => [
    ...(line.get !== undefined && line.get !== 'anyone' ? ['get'] : []), ...Object.entries(line.post ?? {}).flatMap(([action, who]) => (who === 'anyone' ? [] : [action])), ...(line.fresh ? ['fresh'] : [])
  ].map((what): Mutant => ({ id: `policy|${id}|${what}`, what: `policy ${id} ${what} → anyone`, routes: [id] })));
}

function build(root: string): void {
  const made = spawnSync(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' } });
  if (made.status !== 0) throw new Error(`the copy with switches cannot be built:\n${made.stdout}${made.stderr}`);
  const serve = join(root, 'commands/serve.ts');
  writeFileSync(serve, `(globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT = process.env.PORTAL_MUTANT;\n${readFileSync(serve, 'utf8')}`);
}

/** With every guard in its place nothing may be found: otherwise any mutant would look killed. */
async function mustBeSound(root: string, template: DatabaseCopy, world: World, server: TestServer): Promise<void> {
  const found = await evidenceAgainst({ id: 'none', what: 'nothing', routes: [] }, root, template, world, server);
  if (found) throw new Error(`the copy without any mutation already differs: ${found}`);
}

/** What shows that this guard is missing: first the stores, then the routes where it is likely, then all of them. */
async function evidenceAgainst(mutant: Mutant, root: string, template: DatabaseCopy, world: World, server: TestServer): Promise<string | null> {
  if (!mutant.id.startsWith('policy|')) {
    const walls = await onCopy(template, server, (database) => wallsOf(root, mutant.id, database, world));
    if (walls) return walls;
  }
  for (const routes of mutant.routes.length > 0 ? [mutant.routes, []] : [[]]) {
    const { mismatches } = await onCopy(template, server, (database) => runOver(database, world, chosen(routes, root), { name: 'mutant', root, first: true, quick: true, env: { PORTAL_MUTANT: mutant.id } }));
    if (mismatches[0]) return mismatches[0];
  }
  return null;
}

/** A mutant may have changed things: each gets the world as it was. */
async function onCopy<T>(template: DatabaseCopy, server: TestServer, work: (database: DatabaseCopy) => Promise<T>): Promise<T> {
  const database = await copyOf(server, template);
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

/** The stores of the copy, in a process of their own: this one has the sound ones loaded. */
function wallsOf(root: string, id: string, { appUrl }: DatabaseCopy, world: World): Promise<string | null> {
  return new Promise((answered, failed) => {
    const child = fork(join(root, 'tests/security/walls-alone.ts'), [], { cwd: root, execArgv: [], env: { ...process.env, PORTAL_MUTANT: id }, serialization: 'advanced' });
    let found: string | null = 'the stores ended without an answer';
    child.on('message', (message: { mismatch: string | null }) => { found = message.mismatch; });
    child.once('error', failed);
    child.once('exit', () => answered(found));
    child.send({ appUrl, world });
  });
}
