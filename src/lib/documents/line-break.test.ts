import { describe, expect, it } from 'vitest';
import { breakLines } from './line-break.ts';
import { clusters } from './text.ts';
import type { Glyph } from './fonts.server.ts';

/** Glyphs as BIZ UD has them: kana and kanji one em, ASCII half. */
const glyphs = (text: string): Glyph[] => clusters(text).map((cluster) => ({
  font: null as never, id: 1, text: cluster, advance: /^[\u0020-\u007e]/.test(cluster) ? 0.5 : 1
}));
const broken = (text: string, width: number, first?: number): string[] =>
  breakLines(glyphs(text), width, first).map(({ from, to }) => clusters(text).slice(from, to).join(''));

describe('where a line may end', () => {
  it.each([
    ['closing signs do not begin a line', 'あいうえ。おか', 4, ['あいう', 'え。おか']],
    ['opening signs do not end a line', 'あいう「え」', 4, ['あいう', '「え」']],
    ['small kana and the long mark stay', 'あいうきゃーと', 4, ['あいう', 'きゃーと']],
    ['dashes stay together', 'あいう――え', 4, ['あいう', '――え']],
    ['a figure keeps its unit', 'あいう100円です', 5, ['あいう', '100円です']],
    ['an amount is one word', 'ああああ金1,234円', 6, ['ああああ', '金1,234円']],
    ['a date is one word', 'あああああ令和8年4月1日', 9, ['あああああ', '令和8年4月1日']],
    ['Latin words stay whole', 'ああ Takahagi', 4.5, ['ああ ', 'Takahagi']],
    ['an address may break after its slash', 'https://a.example/bbbb', 9, ['https://a.example/', 'bbbb']],
    ['a blank hangs at the end', 'あいうえ　おか', 4, ['あいうえ　', 'おか']],
    ['a no-break space joins', 'あい\u00a0うえ', 2.5, ['あ', 'い\u00a0', 'うえ']]
  ])('%s', (_, text, width, lines) => expect(broken(text, width)).toEqual(lines));

  it('cuts a word that is longer than a line', () => {
    expect(broken('a'.repeat(25), 5)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
  });
  it('gives the first line its own width', () => expect(broken('あいうえおか', 4, 3)).toEqual(['あいう', 'えおか']));
  it('an empty paragraph is one empty line', () => expect(breakLines([], 5)).toEqual([{ from: 0, to: 0, width: 0, last: true }]));

  it('loses nothing, exceeds no width but by a hanging blank, and is linear', () => {
    for (const unit of ['漢', 'a', '、', '（', '1', '　', 'あ　', '金1,000円', '令和8年4月1日', 'a-']) {
      const text = unit.repeat(100_000 / unit.length);
      const from = performance.now();
      const lines = breakLines(glyphs(text), 42);
      expect(performance.now() - from, unit).toBeLessThan(3_000);
      expect(lines.reduce((at, line) => { expect(line.from).toBe(at); expect(line.to).toBeGreaterThan(at); return line.to; }, 0)).toBe(clusters(text).length);
      expect(Math.max(...lines.map((line) => line.width))).toBeLessThanOrEqual(42.01);
    }
  });
});
