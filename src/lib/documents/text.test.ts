import { describe, expect, it } from 'vitest';
import { cleanText, clusters, codePointNames, metadataText } from './text.ts';

describe('names stay as typed', () => {
  it.each([
    ['髙﨑', '\u9ad9\ufa11'], ['神 and 塚 of the compatibility block', '\ufa19\ufa10'], ['𠮷', '\u{20bb7}'], ['辻 with its selector', '\u8fbb\u{e0100}'],
    ['か with ゜', 'か\u309a'], ['が written as two', 'か\u3099'], ['half-width kana', 'ｶﾀｶﾅ'], ['full-width letters', 'ＮＰＯ法人']
  ])('%s', (_, name) => expect(cleanText(name)).toBe(name));
});

describe('what draws nothing or misleads is taken out', () => {
  it.each([
    ['zero-width space', 'a\u200bb', 'ab'], ['joiner and word joiner', 'a\u200d\u2060b', 'ab'], ['byte order mark', '\ufeffa', 'a'],
    ['bidi controls', 'a\u202eb\u2066c\u2069', 'abc'], ['C0 and C1', 'a\u0000b\u001bc\u0090d', 'abcd'], ['soft hyphen', 'a\u00adb', 'ab'],
    ['tags', 'a\u{e0041}b', 'ab'], ['emoji selector', '☎\ufe0f', '☎'], ['a selector without base', '\u{e0100}a', 'a'],
    ['a second selector', '辻\u{e0100}\u{e0101}', '辻\u{e0100}'], ['line ends', 'a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne'], ['tab', 'a\tb', 'a\u3000b']
  ])('%s', (_, from, to) => expect(cleanText(from)).toBe(to));

  it('keeps no more than 40 blanks and 3 line ends in a row', () => {
    expect(cleanText('\u3000'.repeat(500))).toHaveLength(40);
    expect(cleanText(`a${'\n'.repeat(500)}b`)).toBe('a\n\n\nb');
  });

  it('is linear: 100,000 hostile characters in less than 100 ms', () => {
    for (const unit of ['\u200b', '\u3000', '\n', '\u3099', '\u{e0100}', '\u202e', 'あ\u2060', ' \u3000', '\r']) {
      const text = unit.repeat(100_000 / unit.length);
      // The best of five: other programs on the machine may take their share of one.
      const times = Array.from({ length: 5 }, () => {
        const from = performance.now();
        clusters(cleanText(text));
        return performance.now() - from;
      });
      expect(Math.min(...times), JSON.stringify(unit)).toBeLessThan(100);
    }
  });
});

describe('clusters', () => {
  it('keeps a selector and marks with their base', () => {
    expect(clusters('辻\u{e0100}か\u309a𠮷a')).toEqual(['辻\u{e0100}', 'か\u309a', '𠮷', 'a']);
  });
  it('names code points for people', () => {
    expect(codePointNames('辻\u{e0100}')).toEqual(['U+8FBB', 'U+E0100']);
  });
});

describe('metadata', () => {
  it('holds nothing that XML would read as its own', () => {
    expect(metadataText('祭り</rdf:li>& <b>\n二日目')).toBe('祭り＜/rdf:li＞＆ ＜b＞ 二日目');
    expect(metadataText('\ud842a\uffff')).toBe('a');
    expect(metadataText('あ'.repeat(1000))).toHaveLength(300);
    expect(metadataText('𠮷'.repeat(1000))).toBe('𠮷'.repeat(150));
  });
});
