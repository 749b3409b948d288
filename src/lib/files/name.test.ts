import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { cleanName, contentDisposition, endingOf, withEnding } from './name.ts';

describe('names of files', () => {
  it('keep Japanese as typed, and lose what cannot be shown safely', () => {
    expect(cleanName('令和8年度 申請書（第1号）.pdf')).toBe('令和8年度 申請書（第1号）.pdf');
    expect(cleanName('﨑山さん髙橋𠮷田.pdf')).toBe('﨑山さん髙橋𠮷田.pdf');
    expect(cleanName('カ\u3099イト\u3099.pdf')).toBe('ガイド.pdf');
    expect(cleanName('C:\\fakepath\\..\\領収書.jpg')).toBe('領収書.jpg');
    expect(cleanName('../../etc/passwd')).toBe('passwd');
    expect(cleanName('a"\r\n;b.pdf')).toBe('a";b.pdf');
    expect(cleanName('invoice\u202Efdp.exe')).toBe('invoicefdp.exe');
    expect(cleanName('\0\u200B..')).toBe('名称なし');
    expect(cleanName(`${'𠮷'.repeat(400)}.pdf`)).toBe(`${'𠮷'.repeat(251)}.pdf`);
  });

  it('have an ending that agrees with what is inside now', () => {
    expect(endingOf('写真．ＪＰＧ')).toBe('jpg');
    expect(endingOf('写真')).toBe('');
    expect(withEnding('IMG_0001.HEIC', 'jpg')).toBe('IMG_0001.jpg');
    expect(withEnding('a.jpeg', 'jpg')).toBe('a.jpeg');
    expect(withEnding('第1号.様式', 'pdf')).toBe('第1号.pdf');
    expect([...withEnding('あ'.repeat(255), 'pdf')]).toHaveLength(255);
  });

  it('cannot add to a header, whatever they are', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
      const header = contentDisposition(typed);
      expect(header).toMatch(/^attachment; filename="[\w.-]*"; filename\*=UTF-8''[A-Za-z0-9%._-]+$/u);
      expect(decodeURIComponent(header.split("''")[1]!)).toBe(cleanName(typed));
      expect([...cleanName(typed)].length).toBeLessThanOrEqual(255);
    }), { numRuns: 2_000, seed: 20261123 });
  });

  it('reach the browser whole, with the file locked in', async () => {
    const response = download({ name: '見積書"\r\n;.pdf', media_type: 'application/pdf' }, Buffer.from('%PDF-'));
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/pdf', 'content-length': '5',
      'content-disposition': `attachment; filename="_.pdf"; filename*=UTF-8''${encodeURIComponent('見積書";.pdf')}`,
      'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin', 'cache-control': 'private, no-store'
    });
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('%PDF-');
  });
});
