import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startEmbedded, type Embedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { doAsOwner, Memory, type Verdict } from '../tests/chaos/books.ts';
import { injectFaults } from '../tests/chaos/faults.ts';
import { isClean, runHealthy } from '../tests/chaos/healthy.ts';
import { NAIVE, randomFrom, tablesSql } from '../tests/chaos/money.ts';

type NaiveReport = Verdict & { kills: number; restarts: number; uncaught: number; hung: number };

/**
 * `npm run chaos -- [--seconds 60] [--restart-every 5] [--seed 1]`: money traffic while backends are killed and the
 * server restarted. First the naive driver, which must be caught (or this test sees nothing), then the portal's, which
 * must come out clean. Exit 0 only when both happened.
 */
async function main(): Promise<number> {
  const { seconds, restartEvery, seed } = readOptions();
  console.log(`chaos: seed ${seed}, ${seconds} s, restart every ${restartEvery} s`);
  const folder = mkdtempSync(join(tmpdir(), 'kyodo-portal-chaos-'));
  let server: Embedded | undefined;
  try {
    server = await startEmbedded({ dataDir: folder, quiet: true });
    await migrate(server.ownerUrl, server.appUrl);
    const naiveSeconds = Math.max(4, Math.round(seconds / 4));
    const naive = await runNaive(server, { seconds: naiveSeconds, restartEvery, seed });
    const caught = naive.half + naive.lost + naive.ghosts + naive.uncaught > 0;
    console.log(`naive driver: ${caught ? 'caught' : 'NOT caught'} (half ${naive.half}, lost ${naive.lost}, committed though refused ${naive.ghosts}, uncaught ${naive.uncaught}, hung ${naive.hung}; kills ${naive.kills}, restarts ${naive.restarts}, acknowledged ${naive.acknowledged})`);
    const report = await runHealthy(server, { seconds: Math.max(4, seconds - naiveSeconds), restartEvery, seed });
    console.log(
      `portal: kills ${report.kills}, restarts ${report.restarts}, acknowledged ${report.acknowledged}, half ${report.half}, lost ${report.lost}, uncaught ${report.uncaught}, double ${report.double}, ` +
        `committed though refused ${report.ghosts}, audit chain ${report.chain ? 'whole' : 'BROKEN'}, pool healthy ${report.healthy ? 'yes' : 'NO'}, back after a restart within ${report.slowestReturnMs} ms`
    );
    const good = isClean(report) && caught;
    console.log(good ? `chaos: clean (seed ${seed})` : `chaos: FAILED (seed ${seed})`);
    return good ? 0 : 1;
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions() {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, 'restart-every': { type: 'string' }, seed: { type: 'string' } } });
  const seconds = positive('seconds', values.seconds);
  const restartEvery = values['restart-every'] === undefined ? Math.max(1.5, Math.min(5, seconds / 8)) : positive('restart-every', values['restart-every']);
  return { seconds, restartEvery, seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : positive('seed', values.seed) };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 2 ** 31)) throw new Error(`--${name} は正の数です: ${text}`);
  return number;
}

/** The same traffic and faults against the planted mistake, which runs as a child because it may crash. */
async function runNaive(server: Embedded, options: { seconds: number; restartEvery: number; seed: number }): Promise<NaiveReport> {
  await doAsOwner(server.ownerUrl, tablesSql(NAIVE, false));
  const memory = new Memory();
  let [uncaught, hung] = [0, 0];
  const program = join(import.meta.dirname, '../tests/chaos/naive.ts');
  const child = spawn(process.execPath, [program, server.appUrl, String(options.seconds), String(options.seed)], { stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface(child.stdout).on('line', (line) => {
    const [event, transfer] = line.split(' ');
    if (event === 'acknowledged' || event === 'never') memory.told(event, transfer!);
    else if (event === 'uncaught') uncaught += 1;
    else if (event === 'hung') hung += 1;
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const limit = setTimeout(() => child.kill('SIGKILL'), (options.seconds + 15) * 1000);
  // Kills alone, and a restart near the end: after one, most of its pool never comes back and little is left to see.
  const faults = await injectFaults(server, { ...options, restartEvery: options.seconds * 0.7, random: randomFrom(options.seed) });
  await ended;
  clearTimeout(limit);
  if (child.exitCode !== 0) uncaught += 1;
  return { ...(await memory.compare(server.ownerUrl, NAIVE)), ...faults, uncaught, hung };
}

process.exitCode = await main();
