import { describe, expect, test } from 'vitest';
import { circles, isTest, sources, type Source } from './source.ts';

/**
 * Who may import whom (CONTRIBUTING.md): a folder of src/lib imports those before it in this list, never those after.
 * A new noun takes its place here in the commit that creates its folder.
 */
const ORDER = [
  'money', 'time', 'formulas', 'environment', 'forms', 'ui', 'db', 'audit', 'settings', 'files', 'mail',
  'accounts', 'policy', 'organisations', 'schemes', 'applications', 'screening', 'awards', 'settlement',
  'associations', 'lights', 'indicators', 'documents', 'retention', 'jobs'
];
/** Pure, or knowing no domain: what these may import is said by name. */
const ONLY: Record<string, readonly string[]> = {
  money: [], time: ['money'], formulas: ['money', 'time'], environment: [], forms: ['money', 'time'], ui: ['money', 'time', 'forms'], db: ['environment', 'time', 'money']
};

/** The folder of src/lib a file belongs to; the reader of the environment stands alone, below everything. */
function folderOf(path: string): string | null {
  if (path === 'src/lib/settings/environment.server.ts') return 'environment';
  return /^src\/lib\/([^/]+)\//.exec(path)?.[1] ?? null;
}

const all = sources('src/**/*.ts', 'src/**/*.svelte');
const lib = all.filter(({ path }) => path.startsWith('src/lib/') && !isTest(path));
const wrong = (files: readonly Source[], judge: (file: Source, imported: string) => boolean): string[] =>
  files.flatMap((file) => file.imports.flatMap(({ file: to }) => (to !== null && judge(file, to) ? [`${file.path} → ${to}`] : [])));

describe('the import graph of src', () => {
  test('every folder has its place in the order', () => {
    const unplaced = [...new Set(lib.map(({ path }) => folderOf(path)))].filter((folder) => folder !== null && !ORDER.includes(folder));
    expect(unplaced, 'give each its place in ORDER (tests/house/arrows.test.ts)').toEqual([]);
  });

  test('no arrow runs the other way', () => {
    expect(wrong(lib, (file, to) => {
      const [from, target] = [folderOf(file.path), folderOf(to)];
      return from !== null && target !== null && from !== target && ORDER.indexOf(target) > ORDER.indexOf(from);
    })).toEqual([]);
  });

  test('the ground knows no domain', () => {
    expect(wrong(lib, (file, to) => {
      const [from, target] = [folderOf(file.path) ?? '', folderOf(to) ?? 'routes'];
      return from in ONLY && from !== target && !ONLY[from]?.includes(target);
    })).toEqual([]);
  });

  test('nothing in src/lib imports a route', () => {
    expect(wrong(lib, (_, to) => to.startsWith('src/routes/') || to.startsWith('src/hooks'))).toEqual([]);
  });

  test('one route does not import another', () => {
    const routes = all.filter(({ path }) => path.startsWith('src/routes/') && !isTest(path));
    expect(wrong(routes, ({ path }, to) => to.startsWith('src/routes/') && !path.startsWith(to.slice(0, to.lastIndexOf('/') + 1)))).toEqual([]);
  });

  test('no circles', () => {
    expect(circles(all.filter(({ path }) => !isTest(path)))).toEqual([]);
  });

  test('what runs in the browser takes only types from the server', () => {
    const browser = all.filter(({ path }) => path.endsWith('.svelte') || /\/\+(?:page|layout)\.ts$/.test(path));
    const values = browser.flatMap((file) => file.imports.filter((one) => !one.typeOnly && /\.server(?:\.ts)?$/.test(one.specifier)).map((one) => `${file.path} → ${one.specifier}`));
    expect(values).toEqual([]);
  });
});

describe('plain Node can run it', () => {
  const plain = [...lib.filter(({ path }) => path.endsWith('.ts')), ...sources('src/lib/**/*.test.ts', 'db/**/*.ts', 'commands/**/*.ts', 'tests/**/*.ts')]
    .filter(({ path }) => path !== 'tests/house/source.test.ts'); // It holds made-up imports in its texts.

  test('imports are relative, with their ending, and name a file that exists', () => {
    const broken = plain.flatMap((file) => file.imports
      .filter(({ specifier, file: to }) => /^\$(?:app|env|lib)/.test(specifier) || (specifier.startsWith('.') && (to === null || !specifier.replace(/[?#].*$/, '').endsWith(to.slice(to.lastIndexOf('.'))))))
      .map(({ specifier }) => `${file.path} → ${specifier}`));
    expect(broken).toEqual([]);
  });
});
