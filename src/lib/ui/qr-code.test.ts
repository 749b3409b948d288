import qrcode from 'qrcode';
import { expect, test } from 'vitest';
import { qrCode } from './qr-code.server.ts';

/** The modules a path draws, read back. */
function drawn({ size, path }: { size: number; path: string }): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const rest = path.replaceAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g, (_, x: string, y: string, right: string, left: string) => {
    expect(right).toBe(left);
    for (let at = 0; at < Number(right); at += 1) rows[Number(y)]![Number(x) + at] = true;
    return '';
  });
  expect(rest).toBe('');
  return rows;
}

test('every module of the code and nothing else, inside a margin of four', () => {
  for (const text of ['a', 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', '高萩', 'x'.repeat(1_000)]) {
    const picture = qrCode(text);
    const { size, data } = qrcode.create(text, { errorCorrectionLevel: 'M' }).modules;
    expect(picture.size).toBe(size + 8);
    const wanted = Array.from({ length: picture.size }, (_, y) => Array.from({ length: picture.size }, (__, x) => (x >= 4 && y >= 4 && x < size + 4 && y < size + 4 ? Boolean(data[(y - 4) * size + x - 4]) : false)));
    expect(drawn(picture)).toEqual(wanted);
  }
});

test('what does not fit is refused', () => {
  expect(() => qrCode('x'.repeat(3_000))).toThrow();
});
