import type { Glyph } from './fonts.server.ts';

/**
 * Where a Japanese line may end (JIS X 4051 行頭・行末禁則), and how an official letter keeps
 * figures with their units. One pass over the text: pdfkit's own wrapper is quadratic on hostile text.
 */

/** Lines of a text as ranges of its glyphs; `width` in units of the type size, without trailing blanks. */
export interface Line { from: number; to: number; width: number; last: boolean }

const NOT_FIRST = new Set('、。，．・：；？！゛゜´｀¨ヽヾゝゞ々〻ー’”）〕］｝〉》」』】〙〗｠»°′″℃％‰ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ〜～‐゠–,.:;?!)]}%');
const NOT_LAST = new Set('‘“（〔［｛〈《「『【〘〖｟«([{￥¥＄£№');
const INSEPARABLE = new Set('…‥―—─〳〴〵');
const UNITS = new Set('円年月日号条項人件回千万億時分秒枚頁歳名団ヶか割世戸灯基％%');
const BEFORE_FIGURES = new Set('金第約年和成昭△▲￥¥');
const BLANKS = new Set([' ', '\u3000', '\u2002', '\u2003', '\u2009']);
const DIGIT = /^[0-9０-９]$/;
const FIGURE = /^[0-9０-９,，.．]$/;
const WORD = /^[!-~\u00A0-\u024F]/;
const AFTER_IN_WORD = new Set('/-_@.?&=');
/** A date and an amount are read in one glance. */
const TOGETHER = /(?:令和|平成|昭和)(?:元|[0-9０-９]{1,2})年[0-9０-９]{1,2}月[0-9０-９]{1,2}日|金[0-9,]{1,20}円/g;

export const isBlank = (glyph: Glyph | undefined): boolean => glyph !== undefined && BLANKS.has(glyph.text);

function mayBreakBetween(before: string, after: string): boolean {
  if (BLANKS.has(after)) return false;
  if (before === '\u00A0' || after === '\u00A0') return false;
  if (BLANKS.has(before)) return true;
  if (NOT_FIRST.has(after) || NOT_LAST.has(before)) return false;
  if (INSEPARABLE.has(before) && before === after) return false;
  if (DIGIT.test(after) && (FIGURE.test(before) || BEFORE_FIGURES.has(before))) return false;
  if (DIGIT.test(before) && UNITS.has(after)) return false;
  if (WORD.test(before) && WORD.test(after)) return AFTER_IN_WORD.has(before);
  return true;
}

/** For every glyph, whether a line may begin with it. */
function breaks(glyphs: readonly Glyph[]): Uint8Array {
  const allowed = new Uint8Array(glyphs.length);
  for (let at = 1; at < glyphs.length; at += 1) {
    if (mayBreakBetween(glyphs[at - 1]?.text ?? '', glyphs[at]?.text ?? '')) allowed[at] = 1;
  }
  const starts: number[] = [];
  let text = '';
  for (const glyph of glyphs) { starts.push(text.length); text += glyph.text; }
  for (const match of text.matchAll(TOGETHER)) {
    let at = lowerBound(starts, match.index + 1);
    while (at < starts.length && (starts[at] ?? 0) < match.index + match[0].length) allowed[at++] = 0;
  }
  return allowed;
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1; else high = middle;
  }
  return low;
}

/**
 * Breaks one paragraph (no `\n` in it) into lines of at most `width`, `first` for the first line.
 * A word longer than a line is cut where the line is full, so every text ends somewhere.
 */
export function breakLines(glyphs: readonly Glyph[], width: number, first: number = width): Line[] {
  if (glyphs.length === 0) return [{ from: 0, to: 0, width: 0, last: true }];
  const allowed = breaks(glyphs);
  const lines: Line[] = [];
  let from = 0;
  while (from < glyphs.length) {
    const to = lineEnd(glyphs, allowed, from, lines.length === 0 ? first : width);
    lines.push({ from, to, width: inkWidth(glyphs, from, to), last: to === glyphs.length });
    from = to;
  }
  return lines;
}

function lineEnd(glyphs: readonly Glyph[], allowed: Uint8Array, from: number, width: number): number {
  let filled = 0;
  let candidate = -1;
  for (let at = from; at < glyphs.length; at += 1) {
    if (at > from && allowed[at]) candidate = at;
    const advance = glyphs[at]?.advance ?? 0;
    if (filled + advance > width + 0.001 && at > from) {
      // A blank that no longer fits hangs in the margin, where it can't be seen.
      if (isBlank(glyphs[at])) return at + 1;
      return candidate > from ? candidate : at;
    }
    filled += advance;
  }
  return glyphs.length;
}

function inkWidth(glyphs: readonly Glyph[], from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(glyphs[end - 1])) end -= 1;
  let width = 0;
  for (let at = from; at < end; at += 1) width += glyphs[at]?.advance ?? 0;
  return width;
}
