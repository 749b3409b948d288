import { existsSync, readFileSync } from 'node:fs';
import { create } from 'fontkit';
import { afterAll, describe, expect, it } from 'vitest';
import { pdfObjects, textOf } from '../../../tests/read-pdf.ts';
import { DEBIAN_IPAMJ, openFonts } from './fonts.server.ts';
import { checkPdf, closeRenderer, renderPdf } from './pdf.server.ts';
import { clusters } from './text.ts';
import type { OfficialDocument } from './document.ts';

/** Names come out as typed: drawn with the right glyph, and read back with the right code points. */

const named = (text: string): OfficialDocument => ({
  schema: 1, title: '氏名', author: '見本市', created_at: '2026-06-01T00:00:00Z', blocks: [{ type: 'fields', rows: [{ label: '代表者', value: text }] }]
});
const withoutIpamj = { ipamjPath: false } as const;
afterAll(closeRenderer);

/** Written as escapes: an editor that normalises would make the test agree with the mistake. */
const NAMES = [
  '\u9ad9\u6a4b\u3000\u4e00\u90ce', '\u5c71\ufa11\u3000\u82b1\u5b50', '\u{20bb7}\u7530', '\ufa19\u8c37', '\u5927\ufa10', '\u8fbb\u{e0100}\u672c', '\u8fbb\u672c',
  '\u845b\u{e0100}\u57ce', '\u845b\u57ce', '\u6e21\u9089', '\u6e21\u908a', '\u658e\u85e4\u9f4b\u85e4\u6589\u85e4\u9f4a\u85e4', '\u6ff1\u7530\u6ff5\u7530\u6d5c\u7530',
  '\ufa1b\u7530', '\ufa1e\u7530', '\ufa22\u6a2a', '\ufa26', '\ufa0e\ufa0f\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29', '\uf929\u524d\u671d\uf929',
  '\u{2000b}\u{2123d}\u{2131b}\u{2146e}\u{218bd}\u{20b9f}\u{216b4}\u{21e34}\u{231c4}\u{235c4}\u{2373f}\u{23763}', '\u{23cfe}\u{247f1}\u{2548e}\u{2550e}\u{25771}\u{259c4}\u{25da1}\u{26aff}\u{26e40}\u{270f4}\u{27684}\u{28277}\u{283cd}\u{2a190}',
  '\u4ff1\u525d\u{20b9f}\u586b\u9830', 'か\u309aき\u309aく\u309aけ\u309aこ\u309aセ\u309aツ\u309aト\u309aㇷ\u309a', 'は\u3099は\u309a', 'ゔゟヷヸヹヺヿ', 'ｱﾍﾞ\u3000ｻｸﾗ',
  'ＡＢＣ１２３', '〜～－−―—‐・ー', '①②⑳ⅠⅢ㈱㈲℡№㎡㋿', 'É\u00e9\u00fc'
];

describe('read back by another program', () => {
  it('names of JIS X 0213, compatibility ideographs, selectors and marks, unchanged', async () => {
    const result = await renderPdf(named(NAMES.join('\n')), withoutIpamj);
    expect(result).toMatchObject({ ok: true });
    const text = await textOf(result.ok ? result.bytes : new Uint8Array());
    for (const name of NAMES) expect(text, name).toContain(name.replace(/\s/g, ''));
  });

  it('two characters that share a glyph are told apart, also after another document used the other one', async () => {
    // fontkit remembers the first text of a glyph for good; with fonts shared between documents that would leak.
    for (const text of ['\u2010\u002d\u00ad', '\u00a5\uffe5', '\u03a9\u2126', '\u2212\uff0d']) {
      const kept = text.replace('\u00ad', '');
      for (const one of [...kept, ...[...kept].reverse()]) {
        const result = await renderPdf(named(one), withoutIpamj);
        if (result.ok) expect(await textOf(result.bytes)).toContain(`代表者${one}`);
      }
    }
  });
});

describe('drawn with the right glyph', () => {
  it('the embedded outline of every cluster is the one the font lists for it', async () => {
    const name = '辻\u{e0100}辻\u845b\u{e0100}\u845b\u9ad9\u9ad8\u5c71\ufa11\u5d0e\u{20bb7}\u5409か\u309aが';
    const result = await renderPdf(named(name), withoutIpamj);
    const drawn = outlines(result.ok ? result.bytes : new Uint8Array());
    const fonts = openFonts(null);
    for (const cluster of clusters(name)) {
      const glyph = fonts.glyph(cluster, 'mincho');
      expect(drawn.get(cluster), cluster).toContain(glyph?.font.font.getGlyph(glyph.id).path.toSVG());
    }
    expect(drawn.get('辻\u{e0100}')).not.toEqual(drawn.get('辻'));
  });
});

describe('what no font has', () => {
  it('is named with its code points and its place, and there is no PDF', async () => {
    const result = await renderPdf(named('見本\u{e01ef}🏠太郎\ue000'), withoutIpamj);
    expect(result).toEqual({ ok: false, reason: 'missing_glyph', characters: [
      { text: '本\u{e01ef}', codePoints: ['U+672C', 'U+E01EF'], where: '代表者' },
      { text: '🏠', codePoints: ['U+1F3E0'], where: '代表者' },
      { text: '\ue000', codePoints: ['U+E000'], where: '代表者' }
    ] });
    expect(await checkPdf(named('🏠'), withoutIpamj)).toMatchObject({ ok: false, reason: 'missing_glyph' });
    expect(await checkPdf(named('家'), withoutIpamj)).toEqual({ ok: true, pages: 1 });
  });

  it('is named in letters by the part of the letter', async () => {
    const result = await renderPdf({ ...named('x'), title: '題', demo_mark: '架空', blocks: [
      { type: 'addressee', lines: ['団体', '🏠'], honorific: '様' }, { type: 'sender', rows: [{ text: '🏡' }] }, { type: 'title', text: '🏢' },
      { type: 'table', columns: [{ header: '内容', width: 1 }], rows: [['🏣']] }] });
    expect(result.ok === false && result.reason === 'missing_glyph' && result.characters.map((one) => one.where))
      .toEqual(['宛名', '発信者', '表題', '表の「内容」']);
  });

  it('an approved form is drawn instead, read as drawn, and reported', async () => {
    const approvedSubstitutions = [{ from: '本\u{e01ef}', to: '本' }, { from: '🏠', to: '（家）' }];
    const result = await renderPdf(named('見本\u{e01ef}🏠本\u{e01ef}'), { ...withoutIpamj, approvedSubstitutions });
    expect(result).toMatchObject({ ok: true, substitutions: [{ from: '本\u{e01ef}', to: '本', count: 2 }, { from: '🏠', to: '（家）', count: 1 }] });
    expect(await textOf(result.ok ? result.bytes : new Uint8Array())).toContain('見本（家）本');
  });
});

it('a receipt may mark what it can’t draw, and says so', async () => {
  const result = await renderPdf(named('見本🏠\ue000🏠'), { ...withoutIpamj, missingAs: '〓' });
  expect(result).toMatchObject({ ok: true, substitutions: [{ from: '🏠', to: '〓', count: 2 }, { from: '\ue000', to: '〓', count: 1 }] });
  expect(await textOf(result.ok ? result.bytes : new Uint8Array())).toContain('見本〓〓〓');
  expect(await renderPdf(named('🏠'), { ...withoutIpamj, missingAs: '🏡' })).toMatchObject({ ok: false, reason: 'missing_glyph' });
});

describe.skipIf(!existsSync(DEBIAN_IPAMJ))('with IPAmj明朝', () => {
  it('a form of 邉 that only the register knows is drawn and read back', async () => {
    const name = '渡\u9089\u{e010f}\u9089\u{e0111}\u658b\u3400\u4e6c';
    const result = await renderPdf(named(name));
    expect(result).toMatchObject({ ok: true, substitutions: [] });
    expect(await textOf(result.ok ? result.bytes : new Uint8Array())).toContain(name);
    const ipamj = create(readFileSync(DEBIAN_IPAMJ));
    expect(outlines(result.ok ? result.bytes : new Uint8Array()).get('\u9089\u{e0111}')).toContain(ipamj.getGlyph(60571).path.toSVG());
  }, 180_000);
});

/** text → the outlines a PDF draws for it, over all its fonts: ToUnicode and font file, read without our own code. */
function outlines(bytes: Uint8Array): Map<string, string[]> {
  const objects = pdfObjects(bytes);
  const follow = (dictionary: string, key: string): { dictionary: string; stream: string | null } =>
    objects.get(Number(new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(dictionary)?.[1])) ?? { dictionary: '', stream: null };
  const found = new Map<string, string[]>();
  for (const { dictionary } of objects.values()) {
    if (!dictionary.includes('/Subtype /Type0')) continue;
    const file = follow(follow(follow(dictionary, 'DescendantFonts').dictionary, 'FontDescriptor').dictionary, 'FontFile2').stream ?? '';
    const font = create(Buffer.from(file, 'latin1'));
    const codes = [...(follow(dictionary, 'ToUnicode').stream ?? '').matchAll(/\[(.*?)\]/g)].flatMap((match) => match[1]?.match(/<[^>]*>/g) ?? []);
    codes.forEach((code, at) => {
      const text = Buffer.from(code.replace(/[<> ]/g, ''), 'hex').swap16().toString('utf16le');
      found.set(text, [...found.get(text) ?? [], font.getGlyph(at).path.toSVG()]);
    });
  }
  return found;
}
