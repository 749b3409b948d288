import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SECTIONS } from '../applications/application.ts';
import { NOBODY, parseAssignment, parseChecks, parseCorrection, parseDismissal, parseSaveFilter, reasonField, resultField } from './form.ts';
import { readCursor, readFilter, readPlace, writeCursor, writeFilter } from './screening.ts';

const ID = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const form = (typed: Record<string, string | string[]>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(typed)) for (const one of [value].flat()) data.append(name, one);
  return data;
};

describe('the filter in an address', () => {
  test('is read and written back the same, in one order', () => {
    const text = `state=submitted&edition=${ID}&assigned=nobody&waiting=officer`;
    expect(writeFilter(readFilter(new URLSearchParams(text)))).toBe(text);
    expect(writeFilter(readFilter(new URLSearchParams(text.split('&').reverse().join('&'))))).toBe(text);
    expect(writeFilter(readFilter(new URLSearchParams(`state=&assigned=${OTHER}`)))).toBe(`assigned=${OTHER}`);
  });

  test('what it does not know is left out: drafts, made-up words, inherited names', () => {
    expect(writeFilter(readFilter(new URLSearchParams("state=draft&waiting=__proto__&assigned=' or 1=1&edition=1&x=y")))).toBe('');
    expect(readFilter(new URLSearchParams('waiting=constructor')).waiting).toBeNull();
  });
});

describe('the cursor', () => {
  test('survives the address to the microsecond', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true }), fc.integer({ min: 0, max: 999 }), (date, micro) => {
      const cursor = { submitted_at: date.toISOString().replace('Z', `${String(micro).padStart(3, '0')}Z`), id: ID };
      expect(readCursor(new URLSearchParams({ after: writeCursor(cursor) }).get('after'))).toEqual(cursor);
    }));
  });

  test('days, hours and texts that are none never reach the database', () => {
    for (const text of [null, '', 'x', `2026-02-30T00:00:00.000Z_${ID}`, `2026-13-01T00:00:00.000Z_${ID}`, `2026-01-01T24:00:00.000Z_${ID}`, `2026-01-01T23:59:60.000Z_${ID}`,
      `0000-01-01T00:00:00.000Z_${ID}`, `2026-01-01T00:00:00Z_${ID}`, '2026-01-01T00:00:00.000Z_------------------------------------', `2026-01-01T00:00:00.000Z_${ID}x`]) {
      expect(readCursor(text), String(text)).toBeNull();
    }
  });

  test('forwards wins when an address names both ways', () => {
    const [a, b] = [`2026-01-01T00:00:00.000Z_${ID}`, `2026-01-01T00:00:00.000Z_${OTHER}`];
    expect(readPlace(new URLSearchParams({ before: b, after: a }))).toMatchObject({ side: 'after', cursor: { id: ID } });
    expect(readPlace(new URLSearchParams({ before: b }))).toMatchObject({ side: 'before', cursor: { id: OTHER } });
    expect(readPlace(new URLSearchParams())).toBeNull();
  });
});

describe('the checklist form', () => {
  const requirements = [{ requirement_id: ID, name: '会員が5人以上いる' }, { requirement_id: OTHER, name: '市内で行う' }];
  const fields = (a: [string, string], b: [string, string]) => form({ [resultField(ID)]: a[0], [reasonField(ID)]: a[1], [resultField(OTHER)]: b[0], [reasonField(OTHER)]: b[1] });

  test('takes lines one by one; 適合 needs no reason', () => {
    expect(parseChecks(requirements, fields(['met', ''], ['', '']))).toEqual({ ok: true, value: [{ requirement_id: ID, result: 'met', reason: '' }] });
    expect(parseChecks(requirements, fields(['met', '名簿で確認'], ['unclear', '場所を確認中']))).toMatchObject({ ok: true, value: [{ reason: '名簿で確認' }, { result: 'unclear' }] });
  });

  test('不適合 and 確認が必要 say why; a reason alone is no result; nothing at all is no check', () => {
    const wrong = parseChecks(requirements, fields(['not_met', ' '], ['', '理由だけ']));
    expect(wrong).toMatchObject({ ok: false, status: 422, values: { [resultField(ID)]: 'not_met', [reasonField(OTHER)]: '理由だけ' } });
    expect(!wrong.ok && wrong.problems.map((problem) => problem.field)).toEqual([reasonField(ID), resultField(OTHER)]);
    expect(parseChecks(requirements, fields(['', ''], ['', '']))).toMatchObject({ ok: false, problems: [{ field: resultField(ID) }] });
  });

  test('a result or a requirement that is not on the page is refused', () => {
    expect(parseChecks(requirements, fields(['fine', ''], ['', '']))).toMatchObject({ ok: false, status: 422 });
    expect(parseChecks(requirements, form({ [resultField('018f0000-0000-7000-8000-00000000000f')]: 'met' }))).toMatchObject({ ok: false, status: 400 });
    expect(parseChecks(requirements, fields(['met', 'あ'.repeat(1001)], ['', '']))).toMatchObject({ ok: false, status: 422 });
  });
});

describe('the correction form', () => {
  const [today, latest] = ['2026-11-23', '2027-11-24'];
  const due = (text: string) => ({ due_on_year: text.slice(0, 4), due_on_month: text.slice(5, 7), due_on_day: text.slice(8) });
  const read = (typed: Record<string, string | string[]>) => parseCorrection(today, latest, form(typed));

  test('takes the ticked sections with their reasons, in the order of the form', () => {
    expect(read({ section: ['budget', 'team'], reason_budget: '保険料を確かめてください', reason_team: '人数', reason_papers: '付けない', message: '', ...due('2026-12-02') }))
      .toEqual({ ok: true, value: { due_on: '2026-12-02', message: '', items: [{ section: 'team', reason: '人数' }, { section: 'budget', reason: '保険料を確かめてください' }] } });
  });

  test('every ticked section needs its reason, and at least one is ticked', () => {
    const wrong = read({ section: ['budget', 'team'], reason_budget: 'x', reason_team: '　', ...due('2026-12-02') });
    expect(wrong).toMatchObject({ ok: false, status: 422, problems: [{ field: 'reason_team' }], values: { section: ['budget', 'team'] } });
    expect(read({ reason_budget: 'x', ...due('2026-12-02') })).toMatchObject({ ok: false, problems: [{ field: 'section' }] });
    for (const section of SECTIONS) expect(read({ section: [section], [`reason_${section}`]: 'x', ...due('2026-12-02') }).ok, section).toBe(true);
    expect(read({ section: ['__proto__'], ...due('2026-12-02') }).ok).toBe(false);
  });

  test('the last day is today or later, within a year, and a real day', () => {
    const on = (day: string) => read({ section: 'team', reason_team: 'x', ...due(day) }).ok;
    expect(['2026-11-23', '2027-11-24'].map(on)).toEqual([true, true]);
    expect(['2026-11-22', '2027-11-25', '2026-02-30'].map(on)).toEqual([false, false, false]);
  });
});

test('an assignment is to somebody shown, or to nobody', () => {
  expect(parseAssignment([ID], form({ officer: ID }))).toEqual({ ok: true, value: { officer: ID } });
  expect(parseAssignment([ID], form({ officer: NOBODY }))).toEqual({ ok: true, value: { officer: null } });
  expect(parseAssignment([ID], form({ officer: OTHER })).ok).toBe(false);
  expect(parseAssignment([ID], form({ officer: '' })).ok).toBe(false);
});

test('a dismissal has its reason', () => {
  expect(parseDismissal(form({ reason: '\n　' })).ok).toBe(false);
  expect(parseDismissal(form({ reason: '期限までに補正がなかったため' }))).toEqual({ ok: true, value: { reason: '期限までに補正がなかったため' } });
});

test('a saved filter keeps only what the list understands', () => {
  expect(parseSaveFilter(form({ name: '私の担当', query: 'assigned=me&evil=1&state=draft' }))).toEqual({ ok: true, value: { name: '私の担当', query: 'assigned=me' } });
  expect(parseSaveFilter(form({ name: '', query: '' })).ok).toBe(false);
  expect(parseSaveFilter(form({ name: 'あ'.repeat(41), query: '' })).ok).toBe(false);
});
