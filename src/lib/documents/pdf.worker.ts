import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { DEBIAN_IPAMJ, openFonts, type Fonts } from './fonts.server.ts';
import { checkHere, renderHere, type CheckResult, type RenderOptions, type RenderResult } from './render.server.ts';
import type { OfficialDocument } from './document.ts';

/**
 * The drawing thread. It keeps parsed fonts between documents and nothing else.
 * Node runs this file as it is, from the sources, also beside the built server.
 */

export interface Job { id: number; kind: 'render' | 'check'; document: OfficialDocument; options: RenderOptions }
export type Report = { kind: 'ready' } | { kind: 'done'; id: number; result: RenderResult | CheckResult; memory_mb: number };

const shelves = new Map<string | null, Fonts>();

function fontsFor(options: RenderOptions): Fonts {
  const path = options.ipamjPath === false ? null : options.ipamjPath ?? DEBIAN_IPAMJ;
  let fonts = shelves.get(path);
  if (!fonts) {
    shelves.clear();
    fonts = openFonts(path);
    shelves.set(path, fonts);
  }
  return fonts;
}

async function work(job: Job): Promise<RenderResult | CheckResult> {
  try {
    const fonts = fontsFor(job.options);
    return job.kind === 'check' ? checkHere(fonts, job.document, job.options) : await renderHere(fonts, job.document, job.options);
  } catch (error) {
    return { ok: false, reason: 'failed', message: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

function memoryInMegabytes(): number {
  const heap = getHeapStatistics();
  return (heap.used_heap_size + heap.external_memory) / 1_048_576;
}

parentPort?.on('message', async (job: Job) => {
  const result = await work(job);
  const report: Report = { kind: 'done', id: job.id, result, memory_mb: memoryInMegabytes() };
  // Copied, not transferred: Buffer.concat may have taken its bytes from Node's shared pool.
  parentPort?.postMessage(report);
});

fontsFor({}).warm();
parentPort?.postMessage({ kind: 'ready' } satisfies Report);
