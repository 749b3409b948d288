import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { locateBinaries, type Binaries } from './binaries.ts';
import { chooseRunner, type Runner } from './run-as.ts';

export const OWNER = 'portal_owner';
export const APP_ROLE = 'portal_app';
export const DATABASE = 'portal';
const MAJOR = '18';

/** One data folder, ready to be started: where it is, who runs it, and its passwords. */
export type Cluster = {
  folder: string;
  data: string;
  log: string;
  binaries: Binaries;
  runner: Runner;
  passwords: { owner: string; app: string };
};

/**
 * Makes the data folder on first use, or opens the one that is there.
 * Takes the folder, whether data must survive a crash, and a place to tell the user something.
 * Refuses a folder of another PostgreSQL major version or of another user.
 */
export function prepareCluster(home: string, durable: boolean, say: (line: string) => void, binariesRoot?: string): Cluster {
  let binaries = locateBinaries(binariesRoot);
  let folder = join(home, 'server');
  mkdirSync(home, { recursive: true });
  const choose = () => chooseRunner(binaries.postgres, dirname(folder), join(folder, 'data'));
  let runner = choose();
  if (!runner) {
    binaries = locateBinaries(reachableCopy(binaries.root));
    runner = choose();
  }
  if (!runner) {
    folder = join(reachablePlace(), `data-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`, 'server');
    mkdirSync(dirname(folder), { recursive: true });
    chmodSync(dirname(folder), 0o755);
    say(`root では PostgreSQL を動かせず、一般利用者は ${home} に届かないため、データを ${folder} に置きます / data is kept in ${folder}`);
    runner = choose();
  }
  if (!runner) throw new Error('PostgreSQL を一般利用者として動かせません。一般利用者で起動するか DATABASE_URL を指定してください / cannot run PostgreSQL as an unprivileged user');
  if (!existsSync(folder)) {
    say('データベースを初めて作っています（数秒かかります）');
    initialise(folder, binaries, runner, durable);
  }
  return { folder, data: join(folder, 'data'), log: join(folder, 'server.log'), binaries, runner, passwords: openExisting(folder) };
}

/** Data and passwords are made together elsewhere and appear by one rename, so a crash or a second start never sees half of them. */
function initialise(folder: string, binaries: Binaries, runner: Runner, durable: boolean): void {
  const draft = `${folder}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  const passwords = { owner: randomBytes(24).toString('base64url'), app: randomBytes(24).toString('base64url') };
  mkdirSync(join(draft, 'holders'), { recursive: true, mode: 0o700 });
  writeFileSync(join(draft, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  const handover = join(draft, 'password');
  writeFileSync(handover, passwords.owner, { mode: 0o600 });
  const { account } = runner;
  if (account) for (const path of [draft, handover]) chownSync(path, account.uid, account.gid);
  try {
    const { file, args, as } = runner.command(binaries.initdb, [
      '-D', join(draft, 'data'), `--username=${OWNER}`, `--pwfile=${handover}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync'])
    ]);
    const done = spawnSync(file, args, { ...as, cwd: '/', encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C' } });
    rmSync(handover);
    if (done.status !== 0) {
      throw new Error(`データベースを作れません: ${(done.stderr || String(done.error ?? '')).trim().split('\n').pop()} / initdb failed`, { cause: done.stderr });
    }
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Someone else finished first: theirs is used.
    if (!existsSync(folder)) throw error;
  }
}

function openExisting(folder: string): Cluster['passwords'] {
  try {
    const version = readFileSync(join(folder, 'data', 'PG_VERSION'), 'utf8').trim();
    if (version !== MAJOR) throw new Error(`データは PostgreSQL ${version} のものです。必要なのは ${MAJOR} です: ${folder} / data of another major version`);
    return JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Cluster['passwords'];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EACCES') {
      throw new Error(`別の利用者が作ったデータです。同じ利用者で起動してください: ${folder} / data belongs to another user`, { cause });
    }
    throw cause;
  }
}

/** A folder of root's that every user can pass through. Not one that somebody else prepared for us. */
function reachablePlace(): string {
  for (const place of ['/var/lib/kyodo-portal', '/var/tmp/kyodo-portal']) {
    try {
      if (mkdirSync(place, { recursive: true })) chmodSync(place, 0o755);
    } catch {
      continue;
    }
    const { uid, mode } = statSync(place);
    if (uid === 0 && (mode & 0o022) === 0) return place;
  }
  throw new Error('root のための置き場所（/var/lib/kyodo-portal）を作れません / no place that an unprivileged user can reach');
}

/** A copy of the programs where any user can run them; made once per version. */
function reachableCopy(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const target = join(reachablePlace(), `postgresql-${version}-${process.arch}`);
  if (existsSync(target)) return target;
  const draft = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(draft, { recursive: true });
  for (const part of ['native', 'package.json']) cpSync(join(root, part), join(draft, part), { recursive: true, verbatimSymlinks: true });
  // Whatever root's umask is.
  spawnSync('chmod', ['-R', 'a+rX', draft]);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Drafts of an initialisation that was killed; only those whose maker is gone. */
export function removeAbandonedDrafts(home: string, alive: (pid: number) => boolean): void {
  for (const name of readdirSync(home)) {
    const maker = /^server\.new-(\d+)-/.exec(basename(name))?.[1];
    if (maker && !alive(Number(maker))) rmSync(join(home, name), { recursive: true, force: true });
  }
}
