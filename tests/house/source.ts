/** Reads the checkout's own source for the architecture tests: files, their imports, and what those resolve to. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  /** As written. */
  specifier: string;
  /** Path from the root when it names one of our files ('src/lib/time/day.ts'), else null: a package, or nothing. */
  file: string | null;
  /** Erased before anything runs. */
  typeOnly: boolean;
}

export interface Source { path: string; text: string; lines: number; imports: Import[] }

/** Every file matching the globs, read once, paths from the root with '/'. */
export function sources(...globs: string[]): Source[] {
  const paths = globs.flatMap((glob) => globSync(glob, { cwd: ROOT })).map((path) => path.replaceAll('\\', '/'));
  return [...new Set(paths)].sort().map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, lines: text.split('\n').length - 1, imports: importsOf(path, text) };
  });
}

export const isTest = (path: string): boolean => path.endsWith('.test.ts');

const IMPORT = /(?:^|[;\n])[ \t]*(?:import|export)\s+(type\s+)?(?:([\w*{}\s,$]+?)\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** The imports of one file, in the order they stand. */
export function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, type, names, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    const everyNameIsType = /^\s*\{(?:\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*,?)+\s*\}\s*$/.test(names ?? '');
    return { specifier, file: resolve(path, specifier), typeOnly: type !== undefined || everyNameIsType };
  });
}

function resolve(from: string, specifier: string): string | null {
  const bare = specifier.replace(/[?#].*$/, '');
  const target = bare.startsWith('$lib/') ? `src/lib/${bare.slice(5)}` : bare.startsWith('.') ? normalize(join(dirname(from), bare)).replaceAll('\\', '/') : null;
  if (target === null) return null;
  return [target, `${target}.ts`, `${target}.svelte.ts`, `${target}/index.ts`].find((one) => /\.\w+$/.test(one) && existsSync(join(ROOT, one))) ?? null;
}

/** Every circle among the files, each once, as 'a → b → a'. */
export function circles(files: readonly Source[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const { file } of byPath.get(path)?.imports ?? []) if (file !== null && byPath.has(file)) walk(file, [...trail, path]);
    done.add(path);
  };
  for (const file of files) walk(file.path, []);
  return found;
}
