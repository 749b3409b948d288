import { describe, expect, test } from 'vitest';
import { foldRecoveryCode, hashRecoveryCode, newRecoveryCodes, RECOVERY_CODES } from './recovery-code.server.ts';
import { readCode, readRecoveryCode } from './form.ts';
import { codeAt, matchingStep, newTotpSecret, stepAt, totpUri } from './totp.server.ts';

/** RFC 6238 appendix B, SHA-1, whose secret is the ASCII text 12345678901234567890; six digits are the last six of its eight. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const RFC: [seconds: number, code: string][] = [[59, '94287082'], [1111111109, '07081804'], [1111111111, '14050471'], [1234567890, '89005924'], [2000000000, '69279037'], [20000000000, '65353130']];
const at = (seconds: number) => new Date(seconds * 1000);
const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

describe('codes of the authenticator', () => {
  test('RFC 6238, every time of its table', () => {
    for (const [seconds, code] of RFC) expect(codeAt(RFC_SECRET, stepAt(at(seconds)))).toBe(code.slice(2));
  });

  test('RFC 4226 appendix D: the counter from 0 to 9', () => {
    expect(Array.from({ length: 10 }, (_, step) => codeAt(RFC_SECRET, step))).toEqual(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']);
  });

  test('one step either side, to the second', () => {
    const step = stepAt(at(1_234_567_890));
    const code = codeAt(RFC_SECRET, step);
    const begins = step * 30;
    for (const [seconds, found] of [[begins - 31, null], [begins - 30, step], [begins, step], [begins + 29, step], [begins + 59, step], [begins + 60, null]] as const) expect(matchingStep(RFC_SECRET, code, at(seconds))).toBe(found);
  });

  test('a code that two steps share stands for the newer one', () => {
    const secret = 'A'.repeat(32);
    // Found by searching; the first such pair of this secret.
    const step = 418_590;
    expect([codeAt(secret, step), codeAt(secret, step + 1)]).toEqual(['903848', '903848']);
    expect(matchingStep(secret, '903848', at(step * 30))).toBe(step + 1);
  });

  test('anything else is no code, and nothing throws', () => {
    for (const code of ['', '1', '12345', '1234567', '髙﨑髙﨑髙﨑', '００００００', '      ', '\0\0\0\0\0\0', 'abcdef', '-12345']) expect(matchingStep(RFC_SECRET, code, at(59))).toBeNull();
  });

  test('secrets are 160 bits, never the same', () => {
    const all = Array.from({ length: 200 }, newTotpSecret);
    expect(all.every((one) => /^[A-Z2-7]{32}$/.test(one))).toBe(true);
    expect(new Set(all).size).toBe(200);
  });

  test('the address in the picture names portal and person, whatever stands in them', () => {
    const uri = new URL(totpUri(RFC_SECRET, '協働:ポータル&secret=x', 'a+b@example.jp'));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/協働 ポータル&secret=x:a+b@example.jp']);
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: RFC_SECRET, issuer: '協働 ポータル&secret=x' });
    expect(totpUri(RFC_SECRET, '長'.repeat(100), 'a@example.jp').length).toBeLessThan(520);
  });

  test('typed in any width, with gaps; never shown again', () => {
    for (const typed of ['123456', '１２３４５６', ' 123 456 ', '１２３　４５６', '123-456', '１２３ー４５６', '123–456']) expect(readCode(formOf({ one_time_code: typed }))).toEqual({ ok: true, value: { one_time_code: '123456' } });
    for (const typed of ['', '12345', '1234567', '12345a', '١٢٣٤٥٦', '一二三四五六', '123456;', "' or 1=1", '1e5', '-123456x']) {
      const read = readCode(formOf({ one_time_code: typed }));
      expect(read).toMatchObject({ ok: false, status: 422, values: {}, problems: [{ field: 'one_time_code' }] });
    }
    expect(readCode(formOf({ one_time_code: '123\u0000456' }))).toMatchObject({ ok: false, status: 400 });
    expect(readCode(formOf({ one_time_code: '123456', account: 'x' }))).toMatchObject({ ok: false, status: 400 });
  });
});

describe('recovery codes', () => {
  test('ten, 120 bits each, in groups people can read', () => {
    const codes = newRecoveryCodes();
    expect(codes).toHaveLength(RECOVERY_CODES);
    for (const code of codes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    const many = Array.from({ length: 100 }, newRecoveryCodes).flat();
    expect(new Set(many).size).toBe(1_000);
    // Every letter comes in every place: no bit is fixed.
    for (const place of [0, 5, 13, 28]) expect(new Set(many.map((code) => code[place])).size).toBe(32);
  });

  test('understood as people copy them from paper', () => {
    const code = '7K3M-9QWX-01AB-CDEF-GHJK-1100';
    for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), code.replaceAll('-', ' '), ` ${code} `, '７Ｋ３Ｍー９ＱＷＸー０１ＡＢーＣＤＥＦーＧＨＪＫー１１００', '7k3m-9qwx-oiab-cdef-ghjk-lIoO']) {
      expect(readRecoveryCode(formOf({ recovery_code: typed }))).toEqual({ ok: true, value: { recovery_code: code } });
    }
    for (const typed of ['', '123456', code.slice(1), `${code}0`, code.replace('7', 'U'), code.replace('7', '七'), '\u{1F600}'.repeat(24)]) expect(readRecoveryCode(formOf({ recovery_code: typed }))).toMatchObject({ ok: false, status: 422, values: {} });
    expect(foldRecoveryCode('x'.repeat(100_000))).toBeNull();
  });

  test('hashed, and the hash is no code', () => {
    const [code] = newRecoveryCodes();
    expect(hashRecoveryCode(code!)).toMatch(/^[0-9a-f]{64}$/);
    expect(foldRecoveryCode(hashRecoveryCode(code!))).toBeNull();
  });
});
