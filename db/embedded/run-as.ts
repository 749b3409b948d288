import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

export type Account = { uid: number; gid: number };

/** How to start a PostgreSQL program: as whom, and behind which wrapper. */
export type Runner = {
  account?: Account;
  how: string;
  command(file: string, args: string[]): { file: string; args: string[]; as: Partial<Account> };
};

const direct: Runner = { how: 'as the current user', command: (file, args) => ({ file, args, as: {} }) };

/**
 * Chooses how to run PostgreSQL, which refuses to run as root.
 * Takes the program, the folder it must reach and (if there is one) the existing data folder, whose owner wins.
 * Returns undefined when no way reaches both: the caller then moves them to a reachable place.
 */
export function chooseRunner(program: string, folder: string, existingData?: string): Runner | undefined {
  if (process.getuid?.() !== 0) return direct;
  const account = ownerOf(existingData) ?? unprivilegedAccount();
  const plain: Runner = { how: `as uid ${account.uid}`, account, command: (file, args) => ({ file, args, as: account }) };
  // The programs ask access(2) about their own file, which ignores capabilities: they need a path open to everyone.
  if (!works(plain, program, ['--version'])) return undefined;
  // The data may lie below a closed folder such as /root (0700): the server may pass through folders, and nothing more.
  // Containers often keep dac_override and drop dac_read_search.
  const ways = [plain, throughClosedFolders(account, 'dac_read_search'), throughClosedFolders(account, 'dac_override')];
  return ways.find((way) => works(way, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]));
}

function throughClosedFolders(account: Account, capability: string): Runner {
  const drop = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`];
  return { how: `as uid ${account.uid} with ${capability}`, account, command: (file, args) => ({ file: 'setpriv', args: [...drop, '--', file, ...args], as: {} }) };
}

function works(way: Runner, program: string, args: string[]): boolean {
  const { file, args: all, as } = way.command(program, args);
  return spawnSync(file, all, { ...as, cwd: '/', stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function ownerOf(folder: string | undefined): Account | undefined {
  const stat = folder ? statSync(folder, { throwIfNoEntry: false }) : undefined;
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
}

function unprivilegedAccount(): Account {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find((fields) => fields[0] === name);
    if (found && Number(found[2]) > 0) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  // Any id but 0 will do for PostgreSQL; 65534 is nobody on nearly every system.
  return { uid: 65534, gid: 65534 };
}
