import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const STAMP = join(ROOT, 'build/.stamp');
// The log-in page of a demo shows the invented people, so their list is part of the build.
const SOURCES = ['src', 'static', 'db/demo', 'package-lock.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'];

/** One hash over everything the build is made from. Content, not time: a fresh clone and a `touch` change no bytes. */
export function sourceHash(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesUnder(source)) {
      const bytes = readFileSync(join(ROOT, file));
      hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(join(ROOT, path))) return [];
  if (path.includes('.')) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    // Tests sit beside what they test but are never built.
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** True when `build/` was made from the sources as they are now. */
export function isBuildFresh(): boolean {
  return existsSync(join(ROOT, 'build/handler.js')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourceHash();
}

/**
 * Builds the portal with Vite. The stamp is written last: a build that was killed half-way is made again.
 * Refuses with Vite's own words when the build fails.
 */
export async function build(): Promise<void> {
  const hash = sourceHash();
  const output: string[] = [];
  const code = await new Promise<number | null>((done, failed) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`画面の組立て（vite build）に失敗しました / build failed:\n${output.join('').trim()}`);
  writeFileSync(STAMP, hash);
}

/** Builds only when the sources changed since the last build. */
export async function buildIfStale(say: (line: string) => void): Promise<void> {
  if (isBuildFresh()) return;
  say('画面を組み立てています（初回と更新後だけ。1分ほどかかります）');
  await build();
}
