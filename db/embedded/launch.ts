import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, statSync, truncateSync } from 'node:fs';
import type { Cluster } from './cluster.ts';

const LOG_LIMIT_BYTES = 10_000_000;

export type Launched = { pid: number | undefined; ended: boolean };

/** Starts the server program; `ended` turns true when it is gone. It goes on without us unless it is a test server. */
export function launch(cluster: Cluster, port: number, durable: boolean): Launched {
  const settings = {
    port, listen_addresses: '127.0.0.1', unix_socket_directories: '', password_encryption: 'scram-sha-256',
    // Without fsync a power cut may lose data; a killed server still does not, because every COMMIT reached the kernel.
    fsync: durable ? 'on' : 'off', full_page_writes: durable ? 'on' : 'off', synchronous_commit: 'on',
    max_connections: durable ? 100 : 300, jit: 'off', timezone: 'Asia/Tokyo', log_timezone: 'Asia/Tokyo',
    // Statements and row values are personal data: they stay out of the server's log.
    log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_line_prefix: '%m [%p] '
  };
  const { file, args, as } = cluster.runner.command(cluster.binaries.postgres, ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]);
  if ((statSync(cluster.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) truncateSync(cluster.log);
  const log = openSync(cluster.log, 'a', 0o600);
  // Detached: Ctrl+C must reach only us, so that the server is stopped after the requests in flight.
  const child = spawn(file, args, { ...as, cwd: '/', detached: true, stdio: ['ignore', log, log], env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  closeSync(log);
  const launched = { pid: child.pid, ended: false };
  child.once('exit', () => (launched.ended = true));
  child.once('error', (error) => {
    appendFileSync(cluster.log, `FATAL: ${error.message}\n`);
    launched.ended = true;
  });
  child.unref();
  if (!durable && child.pid) dieWithUs(child.pid, cluster.data);
  return launched;
}

/**
 * A test server outlives a killed test run otherwise: this shell waits for our end of the pipe to close, and stops it.
 * The lock file is looked at first, because a server that was stopped properly has left its pid to somebody else.
 */
function dieWithUs(pid: number, data: string): void {
  follow('[ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && kill -QUIT "$1"', String(pid), data);
}

/** Removes a test's folder when this process has ended. */
export function removeWithUs(home: string): void {
  // The server notices within a moment that it was stopped; what it still writes meanwhile goes as well.
  follow('for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; rm -rf -- "$1" && [ ! -e "$1" ] && break; done', home);
}

/** Runs a shell command when this process has ended, even by kill -9: the shell reads a pipe whose other end is ours. */
function follow(command: string, ...words: string[]): void {
  if (process.platform === 'win32') return;
  const shell = spawn('/bin/sh', ['-c', `cat >/dev/null; ${command}`, 'sh', ...words], { detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
}
