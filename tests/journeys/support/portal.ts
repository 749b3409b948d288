import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { copyDatabase, givenServer } from '../../database/server.ts';
import { TEST_KEYS } from '../../keys.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;

export type Mail = { to_address: string; subject: string; body: string | null };

/** A running portal of its own: the production build, on a free port, over a fresh copy of the demo database. */
export type Portal = {
  url: string;
  ownerUrl: string;
  /** The owner's connection, for peeking past every guard. */
  sql: postgres.Sql;
  /** Mail written so far to this address, oldest first. */
  mails(to: string): Promise<Mail[]>;
  stop(): Promise<void>;
};

/** Takes a name for the log file in .tmp/portals and, for special cases, more environment. Refuses without a build. */
export async function startPortal(name: string, env: Record<string, string> = {}): Promise<Portal> {
  if (!existsSync(join(ROOT, 'build/handler.js'))) throw new Error('build/ がありません。npm run build を先に実行してください');
  const server = givenServer();
  if (!server) throw new Error('no test server: run through Playwright or call startTestServer() first');
  const database = await copyDatabase(server);
  const child = launch(name, { DATABASE_URL: database.appUrl, ...env });
  const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const stop = async () => {
    await end(child);
    await sql.end({ timeout: 1 });
    await database.drop();
  };
  try {
    const url = await listening(child);
    return {
      url, ownerUrl: database.ownerUrl, sql, stop,
      mails: (to) => sql<Mail[]>`select to_address, subject, body from mail_outbox where lower(to_address) = lower(${to}) order by created_at, id`
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(name: string, env: Record<string, string>): ChildProcess {
  // Playwright's own loader must not follow into the server.
  const { NODE_OPTIONS: _loader, PORTAL_TEST_SERVER: _owner, DATABASE_OWNER_URL: _other, ...inherited } = process.env;
  const child = fork(join(ROOT, 'commands/serve.ts'), [], {
    cwd: ROOT, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...inherited, NODE_ENV: 'production', PORTAL_MODE: 'demo', PORTAL_SECRET: 'only-for-tests-'.repeat(4), PORTAL_KEYS: TEST_KEYS, HOST: '127.0.0.1', PORT: '0', ...env }
  });
  mkdirSync(join(ROOT, '.tmp/portals'), { recursive: true });
  const log = createWriteStream(join(ROOT, `.tmp/portals/${name}.log`));
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('close', () => log.end());
  return child;
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((ready, failed) => {
    const limit = setTimeout(() => failed(new Error('the portal did not start in time (see .tmp/portals)')), START_LIMIT_MS);
    child.once('exit', (code) => failed(new Error(`the portal ended with ${code} (see .tmp/portals)`)));
    child.on('message', (message: { event: string; origin: string }) => {
      if (message.event !== 'listening') return;
      clearTimeout(limit);
      ready(message.origin);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((exit) => child.once('exit', exit));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await gone;
  clearTimeout(limit);
}
