import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { outlinesOf, type Outlines } from './subset.ts';

/** 明朝 for what is said, ゴシック for labels, its bold for titles. */
export type Face = 'mincho' | 'gothic' | 'bold';

export interface FontFile {
  /** Name under which pdfkit registers it. */
  key: string;
  font: Font;
  outlines: Outlines;
  /** By variation selector: which bases keep their ordinary glyph, and which have one of their own. */
  variations: Map<number, { ordinary: [number, number][]; own: Map<number, number> }>;
}

/** One cluster of text, one glyph of one font. Advance in units of the type size. */
export interface Glyph { font: FontFile; id: number; text: string; advance: number }

/** Where Debian's package fonts-ipamj-mincho puts it. */
export const DEBIAN_IPAMJ = '/usr/share/fonts/truetype/ipamj/ipamjm.ttf';

const locate = createRequire(import.meta.url);
const PACKAGED: Record<string, string> = {
  biz_mincho: '@expo-google-fonts/biz-udmincho/400Regular/BIZUDMincho_400Regular.ttf',
  biz_gothic: '@expo-google-fonts/biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf',
  biz_bold: '@expo-google-fonts/biz-udgothic/700Bold/BIZUDGothic_700Bold.ttf',
  noto_serif: '@expo-google-fonts/noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf',
  noto_sans: '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  noto_sans_bold: '@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf'
};
/** Tried in this order for every cluster. BIZ UD reads best, Noto knows more, IPAmj knows the family register. */
const CHAINS: Record<Face, readonly string[]> = {
  mincho: ['biz_mincho', 'noto_serif', 'ipamj'],
  gothic: ['biz_gothic', 'noto_sans', 'ipamj'],
  bold: ['biz_bold', 'noto_sans_bold', 'ipamj']
};
/** More distinct clusters than this were asked for on purpose; start again rather than grow. */
const REMEMBERED_CLUSTERS = 40_000;

/** Parsed fonts, kept for the life of the worker and shared between documents. */
export interface Fonts {
  /** The glyph for a cluster, from the first font of the chain that really has it; null when none has. */
  glyph(cluster: string, face: Face): Glyph | null;
  /** Reads the fonts every document needs, so that the first one is not slower than the rest. */
  warm(): void;
}

/** Opens fonts lazily. `ipamjPath`: a TTF, or null for none; IPAmj is 46 MB and read only when a name needs it. */
export function openFonts(ipamjPath: string | null): Fonts {
  const files = new Map<string, FontFile | null>();
  const known = new Map<string, Glyph | null>();
  const file = (key: string): FontFile | null => {
    let opened = files.get(key);
    if (opened === undefined) {
      const path = key === 'ipamj' ? ipamjPath : locate.resolve(PACKAGED[key] ?? '');
      opened = path && (key !== 'ipamj' || existsSync(path)) ? openFont(key, path) : null;
      files.set(key, opened);
    }
    return opened;
  };
  return {
    glyph(cluster, face) {
      const name = `${face}\u0000${cluster}`;
      let found = known.get(name);
      if (found !== undefined) return found;
      found = null;
      for (const key of CHAINS[face]) {
        const candidate = file(key);
        found = candidate && glyphIn(candidate, cluster);
        if (found) break;
      }
      if (known.size >= REMEMBERED_CLUSTERS) known.clear();
      known.set(name, found);
      return found;
    },
    warm: () => { for (const face of Object.keys(CHAINS) as Face[]) file(CHAINS[face][0] ?? ''); }
  };
}

function openFont(key: string, path: string): FontFile {
  const data = readFileSync(path);
  const font = create(data);
  // pdfkit loses glyphs of OTF/CFF fonts (#1106); a TrueType outline table is required.
  if (!font.directory.tables['glyf']) throw new Error(`font without TrueType outlines: ${path}`);
  return { key, font, outlines: outlinesOf(data), variations: readVariations(font) };
}

/**
 * The font's own list of variation sequences (cmap format 14).
 * fontkit's lookup gives up on the non-default list of a selector that also has a default one,
 * and quietly draws the base form; so the table is read here.
 */
function readVariations(font: Font): FontFile['variations'] {
  const variations: FontFile['variations'] = new Map();
  for (const selector of font._cmapProcessor.uvs?.varSelectors.toArray() ?? []) {
    variations.set(selector.varSelector, {
      ordinary: (selector.defaultUVS ?? []).map((range) => [range.startUnicodeValue, range.startUnicodeValue + range.additionalCount]),
      own: new Map((selector.nonDefaultUVS ?? []).map((entry) => [entry.unicodeValue, entry.glyphID]))
    });
  }
  return variations;
}

const SELECTOR = /^[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]$/u;

/** The one glyph with which a font draws a whole cluster; null when it would draw less or something else. */
function glyphIn(file: FontFile, cluster: string): Glyph | null {
  const [base = '', ...marks] = cluster;
  const code = base.codePointAt(0) ?? 0;
  let id = 0;
  if (marks.length === 0) id = file.font._cmapProcessor.lookup(code);
  else if (marks.length === 1 && SELECTOR.test(marks[0] ?? '')) id = variationGlyph(file, code, marks[0]?.codePointAt(0) ?? 0);
  else if (!marks.some((mark) => SELECTOR.test(mark))) id = composedGlyph(file, cluster);
  if (id === 0) return null;
  return { font: file, id, text: cluster, advance: file.font.getGlyph(id).advanceWidth / file.font.unitsPerEm };
}

function variationGlyph(file: FontFile, base: number, selector: number): number {
  const list = file.variations.get(selector);
  if (!list) return 0;
  const own = list.own.get(base);
  if (own !== undefined) return own;
  return list.ordinary.some(([from, to]) => base >= from && base <= to) ? file.font._cmapProcessor.lookup(base) : 0;
}

/**
 * か + ゙ has a ready-made glyph (が); か + ゜ has one only through the font's ligatures.
 * Composing here chooses a drawing, it never changes the text. Fonts that would pile marks by guesswork are passed over.
 */
function composedGlyph(file: FontFile, cluster: string): number {
  const composed = [...cluster.normalize('NFC')];
  if (composed.length === 1) return file.font._cmapProcessor.lookup(composed[0]?.codePointAt(0) ?? 0);
  const { glyphs } = file.font.layout(cluster);
  return glyphs.length === 1 ? glyphs[0]?.id ?? 0 : 0;
}
