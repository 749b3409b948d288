/** The part of fontkit 2.0.4 that this folder uses; the package ships no types. */
declare module 'fontkit' {
  export interface FontkitGlyph { id: number; advanceWidth: number; codePoints: number[]; path: { toSVG(): string } }
  export interface VariationSelector {
    varSelector: number;
    defaultUVS: { startUnicodeValue: number; additionalCount: number }[] | null;
    nonDefaultUVS: { unicodeValue: number; glyphID: number }[] | null;
  }
  export interface Font {
    postscriptName: string;
    unitsPerEm: number;
    directory: { tables: Record<string, unknown> };
    _cmapProcessor: {
      lookup(codePoint: number): number;
      uvs: { varSelectors: { toArray(): VariationSelector[] } } | null;
    };
    getGlyph(id: number): FontkitGlyph;
    layout(text: string): { glyphs: FontkitGlyph[] };
  }
  export function create(data: Uint8Array): Font;
}
