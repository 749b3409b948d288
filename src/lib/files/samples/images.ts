import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Pictures for tests: two colours, so that a wrong turn or a lost half is seen. */

const HALVES = Buffer.from(Array.from({ length: 48 * 32 }, (_, i) => (i % 48 < 24 ? [255, 0, 0] : [0, 0, 255])).flat());

function halves(): Sharp {
  return sharp(HALVES, { raw: { width: 48, height: 32, channels: 3 } });
}

export function plainJpeg(): Promise<Buffer> {
  return halves().jpeg().toBuffer();
}

export function plainPng(): Promise<Buffer> {
  return halves().png().toBuffer();
}

/** As a telephone writes it: place, maker, a comment, and the mark that it was held sideways. */
export function telephoneJpeg(): Promise<Buffer> {
  return halves().withIccProfile('p3').withExif({
    IFD0: { Make: 'SECRET-MAKER', Copyright: '高萩太郎' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '36/1 42/1 51/1', GPSLongitudeRef: 'E', GPSLongitude: '140/1 43/1 0/1' }
  }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
}

export async function avif(): Promise<Buffer> {
  return halves().avif({ effort: 0 }).toBuffer();
}

/** A JPEG of a few hundred bytes that claims to be of any size. */
export async function claimingJpeg(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await plainJpeg());
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

/** A well-formed PNG of any claimed size; its data are one deflated block of zeros. */
export function claimingPng(width: number, height: number, data_bytes = 100_000): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(data_bytes))), chunk('IEND', Buffer.alloc(0))]);
}

export function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(8 + named.length);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), 4 + named.length);
  return out;
}

/** The names of a JPEG's segments or a PNG's chunks, read without the library that wrote them. */
export function partsOf(bytes: Buffer): string[] {
  const parts: string[] = [];
  if (bytes[0] === 0x89) {
    for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) parts.push(bytes.toString('latin1', at + 4, at + 8));
    return parts;
  }
  for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) parts.push(bytes.toString('hex', at + 1, at + 2));
  return parts;
}

/** An empty ZIP with one entry's directory, to stand behind another file. */
export function zipTail(): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46, 12);
  return Buffer.concat([entry, end]);
}
