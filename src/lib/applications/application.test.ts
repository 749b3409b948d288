import { describe, expect, test } from 'vitest';
import { ANSWER_SECTIONS, missingAnswers, QUESTIONS, stateForGroup, type AnswerSection } from './application.ts';
import { answerText } from './answer-text.ts';
import { parseAnswers } from './form.ts';

describe('what is missing', () => {
  test('names each required question, none that is optional', () => {
    for (const section of ANSWER_SECTIONS) {
      const required = QUESTIONS[section].filter((question) => question.required).map((question) => question.name);
      expect(missingAnswers(section, {}, '2027-03-31').map((one) => one.field)).toEqual(required);
      const empty = Object.fromEntries(QUESTIONS[section].map((question) => [question.name, '']));
      expect(missingAnswers(section, empty, '2027-03-31').map((one) => one.field)).toEqual(required);
    }
  });

  test('a project ends on its first day or later, and by the scheme’s last day', () => {
    const at = (starts_on: string, ends_on: string) => missingAnswers('schedule', { starts_on, ends_on, place: 'a', steps: 'b' }, '2027-03-31').map((one) => one.field);
    expect(at('2026-12-01', '2026-12-01')).toEqual([]);
    expect(at('2026-12-01', '2027-03-31')).toEqual([]);
    expect(at('2026-12-02', '2026-12-01')).toEqual(['ends_on']);
    expect(at('2026-12-01', '2027-04-01')).toEqual(['ends_on']);
  });

  test('zero is an answer', () => {
    expect(missingAnswers('team', { staff_count: 0, participants: 0, structure: 'a' }, '2027-03-31')).toEqual([]);
  });
});

test('before the release nobody in the group sees that something was drafted or decided', () => {
  expect(stateForGroup('proposed', false)).toBe('accepted');
  expect(stateForGroup('decided', false)).toBe('accepted');
  expect(stateForGroup('decided', true)).toBe('decided');
  expect(stateForGroup('dismissed', false)).toBe('dismissed');
});

describe('the form of a section', () => {
  const form = (section: AnswerSection, typed: Record<string, string>) => {
    const data = new FormData();
    data.set('_version', '2');
    for (const question of QUESTIONS[section]) if (question.kind !== 'day') data.set(question.name, '');
    for (const [name, value] of Object.entries(typed)) data.set(name, value);
    return parseAnswers(section, data);
  };

  test('may be saved half empty, and keeps names as they are written', () => {
    const read = form('contact', { contact_name: '髙﨑　花子', contact_kana: 'たかさき はなこ', contact_phone: '０２９３－００－０００１' });
    expect(read).toMatchObject({ ok: true, version: 2, value: { contact_name: '髙﨑　花子', contact_kana: 'タカサキ　ハナコ', contact_phone: '0293-00-0001', contact_email: null } });
  });

  test('refuses what is of another kind, keeping what was typed', () => {
    const read = form('team', { staff_count: 'たくさん', structure: '役' });
    expect(read).toMatchObject({ ok: false, status: 422, values: { staff_count: 'たくさん', structure: '役' } });
  });

  test('refuses control characters, lone surrogates, too much, and fields it does not have', () => {
    expect(form('project', { title: 'a\u0000b' }).ok).toBe(false);
    expect(form('project', { title: '\ud800' }).ok).toBe(false);
    expect(form('project', { title: 'あ'.repeat(101) })).toMatchObject({ ok: false, status: 422 });
    expect(form('project', { title: '𠮷'.repeat(100) }).ok).toBe(true);
    expect(form('project', { amount: '1' })).toMatchObject({ ok: false, status: 400 });
  });
});

test('an answer is read with its unit and in both calendars', () => {
  expect(answerText({ kind: 'integer', unit: '人' }, 1200)).toBe('1,200人');
  expect(answerText({ kind: 'day' }, '2026-04-01')).toBe('令和8年（2026年）4月1日');
  expect(answerText({ kind: 'text' }, null)).toBe('');
  expect(answerText({ kind: 'integer', unit: '人' }, 0)).toBe('0人');
});
