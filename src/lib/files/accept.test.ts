import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { accept, sha256, type Acceptance } from './accept.server.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { chance, mutate } from './samples/chance.ts';
import { makeHeic } from './samples/heic.ts';
import { avif, claimingJpeg, claimingPng, partsOf, plainJpeg, plainPng, telephoneJpeg } from './samples/images.ts';
import { makePdf, objectStream, stream } from './samples/pdf.ts';
import { inspect } from './workshop.server.ts';

const SECRETS = /SECRET|Exif|GPS|高萩|http|adobe|ICC_PROFILE/iu;
const red = { y: 76, cb: 85, cr: 255 };
const blue = { y: 29, cb: 255, cr: 107 };

async function accepted(bytes: Buffer, name: string) {
  const result = await accept(bytes, name);
  if (!result.ok) throw new Error(result.reason);
  return result.prepared;
}

const outcome = (result: Acceptance): string => (result.ok ? 'ok' : result.reason);

async function colours(bytes: Buffer) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const name = (at: number): string => (data[at]! > 200 && data[at + 2]! < 80 ? 'red' : data[at + 2]! > 200 && data[at]! < 80 ? 'blue' : 'other');
  return { width: info.width, height: info.height, first: name(0), last: name(data.length - info.channels) };
}

async function peakMegabytes(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 5);
  await work();
  clearInterval(timer);
  return (Math.max(peak, process.memoryUsage().rss) - before) / 1024 / 1024;
}

describe('a picture that is taken', () => {
  it('is drawn anew from a telephone\'s JPEG: upright, and without place, maker or profile', async () => {
    const sent = await telephoneJpeg();
    expect(sent.toString('latin1')).toMatch(/SECRET-MAKER/u);
    expect(partsOf(sent)).toContain('e1');
    const kept = await accepted(sent, 'IMG_0001.jpeg');
    expect(kept).toMatchObject({ media_type: 'image/jpeg', original_name: 'IMG_0001.jpeg', sha256: sha256(kept.bytes), original_sha256: sha256(sent), pages: null });
    expect(partsOf(kept.bytes).filter((part) => /^e[1-f]$|fe/u.test(part))).toEqual([]);
    expect(kept.bytes.toString('latin1')).not.toMatch(SECRETS);
    expect(await colours(kept.bytes)).toEqual({ width: 32, height: 48, first: 'red', last: 'blue' });
  });

  it('stays a PNG when it was one, without its notes', async () => {
    const sent = await sharp(await plainPng()).withExif({ IFD0: { Make: 'SECRET' } }).png().toBuffer();
    const kept = await accepted(sent, '画面.png');
    expect(kept.media_type).toBe('image/png');
    expect(partsOf(kept.bytes).filter((part) => !['IHDR', 'PLTE', 'IDAT', 'IEND', 'pHYs', 'tRNS'].includes(part))).toEqual([]);
    expect(await colours(kept.bytes)).toEqual({ width: 48, height: 32, first: 'red', last: 'blue' });
  });

  it('becomes a JPEG when it was an iPhone\'s HEIC, one picture or a grid, turned as it was held', async () => {
    const options = { width: 48, height: 32, colour: (x: number) => (x < 24 ? red : blue), exif: Buffer.from('MM\0*SECRET GPS') };
    for (const [turns, expected] of [[0, { width: 48, height: 32, first: 'red', last: 'blue' }], [1, { width: 32, height: 48, first: 'blue', last: 'red' }]] as const) {
      const kept = await accepted(makeHeic({ ...options, turns }), 'IMG_0002.HEIC');
      expect(kept).toMatchObject({ media_type: 'image/jpeg', original_name: 'IMG_0002.HEIC' });
      expect(await colours(kept.bytes)).toEqual(expected);
      expect(kept.bytes.toString('latin1')).not.toMatch(SECRETS);
    }
    const grid = await accepted(makeHeic({ ...options, tiles: { across: 3, down: 2 }, major: 'mif1' }), 'IMG_0003.heif');
    expect(await colours(grid.bytes)).toEqual({ width: 144, height: 64, first: 'red', last: 'blue' });
  });

  it('is made no larger than a reviewer needs', async () => {
    const sent = await sharp({ create: { width: 6_000, height: 3_000, channels: 3, background: '#777' } }).jpeg().toBuffer();
    expect(await colours((await accepted(sent, 'a.jpg')).bytes)).toMatchObject({ width: 4_000, height: 2_000 });
  });

  it('keeps within the limit even when a PNG grows', async () => {
    const below = chance(7);
    const noise = Buffer.from(Array.from({ length: 1_900 * 1_900 }, () => below(256)));
    const sent = await sharp(noise, { raw: { width: 1_900, height: 1_900, channels: 1 } }).resize({ width: 3_600, kernel: 'nearest' }).png().toBuffer();
    expect(sent.length).toBeLessThan(MAX_FILE_BYTES);
    const kept = await accepted(sent, 'a.png');
    expect(kept.bytes.length).toBeLessThanOrEqual(MAX_FILE_BYTES);
  });
});

describe('a file that is refused', () => {
  it('cannot make the server draw a bomb, even past the first check', async () => {
    const jpeg = await claimingJpeg(64_250, 64_250);
    const bombs = [jpeg, claimingPng(64_250, 64_250), claimingPng(7_100, 7_100)];
    const heic = makeHeic({ width: 16, height: 16, colour: () => red, claimed: { width: 64_240, height: 64_240 } });
    const hidden = makeHeic({ width: 16, height: 16, colour: () => red, coded: { width: 30_000, height: 30_000 } });
    await accept(await plainJpeg(), 'warm.jpg');
    const megabytes = await peakMegabytes(async () => {
      for (const bomb of bombs) expect(['damaged', 'too_many_pixels']).toContain(outcome(await accept(bomb, bomb === jpeg ? 'a.jpg' : 'a.png')));
      expect(await inspect({ kind: 'jpeg', bytes: jpeg })).toEqual({ ok: false, reason: 'too_many_pixels' });
      expect(await inspect({ kind: 'png', bytes: bombs[1]! })).toEqual({ ok: false, reason: 'too_many_pixels' });
      expect(await inspect({ kind: 'heic', bytes: heic })).toMatchObject({ ok: false });
      expect(await inspect({ kind: 'heic', bytes: hidden })).toMatchObject({ ok: false });
    });
    expect(megabytes).toBeLessThan(100);
  });

  it('is never given to another loader: whatever is called a picture, only JPEG and PNG are read', async () => {
    for (const bytes of [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), await avif(), makePdf()]) {
      expect(await inspect({ kind: 'png', bytes })).toEqual({ ok: false, reason: 'damaged' });
      expect(await inspect({ kind: 'heic', bytes })).toEqual({ ok: false, reason: 'damaged' });
    }
  });

  it('is a PDF that carries something', async () => {
    expect(outcome(await accept(makePdf({ objects: [objectStream('<< /S /JavaScript >>')] }), 'a.pdf'))).toBe('pdf_script');
    const plain = makePdf({ objects: [stream('/Filter /FlateDecode', 'BT ET')] });
    expect(await accepted(plain, '申請書.pdf')).toMatchObject({ media_type: 'application/pdf', pages: 1, original_sha256: null, sha256: sha256(plain) });
  });

  it('is stopped when it takes too long, while other work goes on', async () => {
    const slow = makeHeic({ width: 2_048, height: 2_048, colour: (x, y) => ({ y: x & y & 255, cb: 128, cr: 128 }) });
    const started = performance.now();
    expect(await inspect({ kind: 'heic', bytes: slow }, 300)).toEqual({ ok: false, reason: 'took_too_long' });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(outcome(await accept(await plainJpeg(), 'a.jpg'))).toBe('ok');
  });

  it('waits in a queue that has an end', async () => {
    const jpeg = await plainJpeg();
    const outcomes = (await Promise.all(Array.from({ length: 40 }, () => accept(jpeg, 'a.jpg')))).map(outcome);
    expect(outcomes.filter((one) => one === 'busy')).toHaveLength(14);
    expect(outcomes.filter((one) => one === 'ok')).toHaveLength(26);
  });

  it('is damaged in any of a few hundred ways and never brings the server down', { timeout: 240_000 }, async () => {
    const below = chance(20261123);
    const heic = makeHeic({ width: 32, height: 32, colour: (x) => (x < 16 ? red : blue), exif: Buffer.from('MM\0*'), turns: 1 });
    const samples: [Buffer, string][] = [[await telephoneJpeg(), 'a.jpg'], [await plainPng(), 'a.png'], [heic, 'a.heic'],
      [makePdf({ objects: [objectStream('<< /Type /Annot >>'), stream('/Filter /FlateDecode', 'BT ET')] }), 'a.pdf']];
    const seen = new Map<string, number>();
    const one = async (round: number): Promise<void> => {
      const [bytes, name] = samples[round % samples.length]!;
      const result = await accept(mutate(bytes, below), name);
      seen.set(outcome(result), (seen.get(outcome(result)) ?? 0) + 1);
      if (result.ok && result.prepared.media_type !== 'application/pdf') expect(result.prepared.bytes.toString('latin1')).not.toMatch(SECRETS);
    };
    for (let round = 0; round < 200; round += 4) await Promise.all([0, 1, 2, 3].map((i) => one(round + i)));
    expect([...seen.keys()].filter((key) => ['busy', 'took_too_long'].includes(key))).toEqual([]);
    expect(seen.get('damaged')).toBeGreaterThan(50);
  });
});
