import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEBIAN_IPAMJ, openFonts, type Face } from './fonts.server.ts';

const fonts = openFonts(null);
const source = (cluster: string, face: Face = 'mincho'): string | null => fonts.glyph(cluster, face)?.font.key ?? null;
const id = (cluster: string): number | undefined => fonts.glyph(cluster, 'mincho')?.id;

describe('the chain, cluster by cluster', () => {
  it('BIZ UD first, Noto where BIZ UD has nothing', () => {
    expect([source('高'), source('髙'), source('\ufa11'), source('\ufa19'), source('\ufa10')]).toEqual(Array(5).fill('biz_mincho'));
    expect([source('𠮷'), source('𠮷', 'gothic'), source('𠮷', 'bold')]).toEqual(['noto_serif', 'noto_sans', 'noto_sans_bold']);
  });
  it('nothing where nobody has it', () => {
    expect([source('🏠'), source('\ue000'), source('\ud842'), source('辻\u{e01ef}')]).toEqual([null, null, null, null]);
  });
});

describe('variation sequences', () => {
  it('a listed one has its own glyph, also where the selector has a default list too', () => {
    // fontkit itself answers with the base form here: BIZ UD's U+E0100 has both lists.
    expect(source('辻\u{e0100}')).toBe('biz_mincho');
    expect(id('辻\u{e0100}')).not.toBe(id('辻'));
    expect(id('葛\u{e0100}')).not.toBe(id('葛'));
  });
  it('a default one draws the ordinary glyph', () => expect(id('邉\u{e0100}')).toBe(id('邉')));
  it('one that no font lists counts as missing, never as its base', () => expect(source('葛\u{e0120}')).toBeNull());
  it('goes on to the font that lists it', () => {
    // BIZ UD has 髙, but lists no sequence for it.
    expect([source('\u9ad9'), source('\u9ad9\u{e0100}')]).toEqual(['biz_mincho', 'noto_serif']);
  });
});

describe('marks', () => {
  it('か with ゙ is drawn as が, か with ゜ by the font’s ligature', () => {
    expect(id('か\u3099')).toBe(id('が'));
    expect(source('か\u309a')).toBe('biz_mincho');
    expect(id('か\u309a')).not.toBe(id('か'));
  });
  it('marks a font would pile up by guesswork go to one with a glyph', () => expect(source('ん\u3099')).toBe('noto_serif'));
  it('a pile nobody draws is missing', () => expect(source('か\u3099\u3099')).toBeNull());
});

describe('faces', () => {
  it('figures are half-width, so money columns stand in line', () => {
    for (const face of ['mincho', 'gothic', 'bold'] as const) {
      for (const figure of '0123456789,') expect(fonts.glyph(figure, face)?.advance).toBe(0.5);
    }
  });
});

describe.skipIf(!existsSync(DEBIAN_IPAMJ))('IPAmj明朝, where it is installed', () => {
  const register = openFonts(DEBIAN_IPAMJ);
  it('draws what only the register of characters knows', () => {
    expect(fonts.glyph('邉\u{e010f}', 'mincho')).toBeNull();
    expect(register.glyph('邉\u{e010f}', 'mincho')?.font.key).toBe('ipamj');
    const forms = ['\u{e0110}', '\u{e0111}', '\u{e0112}'].map((selector) => register.glyph(`邉${selector}`, 'mincho')?.id);
    expect(new Set(forms).size).toBe(3);
  });
  it('is asked last', () => expect(register.glyph('辻\u{e0100}', 'mincho')?.font.key).toBe('biz_mincho'));
});

it('a path that leads nowhere is the same as no IPAmj', () => expect(openFonts('/nowhere/ipamjm.ttf').glyph('邉\u{e010f}', 'mincho')).toBeNull());
