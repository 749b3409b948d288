import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TEST_KEYS } from '../keys.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

export interface RunningPortal { origin: string; stop(): Promise<void> }
export interface PortalStart {
  /** For the log file in .tmp/portals. */
  name: string;
  appUrl: string;
  /** Another checkout's build: the copy in which guards were taken away. */
  root?: string;
  env?: Record<string, string>;
}

export const hasBuild = (root = ROOT): boolean => existsSync(join(root, 'build/handler.js'));

/** The production build behind commands/serve.ts on a free port, without background jobs: nothing changes that nobody asked for. */
export async function startPortal({ name, appUrl, root = ROOT, env = {} }: PortalStart): Promise<RunningPortal> {
  if (!hasBuild(root)) throw new Error('build/ がありません。npm run build を先に実行してください');
  const { NODE_OPTIONS: _options, PORTAL_TEST_SERVER: _server, DATABASE_OWNER_URL: _owner, ...inherited } = process.env;
  const child = fork(join(root, 'commands/serve.ts'), [], {
    cwd: root, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...inherited, NODE_ENV: 'production', PORTAL_MODE: 'demo', PORTAL_SECRET: 'only-for-tests-'.repeat(4), PORTAL_KEYS: TEST_KEYS, STAFF_SECOND_STEP: 'optional', PORTAL_JOBS: 'off', HOST: '127.0.0.1', PORT: '0', DATABASE_URL: appUrl, ...env }
  });
  mkdirSync(join(ROOT, '.tmp/portals'), { recursive: true });
  const log = createWriteStream(join(ROOT, `.tmp/portals/${name}.log`));
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('close', () => log.end());
  try {
    return { origin: await listening(child), stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** Where it listens. A public ORIGIN (https) stays in its links; the way to it is always this machine. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((ready, failed) => {
    const limit = setTimeout(() => failed(new Error('the portal did not start in time (see .tmp/portals)')), START_LIMIT_MS);
    child.once('exit', (code) => {
      clearTimeout(limit);
      failed(new Error(`the portal ended with ${code} (see .tmp/portals)`));
    });
    child.on('message', (message: { event: string; port: number }) => {
      if (message.event !== 'listening') return;
      clearTimeout(limit);
      ready(`http://localhost:${message.port}`);
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
