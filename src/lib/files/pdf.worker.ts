import { parentPort, workerData } from 'node:worker_threads';
import { inspectPdf } from './pdf.ts';
import type { Answer, Task } from './workshop.server.ts';

// A hostile PDF may make the search slow: in its own thread it can be stopped without anyone else waiting.
const task = workerData as Task;
const result = inspectPdf(Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength));
const answer: Answer = result.ok ? { ok: true, bytes: null, media_type: 'application/pdf', pages: result.pages } : result;
parentPort!.postMessage(answer);
