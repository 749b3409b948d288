import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { APP_ROLE, DATABASE, OWNER, prepareCluster, removeAbandonedDrafts, type Cluster } from './embedded/cluster.ts';
import { launch, removeWithUs, type Launched } from './embedded/launch.ts';
import { isAlive, livingPostmaster } from './embedded/postmaster.ts';

const START_LIMIT_MS = 60_000;
const WATCH_EVERY_MS = 500;
const STOP_LIMIT_MS = 30_000;

export type EmbeddedOptions = {
  dataDir: string;
  port?: number;
  quiet?: boolean;
  /** `false` is for tests only: no fsync (a power cut may lose data), more connections, and the server dies with this process. */
  durable?: boolean;
  /** The folder is removed when this process ends, however it ends. For tests. */
  disposable?: boolean;
  /** A folder holding `native/`; tests use a copy. */
  binariesRoot?: string;
};

export type Embedded = {
  ownerUrl: string;
  appUrl: string;
  port: number;
  /** True when a server that was already running was taken over. */
  adopted: boolean;
  stop(): Promise<void>;
  restartImmediate(): Promise<void>;
};

/**
 * Starts PostgreSQL in `dataDir` (making it on first use), or adopts the server already running there.
 * Answers the two addresses; `portal_app` can log in only after `migrate`. Refuses settings that could lose data.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const durable = options.durable ?? true;
  const say = options.quiet ? () => {} : (line: string) => console.log(line);
  const home = resolve(options.dataDir);
  const cluster = prepareCluster(home, durable, say, options.binariesRoot);
  removeAbandonedDrafts(dirname(cluster.folder), isAlive);
  if (options.disposable) removeWithUs(home);
  const leave = holdOn(cluster);
  let server: { port: number; adopted: boolean };
  try {
    server = await startOrAdopt(cluster, options.port, durable);
    await refuseUnsafeServer(cluster, server.port, durable);
    await createDatabase(cluster, server.port);
  } catch (error) {
    if (leave()) await stopServer(cluster, 'SIGINT');
    throw error;
  }
  const { port, adopted } = server;
  const watch = keepUp(cluster, port, durable, say);
  return {
    ownerUrl: address(OWNER, cluster.passwords.owner, port),
    appUrl: address(APP_ROLE, cluster.passwords.app, port),
    port,
    adopted,
    async stop() {
      await watch.end();
      // Another command (audit:verify beside npm start) may still be using the server: the last one out stops it.
      if (leave()) await stopServer(cluster, durable ? 'SIGINT' : 'SIGQUIT');
    },
    restartImmediate: () =>
      watch.pausedWhile(async () => {
        await stopServer(cluster, 'SIGQUIT');
        await startOrAdopt(cluster, port, durable);
      })
  };
}

/** Starts the server again, on the same port, when it dies by itself (out of memory, kill -9). */
function keepUp(cluster: Cluster, port: number, durable: boolean, say: (line: string) => void) {
  let work: Promise<void> = Promise.resolve();
  const look = async () => {
    if (livingPostmaster(cluster.data)) return;
    say('データベースが止まったため、起動し直します / the database server died and is started again');
    await startOrAdopt(cluster, port, durable).catch((error: unknown) => console.error(error));
  };
  const timer = setInterval(() => (work = work.then(look)), WATCH_EVERY_MS);
  timer.unref();
  return {
    pausedWhile: (task: () => Promise<void>) => {
      const done = work.then(task);
      work = done.catch(() => {});
      return done;
    },
    end: () => (clearInterval(timer), work)
  };
}

function address(user: string, password: string, port: number, database = DATABASE): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** Registers this process as a user of the server. The answer unregisters it and tells whether it was the last. */
function holdOn(cluster: Cluster): () => boolean {
  const holders = join(cluster.folder, 'holders');
  const mine = `${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(holders, { recursive: true });
  writeFileSync(join(holders, mine), '');
  return () => {
    rmSync(join(holders, mine), { force: true });
    const others = readdirSync(holders).filter((name) => {
      const alive = isAlive(Number(name.split('-')[0]));
      if (!alive) rmSync(join(holders, name), { force: true });
      return alive;
    });
    return others.length === 0;
  };
}

async function startOrAdopt(cluster: Cluster, wantedPort: number | undefined, durable: boolean) {
  const deadline = Date.now() + START_LIMIT_MS;
  let child: Launched | undefined;
  while (Date.now() < deadline) {
    const running = livingPostmaster(cluster.data);
    if (running) {
      // PostgreSQL's own lock file decides between two starts at once; the loser lands here and adopts.
      if (running.ready && (await isOurs(cluster, running.port))) return { port: running.port, adopted: running.pid !== child?.pid };
    } else if (!child || child.ended) {
      if (child) explainFailure(cluster, wantedPort);
      child = launch(cluster, wantedPort ?? (await freePort()), durable);
    }
    await sleep(25);
  }
  throw new Error(`データベースが ${START_LIMIT_MS / 1000} 秒以内に起動しません: ${lastLine(cluster)} / the server did not become ready`);
}

function explainFailure(cluster: Cluster, wantedPort: number | undefined): void {
  const reason = lastLine(cluster);
  // Backends of a killed server may still be leaving, and a free port may have been taken meanwhile: try again.
  if (/shared memory block|lock file .* already exists|is still in use/.test(reason)) return;
  if (wantedPort === undefined && /could not (bind|create any TCP\/IP)/.test(reason)) return;
  throw new Error(`データベースを起動できません: ${reason} / the server exited while starting (log: ${cluster.log})`);
}

function lastLine(cluster: Cluster): string {
  const lines = readFileSync(cluster.log, 'utf8').trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((ready, failed) => probe.once('error', failed).listen(0, '127.0.0.1', ready));
  const { port } = probe.address() as { port: number };
  await new Promise((closed) => probe.close(closed));
  return port;
}

async function asOwner<T>(cluster: Cluster, port: number, database: string, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(address(OWNER, cluster.passwords.owner, port, database), { max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => {} });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function isOurs(cluster: Cluster, port: number): Promise<boolean> {
  try {
    return await asOwner(cluster, port, 'postgres', async (sql) => (await sql`show data_directory`)[0]!.data_directory === cluster.data);
  } catch (error) {
    // Starting up, shutting down or just gone: ask again. A wrong password will not get better.
    if ((error as { code?: string }).code === '28P01') throw new Error('データベースの合言葉ファイルがデータと合いません / passwords.json does not match the data', { cause: error });
    return false;
  }
}

async function refuseUnsafeServer(cluster: Cluster, port: number, durable: boolean): Promise<void> {
  const wanted: Record<string, string> = { server_encoding: 'UTF8', data_checksums: 'on' };
  if (durable) Object.assign(wanted, { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  const rows = await asOwner(cluster, port, 'postgres', (sql) => sql<{ name: string; setting: string }[]>`select name, setting from pg_settings where name in ${sql(Object.keys(wanted))}`);
  const wrong = rows.filter((row) => row.setting !== wanted[row.name]).map((row) => `${row.name}=${row.setting}`);
  if (wrong.length > 0) throw new Error(`データベースの設定が安全ではありません: ${wrong.join(', ')} / unsafe server settings`);
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  await asOwner(cluster, port, 'postgres', async (sql) => {
    const [found] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found) return;
    try {
      await sql`create database ${sql(DATABASE)}`;
    } catch (error) {
      // 42P04, or 23505 when both commands were inside at once: the other start made it.
      if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    }
  });
}

async function stopServer(cluster: Cluster, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const running = livingPostmaster(cluster.data);
  if (!running) return;
  process.kill(running.pid, signal);
  const started = Date.now();
  let urged = signal === 'SIGQUIT';
  while (isAlive(running.pid)) {
    const waited = Date.now() - started;
    if (!urged && waited > STOP_LIMIT_MS) {
      process.kill(running.pid, 'SIGQUIT');
      urged = true;
    }
    if (waited > 2 * STOP_LIMIT_MS) throw new Error(`データベースが止まりません（pid ${running.pid}）/ the server does not stop`);
    await sleep(20);
  }
}
