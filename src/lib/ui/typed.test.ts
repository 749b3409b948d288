import { describe, expect, test } from 'vitest';
import { bytesInWords } from './bytes.ts';
import { describedBy, typedList, typedText } from './typed.ts';

describe('what was typed comes back', () => {
  test('a text box takes text and numbers, never a list or a file', () => {
    expect(typedText({ name: '架空 花子' }, 'name')).toBe('架空 花子');
    expect(typedText({ members: 24 }, 'members')).toBe('24');
    expect(typedText({ name: '' }, 'name')).toBe('');
    expect(typedText({ topics: ['a'] }, 'topics')).toBeUndefined();
    expect(typedText({ paper: new Blob(['x']) }, 'paper')).toBeUndefined();
    expect(typedText(undefined, 'name')).toBeUndefined();
  });

  test('choices take one answer, several, or a tick', () => {
    expect(typedList({ kind: 'step' }, 'kind')).toEqual(['step']);
    expect(typedList({ topics: ['a', 'b'] }, 'topics')).toEqual(['a', 'b']);
    expect(typedList({ agree: true }, 'agree')).toEqual(['on']);
    expect(typedList({}, 'kind')).toBeUndefined();
  });
});

test('a control is described by the parts that are there, in reading order', () => {
  expect(describedBy('name', { hint: '60文字まで', error: undefined })).toBe('name-hint');
  expect(describedBy('name', { hint: 'a', error: 'b' })).toBe('name-hint name-error');
  expect(describedBy('name', { hint: undefined })).toBeUndefined();
});

test('sizes are said the way limits are said', () => {
  expect(bytesInWords(900)).toBe('900バイト');
  expect(bytesInWords(482_133)).toBe('471KB');
  expect(bytesInWords(10 * 1024 * 1024)).toBe('10MB');
  expect(bytesInWords(3_482_133)).toBe('3.3MB');
});
