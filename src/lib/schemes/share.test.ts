import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkContent } from './check-content.ts';
import { CONTENT_LIMITS } from './content.ts';
import { bytesOf } from './content-schema.ts';
import { broken, stored } from './fixtures.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';
import { readShare, SHARE_MAX_BYTES, shareScheme, shareText, type SharedScheme } from './share.ts';

const at = new Date('2026-11-24T01:02:03.004Z');
const shared = (content = SAMPLE_CONTENT): SharedScheme =>
  shareScheme({ scheme: { code: 'machizukuri', name: 'まちづくり支援金' }, fiscal_year: 2026, city: { name: '架空市', code: '999999' }, content }, at);
const problems = (text: string): string => {
  const read = readShare(text);
  return read.ok ? '' : read.problems.map((one) => `${one.at} ${one.message}`).join('\n');
};

test('what is written is read, from a file with a byte order mark too', () => {
  expect(readShare(shareText(shared()))).toEqual({ ok: true, shared: shared() });
  expect(readShare(`\ufeff${shareText(shared())}`).ok).toBe(true);
  expect(Object.keys(shared())).toEqual(['format', 'scheme', 'fiscal_year', 'city', 'exported_at', 'content']);
});

test('it tells nobody to telephone, and no amount of the budget', () => {
  const content = { ...SAMPLE_CONTENT, contact: { section: '協働課の山田', phone: '0293-00-1234', email: 'yamada@example.jp', hours: '平日', consultation: '事前にご相談ください。' } };
  const text = shareText(shared(content));
  for (const word of ['山田', '1234', 'example.jp', '700000', '300000']) expect(text).not.toContain(word);
  expect(text).toContain('事前にご相談ください。');
});

test('the largest document that can be stored can be shared', () => {
  const options = (row: number) => Array.from({ length: 9 }, (_, at) => ({ key: `o${row}_${at}`, label: 'あ'.repeat(60) }));
  const questions = Array.from({ length: 60 }, (_, row) => ({ ...SAMPLE_CONTENT.questions[3]!, key: `q${row}`, label: `設問${row}`, hint: 'あ'.repeat(300), options: options(row) }));
  const content = { ...SAMPLE_CONTENT, eligibility: SAMPLE_CONTENT.eligibility.slice(0, 3), papers: [], formula: { ...SAMPLE_CONTENT.formula, steps: [] }, questions };
  expect(bytesOf(content)).toBeGreaterThan(CONTENT_LIMITS.bytes * 0.7);
  expect(readShare(shareText(shared(content))).ok).toBe(true);
});

describe('a file that is not one', () => {
  const changed = (change: object): string => JSON.stringify({ ...shared(), ...change });
  test.each([
    ['', '読み取れません'], ['{', '読み取れません'], ['[]', 'この書式のファイルではありません'], ['null', 'この書式のファイルではありません'], ['{"format":"other"}', 'この書式のファイルではありません'], [changed({ more: 1 }), '「more」'], [changed({ fiscal_year: 1999 }), '年度：2,000以上'], [changed({ city: { name: '架空市', code: '12345' } }), '自治体の名：6けた'],
    [changed({ exported_at: '昨日' }), '書き出した日時'], [changed({ scheme: { code: '../x', name: 'x' } }), '制度の名'], [changed({ content: { ...SAMPLE_CONTENT, windows: 1 } }), 'content.windows 受付期間'], [changed({ content: {} }), 'content.format'],
    [changed({ content: { ...SAMPLE_CONTENT, starts_from: '2028-01-01' } }), 'content.starts_from 事業を始められる日'], ['x'.repeat(SHARE_MAX_BYTES + 1), '大きすぎます'], [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'この書式のファイルではありません'], ['あ'.repeat(SHARE_MAX_BYTES / 3 + 1), '大きすぎます']
  ])('%.40s', (text, words) => { expect(problems(text)).toContain(words); });

  test('no text is an exception, and everything that may be stored can be shared', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), broken.map((content) => changed({ content }))), (text) => { readShare(text); }), { numRuns: 300 });
    fc.assert(fc.property(stored, (content) => {
      expect(readShare(shareText(shared(content))).ok).toBe(checkContent(content).errors.length === 0);
    }), { numRuns: 200 });
  });
});
