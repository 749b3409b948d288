import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../db/embedded/postmaster.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CRASHES_ALLOWED = 5;
const CRASH_WINDOW_MS = 60_000;
const RESTART_AFTER_MS = 300;
/** Longer than `serve.ts` gives its requests and its jobs together. */
const STOP_LIMIT_MS = 25_000;
const PORT_WAIT_MS = 4_000;
/** `serve.ts` leaves with this after saying itself what is wrong. */
const SAID_ALREADY = 2;

export type Served = { port: number; origin: string };

/** True when nobody listens there. A server that is just leaving gets a moment to go. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  const until = Date.now() + PORT_WAIT_MS;
  for (;;) {
    const free = await new Promise<boolean>((done) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => done(error.code !== 'EADDRINUSE'));
      probe.listen({ port, host }, () => probe.close(() => done(true)));
    });
    if (free || Date.now() > until) return free;
    await sleep(250);
  }
}

/**
 * Runs `serve.ts` and starts it again when it crashes, at most five times a minute.
 * Takes the server's environment; tells when it listens for the first time.
 * `finished` resolves to the exit code once the server has stopped for good.
 */
export function supervise(env: NodeJS.ProcessEnv, onListening: (served: Served) => void) {
  let child: ChildProcess;
  let stopping = false;
  let served: Served | undefined;
  const crashes: number[] = [];
  const finished = new Promise<number>((done) => {
    const launch = () => {
      child = fork(join(ROOT, 'commands/serve.ts'), [], { cwd: ROOT, env, stdio: 'inherit' });
      child.on('message', (message: { event: string } & Served) => {
        if (message.event !== 'listening' || served) return;
        served = message;
        onListening(message);
      });
      child.once('exit', (code, signal) => void left(code, signal));
    };
    const left = async (code: number | null, signal: NodeJS.Signals | null) => {
      if (stopping) return done(0);
      if (code === SAID_ALREADY || code === 0) return done(code);
      crashes.push(Date.now());
      const recent = crashes.filter((at) => at > Date.now() - CRASH_WINDOW_MS).length;
      if (!served || recent > CRASHES_ALLOWED) {
        console.error(`サーバーが起動できません（${signal ?? code}）。上の記録を確かめてください。 / the server keeps failing, see the lines above`);
        return done(1);
      }
      console.error(`サーバーが止まったため、もう一度起動します（${signal ?? code}） / the server stopped unexpectedly and is started again`);
      await sleep(RESTART_AFTER_MS);
      if (stopping) return done(0);
      launch();
    };
    launch();
  });
  return {
    finished,
    /** Lets requests under way finish; kills the server only when it does not leave in time. */
    async stop(): Promise<void> {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await gone;
      clearTimeout(limit);
    }
  };
}

/**
 * Calls back once when the person's `npm start` is gone: a Ctrl+C, a kill, a closed terminal, or npm itself killed,
 * which tells nobody. A portal without its npm would hold the port with no window to stop it from.
 */
export function onEnd(stop: (reason: string) => void): void {
  let called = false;
  const once = (reason: string) => {
    if (called) return;
    called = true;
    stop(reason);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, once);
  if (!process.env.npm_lifecycle_event) return;
  const parents = npmAncestors();
  setInterval(() => {
    if (parents.some((pid) => !isAlive(pid))) once('npm gone');
  }, 1_000).unref();
}

/** This process's parents up to npm: usually npm alone, with some shells also the `sh -c` between. */
function npmAncestors(): number[] {
  const found: number[] = [];
  let pid = process.ppid;
  while (pid > 1 && found.length < 3) {
    found.push(pid);
    const command = procFile(pid, 'cmdline')?.replaceAll('\0', ' ') ?? 'npm';
    if (/\bnpm\b/.test(command) && !/^\S*sh -c/.test(command)) return found;
    pid = Number(/^\d+ \(.*\) \S (\d+)/s.exec(procFile(pid, 'stat') ?? '')?.[1] ?? 0);
  }
  // npm was not among them (another tool set its variables): only the direct parent is known to matter.
  return found.slice(0, 1);
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
