import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { prepareCluster } from '../../db/embedded/cluster.ts';
import { livingPostmaster } from '../../db/embedded/postmaster.ts';
import { startEmbedded, type Embedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WATCH_EVERY_MS = 1_000;

export type Mode = 'demo' | 'production';
type Say = (line: string) => void;

/** A database that is ready for the web server, and how to leave it. */
export type PortalDatabase = {
  ownerUrl: string;
  appUrl: string;
  mode: Mode;
  embedded: boolean;
  close(): Promise<void>;
};

/** Where the embedded database and the portal's secret live. */
export function dataFolder(): string {
  return resolve(ROOT, process.env.PORTAL_DATA_DIR ?? '.data');
}

/**
 * Demo data is for a database of our own making. Whoever names a database, or says production, means it.
 * Refuses a word it does not know, because a typing error must not open a portal full of demo passwords.
 */
export function chooseMode(): Mode {
  const said = process.env.PORTAL_MODE?.trim();
  if (said === 'demo' || said === 'production') return said;
  if (said) throw new Error(`PORTAL_MODE は demo か production です（いまは ${said}）/ PORTAL_MODE must be demo or production`);
  return process.env.DATABASE_URL || process.env.NODE_ENV === 'production' ? 'production' : 'demo';
}

/** Starts or reaches the database, brings it to the newest schema, and checks that it fits the mode. */
export async function openDatabase(say: Say): Promise<PortalDatabase> {
  const mode = chooseMode();
  const outside = process.env.DATABASE_URL?.trim();
  if (outside) {
    const ownerUrl = process.env.DATABASE_OWNER_URL?.trim() || outside;
    // Said by name only: the address itself holds a password.
    for (const [name, url] of [['DATABASE_URL', outside], ['DATABASE_OWNER_URL', ownerUrl]]) {
      if (!/^postgres(ql)?:\/\/./.test(url!) || !URL.canParse(url!)) throw new Error(`${name} が postgres://利用者:パスワード@サーバー:5432/名前 の形ではありません / ${name} is not a postgres:// address`);
    }
    await refuseUnfitServer(ownerUrl).catch((error: Error & { code?: string }) => {
      if (error.code === undefined) throw error;
      throw new Error(`データベースにつながりません（${error.code}: ${error.message}）。DATABASE_URL とサーバーを確かめてください / cannot connect to the database`, { cause: error });
    });
    await migrate(ownerUrl, outside);
    return { ownerUrl, appUrl: outside, mode, embedded: false, close: async () => {} };
  }
  await discardUnfinished(say);
  const server = await startEmbedded({ dataDir: dataFolder() });
  try {
    if (server.adopted) say('前に起動したデータベースがまだ動いていたので、引き継ぎます');
    await migrate(server.ownerUrl, server.appUrl);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const unwatch = keepAlive(server, say);
  return {
    ownerUrl: server.ownerUrl, appUrl: server.appUrl, mode, embedded: true,
    async close() {
      await unwatch();
      await server.stop();
    }
  };
}

/** Nothing else would start the embedded server again when it dies under a running portal. */
function keepAlive(server: Embedded, say: Say): () => Promise<void> {
  let misses = 0;
  let working: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    working = look().finally(() => (busy = false));
  }, WATCH_EVERY_MS);
  const look = async () => {
    misses = (await answers(server.port)) ? 0 : misses + 1;
    // Twice, so that a restart somebody else is doing right now is left alone.
    if (misses < 2) return;
    misses = 0;
    say('データベースが止まったため、もう一度起動します');
    await server.restartImmediate().catch((error: unknown) => say(`データベースを起動できません: ${String((error as Error).message)}`));
  };
  return async () => {
    clearInterval(timer);
    await working;
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('connect', () => done(true)).once('error', () => done(false));
    probe.once('connect', () => probe.destroy());
  });
}

/** What `db/embedded.ts` guarantees for its own server must hold for anybody's (CR-7). */
async function refuseUnfitServer(url: string): Promise<void> {
  await ask(url, async (sql) => {
    const wanted: Record<string, string> = { server_encoding: 'UTF8', fsync: 'on', full_page_writes: 'on' };
    const rows = await sql<{ name: string; setting: string }[]>`
      select name, setting from pg_settings where name in ('server_encoding', 'fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num')`;
    const setting = Object.fromEntries(rows.map((row) => [row.name, row.setting]));
    if (Number(setting.server_version_num) < 180_000) throw new Error('PostgreSQL 18 以上が必要です / PostgreSQL 18 or newer is needed');
    const wrong = Object.entries(wanted).filter(([name, value]) => setting[name] !== value).map(([name]) => `${name}=${setting[name]}`);
    // `local`, `remote_write` and `remote_apply` all wait for the local disk; only `off` may lose what was confirmed.
    if (setting.synchronous_commit === 'off') wrong.push('synchronous_commit=off');
    if (wrong.length > 0) throw new Error(`データベースの設定が安全ではありません: ${wrong.join(', ')} / unsafe server settings`);
  });
}

/** Asks the owner's connection something and closes it. */
export async function ask<T>(url: string, question: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Demo accounts have printed passwords: they and production exclude each other, in both directions. */
export async function refuseMixedModes(db: PortalDatabase): Promise<void> {
  const [count] = await ask(db.ownerUrl, (sql) => sql<{ everyone: number; demo: number }[]>`
    select count(*)::int as everyone, count(*) filter (where demo)::int as demo from account`);
  const { everyone, demo } = count!;
  if (db.mode === 'production' && demo > 0) {
    throw new Error(`このデータベースには見本の利用者が ${demo} 人います。本番では使えません。空のデータベースを用意してください / demo accounts exist: production mode refuses this database`);
  }
  if (db.mode === 'demo' && everyone > 0 && demo === 0) {
    throw new Error('このデータベースには本番の利用者がいます。見本（PORTAL_MODE=demo）では開けません / this is a production database: demo mode refuses it');
  }
}

/** True until demo data has been loaded once. */
export async function isEmpty(db: PortalDatabase): Promise<boolean> {
  const [row] = await ask(db.ownerUrl, (sql) => sql<{ empty: boolean }[]>`select not exists (select from account) as empty`);
  return row!.empty;
}

const unfinishedMark = () => join(dataFolder(), 'loading-demo');

/** Runs the loader between two marks: a first start that is killed half-way begins anew the next time. */
export async function whileMarkedUnfinished(db: PortalDatabase, load: () => Promise<void>): Promise<void> {
  if (db.embedded) writeFileSync(unfinishedMark(), '');
  await load();
  rmSync(unfinishedMark(), { force: true });
}

async function discardUnfinished(say: Say): Promise<void> {
  if (!existsSync(unfinishedMark())) return;
  say('前回の準備が途中で終わっていたため、最初から作り直します');
  await eraseData();
}

/**
 * Removes the embedded database and everything beside it; the caller has asked.
 * Refuses while another portal uses it. A server that cannot even start is removed all the same.
 */
export async function eraseData(): Promise<void> {
  const folder = dataFolder();
  if (!existsSync(folder)) return;
  // A leftover postmaster must be stopped before its files go: adopting it is the way to stop it.
  const server = await startEmbedded({ dataDir: folder, quiet: true }).catch(() => undefined);
  await server?.stop();
  // As root below a closed folder the data lives elsewhere; only the cluster knows where.
  const cluster = prepareCluster(folder, true, () => {});
  if (livingPostmaster(cluster.data)) throw new Error('ほかの npm start がこのデータを使っています。先に止めてください / another portal is using this data');
  rmSync(cluster.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The key that signs device cookies and hashes client addresses. Kept beside the embedded database, so that a restart
 * does not make every device unknown. Another database's operator sets PORTAL_SECRET.
 */
export function portalSecret(db: PortalDatabase): string | undefined {
  if (process.env.PORTAL_SECRET || !db.embedded) return process.env.PORTAL_SECRET;
  const file = join(dataFolder(), 'portal-secret');
  if (!existsSync(file)) {
    mkdirSync(dataFolder(), { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
