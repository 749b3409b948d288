import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../time/day.ts';
import type { EditionContent, EditionWindow } from './content.ts';
import { editionState, effectiveWindow, effectiveWindows, instantOf, lastClosing, moveDeadline, overlaps } from './windows.ts';

const window = (change: Partial<EditionWindow> = {}): EditionWindow =>
  ({ key: 'w1', name: '', opens_on: '2026-05-01', opens_at_time: '08:30', closes_on: '2026-06-20', closes_at_time: '17:00', ...change });
const content = (windows: EditionWindow[], change: Partial<EditionContent> = {}) =>
  ({ windows, closed_day: 'stays' as const, close_when_spent: false, ...change });
const standing = { published_at: new Date('2026-04-01T00:00:00Z'), committed_yen: 0, budget_yen: 100, closed: [] };

describe('instants', () => {
  test.each([['00:00', '2026-06-19T15:00:00.000Z'], ['08:30', '2026-06-19T23:30:00.000Z'], ['23:59', '2026-06-20T14:59:00.000Z'], ['24:00', '2026-06-20T15:00:00.000Z']])(
    "%s on Japan's clock", (time, instant) => { expect(instantOf('2026-06-20', time).toISOString()).toBe(instant); });

  test('24:00 is where the next day begins', () => {
    expect(instantOf('2026-12-31', '24:00')).toEqual(instantOf('2027-01-01', '00:00'));
  });
});

describe('a deadline on a closed day (2026-06-20 is a Saturday)', () => {
  test.each([['stays', '2026-06-20', false], ['before', '2026-06-19', true], ['after', '2026-06-22', true]] as const)('%s', (rule, day, moved) => {
    expect(effectiveWindow(window(), rule, [])).toMatchObject({ closes_on: day, moved, closes_at: instantOf(day, '17:00') });
  });

  test('the city’s own closing days count, and holidays', () => {
    expect(moveDeadline('2026-06-19', 'before', ['2026-06-19'])).toBe('2026-06-18');
    expect(moveDeadline('2026-09-21', 'after', new Set(['2026-09-24']))).toBe('2026-09-25');
    expect(moveDeadline('2026-12-31', 'before', ['2026-12-29', '2026-12-30', '2026-12-31'])).toBe('2026-12-28');
  });

  test('what is not known is not guessed', () => {
    expect(moveDeadline('2120-06-20', 'before', [])).toBeNull();
    expect(effectiveWindow(window({ closes_on: '2120-06-20' }), 'before', [])).toMatchObject({ closes_on: '2120-06-20', moved: false });
    expect(moveDeadline('2120-06-20', 'stays', [])).toBe('2120-06-20');
  });
});

describe('the state', () => {
  const two = content([window({ key: 'second', opens_on: '2026-08-01', closes_on: '2026-08-31', closes_at_time: '24:00' }), window()]);
  test.each([
    ['2026-03-31T23:59:59.999Z', 'unpublished', null, null], ['2026-04-30T23:29:59.999Z', 'before', null, 'w1'], ['2026-04-30T23:30:00.000Z', 'open', 'w1', 'second'],
    ['2026-06-20T07:59:59.999Z', 'open', 'w1', 'second'], ['2026-06-20T08:00:00.000Z', 'before', null, 'second'], ['2026-08-31T14:59:59.999Z', 'open', 'second', null],
    ['2026-08-31T15:00:00.000Z', 'closed', null, null]
  ])('at %s: %s', (at, state, current, next) => {
    const now = editionState(two, standing, new Date(at));
    expect([now.state, now.current?.key ?? null, now.next?.key ?? null]).toEqual([state, current, next]);
  });

  test('never published, and no window', () => {
    expect(editionState(two, { ...standing, published_at: null }, new Date('2026-05-05')).state).toBe('unpublished');
    expect(editionState(content([]), standing, new Date('2026-05-05'))).toEqual({ state: 'closed', current: null, next: null });
  });

  test('a spent budget closes where the edition says so, and only then', () => {
    const spent = { ...standing, committed_yen: 100 };
    const at = new Date('2026-05-05');
    expect(editionState(two, spent, at).state).toBe('open');
    expect(editionState({ ...two, close_when_spent: true }, spent, at)).toEqual({ state: 'spent', current: null, next: null });
    expect(editionState({ ...two, close_when_spent: true }, { ...spent, committed_yen: 99 }, at).state).toBe('open');
    expect(editionState({ ...two, close_when_spent: true }, spent, new Date('2026-10-01')).state).toBe('closed');
    expect(editionState({ ...two, close_when_spent: true }, spent, new Date('2026-07-01')).state).toBe('spent');
  });

  test('of two open at once the one that closes last', () => {
    const both = content([window({ key: 'short', closes_on: '2026-05-10' }), window({ key: 'long' })]);
    expect(editionState(both, standing, new Date('2026-05-05')).current?.key).toBe('long');
    expect(overlaps(both, [])).toEqual([[0, 1]]);
  });
});

test('windows that touch do not overlap; moving a deadline may make them', () => {
  const touching = [window(), window({ key: 'w2', opens_on: '2026-06-20', opens_at_time: '17:00', closes_on: '2026-07-31' })];
  expect(overlaps(content(touching), [])).toEqual([]);
  expect(overlaps({ windows: touching, closed_day: 'after' }, [])).toEqual([[0, 1]]);
  expect(lastClosing(content(touching), [])).toEqual(instantOf('2026-07-31', '17:00'));
  expect(lastClosing(content([]), [])).toBeNull();
});

test('whatever is written, the state agrees with the instants', () => {
  const somewhere = fc.integer({ min: -40_000, max: 60_000 }).map((count) => addDays('2026-04-01', count));
  const time = fc.constantFrom('00:00', '08:30', '17:00', '23:59');
  const windows = fc.array(fc.record({ key: fc.constant('w'), name: fc.constant(''), opens_on: somewhere, opens_at_time: time, closes_on: somewhere, closes_at_time: fc.oneof(time, fc.constant('24:00')) }), { maxLength: 5 });
  fc.assert(fc.property(windows, fc.constantFrom('stays', 'before', 'after'), somewhere, time, (list, closed_day, day, clock) => {
    const made = content(list, { closed_day });
    const at = instantOf(day, clock);
    const { state, current, next } = editionState(made, { ...standing, published_at: new Date(0 - 1e13) }, at);
    const all = effectiveWindows(made, []);
    expect(state === 'open').toBe(all.some((one) => one.opens_at <= at && at < one.closes_at));
    if (current) expect(current.opens_at <= at && at < current.closes_at).toBe(true);
    if (next) expect(next.opens_at > at).toBe(true);
    if (state === 'closed') expect(all.every((one) => one.closes_at <= at || one.opens_at >= one.closes_at)).toBe(true);
  }), { numRuns: 500 });
});
