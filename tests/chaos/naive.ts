import postgres from 'postgres';
import type { Sql } from '../../src/lib/db/db.server.ts';
import { moveMoney, NAIVE, type Driver, type Result } from './money.ts';

// The obvious code, as a planted mistake: one pool, `sql.begin`. It runs in a process of its own because it may crash.
// Every outcome is a line on standard output, so that nothing is forgotten when it does.
const [url, seconds, seed] = process.argv.slice(2);
const pool = postgres(url!, { max: 10, onnotice: () => {} });
const say = (...words: string[]) => process.stdout.write(`${words.join(' ')}\n`);
process.on('uncaughtException', (error) => say('uncaught', error.message.replace(/\s+/g, ' ')));
process.on('unhandledRejection', (error) => say('uncaught', String(error).replace(/\s+/g, ' ')));

const HUNG_AFTER_MS = 1_000;

class Refused extends Error {
  readonly result: Result;
  constructor(result: Result) {
    super('refused');
    this.result = result;
  }
}

const driver: Driver = async (work) => {
  const moved = pool.begin(async (tx) => {
    const result = await work(tx as unknown as Sql);
    if (!result.ok) throw new Refused(result);
    return result;
  }) as Promise<Result>;
  // A citizen would wait for ever; the run goes on, so that more than the first hang is seen.
  const given = new Promise<never>((_, failed) => setTimeout(() => failed(Object.assign(new Error('hung'), { code: 'CONNECTION_HUNG' })), HUNG_AFTER_MS).unref());
  try {
    return await Promise.race([moved, given]);
  } catch (error) {
    moved.catch(() => {});
    if (error instanceof Refused) return error.result;
    if ((error as Error).message === 'hung') say('hung');
    throw error;
  }
};

await moveMoney({
  driver, tables: NAIVE, seconds: Number(seconds), seed: Number(seed), clients: 24, useKeys: false,
  books: { told: (event, transfer) => say(event, transfer), keyDone: () => {} },
  // It knows nothing of unknown outcomes: an error is an error. Only COMMIT's would be excused.
  judge: (error) => (/CONNECTION|ECONN|EPIPE/.test((error as { code?: string }).code ?? '') ? 'unknown' : 'refused')
});
say('finished');
await pool.end({ timeout: 1 });
process.exit(0);
