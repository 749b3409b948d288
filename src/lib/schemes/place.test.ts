import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asJson, placesOf } from './fixtures.ts';
import { placeInWords } from './place.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

test.each([
  ['', '年度版の全体'], ['windows', '受付期間'], ['windows.1', '受付期間の2行目（第2回）'], ['windows.1.closes_on', '受付期間の2行目（第2回）の締切日'], ['letters.award.conditions.2', '通知書の文の交付決定通知書の交付の条件の3行目'],
  ['documents.application.form_number', '様式の交付申請書の様式番号'], ['formula.steps.1.rate.cases.0.when.tests.0.values.0', '計算式の手順の2行目（補助率をかけた額）の率の場合の1行目の条件の項目の1行目の当てはまる答えの1行目'],
  ['after.keep_years', '交付決定のあとの書類を保存する年数'], ['questions.0.options.1', '設問の1行目（どのコースで申請しますか）の選択肢の2行目（通常）'], ['nothing.like.this', '「nothing」の「like」の「this」'], ['windows.99.closes_on', '受付期間の100行目の締切日'],
  ['documents.constructor', '様式の「constructor」'], ['__proto__.toString', '「__proto__」の「toString」']
])('%s', (at, words) => {
  expect(placeInWords(at, SAMPLE_CONTENT)).toBe(words);
});

test('no place of a document has to be told by its key', () => {
  const unnamed = placesOf(asJson(SAMPLE_CONTENT)).map((way) => placeInWords(way.join('.'))).filter((words) => words.includes('「') && !words.includes('「より多い」'));
  expect(unnamed).toEqual([]);
});

test('names are cut short, and nothing is an exception', () => {
  expect(placeInWords('papers.0', { papers: [{ name: 'あ'.repeat(100) }] })).toBe(`添付書類の1行目（${'あ'.repeat(24)}…）`);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.oneof(fc.string(), fc.constantFrom('0', 'windows', 'letters', 'award', '__proto__'))).map((parts) => parts.join('.'))), fc.jsonValue(), (at, content) => {
    expect(placeInWords(at, content).length).toBeLessThan(1200);
  }), { numRuns: 500 });
});
