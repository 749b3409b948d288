import type { Embedded } from '../../db/embedded.ts';
import { record } from '../../src/lib/audit/audit.server.ts';
import { verifyChain } from '../../src/lib/audit/verify.server.ts';
import { Busy, closePool, configureDatabase, DatabaseAway, poolHealth, sql, transaction, UnknownOutcome, type Actor, type Tx } from '../../src/lib/db/db.server.ts';
import { doAsOwner, Memory, type Verdict } from './books.ts';
import { injectFaults } from './faults.ts';
import { moveMoney, PlannedFailure, PORTAL, randomFrom, tablesSql, type Driver } from './money.ts';

export type HealthyReport = Verdict & { kills: number; restarts: number; uncaught: number; healthy: boolean; chain: boolean; slowestReturnMs: number };

const actor: Actor = { name: 'system:chaos' };
const CLIENTS = 24;

const portalDriver: Driver = (work, key) =>
  transaction(actor, async (tx: Tx) => {
    const result = await work(tx);
    if (result.ok) await record(tx, { action: 'chaos.transfer', subject: ['transfer', result.transfer] });
    return result;
  }, key ? { action: 'chaos.transfer', key } : {});

/** Money traffic through `transaction()` while faults are injected; then everything is counted. Takes a migrated server. */
export async function runHealthy(server: Embedded, options: { seconds: number; restartEvery: number; seed: number }): Promise<HealthyReport> {
  await doAsOwner(server.ownerUrl, tablesSql(PORTAL, true));
  const memory = new Memory();
  let uncaught = 0;
  const count = (error: unknown) => {
    uncaught += 1;
    console.error('uncaught', error);
  };
  process.on('uncaughtException', count).on('unhandledRejection', count);
  const surprises: unknown[] = [];
  let restartedAt: number | undefined;
  let slowestReturnMs = 0;
  configureDatabase(server.appUrl);
  const driver: Driver = async (work, key) => {
    const result = await portalDriver(work, key);
    if (restartedAt !== undefined) slowestReturnMs = Math.max(slowestReturnMs, Date.now() - restartedAt);
    restartedAt = undefined;
    return result;
  };
  try {
    const [faults] = await Promise.all([
      injectFaults(server, { ...options, random: randomFrom(options.seed), onRestarted: () => (restartedAt = Date.now()) }),
      moveMoney({
        driver, tables: PORTAL, books: memory, seconds: options.seconds, seed: options.seed, clients: CLIENTS, useKeys: true,
        judge: (error) => {
          if (error instanceof UnknownOutcome) return 'unknown';
          if (error instanceof DatabaseAway || error instanceof Busy) return 'away';
          if (!(error instanceof PlannedFailure)) surprises.push(error);
          return 'refused';
        }
      })
    ]);
    if (surprises.length > 0) console.error(`${surprises.length} unexpected refusals, the first:`, surprises[0]);
    const verdict = await memory.compare(server.ownerUrl, PORTAL);
    const chain = (await verifyChain(sql)).ok;
    return { ...verdict, ...faults, uncaught: uncaught + surprises.length, chain, healthy: await isPoolHealthy(), slowestReturnMs };
  } finally {
    await closePool();
    process.off('uncaughtException', count).off('unhandledRejection', count);
  }
}

/** Every slot of the pool can be used at once, and all come back. */
async function isPoolHealthy(): Promise<boolean> {
  const { size } = poolHealth();
  const answers = await Promise.allSettled(Array.from({ length: size * 3 }, () => sql`select pg_sleep(0.02), 1 as one`.then(([row]) => row!.one)));
  const { open, leased, waiting, opening } = poolHealth();
  return answers.every((answer) => answer.status === 'fulfilled' && answer.value === 1) && open <= size && leased === 0 && waiting === 0 && opening === 0;
}

/** True when nothing that must be zero is more. */
export function isClean(report: HealthyReport): boolean {
  const { half, lost, uncaught, double, ghosts, healthy, chain, acknowledged, kills } = report;
  return half + lost + uncaught + double + ghosts === 0 && healthy && chain && acknowledged > 0 && kills > 0;
}
