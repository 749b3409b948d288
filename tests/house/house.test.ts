import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isTest, ROOT, sources } from './source.ts';

/** Files that may be longer than 250 (.ts) or 150 (.svelte) lines, each with its reason. Data and tables, not logic. */
const LONG: Record<string, string> = {};

const src = sources('src/**/*.ts', 'src/**/*.svelte');
const ours = [...src, ...sources('db/**/*.ts', 'commands/**/*.ts')].filter(({ path }) => !isTest(path));

test('routes hold no SQL', () => {
  const found = src.filter(({ path, text }) => /^src\/(?:routes\/|hooks)/.test(path) && !isTest(path) && /\b(?:sql|tx)\s*(?:<[^`;]*>)?\s*`/.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test('no folder is named after a kind of file', () => {
  const folders = ['src', 'db', 'commands', 'tests'].flatMap((top) => globSync(`${top}/**/{utils,util,helpers,services,types,stores,common,misc}`, { cwd: ROOT }));
  expect(folders).toEqual([]);
});

test('a file fits a few screens', () => {
  const long = ours.filter(({ path, lines }) => lines > (path.endsWith('.svelte') ? 150 : 250) && !(path in LONG)).map(({ path, lines }) => `${path}: ${lines}`);
  expect(long, 'a noun is hiding inside (architecture.md, Style)').toEqual([]);
});

test('every exception still stands', () => {
  for (const [path, reason] of Object.entries(LONG)) {
    expect(reason.length, path).toBeGreaterThan(20);
    expect(existsSync(join(ROOT, path)), path).toBe(true);
  }
});

/** Set by the shell or the test runner, not by whoever runs the portal. */
const NOT_OURS = new Set(['PATH', 'HOME', 'TZ', 'CI', 'VITEST', 'NODE_V8_COVERAGE']);

test('every environment variable read is explained in docs/operations.md', () => {
  const read = new Map<string, string>();
  for (const { path, text } of ours) {
    const named = [...text.matchAll(/\benv(?:\?)?\.([A-Z][A-Z0-9_]+)\b|\benv\[\s*['"]([A-Z][A-Z0-9_]+)['"]/g)].filter(({ input, index }) => !input.slice(0, index).endsWith('import.meta.'));
    const helper = path.endsWith('environment.server.ts') ? [...text.matchAll(/\bread\w*\(\s*'([A-Z][A-Z0-9_]+)'/g)] : [];
    for (const [, dotted, bracketed] of [...named, ...helper]) {
      const name = dotted ?? bracketed ?? '';
      if (!NOT_OURS.has(name)) read.set(name, path);
    }
  }
  expect(read.size).toBeGreaterThan(3);
  const page = join(ROOT, 'docs/operations.md');
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  expect([...read].filter(([name]) => !new RegExp(`\\b${name}\\b`).test(text)).map(([name, path]) => `${name} (${path})`), 'name each in docs/operations.md').toEqual([]);
});

test('the environment is read where it may be', () => {
  const allowed = /^(?:db|commands)\/|^src\/lib\/settings\/environment\.server\.ts$|^src\/lib\/db\/connect\.ts$/;
  expect(ours.filter(({ path, text }) => !allowed.test(path) && /\bprocess\.env\b|\$env\//.test(text)).map(({ path }) => path)).toEqual([]);
});

test('nobody mocks our own code', () => {
  const tests = [...sources('src/**/*.test.ts', 'db/**/*.test.ts', 'commands/**/*.test.ts', 'tests/**/*.ts')].filter(({ path }) => path !== 'tests/house/house.test.ts');
  expect(tests.filter(({ text }) => /\bvi\.(?:mock|doMock)\(\s*['"][.$]/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('the glossary names each term once, with a source, and the names it gives are in the code', () => {
  const lines = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => /^\| (?!用語)/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThanOrEqual(60);
  for (const row of rows) expect(row.length === 3 && row.every((cell) => cell !== ''), row.join(' | ')).toBe(true);
  expect(new Set(rows.map(([term]) => term)).size).toBe(rows.length);
  const code = [...ours.map(({ text }) => text), ...globSync('db/migrations/*.sql', { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'))].join('\n');
  const unused = rows.filter(([, name = '']) => !name.includes('これから'))
    .flatMap(([, name = '']) => [...name.matchAll(/`(\w+)`/g)].map(([, word = '']) => word)).filter((word) => !new RegExp(`\\b${word}\\b`).test(code));
  expect(unused).toEqual([]);
});
