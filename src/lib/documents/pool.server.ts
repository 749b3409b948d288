import { Worker } from 'node:worker_threads';
import type { OfficialDocument } from './document.ts';
import type { Job, Report } from './pdf.worker.ts';
import type { CheckResult, RenderOptions, RenderResult } from './render.server.ts';

/** A few drawing threads behind a bounded queue. A thread that breaks a limit is ended and replaced. */

type Result = RenderResult | CheckResult;
interface Task { kind: Job['kind']; document: OfficialDocument; options: RenderOptions }
interface Waiting { task: Task; answer: (result: Result) => void }
interface Slot { worker: Worker; ready: boolean; doing: (Waiting & { id: number }) | null; timer: NodeJS.Timeout | null }

export interface PoolSettings { file: string; render_ms: number; memory_mb: number; workers: number; queue: number }
export interface Pool { run(task: Task): Promise<Result>; close(): Promise<void> }

/** Starting a thread reads and parses fonts; that time is not the document's. */
const START_MS = 30_000;
/** Part of the memory limit V8 gives to young objects; the rest is the old generation. More only costs memory: a letter is no faster. */
const YOUNG_MB = 16;
/** A thread that holds this share of its limit after a document is replaced before it can fail the next one. */
const REPLACE_AT = 0.75;

const refusal = (reason: 'failed' | 'busy' | 'too_slow' | 'too_much_memory', message: string): Result => ({ ok: false, reason, message });
const CLOSED = refusal('failed', 'the renderer is closed');

function newWorker(settings: PoolSettings): Worker {
  return new Worker(settings.file, {
    resourceLimits: { maxOldGenerationSizeMb: Math.max(8, settings.memory_mb - YOUNG_MB), maxYoungGenerationSizeMb: YOUNG_MB },
    // Nothing of this process's switches or secrets belongs into a drawing thread.
    execArgv: [], env: {}
  });
}

function deathOf(error: Error & { code?: string }, settings: PoolSettings): Result {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? refusal('too_much_memory', `more than ${settings.memory_mb} MB`) : refusal('failed', error.stack ?? error.message);
}

function answer(slot: Slot, result: Result): void {
  const doing = slot.doing;
  if (slot.timer) clearTimeout(slot.timer);
  slot.doing = null;
  slot.timer = null;
  doing?.answer(result);
}

function giveTime(slot: Slot, milliseconds: number, late: () => void): void {
  if (slot.timer) clearTimeout(slot.timer);
  slot.timer = setTimeout(late, milliseconds);
}

/** Starts no thread before the first task. */
export function startPool(settings: PoolSettings): Pool {
  const slots: Slot[] = [];
  const queue: Waiting[] = [];
  let lastId = 0;
  let closed = false;

  const retire = (slot: Slot, result: Result): void => {
    const at = slots.indexOf(slot);
    if (at >= 0) slots.splice(at, 1);
    answer(slot, result);
    void slot.worker.terminate();
    pump();
  };
  const send = (slot: Slot, { id, task }: { id: number; task: Task }): void => {
    giveTime(slot, settings.render_ms, () => retire(slot, refusal('too_slow', `longer than ${settings.render_ms} ms`)));
    slot.worker.postMessage({ id, ...task } satisfies Job);
  };
  const hear = (slot: Slot, report: Report): void => {
    if (report.kind === 'ready') {
      slot.ready = true;
      if (slot.doing) send(slot, slot.doing);
    } else if (report.id === slot.doing?.id) {
      slot.worker.unref();
      if (report.memory_mb > settings.memory_mb * REPLACE_AT) retire(slot, report.result);
      else { answer(slot, report.result); pump(); }
    }
  };
  const start = (): Slot => {
    const slot: Slot = { worker: newWorker(settings), ready: false, doing: null, timer: null };
    slot.worker.on('message', (report: Report) => hear(slot, report));
    slot.worker.on('error', (error) => retire(slot, deathOf(error as Error, settings)));
    slot.worker.on('exit', () => retire(slot, refusal('failed', 'the drawing thread ended')));
    slots.push(slot);
    return slot;
  };
  const assign = (slot: Slot, waiting: Waiting): void => {
    slot.doing = { ...waiting, id: lastId += 1 };
    slot.worker.ref();
    if (slot.ready) send(slot, slot.doing);
    else giveTime(slot, START_MS, () => retire(slot, refusal('failed', 'the drawing thread did not start')));
  };
  const pump = (): void => {
    while (queue.length > 0 && !closed) {
      const free = slots.find((slot) => slot.doing === null) ?? (slots.length < settings.workers ? start() : null);
      if (!free) return;
      assign(free, queue.shift() as Waiting);
    }
  };
  return { run, close };

  function run(task: Task): Promise<Result> {
    return new Promise((resolve) => {
      if (closed) resolve(CLOSED);
      else if (queue.length >= settings.queue) resolve(refusal('busy', `${settings.queue} documents are waiting`));
      else { queue.push({ task, answer: resolve }); pump(); }
    });
  }
  async function close(): Promise<void> {
    closed = true;
    for (const waiting of queue.splice(0)) waiting.answer(CLOSED);
    const ending = slots.splice(0);
    for (const slot of ending) answer(slot, CLOSED);
    await Promise.all(ending.map(({ worker }) => worker.terminate()));
  }
}
