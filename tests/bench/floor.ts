import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serialize } from 'node:v8';
import { unflatten } from 'devalue';

const ROOT = resolve(import.meta.dirname, '../..');
const APP = join(ROOT, 'tests/bench/floor');
const OUT = join(ROOT, '.tmp/bench/floor');
const STAMP = join(OUT, 'stamp');

/** Builds the floor from the components as they are, unless it was built from the same sources (`hash`) before. */
export async function buildFloor(hash: string): Promise<void> {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  rmSync(OUT, { recursive: true, force: true });
  const output: string[] = [];
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: APP, env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe']
  });
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`the floor does not build:\n${output.join('')}`);
  writeFileSync(STAMP, hash);
}

/** Everything the portal's loads give this page, as its own `__data.json` says it. */
export async function pageData(address: string, cookie: string): Promise<Record<string, unknown>> {
  const [path, query] = address.split('?');
  const answer = await fetch(`${path}/__data.json${query ? `?${query}` : ''}`, { headers: { cookie } });
  const { nodes } = (await answer.json()) as { nodes: ({ type: string; data: [] } | null)[] };
  if (!answer.ok || nodes.some((node) => node?.type === 'error')) throw new Error(`no data from ${address}: ${answer.status}`);
  return Object.assign({}, ...nodes.map((node) => (node?.type === 'data' ? (unflatten(node.data) as object) : {})));
}

export interface Floor { url: string; child: ChildProcess; stop(): void }

export async function startFloor(data: Record<string, unknown>): Promise<Floor> {
  const file = join(OUT, 'data');
  mkdirSync(OUT, { recursive: true });
  writeFileSync(file, serialize(data));
  const child = fork(join(APP, 'serve.ts'), [], { cwd: ROOT, execArgv: [], env: { ...process.env, NODE_ENV: 'production', FLOOR_DATA: file } });
  const url = await new Promise<string>((ready, failed) => {
    child.once('message', (message: { origin: string }) => ready(message.origin));
    child.once('exit', (code) => failed(new Error(`the floor ended with ${code}`)));
  });
  return { url, child, stop: () => void child.kill() };
}
