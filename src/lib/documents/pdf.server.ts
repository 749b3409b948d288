import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { portalRoot } from '../settings/environment.server.ts';
import { LIMITS, textUnits, type OfficialDocument } from './document.ts';
import { startPool, type Pool } from './pool.server.ts';
import type { CheckResult, RenderOptions, RenderResult } from './render.server.ts';

export type { CheckResult, RenderOptions, RenderRefusal, RenderResult } from './render.server.ts';

/**
 * PDFs are drawn in worker threads, so that a page request never waits for a letter,
 * and a document that eats time or memory costs one worker and gets a typed refusal.
 */
export interface Renderer {
  render(document: OfficialDocument, options?: RenderOptions): Promise<RenderResult>;
  /** Which characters could not be drawn, asked before anybody decides anything. */
  check(document: OfficialDocument, options?: RenderOptions): Promise<CheckResult>;
  batch<Key>(items: Iterable<BatchItem<Key>> | AsyncIterable<BatchItem<Key>>, options?: RenderOptions): AsyncGenerator<{ key: Key; result: RenderResult }>;
  close(): Promise<void>;
}
export interface BatchItem<Key> { key: Key; document: OfficialDocument; options?: RenderOptions }

export interface RendererSettings {
  render_ms?: number;
  memory_mb?: number;
  workers?: number;
  queue?: number;
}

/** A renderer with its own workers. They start with the first document and never keep the process alive. */
export function createRenderer(settings: RendererSettings = {}): Renderer {
  let pool: Pool | null = null;
  const open = (): Pool => pool ??= startPool({
    file: workerFile(),
    render_ms: settings.render_ms ?? LIMITS.render_ms, memory_mb: settings.memory_mb ?? LIMITS.memory_mb,
    workers: settings.workers ?? LIMITS.workers, queue: settings.queue ?? LIMITS.queue
  });
  const run = async (kind: 'render' | 'check', document: OfficialDocument, options: RenderOptions): Promise<RenderResult | CheckResult> => {
    // Before the document is copied to the worker: the copy itself would block this thread.
    if (textUnits(document) > LIMITS.text_units) return { ok: false, reason: 'too_long', message: `more than ${LIMITS.text_units} characters` };
    return open().run({ kind, document, options });
  };
  const render = async (document: OfficialDocument, options: RenderOptions = {}) => await run('render', document, options) as RenderResult;
  return {
    render,
    check: async (document, options = {}) => await run('check', document, options),
    async *batch(items, options = {}) {
      // One at a time: the next document is built when the last is stored, so a batch of any size needs the memory of one.
      for await (const item of items) yield { key: item.key, result: await render(item.document, { ...options, ...item.options }) };
    },
    close: async () => { await pool?.close(); pool = null; }
  };
}

/** Beside this file while Node runs the sources; among the sources under the project root when this code was bundled. */
function workerFile(): string {
  const beside = join(import.meta.dirname ?? '', 'pdf.worker.ts');
  return existsSync(beside) ? beside : join(portalRoot(), 'src/lib/documents/pdf.worker.ts');
}

const shared = createRenderer();

/** Renders one document in the portal's own workers. */
export const renderPdf = shared.render;
/** Finds characters no font has, without drawing. */
export const checkPdf = shared.check;
/** Renders many documents one after another through the same warm worker. */
export const renderBatch = shared.batch;
/** Ends the portal's workers (at shutdown, and in tests). */
export const closeRenderer = shared.close;
