import { expect, test } from 'vitest';
import { sliced } from './slices.ts';

const pages = (shown: Record<string, string>) => new Map(Object.entries(shown).map(([page, text]) => [page, new Set(text)]));

test('what every page shows is the first slice, and what one page shows alone is its own', () => {
  const rare = '鬱轟驫'.repeat(1) + '亜唖娃阿哀愛挨姶逢葵茜穐悪握渥';
  expect(sliced(pages({ a: 'あいう', b: 'あいう', c: `あいう${rare}` }))).toEqual([[...'あいう'], [...rare].sort()]);
});

test('a few characters of one page are not worth a file of their own', () => {
  expect(sliced(pages({ a: 'あいう', b: 'あいう字', c: 'あいう' }))).toEqual([[...'あいう字'].sort()]);
});

test('every character is in one slice, whatever the pages share', () => {
  const all = pages({ a: '団体の申請', b: '申請の審査', c: '審査の結果と団体', d: '' });
  const slices = sliced(all);
  expect(slices.flat().sort()).toEqual([...new Set([...all.values()].flatMap((characters) => [...characters]))].sort());
});
