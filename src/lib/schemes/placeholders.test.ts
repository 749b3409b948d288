import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOCUMENT_KINDS } from './content.ts';
import {
  checkPlaceholders, escapeBraces, exampleValues, fillPlaceholders, parsePlaceholders, PLACEHOLDERS, placeholdersFor, type Placeholder, type Values
} from './placeholders.ts';

const filled = (text: string, values: Values) => {
  const result = fillPlaceholders(text, values);
  return result.ok ? result.text : result.problems;
};

describe('reading', () => {
  test('places, text, and braces that mean themselves', () => {
    expect(parsePlaceholders('{団体名}様の{{例}と{年度}')).toEqual({ parts: [{ placeholder: '団体名' }, { text: '様の{例}と' }, { placeholder: '年度' }], problems: [] });
    expect(parsePlaceholders('')).toEqual({ parts: [], problems: [] });
    expect(parsePlaceholders('}')).toEqual({ parts: [{ text: '}' }], problems: [] });
    expect(parsePlaceholders('{{{団体名}}')).toEqual({ parts: [{ text: '{' }, { placeholder: '団体名' }, { text: '}' }], problems: [] });
  });

  test.each([
    ['𠮷{団体}', 2, 'ありません'], ['{団体名', 1, '閉じる'], ['あ{', 2, '閉じる'], ['{団体\n名}', 1, '閉じる'], ['{団{体名}', 1, '閉じる'], ['{}', 1, 'ありません'], ['{ 団体名 }', 1, 'ありません'],
    ['{constructor}', 1, 'ありません'], [`{${'あ'.repeat(30)}}`, 1, '閉じる']
  ])('%j is told with its position', (text, position, word) => {
    const [problem] = parsePlaceholders(text).problems;
    expect(problem).toMatchObject({ position });
    expect(problem?.message).toContain(word);
  });
});

describe('what is known where', () => {
  test('a letter can only say what has happened', () => {
    expect(checkPlaceholders('{交付決定額}を交付する。', 'award')).toEqual([]);
    expect(checkPlaceholders('{交付決定額}を交付しない。', 'rejection')[0]).toContain('不交付決定通知書ではまだ');
    expect(checkPlaceholders('{確定額}', 'award')).toHaveLength(1);
    expect(checkPlaceholders('{確定額}・{支払済額}・{返還額}・{返還期限}', 'settlement')).toEqual([]);
    expect(checkPlaceholders('{取消額}', 'revocation')).toEqual([]);
    expect(checkPlaceholders('{変更後の額}', 'change_approval')).toEqual([]);
  });

  test('every place is known somewhere, and every document knows the group', () => {
    for (const name of Object.keys(PLACEHOLDERS) as Placeholder[]) expect(DOCUMENT_KINDS.some((kind) => placeholdersFor(kind).includes(name)), name).toBe(true);
    for (const kind of DOCUMENT_KINDS) expect(placeholdersFor(kind)).toContain('団体名');
  });
});

describe('filling', () => {
  test('hostile names stay what they are', () => {
    expect(filled('{団体名}の{申請額}', { 団体名: '{申請額}{{の会}', 申請額: '1円' })).toBe('{申請額}{{の会}の1円');
    expect(filled('{団体名}', { 団体名: '$&$1' })).toBe('$&$1');
    expect(filled('{団体名}', { 団体名: '' })).toBe('');
  });

  test('nothing is filled by halves', () => {
    expect(filled('{団体名}と{申請額}', { 団体名: '会' })).toEqual(['「{申請額}」に入れる値がありません。']);
    expect(filled('{なぞ}', exampleValues())).toHaveLength(1);
  });

  test('any text, escaped, comes back; with places, each value stands once where its place stood', () => {
    const name = fc.constantFrom(...(Object.keys(PLACEHOLDERS) as Placeholder[]));
    const anything = fc.string({ unit: fc.oneof(fc.constantFrom('{', '}', '{{', '団体名', '\n'), fc.string({ unit: 'grapheme', maxLength: 1 })) });
    fc.assert(fc.property(fc.array(fc.oneof(anything.map((text) => ({ text })), name.map((placeholder) => ({ placeholder }))), { maxLength: 8 }), anything, (parts, value) => {
      const template = parts.map((part) => ('text' in part ? escapeBraces(part.text) : `{${part.placeholder}}`)).join('');
      const values = Object.fromEntries(Object.keys(PLACEHOLDERS).map((key) => [key, `${value}<${key}>`]));
      expect(filled(template, values)).toBe(parts.map((part) => ('text' in part ? part.text : `${value}<${part.placeholder}>`)).join(''));
    }), { numRuns: 1000 });
  });

  test('no text is an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { parts, problems } = parsePlaceholders(text);
      if (problems.length === 0 && !text.includes('{')) expect(parts).toEqual(text === '' ? [] : [{ text }]);
    }), { numRuns: 1000 });
  });
});
