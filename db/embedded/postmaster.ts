import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Postmaster = { pid: number; port: number; ready: boolean };

/**
 * Reads `postmaster.pid` in the data folder and answers the living server it names, if that server is ours.
 * A file left by a dead server, by another program that got the same pid, or copied along with the folder is removed:
 * PostgreSQL would refuse to start over the last two.
 */
export function livingPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim());
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const ours = Number.isInteger(pid) && pid > 0 && sameFolder(lines[1], data);
  if (ours && isAlive(pid) && servesFolder(pid, data)) return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
  if (lines.length > 1) rmSync(file, { force: true });
  return undefined;
}

/** True while the process runs; a zombie (dead, not yet collected by its parent) does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return procFile(pid, 'stat')?.replace(/^.*\) /s, '')[0] !== 'Z';
}

/** Where there is no /proc the password tells, a moment later, whether it is ours. */
function servesFolder(pid: number, data: string): boolean {
  const command = procFile(pid, 'cmdline');
  return command === undefined || command.split('\0').includes(data);
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function sameFolder(a: string | undefined, b: string): boolean {
  try {
    return a !== undefined && realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
