import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { policy } from '../../src/lib/policy/policy.ts';
import { copyDatabase, type TestServer } from '../database/server.ts';
import { switchGuards, type Mutant } from './guards.ts';
import { NOTHING, openLane, type Lane } from './lane.ts';
import { ROOT } from './portal.ts';
import { makeWorld } from './world/world.ts';

/** Not part of what is built or asked. */
const LEFT_OUT = new Set(['node_modules', 'build', '.svelte-kit', '.data', '.tmp', '.git', 'test-results', 'playwright-report', 'shared']);

export interface Mutation { killed: number; total: number; survivors: string[] }

/** More would wait for each other: a portal, its database and whoever asks are one lane. */
const LANES_MAX = 4;

/**
 * Builds a copy in which every guard has a switch, then runs stores and matrix once for each guard with that one off.
 * A loss that nobody notices survives. Words choose mutants by what they change.
 */
export async function runMutants(server: TestServer, words: readonly string[], say: (line: string) => void): Promise<Mutation> {
  const root = mkdtempSync(join(tmpdir(), 'kyodo-portal-mutants-'));
  const lanes: Lane[] = [];
  try {
    cpSync(ROOT, root, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split('/')[0] ?? '') });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const all = [...switchPolicy(root), ...switchGuards(root)];
    const mutants = all.filter(({ what }) => words.length === 0 || words.some((word) => what.includes(word)));
    build(root);
    const template = await copyDatabase(server);
    const ground = { root, server, template, world: await makeWorld(template), all };
    for (let n = 1; n <= Math.min(LANES_MAX, availableParallelism(), mutants.length); n += 1) lanes.push(await openLane(String(n), ground));
    mustBeSound('before', await lanes[0]!.evidence(NOTHING));
    const survivors: string[] = [];
    const next = mutants.entries();
    await Promise.all(lanes.map(async (lane) => {
      for (const [at, mutant] of next) {
        const evidence = await lane.evidence(mutant);
        if (!evidence) survivors.push(mutant.what);
        say(`${at + 1}/${mutants.length} ${evidence ? 'killed' : 'SURVIVED'}: ${mutant.what}${evidence ? `\n    ${evidence}` : ''}`);
      }
    }));
    for (const lane of lanes) mustBeSound('after', await lane.walls(NOTHING));
    return { killed: mutants.length - survivors.length, total: mutants.length, survivors };
  } finally {
    for (const lane of lanes) await lane.close();
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
  ].map((what): Mutant => ({ id: `policy|${id}|${what}`, what: `policy ${id} ${what} → anyone`, routes: [id], store: null })));
}

function build(root: string): void {
  const made = spawnSync(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' } });
  if (made.status !== 0) throw new Error(`the copy with switches cannot be built:\n${made.stdout}${made.stderr}`);
  const serve = join(root, 'commands/serve.ts');
  writeFileSync(serve, `(globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT = process.env.PORTAL_MUTANT;\n${readFileSync(serve, 'utf8')}`);
}

/**
 * With every guard in its place nothing may be found: otherwise any mutant would look killed. Asked again at the end of
 * what lives from one mutant to the next; portals and their databases do not.
 */
function mustBeSound(when: 'before' | 'after', found: string | null): void {
  if (found) throw new Error(`${when} the mutants, the copy without any already differs: ${found}`);
}
