/**
 * `npm run test:authz`: every route and action asked as everybody about everything (tests/security). The last line is
 * `N cells, 0 mismatches`. `-- --quick` leaves out what repeats, further words choose routes by their ids, and
 * `-- --mutants` takes every guard away in turn and requires that the matrix notices.
 */
import { parseArgs } from 'node:util';
import { copyDatabase, startTestServer } from '../tests/database/server.ts';
import { manifest } from '../tests/security/manifest.ts';
import { runMutants } from '../tests/security/mutants.ts';
import { ROOT } from '../tests/security/portal.ts';
import { chosen, gaps, runOver } from '../tests/security/run.ts';
import { makeWorld } from '../tests/security/world/world.ts';
import { buildIfStale } from './start/build.ts';

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false }, mutants: { type: 'boolean', default: false } }, allowPositionals: true });
const started = Date.now();
const server = await startTestServer();
try {
  process.exitCode = values.mutants ? await mutants() : await matrix();
} finally {
  await server.stop();
}

async function matrix(): Promise<number> {
  await buildIfStale(console.log);
  const database = await copyDatabase(server);
  const world = await makeWorld(database);
  const missing = gaps(manifest(ROOT));
  const found = await runOver(database, world, chosen(positionals), { name: 'authz-command', quick: values.quick });
  const mismatches = [...missing, ...found.mismatches];
  for (const line of mismatches) console.log(line);
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s; planted words read by those who may: ${[...found.shown].sort().join(', ')}`);
  console.log(`${found.cells} cells, ${mismatches.length} mismatches`);
  return mismatches.length > 0 ? 1 : 0;
}

async function mutants(): Promise<number> {
  const { killed, total, survivors } = await runMutants(server, positionals, console.log);
  for (const survivor of survivors) console.log(`survived: ${survivor}`);
  console.log(`${((Date.now() - started) / 60_000).toFixed(1)} minutes`);
  console.log(`${killed}/${total} mutants killed`);
  return killed === total ? 0 : 1;
}
