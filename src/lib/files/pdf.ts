import { inflateSync } from 'node:zlib';
import type { Reason } from './refusal.ts';

/**
 * Looks for what must not be in a PDF that other people will open. It is a search, not a full reader: readers jump
 * to objects by offset and repair broken files, so whatever is written anywhere in the plain bytes counts, and object
 * streams (where compressed objects live) must be of the one simple form that can be unpacked, or the file is refused.
 */

export type PdfResult = { ok: true; pages: number } | { ok: false; reason: Reason };

/** Long names cannot turn up by chance in compressed data, so they count wherever they stand. */
const REFUSED_ANYWHERE = new Map<string, Reason>([
  ['JavaScript', 'pdf_script'], ['Rendition', 'pdf_script'], ['RichMedia', 'pdf_attachment'], ['Launch', 'pdf_launch'],
  ['EmbeddedFile', 'pdf_attachment'], ['EmbeddedFiles', 'pdf_attachment'], ['Encrypt', 'pdf_encrypted']
]);
/** Three bytes do turn up by chance, so these count outside streams and inside object streams. */
const REFUSED_IN_OBJECTS = new Map<string, Reason>([['JS', 'pdf_script'], ['XFA', 'pdf_form']]);

const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]{1,127})(?=[\0\t\n\f\r ()<>[\]{}/%])/gu;
const MAX_STREAMS = 50_000;
const MAX_DICTIONARY_CHARS = 4_096;
const MAX_OBJECT_STREAM_BYTES = 16 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** Scanners pad a little after the end; more than that is another file. */
const TAIL = /%%EOF[\s\0]{0,1024}$/u;
const MAX_PAGES = 5_000;

export function inspectPdf(bytes: Buffer): PdfResult {
  const text = bytes.toString('latin1');
  if (!/^%PDF-[12]\.\d/u.test(text)) return { ok: false, reason: 'damaged' };
  if (!endsLikePdf(text)) return { ok: false, reason: 'damaged' };
  const plain = firstRefusedName(text, REFUSED_ANYWHERE);
  if (plain) return { ok: false, reason: plain };
  const streams = findStreams(text);
  if (!streams) return { ok: false, reason: 'pdf_unreadable' };
  const unpacked = unpackObjectStreams(bytes, streams, countName(text, 'ObjStm'));
  if (!unpacked) return { ok: false, reason: 'pdf_unreadable' };
  const objects = [outsideStreams(text, streams), ...unpacked];
  for (const part of objects) {
    const found = firstRefusedName(`${part} `, REFUSED_ANYWHERE) ?? firstRefusedName(`${part} `, REFUSED_IN_OBJECTS);
    if (found) return { ok: false, reason: found };
  }
  const pages = countPages(objects);
  return pages > 0 && pages <= MAX_PAGES ? { ok: true, pages } : { ok: false, reason: 'damaged' };
}

/** The last lines must lead to a cross-reference inside the file: this is what a cut-off upload lacks. */
function endsLikePdf(text: string): boolean {
  const tail = text.slice(-2_048);
  const pointer = /startxref\s+(\d{1,10})\s+%%EOF[\s\0]*$/u.exec(tail);
  if (!pointer || !TAIL.test(tail)) return false;
  const offset = Number(pointer[1]);
  return offset < text.length && /^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/u.test(text.slice(offset, offset + 64));
}

type Stream = { dictionary: string; start: number; end: number };

/** Every `stream` keyword, even one inside another stream's data: a reader may be pointed there. */
function findStreams(text: string): Stream[] | null {
  const streams: Stream[] = [];
  for (const match of text.matchAll(/(?<!end)stream(?:\r\n|\n|\r)/gu)) {
    if (streams.length >= MAX_STREAMS) return null;
    const dictionary = dictionaryBefore(text, match.index);
    if (dictionary === null) return null;
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    streams.push({ dictionary, start, end: end < 0 ? text.length : end });
  }
  return streams;
}

/** The text between `N G obj` and `stream`; null when a string could have been cut so as to hide part of it. */
function dictionaryBefore(text: string, at: number): string | null {
  const before = text.slice(Math.max(0, at - MAX_DICTIONARY_CHARS), at);
  const opening = [...before.matchAll(/\d\s+\d+\s+obj\b/gu)].at(-1);
  if (!opening) return null;
  const dictionary = before.slice(opening.index + opening[0].length).trim();
  if (!dictionary.startsWith('<<') || !dictionary.endsWith('>>')) return null;
  let bare = dictionary;
  for (let shorter = withoutStrings(bare); shorter !== bare; shorter = withoutStrings(bare)) bare = shorter;
  return /[()]/u.test(bare) ? null : dictionary;
}

function withoutStrings(text: string): string {
  return text.replace(/\((?:\\[\s\S]|[^\\()])*\)/gu, '');
}

/** The contents of all object streams, or null when one is of a form that cannot be looked into. */
function unpackObjectStreams(bytes: Buffer, streams: Stream[], expected: number): string[] | null {
  const contents: string[] = [];
  let unpacked_bytes = 0;
  let seen = 0;
  for (const stream of streams) {
    const dictionary = decodeNames(stream.dictionary);
    if (!/\/ObjStm\b/u.test(dictionary) && !/\/First\b/u.test(dictionary)) continue;
    seen += 1;
    const filter = simpleFilter(dictionary);
    if (filter === 'other') return null;
    if (filter === 'none') { contents.push(bytes.toString('latin1', stream.start, stream.end)); continue; }
    try {
      const content = inflateSync(bytes.subarray(stream.start, stream.end), { maxOutputLength: MAX_OBJECT_STREAM_BYTES });
      unpacked_bytes += content.length;
      if (unpacked_bytes > MAX_UNPACKED_BYTES) return null;
      contents.push(content.toString('latin1'));
    } catch {
      return null;
    }
  }
  // An object stream named in the bytes but not met above is hidden on purpose.
  return seen >= expected ? contents : null;
}

/** Only plain Flate or nothing, written directly; strings, comments and references could make it mean something else. */
function simpleFilter(dictionary: string): 'none' | 'flate' | 'other' {
  if (/[(%]|(?<!<)<(?!<)/u.test(dictionary) || /\/(?:F|FFilter|Crypt)\b/u.test(dictionary)) return 'other';
  const predictor = /\/Predictor\s+(\d+)/u.exec(dictionary);
  if (predictor && predictor[1] !== '1') return 'other';
  const filters = [...dictionary.matchAll(/\/Filter\b\s*(\[[^\]]*\]|\/\w+|[^/]*)/gu)];
  if (filters.length === 0) return 'none';
  if (filters.length > 1) return 'other';
  return /^\[?\s*\/(?:FlateDecode|Fl)\s*\]?$/u.test(filters[0]![1]!.trim()) ? 'flate' : 'other';
}

function outsideStreams(text: string, streams: Stream[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const stream of streams) {
    if (stream.start < at) continue;
    parts.push(text.slice(at, stream.start));
    at = stream.end;
  }
  parts.push(text.slice(at));
  return parts.join(' ');
}

function firstRefusedName(text: string, refused: Map<string, Reason>): Reason | null {
  for (const match of text.matchAll(NAME)) {
    const reason = refused.get(decodeName(match[1]!));
    if (reason) return reason;
  }
  return null;
}

function countName(text: string, name: string): number {
  let count = 0;
  for (const match of text.matchAll(NAME)) if (decodeName(match[1]!) === name) count += 1;
  return count;
}

/** `/J#61vaScript` is the same name as `/JavaScript`. */
function decodeName(name: string): string {
  return name.includes('#') ? name.replace(/#([0-9A-Fa-f]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : name;
}

function decodeNames(text: string): string {
  return text.includes('#') ? text.replace(NAME, (_, name: string) => `/${decodeName(name)}`) : text;
}

/** The largest page tree's count, else the number of page objects (kept old versions make both an upper bound). */
function countPages(objects: string[]): number {
  let by_count = 0;
  let by_object = 0;
  for (const part of objects) {
    for (const match of part.matchAll(/\/Type\s*\/Page(s?)(?![A-Za-z])/gu)) {
      if (match[1] === '') { by_object += 1; continue; }
      const around = part.slice(Math.max(0, match.index - 200), match.index + 200);
      for (const count of around.matchAll(/\/Count\s+(\d{1,6})/gu)) by_count = Math.max(by_count, Number(count[1]));
    }
  }
  return by_count > 0 && by_object > 0 ? Math.min(by_count, by_object) : Math.max(by_count, by_object);
}
