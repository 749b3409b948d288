import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanMultiline, cleanText, foldDigits, foldHyphens, foldKana, foldLatin, isKana, lengthOf, type Cleaned } from './text.ts';

const kept = (cleaned: Cleaned): string => (cleaned.ok ? cleaned.value : `refused: ${cleaned.reason}`);
const show = (text: string) => [...text].map((sign) => `U+${sign.codePointAt(0)?.toString(16)}`).join(' ');

describe('names survive byte for byte (ux F5)', () => {
  test.each([
    '髙橋', '山﨑', '𠮷田', '\u{fa19}田', '\u{fa10}本', '\u{fa11}', '葛\u{e0100}飾', '辻\u{e0101}', '邉', '𩸽', '①㋿', '㈱高萩', 'ｶﾅ', 'Ａ１', '㍿', '⼀', 'が',
    'か\u3099', 'é', 'e\u0301', '👨\u200d👩\u200d👧', '❤\ufe0f', '1\ufe0f\u20e3', 'コーヒー', '﨟', '\ue000'
  ])('%s', (name) => {
    expect(show(kept(cleanText(name)))).toBe(show(name));
    expect(show(kept(cleanMultiline(name)))).toBe(show(name));
  });

  test('ends are trimmed, the middle is not', () => {
    expect(kept(cleanText('　 高萩　太郎 \u00a0\ufeff'))).toBe('高萩　太郎');
    expect(kept(cleanMultiline('\n　一\r\n二\r三\u2028四\t五\n\n'))).toBe('一\n二\n三\n四 五');
    expect(kept(cleanText('件名\r\nBcc: x@example.jp'))).toBe('件名 Bcc: x@example.jp');
  });
});

describe('refused (IN-3, IN-4)', () => {
  test('every control character except tab and line ends', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      if (code >= 0x20 && code < 0x7f) continue;
      const white = code === 9 || code === 10 || code === 13;
      expect(cleanText(`a${String.fromCharCode(code)}b`).ok, code.toString(16)).toBe(white);
      expect(cleanMultiline(`a${String.fromCharCode(code)}b`).ok, code.toString(16)).toBe(white);
    }
  });

  test.each([
    ['\ud800', 'broken'], ['a\udc00b', 'broken'], ['\udc00\ud800', 'broken'], ['文字\ufffd化け', 'broken'], ['\ufffe', 'broken'], ['\u{1ffff}', 'broken'], ['\ufdd0', 'broken'],
    ['\u202e', 'direction'], ['a\u202ab', 'direction'], ['\u2066', 'direction'], ['x\u2069', 'direction']
  ] as const)('%j is %s', (text, reason) => {
    expect(cleanText(text)).toEqual({ ok: false, reason });
    expect(cleanMultiline(text)).toEqual({ ok: false, reason });
  });

  test('invisible runs are capped', () => {
    expect(kept(cleanText(`高${'\u200b'.repeat(5000)}萩`))).toBe('高萩');
    expect(kept(cleanText(`a${'\u200d\u200c'.repeat(50)}b`))).toBe('a\u200db');
    expect(kept(cleanText(`葛${'\u{e0100}'.repeat(50)}`))).toBe('葛\u{e0100}');
    expect(kept(cleanText(`a${'\u0301'.repeat(50)}`))).toBe(`a${'\u0301'.repeat(4)}`);
    expect(kept(cleanText('\u200b\ufeff\u2060'))).toBe('');
    expect(kept(cleanText('a\u{e0041}\u{e007f}b'))).toBe('ab');
  });

  test('whatever comes in, what is kept is well formed and cleaning it again changes nothing', () => {
    const anything = fc.string({ unit: fc.oneof(
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      fc.constantFrom('\u200b', '\u200d', '\ufe0f', '\u{e0100}', '\u0301', '\u3099', ' ', '　', '\n', '高', 'ｶ')
    ) });
    fc.assert(fc.property(anything, (text) => {
      for (const clean of [cleanText, cleanMultiline]) {
        const once = clean(text);
        if (!once.ok) continue;
        expect(once.value.isWellFormed()).toBe(true);
        expect(once.value.includes('\0')).toBe(false);
        expect(clean(once.value)).toEqual(once);
      }
    }), { numRuns: 3000 });
  });
});

describe('folding', () => {
  test('length counts code points', () => {
    expect(lengthOf('𠮷田')).toBe(2);
    expect(lengthOf('葛\u{e0100}')).toBe(2);
    expect(lengthOf('')).toBe(0);
  });

  test('digits, letters, hyphens', () => {
    expect(foldDigits('０１２９٣①')).toBe('0129٣①');
    expect(foldLatin('Ａｂ１＠．　～')).toBe('Ab1@. ~');
    expect(foldHyphens('029３－２３ー２１−11–2')).toBe('029３-２３-２１-11-2');
    expect(foldHyphens('コーヒー－1')).toBe('コーヒー－1');
    expect(foldHyphens('1ー2ー3ー4')).toBe('1-2-3-4');
  });

  test.each([
    ['たかはぎ はなこ', 'タカハギ　ハナコ'], ['ﾀｶﾊｷﾞ ﾊﾅｺ', 'タカハギ　ハナコ'], ['ｷｬｯｼｭ', 'キャッシュ'], ['ｷﾖｳﾄ', 'キヨウト'], ['ﾊﾟﾋﾟﾌﾟ', 'パピプ'], ['ｳﾞｧ', 'ヴァ'],
    ['コーヒー', 'コーヒー'], ['ｺｰﾋｰ', 'コーヒー'], ['カ\u3099ハ\u309a', 'ガパ'], ['カ゛ハ゜', 'ガパ'], ['ゔゝゞ', 'ヴヽヾ'], ['ョ゛', 'ョ゛'], ['ｱ･ｲ', 'ア・イ'], ['髙﨑', '髙﨑'], ['っゃ', 'ッャ'], ['コ-ヒ−', 'コーヒー']
  ])('%s reads %s', (typed, folded) => {
    expect(foldKana(typed)).toBe(folded);
    expect(foldKana(folded)).toBe(folded);
  });

  test('a reading is katakana', () => {
    expect(isKana('タカハギ　ジョン・スミス')).toBe(true);
    for (const wrong of ['', 'たかはぎ', '高萩', 'ABC', 'タカ1', 'ﾀｶ', 'タカ゛']) expect(isKana(wrong), wrong).toBe(false);
  });
});
