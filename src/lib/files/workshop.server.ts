import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { portalRoot } from '../settings/environment.server.ts';
import { log } from '../settings/log.server.ts';
import type { FileKind, MediaType } from './limits.ts';
import { isReason, type Reason } from './refusal.ts';

/**
 * Strangers' files are opened in a thread of their own, a new one per file: few at a time, with a time limit,
 * without the server's environment (it holds the database's password).
 */

export type Task = { kind: FileKind; bytes: Uint8Array };
export type Answer =
  | { ok: true; bytes: Uint8Array | null; media_type: MediaType; pages: number | null }
  | { ok: false; reason: Reason };

const PLACES = 2;
/** A 48-megapixel HEIC needs about 1 GB while it is unpacked: it works alone. */
const PLACES_NEEDED: Record<FileKind, number> = { pdf: 1, jpeg: 1, png: 1, heic: 2 };
const MAX_WAITING = 24;
const MAX_WAIT_MS = 30_000;
const MAX_WORK_MS = 15_000;
const MEMORY = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

let free = PLACES;
type Waiting = { needs: number; start: () => void };
const waiting: Waiting[] = [];

/** Never throws: whatever happens to the thread is an answer. */
export async function inspect(task: Task, work_ms = MAX_WORK_MS): Promise<Answer> {
  const needs = PLACES_NEEDED[task.kind];
  if (!(await place(needs))) return { ok: false, reason: 'busy' };
  try {
    return await work(task, work_ms);
  } finally {
    free += needs;
    admit();
  }
}

/** Takes places or queues for them, first come first served; false when the queue is full or the wait too long. */
function place(needs: number): Promise<boolean> {
  if (waiting.length >= MAX_WAITING) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(entry), 1);
      resolve(false);
      admit();
    }, MAX_WAIT_MS);
    const entry: Waiting = { needs, start: () => { clearTimeout(timer); resolve(true); } };
    waiting.push(entry);
    admit();
  });
}

function admit(): void {
  while (waiting[0] && waiting[0].needs <= free) {
    const entry = waiting.shift()!;
    free -= entry.needs;
    entry.start();
  }
}

function work(task: Task, work_ms: number): Promise<Answer> {
  return new Promise((resolve) => {
    // A copy is handed over: the caller keeps its bytes, and the thread's memory goes with the thread.
    const bytes = Uint8Array.from(task.bytes);
    const worker = new Worker(workerUrl(task.kind), {
      workerData: { kind: task.kind, bytes }, transferList: [bytes.buffer], resourceLimits: MEMORY,
      env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true
    });
    const timer = setTimeout(() => end({ ok: false, reason: 'took_too_long' }), work_ms);
    let ended = false;
    const end = (answer: Answer): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      // The place is given back only when the thread is gone, so two means two.
      worker.terminate().then(() => resolve(answer), () => resolve(answer));
    };
    worker.once('message', (message: unknown) => end(isAnswer(message) ? message : { ok: false, reason: 'damaged' }));
    worker.once('error', (error) => {
      // Files that cannot be read are answered by the thread; this is a thread out of memory, or a mistake of ours.
      log('warning', { event: 'file.thread_failed', kind: task.kind, error });
      end({ ok: false, reason: 'damaged' });
    });
    worker.once('exit', () => end({ ok: false, reason: 'damaged' }));
    worker.stdout.resume();
    worker.stderr.resume();
  });
}

/** Plain source files, not part of the bundle: Node runs them as they stand. */
function workerUrl(kind: FileKind): URL {
  const root = portalRoot();
  return pathToFileURL(join(root, 'src/lib/files', kind === 'pdf' ? 'pdf.worker.ts' : 'images.worker.ts'));
}

function isAnswer(message: unknown): message is Answer {
  if (typeof message !== 'object' || message === null || !('ok' in message)) return false;
  return message.ok === true || ('reason' in message && isReason(message.reason));
}
