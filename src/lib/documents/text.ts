/**
 * Text as people typed it, made safe to set: invisible and steering characters go,
 * letters never change. No NFC and no NFKC anywhere: 髙, 﨑 (U+FA11), 神 (U+FA19) and 塚 (U+FA10)
 * are the applicant's name, and normalising would rewrite them.
 */

/** Longest run of blanks that is kept; people align columns with them, nobody needs more. */
const BLANK_RUN = 40;
/** A base and what stands on it; more marks than this is an attack, not a name. */
const MARKS = 3;

/**
 * Zero-width characters, bidi controls, tags, soft hyphen, the emoji/text presentation selectors
 * (U+FE0E, U+FE0F): they draw nothing, and hide things from whoever reads the paper.
 */
const INVISIBLE = /[\u00AD\u034F\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE0E\uFE0F\uFEFF\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E007F}]+/gu;
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is removed
const CONTROLS = /[\u0000-\u0008\u000E-\u001F\u007F-\u009F]+/g;
const LONG_BLANKS = new RegExp(`([ \\u00A0\\u2000-\\u200A\\u3000])\\1{${BLANK_RUN},}`, 'g');
const MANY_LINES = /\n{4,}/g;
const MANY_MARKS = new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu');
const MANY_SELECTORS = /([\uFE00-\uFE0D\u{E0100}-\u{E01EF}])[\uFE00-\uFE0D\u{E0100}-\u{E01EF}]+/gu;
const SELECTOR_WITHOUT_BASE = /(^|[\s\p{C}])[\uFE00-\uFE0D\u{E0100}-\u{E01EF}]+/gu;

/** The text that is set on the page. Every step is one linear pass. */
export function cleanText(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(/\t/g, '\u3000')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(LONG_BLANKS, (run) => run.slice(0, BLANK_RUN))
    .replace(MANY_LINES, '\n\n\n')
    .replace(MANY_SELECTORS, '$1')
    .replace(MANY_MARKS, '$1')
    .replace(SELECTOR_WITHOUT_BASE, '$1');
}

const CLUSTER = new RegExp(`\\P{M}\\p{M}{0,${MARKS}}|\\p{M}`, 'gsu');

/** What the eye takes for one character: 辻 with its selector, か with its ゜. */
export function clusters(text: string): string[] {
  return text.match(CLUSTER) ?? [];
}

/** `['U+8FBB', 'U+E0100']` for an error message an officer can look up. */
export function codePointNames(cluster: string): string[] {
  return [...cluster].map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/**
 * Title, author and subject go both into the Info dictionary and, by string interpolation inside
 * pdfkit, into XMP. Full-width signs read the same and keep the XML whole and equal to the dictionary.
 */
export function metadataText(text: string): string {
  const wide: Record<string, string> = { '&': '＆', '<': '＜', '>': '＞' };
  return cleanText(text)
    .replace(/[&<>]/g, (sign) => wide[sign] ?? sign)
    .replace(/\s+/g, ' ')
    .replace(/[\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
    .trim()
    .slice(0, 300)
    .replace(/[\uD800-\uDBFF]$/, '');
}
