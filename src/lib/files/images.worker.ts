import { parentPort, workerData } from 'node:worker_threads';
import sharp, { type Sharp } from 'sharp';
import { MAX_FILE_BYTES, MAX_LONG_SIDE_PX, MAX_PIXELS, type MediaType } from './limits.ts';
import type { Reason } from './refusal.ts';
import type { Answer, Task } from './workshop.server.ts';

/**
 * Draws a picture anew from its pixels, so nothing else the file carried (place, camera, scripts, other files) is kept.
 * Runs once per thread: whatever a decoder did to its memory ends with the thread.
 */

/** The HEIC decoder may hold this much: 48 megapixels of picture, planes and colours fit, a bomb does not. */
const MAX_WASM_BYTES = 640 * 1024 * 1024;
const SECONDS_IN_LIBVIPS = 12;
const JPEG_QUALITY = 86;

// Only the two loaders for what was detected: SVG, PDF, TIFF and the rest of libvips cannot be reached from here.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });

async function redraw({ kind, bytes }: Task): Promise<Answer> {
  const source = kind === 'heic' ? await openHeic(bytes) : sharp(bytes, {
    // 'warning' refuses pictures whose data ends early: half a receipt must not pass for a receipt.
    failOn: 'warning', limitInputPixels: MAX_PIXELS, limitInputChannels: 4, sequentialRead: true, animated: false
  });
  const picture = source.autoOrient()
    .resize({ width: MAX_LONG_SIDE_PX, height: MAX_LONG_SIDE_PX, fit: 'inside', withoutEnlargement: true })
    .timeout({ seconds: SECONDS_IN_LIBVIPS });
  if (kind === 'png') {
    const png = await picture.clone().png({ compressionLevel: 7 }).toBuffer();
    if (png.length <= MAX_FILE_BYTES) return finished(png, 'image/png');
  }
  // A photograph saved as PNG can grow past the limit when drawn anew; as a JPEG it always fits.
  const jpeg = await picture.flatten({ background: '#ffffff' }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
  return jpeg.length <= MAX_FILE_BYTES ? finished(jpeg, 'image/jpeg') : failed('too_large');
}

async function openHeic(bytes: Uint8Array): Promise<Sharp> {
  limitWasmMemory();
  // The decoder reports on the console; a stranger's file must not write into our log.
  console.log = () => undefined;
  const { default: decode } = await import('heic-decode');
  const images = await decode.all({ buffer: bytes });
  const image = images[0];
  if (!image || image.width * image.height > MAX_PIXELS || image.width * image.height === 0) throw new Refused(image ? 'too_many_pixels' : 'damaged');
  const { data, width, height } = await image.decode();
  images.dispose();
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return sharp(raw, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS });
}

/** The thread's own limits do not cover WebAssembly: growth beyond the ceiling fails inside the decoder instead. */
function limitWasmMemory(): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function limited(this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * 65_536 > MAX_WASM_BYTES) throw new RangeError('picture needs too much memory');
    return grow.call(this, pages);
  };
}

class Refused extends Error {
  reason: Reason;
  constructor(reason: Reason) { super(reason); this.reason = reason; }
}

function finished(buffer: Buffer, media_type: MediaType): Answer {
  return { ok: true, bytes: new Uint8Array(buffer), media_type, pages: null };
}

function failed(reason: Reason): Answer {
  return { ok: false, reason };
}

function asRefusal(error: unknown): Answer {
  if (error instanceof Refused) return failed(error.reason);
  const message = error instanceof Error ? error.message : '';
  if (/timeout/iu.test(message)) return failed('took_too_long');
  return failed(/pixel limit/iu.test(message) ? 'too_many_pixels' : 'damaged');
}

// Last, because a class is not there before its line has run.
parentPort!.postMessage(await redraw(workerData as Task).catch(asRefusal));
