import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterEach, expect, test, vi } from 'vitest';
import { locateBinaries } from './embedded/binaries.ts';
import { isAlive, livingPostmaster } from './embedded/postmaster.ts';
import { startEmbedded } from './embedded.ts';

// Real servers with real fsync: on a busy disk each start takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const isRoot = process.getuid?.() === 0;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kyodo-portal-embedded-'));
  chmodSync(path, 0o755);
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(dataDir: string) {
  const server = await startEmbedded({ dataDir, quiet: true });
  cleanups.push(() => server.stop());
  return server;
}

type Held = { process: ChildProcess; ownerUrl: string; port: number; adopted: boolean; stop(): Promise<unknown> };

/** Starts the server from a process of its own. */
async function held(dataDir: string, { binaries = '', uid }: { binaries?: string; uid?: number } = {}): Promise<Held> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../tests/database/hold-server.ts'), dataDir, binaries], {
    stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', ...(uid === undefined ? {} : { uid, gid: uid })
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [undefined])])) as [Buffer | undefined];
  if (!first) throw new Error(errors);
  return { process: child, ...JSON.parse(first.toString()), stop: async () => (child.stdin.write('stop\n'), await once(child, 'exit')) };
}

async function ask(url: string, text: string) {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const postmasterOf = (dir: string) => livingPostmaster(join(dir, 'server/data'));

test('a first start is safe: UTF8, checksums, fsync, SCRAM, only this machine, and the data comes back', async () => {
  const dir = folder();
  const server = await startEmbedded({ dataDir: dir, quiet: true });
  const [settings] = await ask(server.ownerUrl, `select current_setting('server_encoding') e, current_setting('data_checksums') c, current_setting('fsync') f, current_setting('full_page_writes') w,
    current_setting('synchronous_commit') s, current_setting('password_encryption') p, current_setting('listen_addresses') l, (select datlocprovider from pg_database where datname = 'portal') provider, 'あ' < '髙' as sorts`);
  expect(settings).toEqual({ e: 'UTF8', c: 'on', f: 'on', w: 'on', s: 'on', p: 'scram-sha-256', l: '127.0.0.1', provider: 'b', sorts: true });
  expect(readFileSync(join(dir, 'server/data/pg_hba.conf'), 'utf8')).not.toMatch(/^[^#].*\b(trust|password|md5)\s*$/m);
  expect(statSync(join(dir, 'server/passwords.json')).mode & 0o777).toBe(0o600);
  const wrong = new URL(server.ownerUrl);
  wrong.password = 'password';
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await ask(server.ownerUrl, `create table kept (name text); insert into kept values ('髙萩')`);
  await server.restartImmediate();
  expect(await ask(server.ownerUrl, 'select * from kept')).toEqual([{ name: '髙萩' }]);
  await server.stop();
  expect(postmasterOf(dir)).toBeUndefined();
  const again = await open(dir);
  expect(again.adopted).toBe(false);
  expect(await ask(again.ownerUrl, 'select * from kept')).toEqual([{ name: '髙萩' }]);
});

test('after kill -9 of node the running server is adopted, and stopped by who adopted it', async () => {
  const dir = folder();
  const first = await held(dir);
  const { pid } = postmasterOf(dir)!;
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  expect(isAlive(pid)).toBe(true);
  const second = await startEmbedded({ dataDir: dir, quiet: true });
  expect(second).toMatchObject({ adopted: true, port: first.port });
  expect(await ask(second.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a test server goes with its process, and its folder too', async () => {
  const dir = folder();
  const program = `import { startTestServer } from ${JSON.stringify(join(import.meta.dirname, '../tests/database/server.ts'))}; const { ownerUrl } = await startTestServer(); console.log(ownerUrl); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, TMPDIR: dir }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(readdirSync(dir)).toHaveLength(1);
  child.kill('SIGKILL');
  for (let i = 0; i < 200 && readdirSync(dir).length > 0; i += 1) await sleep(50);
  expect(readdirSync(dir)).toHaveLength(0);
  await expect(ask(line.toString().trim(), 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a second command uses the running server and leaves it running', async () => {
  const dir = folder();
  const portal = await open(dir);
  const command = await held(dir);
  expect(command).toMatchObject({ adopted: true, port: portal.port });
  await command.stop();
  expect(await ask(portal.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  const last = await held(dir);
  await portal.stop();
  expect(await ask(last.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await last.stop();
  expect(postmasterOf(dir)).toBeUndefined();
});

test('two first starts at the same time end in one good server', async () => {
  const dir = folder();
  const both = await Promise.all([held(dir), held(dir), held(dir)]);
  expect(new Set(both.map((one) => one.ownerUrl)).size).toBe(1);
  await ask(both[0]!.ownerUrl, 'create table t (a int); insert into t values (1)');
  await Promise.all(both.map((one) => one.stop()));
  expect(readdirSync(dir)).toEqual(['server']);
  const again = await open(dir);
  expect(await ask(again.ownerUrl, 'select * from t')).toEqual([{ a: 1 }]);
});

test('a lock file left behind, reused by another program, or copied along is not believed', async () => {
  const dir = folder();
  const lock = join(dir, 'server/data/postmaster.pid');
  await (await startEmbedded({ dataDir: dir, quiet: true })).stop();
  const here = join(dir, 'server/data');
  for (const [pid, place] of [[process.pid, here], [1, here], [4_000_000, here], [process.pid, '/elsewhere/data']] as const) {
    writeFileSync(lock, `${pid}\n${place}\n1700000000\n5432\n\n127.0.0.1\n  123  456\nready   \n`);
    const server = await startEmbedded({ dataDir: dir, quiet: true });
    expect(server.adopted).toBe(false);
    await server.stop();
  }
});

test('a server that dies is started again on the same port', async () => {
  const dir = folder();
  const server = await open(dir);
  const { pid } = postmasterOf(dir)!;
  process.kill(pid, 'SIGKILL');
  const started = Date.now();
  for (;;) {
    const [row] = await ask(server.ownerUrl, 'select 1 as one').catch(() => []);
    if (row) break;
    if (Date.now() - started > 20_000) throw new Error('not started again');
    await sleep(50);
  }
  expect(postmasterOf(dir)!.pid).not.toBe(pid);
});

test('a taken port, another version, wrong passwords: one clear line each', async () => {
  const dir = folder();
  await (await startEmbedded({ dataDir: dir, quiet: true })).stop();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleanups.push(() => other.close());
  const { port } = other.address() as { port: number };
  await expect(startEmbedded({ dataDir: dir, quiet: true, port })).rejects.toThrow(/データベースを起動できません.*could not (bind|create)/);
  const version = join(dir, 'server/data/PG_VERSION');
  writeFileSync(version, '17\n');
  await expect(startEmbedded({ dataDir: dir, quiet: true })).rejects.toThrow(/PostgreSQL 17/);
  writeFileSync(version, '18\n');
  writeFileSync(join(dir, 'server/passwords.json'), '{"owner":"x","app":"y"}');
  await expect(startEmbedded({ dataDir: dir, quiet: true })).rejects.toThrow(/合言葉/);
  expect(postmasterOf(dir)).toBeUndefined();
});

test('programs installed without scripts, in a folder closed to others, and data in such a folder', async () => {
  const closed = folder();
  // Only this case copies the programs there.
  if (isRoot && !existsSync('/var/lib/kyodo-portal')) cleanups.push(() => rmSync('/var/lib/kyodo-portal', { recursive: true, force: true }));
  const copy = join(closed, 'package');
  cpSync(locateBinaries().root, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(copy, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
  for (const { target } of links) rmSync(join(copy, target));
  chmodSync(closed, 0o700);
  const one = await held(join(closed, 'data'), { binaries: copy });
  expect(await ask(one.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await one.stop();
  expect(existsSync(join(copy, links[0]!.target))).toBe(true);
  const data = statSync(join(closed, 'data/server/data'));
  if (isRoot) expect(data.uid).not.toBe(0);
});

test.runIf(isRoot)('an ordinary user can use it; root continues as that user; another user is told why not', async () => {
  const dir = folder();
  chownSync(dir, 65534, 65534);
  const user = await held(dir, { uid: 65534 });
  expect(await ask(user.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await user.stop();
  const root = await startEmbedded({ dataDir: dir, quiet: true });
  await root.stop();
  expect(statSync(join(dir, 'server/data')).uid).toBe(65534);
  await expect(held(dir, { uid: 1234 })).rejects.toThrow(/別の利用者が作ったデータ/);
});
