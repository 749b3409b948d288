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
/** Part of the memory limit V8 gives to young objects; the rest is the old generation. */
const YOUNG_MB = 32;
/** A thread that holds this share of its limit after a document is replaced before it can fail the next one. */
const REPLACE_AT = 0.75;

export function startPool(settings: PoolSettings): Pool {
  const slots: Slot[] = [];
  const queue: Waiting[] = [];
  let lastId = 0;
  let closed = false;

  const answer = (slot: Slot, result: Result): void => {
    const doing = slot.doing;
    if (slot.timer) clearTimeout(slot.timer);
    slot.doing = null;
    slot.timer = null;
    doing?.answer(result);
  };
  const retire = (slot: Slot, result: Result): void => {
    const at = slots.indexOf(slot);
    if (at >= 0) slots.splice(at, 1);
    answer(slot, result);
    void slot.worker.terminate();
    pump();
  };
  const start = (): Slot => {
    const worker = new Worker(settings.file, {
      resourceLimits: { maxOldGenerationSizeMb: Math.max(8, settings.memory_mb - YOUNG_MB), maxYoungGenerationSizeMb: YOUNG_MB },
      execArgv: [], env: {}
    });
    const slot: Slot = { worker, ready: false, doing: null, timer: null };
    worker.on('message', (report: Report) => hear(slot, report));
    worker.on('error', (error: Error & { code?: string }) => retire(slot, error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? { ok: false, reason: 'too_much_memory', message: `more than ${settings.memory_mb} MB` }
      : { ok: false, reason: 'failed', message: error.stack ?? error.message }));
    worker.on('exit', () => retire(slot, { ok: false, reason: 'failed', message: 'the drawing thread ended' }));
    slots.push(slot);
    return slot;
  };
  const hear = (slot: Slot, report: Report): void => {
    if (report.kind === 'ready') {
      slot.ready = true;
      if (slot.doing) send(slot);
      return;
    }
    if (report.id !== slot.doing?.id) return;
    slot.worker.unref();
    if (report.memory_mb > settings.memory_mb * REPLACE_AT) retire(slot, report.result);
    else { answer(slot, report.result); pump(); }
  };
  const send = (slot: Slot): void => {
    const doing = slot.doing;
    if (!doing) return;
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = setTimeout(() => retire(slot, { ok: false, reason: 'too_slow', message: `longer than ${settings.render_ms} ms` }), settings.render_ms);
    slot.worker.postMessage({ id: doing.id, ...doing.task } satisfies Job);
  };
  const assign = (slot: Slot, waiting: Waiting): void => {
    slot.doing = { ...waiting, id: lastId += 1 };
    slot.worker.ref();
    if (slot.ready) send(slot);
    else slot.timer = setTimeout(() => retire(slot, { ok: false, reason: 'failed', message: 'the drawing thread did not start' }), START_MS);
  };
  const pump = (): void => {
    while (queue.length > 0 && !closed) {
      const free = slots.find((slot) => slot.doing === null) ?? (slots.length < settings.workers ? start() : null);
      if (!free) return;
      assign(free, queue.shift() as Waiting);
    }
  };
  return {
    run: (task) => new Promise((resolve) => {
      if (closed) { resolve({ ok: false, reason: 'failed', message: 'the renderer is closed' }); return; }
      if (queue.length >= settings.queue) { resolve({ ok: false, reason: 'busy', message: `${settings.queue} documents are waiting` }); return; }
      queue.push({ task, answer: resolve });
      pump();
    }),
    close: async () => {
      closed = true;
      for (const waiting of queue.splice(0)) waiting.answer({ ok: false, reason: 'failed', message: 'the renderer is closed' });
      const ending = slots.splice(0);
      for (const slot of ending) answer(slot, { ok: false, reason: 'failed', message: 'the renderer is closed' });
      await Promise.all(ending.map(({ worker }) => worker.terminate()));
    }
  };
}
