import { crc32 } from 'node:zlib';

/** Reads only what is needed to know an image's size, with every step bounded; decoding is the worker's business. */

export type Size = { width: number; height: number };

const STANDALONE_MARKERS = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7]);
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);

/** Walks the segments up to the first scan; null when no frame header with a size comes before it. */
export function jpegSize(bytes: Buffer): Size | null {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) { at += 1; continue; }
    if (STANDALONE_MARKERS.has(marker)) { at += 2; continue; }
    if (marker === 0xda || marker === 0xd9) return null;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return null;
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.has(marker)) {
      if (length < 8) return null;
      return positive({ height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) });
    }
    at += 2 + length;
  }
  return null;
}

/** The header's checksum must hold and the chunks must lead to IEND; null otherwise. */
export function pngSize(bytes: Buffer): Size | null {
  if (bytes.length < 57 || bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  if (crc32(bytes.subarray(12, 29)) !== bytes.readUInt32BE(29)) return null;
  let at = 33;
  let has_data = false;
  while (at + 12 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IEND') return has_data ? positive({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }) : null;
    if (type === 'IDAT') has_data = true;
    at += 12 + bytes.readUInt32BE(at);
  }
  return null;
}

export type HeifBrand = 'heic' | 'avif' | 'sequence' | 'other';

/** The kind of an ISO base media file, from its brands. Null when there is no well-formed `ftyp` at the start. */
export function heifBrand(bytes: Buffer): HeifBrand | null {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return null;
  const size = bytes.readUInt32BE(0);
  if (size < 16 || size > 1024 || size % 4 !== 0 || size > bytes.length) return null;
  const major = bytes.toString('latin1', 8, 12);
  const brands = new Set([major]);
  for (let at = 16; at < size; at += 4) brands.add(bytes.toString('latin1', at, at + 4));
  if (brands.has('avif') || brands.has('avis')) return 'avif';
  if (major === 'heic' || major === 'heix') return 'heic';
  if (major === 'mif1' && (brands.has('heic') || brands.has('heix'))) return 'heic';
  if (major === 'hevc' || major === 'hevx' || major === 'msf1') return 'sequence';
  return 'other';
}

/** The largest size any item of the file declares (`ispe`): the picture, or the whole of a grid. */
export function heicSize(bytes: Buffer): Size | null {
  const meta = child(bytes, 0, bytes.length, 'meta');
  const iprp = meta && child(bytes, meta.start + 4, meta.end, 'iprp');
  const ipco = iprp && child(bytes, iprp.start, iprp.end, 'ipco');
  if (!meta || !ipco || !child(bytes, meta.start + 4, meta.end, 'iloc')) return null;
  let largest: Size | null = null;
  for (const box of boxes(bytes, ipco.start, ipco.end)) {
    if (box.type !== 'ispe' || box.end - box.start < 12) continue;
    const size = positive({ width: bytes.readUInt32BE(box.start + 4), height: bytes.readUInt32BE(box.start + 8) });
    if (!size) return null;
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

type Box = { type: string; start: number; end: number };

/** The boxes between two offsets; stops at the first one that does not fit its parent. */
function* boxes(bytes: Buffer, from: number, to: number): Generator<Box> {
  let at = from;
  while (at + 8 <= to) {
    let size = bytes.readUInt32BE(at);
    let header = 8;
    if (size === 1) {
      if (at + 16 > to || bytes.readUInt32BE(at + 8) !== 0) return;
      size = bytes.readUInt32BE(at + 12);
      header = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < header || at + size > to) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + header, end: at + size };
    at += size;
  }
}

function child(bytes: Buffer, from: number, to: number, type: string): Box | null {
  for (const box of boxes(bytes, from, to)) if (box.type === type) return box;
  return null;
}

function positive(size: Size): Size | null {
  return size.width > 0 && size.height > 0 ? size : null;
}
