import { describe, expect, it } from 'vitest';
import { detect } from './kinds.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { chance, mutate } from './samples/chance.ts';
import { makeHeic } from './samples/heic.ts';
import { avif, chunk, claimingJpeg, claimingPng, plainJpeg, plainPng, zipTail } from './samples/images.ts';
import { makePdf } from './samples/pdf.ts';

const grey = () => ({ y: 128, cb: 128, cr: 128 });
const heic = makeHeic({ width: 32, height: 16, colour: grey });
const reason = (bytes: Buffer, name: string): string => {
  const result = detect(bytes, name);
  return result.ok ? result.kind : result.reason;
};

describe('the kind of a file', () => {
  it('follows from its contents, and the ending must agree', async () => {
    expect(reason(makePdf(), '申請書.PDF')).toBe('pdf');
    expect(reason(await plainJpeg(), 'DSC_0001.JPG')).toBe('jpeg');
    expect(reason(await plainPng(), '画面．ｐｎｇ')).toBe('png');
    expect(reason(heic, 'IMG_0001.HEIC')).toBe('heic');
    expect(reason(await plainJpeg(), '領収書.pdf')).toBe('lies_about_type');
    expect(reason(makePdf(), '領収書')).toBe('lies_about_type');
    expect(reason(heic, 'IMG_0001.jpg')).toBe('lies_about_type');
    expect(reason(makePdf(), '申請書.pdf.exe')).toBe('lies_about_type');
  });

  it('tells people what to do', async () => {
    const lie = detect(await plainPng(), '見積書.pdf');
    expect(lie).toMatchObject({ message: expect.stringContaining('中身は PNG の画像 です。名前の末尾を「.png」に直してください') });
    expect(detect(Buffer.from('PK\x03\x04word/document.xml'), '申請書.docx')).toMatchObject({ message: expect.stringContaining('PDF にしてください') });
    expect(detect(await avif(), 'a.avif')).toMatchObject({ reason: 'kind_not_accepted', message: expect.stringContaining('AVIF') });
  });

  it.each([
    ['GIF and script', 'GIF89a/*\x01\0\x01\0*/=1;alert(1)//', 'a.gif'],
    ['GIF called jpg', 'GIF89a\x01\0\x01\0', 'a.jpg'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'a.png'],
    ['SVG behind a mark', '\xef\xbb\xbf \n<?xml version="1.0"?><svg/>', 'a.svg'],
    ['HTML', '<!doctype html><script>alert(1)</script>', 'a.pdf'],
    ['ZIP', 'PK\x03\x04', 'a.zip'],
    ['TIFF', 'II*\0\x08\0\0\0', 'a.png'],
    ['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'a.jpg'],
    ['BMP', 'BM\x10\0\0\0', 'a.jpg'],
    ['program', 'MZ\x90\0', 'a.pdf'],
    ['text', 'こんにちは', 'a.txt'],
    ['PDF not at the start', `\n${makePdf().toString('latin1')}`, 'a.pdf'],
    ['film', '\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'a.heic'],
    ['HEIC sequence', '\0\0\0\x14ftyphevc\0\0\0\0heic', 'a.heic'],
    ['AVIF called HEIC', '\0\0\0\x18ftypmif1\0\0\0\0heicavif', 'a.heic']
  ])('refuses %s', (_, text, name) => {
    expect(reason(Buffer.from(text, 'latin1'), name)).toBe('kind_not_accepted');
  });

  it('refuses files that are two things', async () => {
    expect(reason(Buffer.concat([await plainPng(), zipTail()]), 'a.png')).toBe('polyglot');
    expect(reason(Buffer.concat([await plainJpeg(), zipTail(), Buffer.alloc(300)]), 'a.jpg')).toBe('polyglot');
    expect(reason(Buffer.concat([makePdf(), zipTail()]), 'a.pdf')).toBe('polyglot');
    expect(reason(makePdf({ header: '%PDF-1.7\n%<html><script>alert(1)</script>\n' }), 'a.pdf')).toBe('polyglot');
  });

  it('refuses what is empty, too big, or claims to be huge', async () => {
    expect(reason(Buffer.alloc(0), 'a.pdf')).toBe('empty');
    const padded = Buffer.alloc(MAX_FILE_BYTES + 1);
    makePdf().copy(padded);
    expect(reason(padded, 'a.pdf')).toBe('too_large');
    expect(reason(await claimingJpeg(64_250, 64_250), 'a.jpg')).toBe('too_many_pixels');
    expect(reason(claimingPng(64_250, 64_250), 'a.png')).toBe('too_many_pixels');
    expect(reason(claimingPng(4_000_000_000, 4_000_000_000), 'a.png')).toBe('too_many_pixels');
    expect(reason(makeHeic({ width: 16, height: 16, colour: grey, claimed: { width: 64_250, height: 64_250 } }), 'a.heic')).toBe('too_many_pixels');
    expect(reason(claimingPng(0, 100), 'a.png')).toBe('damaged');
    expect(reason(await claimingJpeg(0, 0), 'a.jpg')).toBe('damaged');
  });

  it('refuses a PNG whose header or end is wrong', async () => {
    const png = await plainPng();
    const wrong = Buffer.from(png);
    wrong[17] = wrong[17]! ^ 1;
    expect(reason(wrong, 'a.png')).toBe('damaged');
    expect(reason(png.subarray(0, png.length - 12), 'a.png')).toBe('damaged');
    expect(reason(Buffer.concat([png.subarray(0, 33), chunk('IEND', Buffer.alloc(0)), Buffer.alloc(40)]), 'a.png')).toBe('damaged');
  });

  it('never throws on damaged files', async () => {
    const below = chance(5);
    const samples: [Buffer, string][] = [[await plainJpeg(), 'a.jpg'], [await plainPng(), 'a.png'], [heic, 'a.heic'], [makePdf(), 'a.pdf']];
    for (let round = 0; round < 8_000; round += 1) {
      const [bytes, name] = samples[round % samples.length]!;
      expect(() => detect(mutate(bytes.subarray(0, 600), below), name)).not.toThrow();
    }
  });
});
