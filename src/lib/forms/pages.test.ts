import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSecretName, keptFields, lostFiles, packKept, unpackKept } from './keep.ts';
import { safeLocalPath } from './local-path.ts';
import { continuePage, databaseAwayPage, escapeHtml, sessionExpiredPage } from './pages.ts';

function formOf(...entries: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

const form = formOf(
  ['title', '髙﨑 <b>"&\'`='], ['plan', '一行\n二行'], ['_key', 'abc'], ['password', 'hunter2'], ['new_password', 'hunter3'], ['totp', '123456'],
  ['secretary', '書記 花子'], ['file', new File(['x'], 'a.pdf')], ['file', new File(['y'], 'b.pdf')], ['photo', new File([], '')]
);

describe('keeping what was typed', () => {
  test('text and _key are kept, passwords, codes and files are not', () => {
    expect(keptFields(form)).toEqual([['title', '髙﨑 <b>"&\'`='], ['plan', '一行\n二行'], ['_key', 'abc'], ['secretary', '書記 花子']]);
    expect(lostFiles(form)).toEqual([{ name: 'file', multiple: true }]);
    for (const name of ['password', 'Password2', 'current_password', 'passwd', 'passphrase', 'totp_code', 'kept']) expect(isSecretName(name), name).toBe(true);
  });

  test('it is bounded', () => {
    const big = formOf(...Array.from({ length: 3000 }, (_, at): [string, string] => [`f${at}`, 'x']));
    expect(keptFields(big).length).toBe(2000);
    expect(keptFields(formOf(['a', 'x'], ['b', 'y'.repeat(200_001)]))).toEqual([['a', 'x']]);
  });

  test('the envelope survives the journey, and is checked on arrival', () => {
    const envelope = { action: '/my/applications?/save', kept: keptFields(form), files: lostFiles(form) };
    expect(unpackKept(packKept(envelope))).toEqual(envelope);
    const broken: unknown[] = [
      null, 1, [], {}, { ...envelope, action: 'https://evil.example' }, { ...envelope, action: '//evil' }, { ...envelope, kept: [['a']] }, { ...envelope, kept: [['a', 1]] },
      { ...envelope, kept: [['password', 'x']] }, { ...envelope, kept: { length: 1 } }, { ...envelope, files: [1] }, { ...envelope, files: null },
      { ...envelope, kept: Array.from({ length: 2001 }, () => ['a', 'b']) }, { ...envelope, kept: [['a', 'b'.repeat(200_001)]] }
    ];
    for (const one of broken) expect(unpackKept(JSON.stringify(one)), JSON.stringify(one)?.slice(0, 80)).toBeNull();
    for (const text of ['', '{', 'x'.repeat(700_000)]) expect(unpackKept(text)).toBeNull();
    fc.assert(fc.property(fc.json(), (text) => {
      expect(() => unpackKept(text)).not.toThrow();
    }));
  });
});

describe('pages that need nothing', () => {
  const page = { action: '/my/applications?/save', kept: keptFields(form), files: lostFiles(form), labels: { title: '事業の名称' } };
  const pages = {
    away: databaseAwayPage({ ...page, reference: 'R-<1>' }),
    expired: sessionExpiredPage({ ...page, next: '/my/applications' }),
    next: continuePage(page)
  };

  test.each(Object.entries(pages))('%s: Japanese, no script, no style, nothing to fetch, everything escaped', (_, html) => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="ja">/);
    expect(html).not.toMatch(/<(?:script|style|link|img|iframe|base)|\s(?:style|on\w+|src|href)=|hunter|123456|<b>/i);
    expect(html).toContain('事業の名称：<br>髙﨑 &#60;b&#62;&#34;&#38;&#39;&#96;&#61;</li>');
    expect(html).toContain('書記 花子');
    expect(html).toContain('<li>一行<br>二行</li>');
    expect(html).not.toContain('<li>abc</li>');
    expect(html.match(/<h1>/g)).toHaveLength(1);
  });

  test('503 says what happened and sends the same again', () => {
    expect(pages.away).toContain('<h1>ただいま保存できません</h1>');
    expect(pages.away).toContain('入力した内容はこの画面に残っています');
    expect(pages.away).toContain('<form method="post" action="/my/applications?/save" enctype="multipart/form-data">');
    expect(pages.away).toContain('<input type="hidden" name="_key" value="abc">');
    expect(pages.away).toContain('<input id="file-0" name="file" type="file" multiple>');
    expect(pages.away).toContain('もう一度送る</button>');
    expect(pages.away).toContain('受け付けは1回だけ');
    expect(databaseAwayPage({ action: '/', kept: [['a', 'b']], reference: '' })).not.toContain('受け付けは1回だけ');
    expect(pages.away).toContain('R-&#60;1&#62;');
  });

  test('401 asks for the password and carries the rest', () => {
    const kept = /name="kept" value="([^"]*)"/.exec(pages.expired)?.[1] ?? '';
    const unescaped = kept.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    expect(unpackKept(unescaped)).toEqual({ action: page.action, kept: page.kept, files: page.files });
    expect(pages.expired).toContain('<form method="post" action="/login"');
    expect(pages.expired).toContain('name="next" value="/my/applications"');
    expect(pages.next).toContain('続ける</button>');
  });

  test('a foreign action or next becomes the front page', () => {
    const html = sessionExpiredPage({ action: 'https://evil.example/', kept: [], next: '//evil.example' });
    expect(html).not.toContain('evil');
    expect(databaseAwayPage({ action: 'javascript:alert(1)', kept: [], reference: '' })).toContain('action="/"');
  });

  test('no text escapes its place', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&=`ab/ \n') }), fc.string({ unit: fc.constantFrom(...'<>"\'&=`ab/ \n') }), (name, value) => {
      expect(escapeHtml(value)).not.toMatch(/[<>"'`]/);
      const html = databaseAwayPage({ action: '/', kept: [[name, value]], reference: value });
      expect(html.match(/<(?:input|script|b|a)\b/g)?.length).toBeLessThanOrEqual(2);
    }), { numRuns: 500 });
  });
});

describe('a path inside this site (IN-10)', () => {
  test.each([
    '/', '/my', '/my/applications/0193?x=1&y=%E9%AB%98#top', '/office/applications?/award', '/a//b', '/a/b.c', '/a/../b'
  ])('%s is taken', (path) => {
    const safe = safeLocalPath(path);
    expect(safe?.startsWith('/')).toBe(true);
    expect(new URL(safe ?? '', 'https://portal.example').origin).toBe('https://portal.example');
  });

  const payloads = [
    '//evil', '///evil', '////evil.example', '//evil.example/%2f..', '/\\evil', '\\/evil', '\\\\evil', '/\\/evil', '/\t/evil', '/\n/evil', '/\r/evil', '\t//evil', ' //evil', '/ /evil', '//\tevil',
    '/%09/evil', '/%0d%0aLocation:%20//evil', '/%0aevil', '/a%0d%0aSet-Cookie:x=1', '/a\r\nSet-Cookie: x=1', '/a\0b', '/%00', '/%5cevil', '/%5C%5Cevil', '/%2f/evil', '/%2Fevil', '/.//evil', '/..//evil',
    '/./\\evil', '/%2e//evil', '/%2e%2e//evil', '/a/..//evil', '/a/../\\evil', 'https://evil', 'http:evil', 'https:/evil', 'https:evil', 'HTTPS://evil', 'javascript:alert(1)', 'javascript://%0aalert(1)',
    'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'mailto:a@b', 'file:///etc/passwd', 'blob:x', '', 'evil', 'evil.example', './evil', '../evil', '?x', '#x', '@evil', '/\u2028/evil', '/\u00a0/evil',
    '／／evil', '/／evil', '/\u3000/evil', '/高萩', '/a"b', '/a<b>', '/%', '/%zz', `/${'a'.repeat(2001)}`, '/\u{7f}', '/a|b', '/a^b', '//@evil', '/%2e%2e%2f%2fevil', '/.%2f/evil'
  ];

  test(`${payloads.length} payloads are refused`, () => {
    expect(payloads.length).toBeGreaterThanOrEqual(60);
    for (const payload of payloads) expect(safeLocalPath(payload), JSON.stringify(payload)).toBeNull();
    for (const other of [null, undefined, 1, {}, ['/']]) expect(safeLocalPath(other)).toBeNull();
  });

  test('whatever is taken stays here, and is taken again', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'/\\.%25cCfF0da:@?#e \t\n') }), (tail) => {
      const safe = safeLocalPath(`/${tail}`);
      if (safe === null) return;
      expect(new URL(safe, 'https://portal.example').origin).toBe('https://portal.example');
      expect(safe).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
      expect(safeLocalPath(safe)).toBe(safe);
    }), { numRuns: 3000 });
  });
});
