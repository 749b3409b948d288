import { spawnSync } from 'node:child_process';
import { inflateSync } from 'node:zlib';

/**
 * Reads PDFs back in tests, as a stranger's program would: text by page, and the objects inside.
 * `pdftotext` (poppler) where it is installed, `pdfjs-dist` everywhere else.
 */

let poppler: boolean | undefined;
/** Whether poppler's pdftotext is on this machine; asked once. */
export const hasPdftotext = (): boolean => poppler ??= spawnSync('pdftotext', ['-v']).error === undefined;

/** The text of every page, in the order in which it was written; blanks and line ends differ between readers. */
export async function readPdf(bytes: Uint8Array): Promise<string[]> {
  return hasPdftotext() ? readWithPoppler(bytes) : readWithPdfjs(bytes);
}

/** The whole text without any white space: what was written, however the lines fell. */
export async function textOf(bytes: Uint8Array): Promise<string> {
  return (await readPdf(bytes)).join('').replace(/\s+/gu, '');
}

function readWithPoppler(bytes: Uint8Array): string[] {
  const run = spawnSync('pdftotext', ['-raw', '-enc', 'UTF-8', '-', '-'], { input: bytes, maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`pdftotext: ${run.stderr.toString()}`);
  return run.stdout.toString('utf8').split('\f').slice(0, -1);
}

interface PdfjsPage { getTextContent(options?: object): Promise<{ items: { str?: string; hasEOL?: boolean }[] }> }
interface Pdfjs {
  getDocument(source: object): { promise: Promise<{ numPages: number; getPage(at: number): Promise<PdfjsPage>; destroy?(): Promise<void> }> };
}

async function readWithPdfjs(bytes: Uint8Array): Promise<string[]> {
  // A name in a variable, so that neither the type checker nor Vite asks for the package where it is absent.
  const name = 'pdfjs-dist/legacy/build/pdf.mjs';
  const pdfjs = await import(/* @vite-ignore */ name) as Pdfjs;
  const pdf = await pdfjs.getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, isEvalSupported: false, disableFontFace: true, verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let at = 1; at <= pdf.numPages; at += 1) {
    const content = await (await pdf.getPage(at)).getTextContent({ disableNormalization: true });
    pages.push(content.items.map((item) => (item.str ?? '') + (item.hasEOL ? '\n' : '')).join(''));
  }
  return pages;
}

/** Every object of a PDF as pdfkit writes them: number → dictionary text, and the stream inflated where it was deflated. */
export function pdfObjects(bytes: Uint8Array): Map<number, { dictionary: string; stream: string | null }> {
  const raw = Buffer.from(bytes).toString('latin1');
  const objects = new Map<number, { dictionary: string; stream: string | null }>();
  for (const match of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const from = match.index + match[0].length;
    const stream = raw.indexOf('stream\n', from);
    const end = raw.indexOf('\nendobj', from);
    if (stream === -1 || stream > end && !/\/Length /.test(raw.slice(from, end))) {
      objects.set(Number(match[1]), { dictionary: raw.slice(from, end), stream: null });
      continue;
    }
    const dictionary = raw.slice(from, Math.min(stream, end));
    const length = /\/Length (\d+)/.exec(dictionary)?.[1];
    const data = length === undefined ? null : Buffer.from(raw.slice(stream + 7, stream + 7 + Number(length)), 'latin1');
    objects.set(Number(match[1]), { dictionary, stream: data && (dictionary.includes('FlateDecode') ? inflateSync(data) : data).toString('latin1') });
  }
  return objects;
}
