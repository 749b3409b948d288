import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { startEmbedded, type Embedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';

/** Where the migrated template is. As JSON in the environment, so that test files, Playwright and child processes find it. */
export type TestServer = { ownerUrl: string; appUrl: string };
const VARIABLE = 'PORTAL_TEST_SERVER';

/** The test server this process was given, if any. */
export function givenServer(): TestServer | undefined {
  const text = process.env[VARIABLE];
  return text ? (JSON.parse(text) as TestServer) : undefined;
}

/**
 * Starts one server in a temporary folder and migrates its database `portal`, the template of every test database.
 * The server ends with this process, even when that is killed. Answers how to stop it and remove the folder.
 */
export async function startTestServer(): Promise<TestServer & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'kyodo-portal-test-'));
  let server: Embedded | undefined;
  const stop = async () => {
    delete process.env[VARIABLE];
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    server = await startEmbedded({ dataDir: folder, quiet: true, durable: false, disposable: true });
    await migrate(server.ownerUrl, server.appUrl, process.env.PORTAL_TEST_MIGRATIONS);
  } catch (error) {
    await stop();
    throw error;
  }
  const { ownerUrl, appUrl } = server;
  process.env[VARIABLE] = JSON.stringify({ ownerUrl, appUrl } satisfies TestServer);
  return { ownerUrl, appUrl, stop };
}

export type DatabaseCopy = TestServer & { drop(): Promise<void> };

/** Copies the migrated template under a new name. Answers its addresses and how to drop it. */
export async function copyDatabase(server: TestServer): Promise<DatabaseCopy> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await asOwner(server, async (sql) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sql`create database ${sql(name)} template portal`;
      } catch (error) {
        // 55006: somebody still looks at the template.
        if ((error as { code?: string }).code !== '55006' || attempt > 100) throw error;
        await sleep(50);
      }
    }
  });
  return {
    ownerUrl: inDatabase(server.ownerUrl, name),
    appUrl: inDatabase(server.appUrl, name),
    drop: () => asOwner(server, async (sql) => void (await sql`drop database if exists ${sql(name)} with (force)`))
  };
}

function inDatabase(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

async function asOwner<T>(server: TestServer, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(inDatabase(server.ownerUrl, 'postgres'), { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
