import { clusters, cleanText, codePointNames } from './text.ts';
import { breakLines } from './line-break.ts';
import { LIMITS, type Substitution } from './document.ts';
import type { Face, Fonts, Glyph } from './fonts.server.ts';

/** Sizes in points. Body text is 10.5 pt, the size of Japanese office papers. */
export interface Style { face: Face; size: number; leading: number }

export const STYLES = {
  body: { face: 'mincho', size: 10.5, leading: 18 },
  strong: { face: 'bold', size: 10.5, leading: 18 },
  title: { face: 'bold', size: 14.5, leading: 24 },
  heading: { face: 'bold', size: 12, leading: 20 },
  subheading: { face: 'bold', size: 10.5, leading: 18 },
  cell: { face: 'mincho', size: 9.5, leading: 14.5 },
  cell_strong: { face: 'bold', size: 9.5, leading: 14.5 },
  label: { face: 'gothic', size: 9, leading: 14.5 },
  note: { face: 'mincho', size: 8.5, leading: 13 },
  mark: { face: 'gothic', size: 8.5, leading: 12 }
} as const satisfies Record<string, Style>;

/** A line ready to be placed: its glyphs and its width in points. */
export interface SetLine { glyphs: readonly Glyph[]; width: number; last: boolean }

/** A character no font has, with the place an officer should look at. */
export interface MissingCharacter { text: string; codePoints: string[]; where: string }

/** Turns text into lines, and keeps the record of what could not be drawn and what was drawn in its place. */
export class Typesetter {
  readonly missing = new Map<string, MissingCharacter>();
  readonly substituted = new Map<string, { from: string; to: string; count: number }>();
  readonly #fonts: Fonts;
  readonly #missingAs: string | null;
  readonly #approved: Map<string, string>;

  /** `missingAs`: drawn for a character no font has, where a mark is better than no paper (a receipt, never a letter). */
  constructor(fonts: Fonts, approved: readonly Substitution[], missingAs: string | null = null) {
    this.#fonts = fonts;
    this.#missingAs = missingAs;
    this.#approved = new Map(approved.map(({ from, to }) => [cleanText(from), cleanText(to)]));
  }

  /** One list of glyphs per line the author wrote. `where` names the place for a character that is missing. */
  paragraphs(text: string, face: Face, where: string): Glyph[][] {
    return cleanText(text).split('\n').map((line) => this.#glyphs(line, face, where));
  }

  /** Lines of `text` no wider than `width` points; the first one may be shorter by `indent`. */
  lines(text: string, style: Style, width: number, where: string, indent = 0): SetLine[] {
    const paragraphs = this.paragraphs(text, style.face, where);
    const blank = this.#fonts.glyph(' ', style.face);
    return paragraphs.flatMap((glyphs, paragraph) =>
      breakLines(glyphs, width / style.size, (width - indent) / style.size).map((line) => {
        const inked = glyphs.slice(line.from, line.to);
        // An invisible blank where the author ended a line: read aloud or copied, the two lines stay two words.
        if (line.last && blank && inked.length > 0 && paragraph < paragraphs.length - 1) inked.push(blank);
        return { glyphs: inked, width: line.width * style.size, last: line.last };
      }));
  }

  /** Width in points of a text set in one line. */
  width(text: string, style: Style, where: string): number {
    return this.paragraphs(text, style.face, where)
      .reduce((widest, glyphs) => Math.max(widest, glyphs.reduce((sum, glyph) => sum + glyph.advance, 0)), 0) * style.size;
  }

  #glyphs(line: string, face: Face, where: string): Glyph[] {
    const glyphs: Glyph[] = [];
    for (const cluster of clusters(line)) {
      const to = this.#approved.get(cluster);
      if (to !== undefined) this.#record(cluster, to);
      for (const part of to === undefined ? [cluster] : clusters(to)) {
        const glyph = this.#fonts.glyph(part, face) ?? this.#inPlaceOf(part, face);
        if (glyph) glyphs.push(glyph); else this.#miss(part, where);
      }
    }
    return glyphs;
  }

  #inPlaceOf(part: string, face: Face): Glyph | null {
    const glyph = this.#missingAs === null ? null : this.#fonts.glyph(this.#missingAs, face);
    if (glyph) this.#record(part, glyph.text);
    return glyph;
  }

  #record(from: string, to: string): void {
    if (this.substituted.size >= LIMITS.recorded && !this.substituted.has(from)) return;
    const entry = this.substituted.get(from) ?? { from, to, count: 0 };
    this.substituted.set(from, { ...entry, count: entry.count + 1 });
  }

  #miss(text: string, where: string): void {
    const key = `${text}\u0000${where}`;
    if (this.missing.size < LIMITS.missing_characters && !this.missing.has(key)) {
      this.missing.set(key, { text, codePoints: codePointNames(text), where });
    }
  }
}
