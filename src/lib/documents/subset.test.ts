import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import { expect, it } from 'vitest';
import { DEBIAN_IPAMJ } from './fonts.server.ts';
import { outlinesOf, writeSubset, type GlyphList } from './subset.ts';

interface Subset extends GlyphList { encode(): Uint8Array }
const locate = createRequire(import.meta.url);
const packaged = ['biz-udmincho/400Regular/BIZUDMincho_400Regular', 'biz-udgothic/700Bold/BIZUDGothic_700Bold', 'noto-serif-jp/400Regular/NotoSerifJP_400Regular']
  .map((name) => locate.resolve(`@expo-google-fonts/${name}.ttf`));
/** None of the portal's fonts composes glyphs of others; this one does, in every way there is. */
const COMPOSED = locate.resolve('pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf');

it.each([...packaged, COMPOSED, DEBIAN_IPAMJ])('the embedded subset is what fontkit writes, byte for byte: %s', (path) => {
  if (!existsSync(path)) return;
  const file = readFileSync(path);
  const font = create(file) as unknown as { numGlyphs: number; createSubset(): Subset };
  const outlines = outlinesOf(file);
  // Empty, simple and composed glyphs from the whole range, the last one included.
  for (const step of [1, 7, 97]) {
    const ids = Array.from({ length: 300 }, (_, at) => (at * step * 31 + step) % font.numGlyphs).concat(font.numGlyphs - 1, 1, 2, 3);
    const [theirs, ours] = [font.createSubset(), font.createSubset()];
    for (const id of ids) { theirs.includeGlyph(id); ours.includeGlyph(id); }
    expect(Buffer.from(writeSubset(outlines, ours)).equals(Buffer.from(theirs.encode()))).toBe(true);
    expect(ours.glyphs).toEqual(theirs.glyphs);
  }
});
