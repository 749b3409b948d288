import { ENDINGS, MAX_FILE_BYTES, MAX_PIXELS, type FileKind } from './limits.ts';
import { endingOf } from './name.ts';
import { refuse, type Refusal } from './refusal.ts';
import { heicSize, heifBrand, jpegSize, pngSize, type Size } from './structure.ts';

export type Detected = { ok: true; kind: FileKind; size: Size | null };

const KIND_NAMES: Record<FileKind, string> = { pdf: 'PDF', jpeg: 'JPEG の写真', png: 'PNG の画像', heic: 'HEIC（iPhone の写真）' };
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A ZIP's directory may stand at most this far from the end: 22 bytes and a comment of 65,535. */
const ZIP_TAIL_BYTES = 22 + 65_535;

/**
 * What the bytes are, from the bytes alone: neither the browser's declared type nor the name is believed.
 * The name's ending must then agree, because a reviewer's computer will open the file by that ending.
 */
export function detect(bytes: Buffer, name: string): Detected | Refusal {
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > MAX_FILE_BYTES) return refuse('too_large');
  const kind = kindOf(bytes);
  if (kind === null) return refuse('kind_not_accepted', foreignHint(bytes));
  if (!ENDINGS[kind].includes(endingOf(name))) return refuse('lies_about_type', endingHint(kind));
  if (hasZipDirectory(bytes)) return refuse('polyglot');
  if (kind === 'pdf') return hasMarkupAtStart(bytes) ? refuse('polyglot') : { ok: true, kind, size: null };
  const size = kind === 'jpeg' ? jpegSize(bytes) : kind === 'png' ? pngSize(bytes) : heicSize(bytes);
  if (!size) return refuse('damaged');
  if (size.width * size.height > MAX_PIXELS) return refuse('too_many_pixels');
  return { ok: true, kind, size };
}

function kindOf(bytes: Buffer): FileKind | null {
  if (bytes.toString('latin1', 0, 5) === '%PDF-') return 'pdf';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return 'png';
  return heifBrand(bytes) === 'heic' ? 'heic' : null;
}

function endingHint(kind: FileKind): string {
  return `このファイルの中身は ${KIND_NAMES[kind]} です。名前の末尾を「.${ENDINGS[kind][0]}」に直してください。`;
}

/** Names the foreign kind when it is one people really send, with the way out. */
function foreignHint(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 1024);
  if (head.startsWith('PK')) return 'Word・Excel・ZIP のファイルは受け付けられません。Word や Excel は「名前を付けて保存」から PDF にしてください。';
  if (head.startsWith('\xd0\xcf\x11\xe0')) return '古い形式の Word・Excel のファイルは受け付けられません。「名前を付けて保存」から PDF にしてください。';
  if (head.startsWith('GIF8') || head.startsWith('BM') || /^(II\*\0|MM\0\*)/u.test(head) || /^RIFF[\s\S]{4}WEBP/u.test(head)) {
    return 'GIF・BMP・TIFF・WebP の画像は受け付けられません。JPEG か PNG で保存し直してください。';
  }
  if (heifBrand(bytes) !== null) return '動画や AVIF の画像は受け付けられません。写真は JPEG で保存し直してください。';
  if (head.includes('%PDF-')) return 'PDF の前に余分なデータが付いています。元の書類から PDF を作り直してください。';
  if (/^[\s\xef\xbb\xbf\xff\xfe\0]*</u.test(head)) return 'SVG・HTML・XML のファイルは受け付けられません。';
  return '';
}

/** A ZIP (also docx, xlsx, jar, apk) is read from its end, so it can hide behind any other file. */
export function hasZipDirectory(bytes: Buffer): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - ZIP_TAIL_BYTES));
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1')) {
    if (at + 22 > tail.length) continue;
    // Lenient readers ignore what follows the comment; a directory that fits inside the file is enough.
    const directory_bytes = tail.readUInt32LE(at + 12);
    const comment_bytes = tail.readUInt16LE(at + 20);
    if (directory_bytes <= bytes.length && at + 22 + comment_bytes <= tail.length) return true;
  }
  return false;
}

function hasMarkupAtStart(bytes: Buffer): boolean {
  return /<(?:!doctype|html|head|body|script|svg|iframe|\?php)/iu.test(bytes.toString('latin1', 0, 1024));
}
