/**
 * A round of letters in a process of its own, as the portal's job does it: numbers, PDFs, files and audit entries in
 * PostgreSQL, and the zip an officer downloads. Tells what it took, and the most memory it ever held.
 */
import { existsSync, readFileSync } from 'node:fs';
import { begin, lettersOf, run } from '../../src/lib/documents/batch.server.ts';
import { closeRenderer } from '../../src/lib/documents/pdf.server.ts';
import { lettersZip } from '../../src/lib/documents/zip.server.ts';
import { closePool, configureDatabase, sql, transaction } from '../../src/lib/db/db.server.ts';
import * as files from '../../src/lib/files/store.server.ts';
import { dayOf } from '../../src/lib/time/day.ts';

export interface Told { letters: number; milliseconds: number; zipBytes: number; peakMegabytes: number }

const [, , appUrl, edition, officer] = process.argv as [string, string, string, string, string];
configureDatabase(appUrl, { connectMs: 10_000 });
const begun = await transaction({ name: `account:${officer}` }, (tx) => begin(tx, officer, edition, dayOf(new Date())));
if (!begun.ok) throw new Error(begun.reason);
const started = performance.now();
await run(begun.id);
const milliseconds = performance.now() - started;
const letters = await lettersOf(sql, begun.id, officer);
let zipBytes = 0;
for await (const chunk of lettersZip(letters, openLetter)) zipBytes += (chunk as Buffer).length;
process.send?.({ letters: letters.length, milliseconds, zipBytes, peakMegabytes: peakMegabytes() } satisfies Told);
await closeRenderer();
await closePool();
process.disconnect?.();

async function openLetter(id: string): Promise<Uint8Array> {
  const opened = await files.open(sql, id);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.bytes;
}

/** The process's own peak. resourceUsage() would also count what its parent held when it was forked, so it is the second choice. */
function peakMegabytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return Number(peak ?? process.resourceUsage().maxRSS) / 1024;
}
