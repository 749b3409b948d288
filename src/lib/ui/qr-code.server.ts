/** QR codes drawn on the server, so that no script and no picture file is needed. */
import qrcode from 'qrcode';

/** A square of `size` modules, its margin included; `path` draws the dark ones, in a view box of that size. */
export type QrPicture = { size: number; path: string };

/** The margin that readers need around the code (ISO/IEC 18004). */
const QUIET_MODULES = 4;

/** Encodes text; error correction M (15 %), which survives a smudge on paper. Throws above some 2,300 bytes. */
export function qrCode(text: string): QrPicture {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const { size, data } = modules;
  const runs: string[] = [];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!data[y * size + x]) continue;
      let length = 1;
      while (x + length < size && data[y * size + x + length]) length += 1;
      runs.push(`M${x + QUIET_MODULES} ${y + QUIET_MODULES}h${length}v1h-${length}z`);
      x += length;
    }
  }
  return { size: size + 2 * QUIET_MODULES, path: runs.join('') };
}
