import postgres from 'postgres';
import { closePool, configureDatabase } from '../../src/lib/db/db.server.ts';
import { copyDatabase, givenServer, startTestServer } from './server.ts';

export type FreshDatabase = {
  appUrl: string;
  ownerUrl: string;
  /** The owner (a superuser): for preparing, peeking and tampering, past every guard. */
  ownerSql: postgres.Sql;
  drop(): Promise<void>;
};

/**
 * A new database with every migration, and the pool of this process pointed at it as `portal_app`.
 * In vitest it goes away by itself after the file (call it in `beforeAll` or at the top of the file);
 * elsewhere call `drop()`. Without a running test server (plain Node) it starts one of its own.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const given = givenServer();
  const server = given ?? (await startTestServer());
  const { appUrl, ownerUrl, drop: dropDatabase } = await copyDatabase(server);
  // A test machine may be slow: connecting gets longer than a waiting citizen would be given.
  configureDatabase(appUrl, { connectMs: 10_000, waitMs: 10_000 });
  const ownerSql = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  let dropped = false;
  const drop = async () => {
    if (dropped) return;
    dropped = true;
    await closePool();
    await ownerSql.end({ timeout: 1 });
    await dropDatabase();
    if ('stop' in server) await (server as { stop(): Promise<void> }).stop();
  };
  if (process.env.VITEST) await dropAfterFile(drop);
  return { appUrl, ownerUrl, ownerSql, drop };
}

async function dropAfterFile(drop: () => Promise<void>): Promise<void> {
  try {
    const { afterAll } = await import('vitest');
    afterAll(drop);
  } catch {
    // A plain program that a test started: it inherits the environment and not the runner. The server drops it in the end.
  }
}
