import { foldDigits } from '../money/digits.ts';

export { foldDigits };

/** Why a text can't be kept: 'control' (C0, C1, NUL), 'broken' (lone surrogate, U+FFFD, noncharacter), 'direction' (bidi control). */
export type TextRefusal = 'control' | 'broken' | 'direction';
export type Cleaned = { ok: true; value: string } | { ok: false; reason: TextRefusal };

/** Length in code points (𠮷 counts 1, 葛 with a variation selector 2), as every `max` in the portal means it. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

// eslint-disable-next-line no-control-regex -- naming control characters is this line's purpose (IN-3)
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Also the marks a wrong decoding leaves behind: better refused here than printed on a notice. */
const BROKEN = /[\ufffd\ufffe\uffff\ufff9-\ufffb]|\p{Noncharacter_Code_Point}/u;
/** Embeddings, overrides and isolates can make a text read as something else (UTR 36, Trojan Source; IN-4). */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;
/** Invisible, and without meaning in Japanese: they arrive by copying from web pages and break searching. */
const INVISIBLE = /[\u00ad\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;
/** Joiners are kept for emoji and other scripts, one at a time. */
const JOINERS = /([\u200c\u200d])[\u200c\u200d]+/g;
/** One variation selector chooses a glyph (髙 in its registered form: IVS); a second one means nothing. */
const SELECTORS = /([\ufe00-\ufe0f\u180b-\u180d]|[\u{e0100}-\u{e01ef}])(?:[\ufe00-\ufe0f\u180b-\u180d]|[\u{e0100}-\u{e01ef}])+/gu;
/** More marks on one letter than any script needs. */
const MARKS = /(\p{M}{4})\p{M}+/gu;

function clean(text: string): Cleaned {
  if (CONTROL.test(text)) return { ok: false, reason: 'control' };
  if (!text.isWellFormed() || BROKEN.test(text)) return { ok: false, reason: 'broken' };
  if (DIRECTION.test(text)) return { ok: false, reason: 'direction' };
  const capped = text.replace(INVISIBLE, '').replace(JOINERS, '$1').replace(SELECTORS, '$1').replace(MARKS, '$1');
  return { ok: true, value: capped.trim() };
}

/**
 * One line of text as it may be stored. Line breaks and tabs become a space, ends are trimmed (U+3000 too).
 * Never NFC or NFKC: 髙 﨑 𠮷, U+FA10, U+FA19 and ideographic variation sequences stay byte for byte (ux F5).
 */
export function cleanText(text: string): Cleaned {
  return clean(text.replace(/\r\n?|[\n\t\u2028\u2029]/g, ' '));
}

/** Text of several lines: line ends become '\n', tabs a space, the rest as `cleanText`. */
export function cleanMultiline(text: string): Cleaned {
  return clean(text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/\t/g, ' '));
}

/** Full-width ASCII letters, digits and signs (Ａ１＠) to half width, the ideographic space to a space. Not for names or addresses. */
export function foldLatin(text: string): string {
  return text.replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
}

/** Hyphens, dashes, minus signs and ー between two digits become '-'. Elsewhere they stay: コーヒー keeps its ー. */
export function foldHyphens(text: string): string {
  return text.replace(/(?<=[0-9０-９])[-－−‐‑‒–—―﹣ー─ｰ〜～](?=[0-9０-９])/g, '-');
}

const VOICED_PAIR = /[うか-ほウカ-ホゝヽワヰヱヲ][\u3099\u309a\u309b\u309c]/g;

/**
 * Readings: half-width kana (ﾀﾞ as one) to full width, hiragana to katakana, spaces to one U+3000. Small ャュョッ stay small,
 * a hyphen after katakana is the ー that was meant. Only kana are composed, so nothing else in the text changes.
 */
export function foldKana(text: string): string {
  return text
    .replace(/[\uff61-\uff9f]+/g, (half) => half.normalize('NFKC'))
    .replace(VOICED_PAIR, (pair) => {
      const composed = `${pair[0]}${pair[1] === '\u309b' || pair[1] === '\u3099' ? '\u3099' : '\u309a'}`.normalize('NFC');
      return composed.length === 1 ? composed : pair;
    })
    .replace(/[ぁ-ゖゝゞ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replace(/(?<=[ァ-ヺー])[-－−‐‑–—―]/g, 'ー')
    .replace(/[\u3000\u0020\u00a0]+/g, '\u3000');
}

/** Whether a folded reading holds katakana, ー, ・ and single spaces only. */
export function isKana(text: string): boolean {
  return /^[ァ-ヺー・ヽヾ\u3000]+$/.test(text);
}
