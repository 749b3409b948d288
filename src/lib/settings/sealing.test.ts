import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isOutdated, keyring, KeyringFault, readKeyring, seal, SEAL_MAX_BYTES, unseal } from './sealing.server.ts';

const hex = () => randomBytes(32).toString('hex');
const [OLD, NEW] = [`2025:${hex()}`, `2026:${hex()}`];
const [old, renewed, rotated] = [readKeyring(OLD), readKeyring(NEW), readKeyring(`${NEW}, ${OLD}`)];
const HERE = 'account.totp:0199';

describe('sealing', () => {
  test('opens to what was sealed, whatever the text', () => {
    for (const plain of ['', 'JBSWY3DPEHPK3PXP', '髙﨑 𠮷\u{E0100}', '1234567\0', 'x'.repeat(SEAL_MAX_BYTES)]) {
      const sealed = seal(plain, HERE, old);
      expect(sealed).toMatch(/^s1\.2025\.[\w-]{38,8000}$/);
      if (plain.length > 3) expect(sealed).not.toContain(plain);
      expect(unseal(sealed, HERE, old)).toBe(plain);
    }
  });

  test('the same text twice is two values, and neither nonce comes back', () => {
    const all = Array.from({ length: 500 }, () => seal('同じ', HERE, old));
    expect(new Set(all.map((one) => Buffer.from(one.split('.')[2]!, 'base64url').subarray(0, 12).toString('hex'))).size).toBe(500);
  });

  test('a value opens in its own place only', () => {
    const sealed = seal('秘密', HERE, old);
    for (const elsewhere of ['account.totp:0198', 'account.totp:01990', 'account.totp', '', `${HERE}\n`, 'bank.account:0199']) expect(unseal(sealed, elsewhere, old)).toBeNull();
  });

  test('every single changed bit is noticed', () => {
    const [version, id, text] = seal('秘密', HERE, old).split('.') as [string, string, string];
    const body = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = Buffer.from(body);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(unseal(`${version}.${id}.${changed.toString('base64url')}`, HERE, old)).toBeNull();
    }
    for (let length = 0; length < body.length; length += 1) expect(unseal(`${version}.${id}.${body.subarray(0, length).toString('base64url')}`, HERE, old)).toBeNull();
  });

  test('what was never sealed here does not open, and nothing throws', () => {
    const sealed = seal('秘密', HERE, old);
    const [, , text] = sealed.split('.') as [string, string, string];
    const hostile = [
      '', '.', '..', 's1', 's1..', 's1.2025.', sealed.slice(1), `${sealed}A`, `${sealed}.`, ` ${sealed}`, `${sealed}\n`, sealed.replace('s1', 's2'), sealed.replace('2025', '2024'), sealed.replace('2025', '__proto__'), sealed.replace('2025', 'constructor'),
      sealed.toUpperCase(), `s1.2025.${text}=`, `s1.2025.${text.replaceAll(/[-_]/g, '+')}+`, `s1.2025.${'A'.repeat(8_001)}`, `s1.2025.${'A'.repeat(1_000_000)}`, '\0', '髙﨑', 's1.2025.'.repeat(1_000), "' or 1=1 --"
    ];
    for (const one of hostile) expect(unseal(one, HERE, old)).toBeNull();
    for (let i = 0; i < 2_000; i += 1) expect(unseal(`s1.2025.${randomBytes(28 + (i % 60)).toString('base64url')}`, HERE, old)).toBeNull();
  });

  test('a second spelling of the same bytes is refused', () => {
    // 28 + 1 bytes end in spare bits, which base64 decoders ignore.
    const sealed = seal('a', HERE, old);
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const others = [...last].map((letter) => sealed.slice(0, -1) + letter).filter((one) => one !== sealed);
    expect(others.filter((one) => unseal(one, HERE, old) !== null)).toEqual([]);
  });

  test('refuses what is too long or no text', () => {
    expect(() => seal('x'.repeat(SEAL_MAX_BYTES + 1), HERE, old)).toThrow(TypeError);
    expect(() => seal('髙'.repeat(SEAL_MAX_BYTES / 2), HERE, old)).toThrow(TypeError);
    expect(() => seal('\ud800', HERE, old)).toThrow(TypeError);
  });
});

describe('rotation', () => {
  test('new values take the new key, old ones still open, until their key is taken away', () => {
    const before = seal('秘密', HERE, old);
    expect(unseal(before, HERE, rotated)).toBe('秘密');
    expect([isOutdated(before, old), isOutdated(before, rotated), isOutdated('nonsense', old)]).toEqual([false, true, true]);
    const again = seal('秘密', HERE, rotated);
    expect([isOutdated(again, rotated), unseal(again, HERE, renewed), unseal(before, HERE, renewed)]).toEqual([false, '秘密', null]);
  });

  test('another key under an old name opens nothing', () => {
    expect(unseal(seal('秘密', HERE, old), HERE, readKeyring(`2025:${hex()}`))).toBeNull();
  });
});

describe('PORTAL_KEYS', () => {
  test('one key or several, the first is the current one', () => {
    expect([...rotated.keys.keys()]).toEqual(['2026', '2025']);
    expect(rotated.current).toBe('2026');
    expect(readKeyring(`a:${hex().toUpperCase()}`).current).toBe('a');
  });

  test('anything else is one line that says what is wrong and quotes no key', () => {
    const key = hex();
    const wrong = [
      null, '', key, `:${key}`, `a:${key.slice(1)}`, `a:${key}0`, `a:${key},`, `a:${key};b:${hex()}`, `A:${key}`, `a b:${key}`, `${'a'.repeat(17)}:${key}`, `a:${key},a:${hex()}`, `a:${key},b:${key}`, `a:${key},b:${key.toUpperCase()}`,
      `a:${'0'.repeat(64)}`, `a:${'0123456789abcdef'.repeat(4)}`, `a:${Buffer.from('himitsu!himitsu!himitsu!himitsu!').toString('hex')}`, `髙:${key}`
    ];
    for (const text of wrong) {
      let said = '';
      try {
        readKeyring(text);
      } catch (error) {
        expect(error).toBeInstanceOf(KeyringFault);
        said = (error as Error).message;
      }
      expect(said, String(text)).toMatch(/^PORTAL_KEYS.*[ぁ-ん].*$/);
      expect(said).not.toContain(key.slice(0, 8));
    }
  });

  test('the portal’s own are read anew when the setting changes', () => {
    const given = process.env.PORTAL_KEYS;
    try {
      process.env.PORTAL_KEYS = OLD;
      const sealed = seal('秘密', HERE);
      expect(keyring()).toBe(keyring());
      process.env.PORTAL_KEYS = `${NEW},${OLD}`;
      expect([unseal(sealed, HERE), isOutdated(sealed)]).toEqual(['秘密', true]);
      delete process.env.PORTAL_KEYS;
      expect(() => seal('秘密', HERE)).toThrow(KeyringFault);
    } finally {
      process.env.PORTAL_KEYS = given;
    }
  });
});
