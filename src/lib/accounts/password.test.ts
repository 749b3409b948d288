import { describe, expect, test } from 'vitest';
import { COMMON_STEMS, commonPasswords } from './common-passwords.ts';
import { checkPassword } from './password.ts';

const context = { email: 'hanako.suzuki@example.jp', name: '鈴木 花子', words: ['秋山下地区自治会', '協働ポータル'] };

describe('what is accepted', () => {
  test.each([
    'correct horse battery staple',
    'みかん 電柱 三毛猫 鉛筆けずり',
    'kzWq8-fmTn4-pLr7v',
    'ringo densha kasa enpitsu mado',
    '夕焼けの校庭でまた逆上がりした',
    '　先頭と末尾の空白も文字です　x7',
    '😀🚲🌙🍙🎏🧶🪁🦀🥁🛶🎐🧭🪵🐡🍋',
    `${'長い文'.repeat(3)}${'kQ9zWn2vLx7b'.repeat(20)}`.slice(0, 256)
  ])('%s', (password) => expect(checkPassword(password, context)).toEqual({ ok: true }));
});

describe('what is refused', () => {
  test.each([
    'passwordpassword', 'P@ssw0rd20262026', 'Password123456789', 'aaaaaaaaaaaaaaaa', 'abcabcabcabcabcabc', '123456789012345',
    '1234567890123456789', 'qwertyuiopasdfghjkl', 'qwertyqwerty1234', '1qaz2wsx3edc4rfv', 'zyxwvutsrqponmlk', 'iloveyou20252026',
    'saitama20262026', 'saitama2026saitama2026', 'takahagi20262026!', 'Takahagi-City-2026', '高萩市高萩市高萩市高萩市高萩市', '町内会2026町内会2026町内会',
    '町内会町内会町内会町内会町内会', '令和8年令和8年令和8年令和8年', '高萩市令和8年度補助金申請書2026', 'hanako.suzuki2026', 'hanakosuzuki1234',
    '秋山下地区自治会2026年4月', '協働ポータル協働ポータル2026', 'あいうえおかきくけこさしすせそ', 'ｐａｓｓｗｏｒｄ１２３４５６７', '199001011990010119900101', 'あああああああああああああああ', '               '
  ])('%s', (password) => {
    const checked = checkPassword(password, context);
    expect(checked.ok).toBe(false);
    if (!checked.ok) expect(checked.message).toMatch(/ください。$/);
  });

  test('entries of the list, filled up or doubled to reach the length', () => {
    const entries = [...commonPasswords()];
    expect(new Set(entries).size).toBeGreaterThanOrEqual(3000);
    expect(COMMON_STEMS.size).toBeGreaterThan(900);
    const accepted = entries.filter((entry, i) => i % 7 === 0 && (checkPassword(entry.padEnd(15, '1')).ok || checkPassword((entry + entry).padEnd(15, '0')).ok));
    expect(accepted).toEqual([]);
  });
});

test('length counts code points and nothing is cut', () => {
  expect(checkPassword('𠮷'.repeat(14))).toMatchObject({ ok: false, message: expect.stringContaining('いまは14文字') });
  expect(checkPassword('kzWq8-fmTn4-pL')).toMatchObject({ ok: false, message: expect.stringContaining('いまは14文字') });
  expect(checkPassword('kQ9zWn2vLx7b'.repeat(22).slice(0, 256)).ok).toBe(true);
  expect(checkPassword('kQ9zWn2vLx7b'.repeat(22).slice(0, 257)).ok).toBe(false);
});

test('a hostile password is judged quickly', () => {
  const started = performance.now();
  for (const unit of ['a', '高萩', 'ab1', '令和8年', '\u200b', 'ﷺ']) checkPassword(unit.repeat(256).slice(0, 256), context);
  expect(performance.now() - started).toBeLessThan(500);
});
