import { describe, expect, test } from 'vitest';
import { parseDossier, parseHandover, parseInvitation, parseMemberEnd, parseNewOrganisation, parsePaper } from './form.ts';

const TODAY = '2026-11-23';
const DISTRICT = '019ab000-0000-7000-8000-000000000001';
const known = { today: TODAY, districts: [DISTRICT] };

const GOOD: Record<string, string> = {
  kind: 'npo', corporate_number: '７－０００－０１２０－５０００２', name: '花と緑の会', name_kana: 'はなとみどりのｶｲ',
  representative_title: '理事長', representative_name: '髙﨑　𠮷子', postal_code: '〒３１８ー００３３', address: '本町１−１００−１',
  phone: '（０２９３）２３−２１１１', purpose: '花を植える。\r\n水をやる。', founded_on_year: '令和元', founded_on_month: '５', founded_on_day: '1日',
  members_count: '１，２００人', members_living: '1000', members_working: '100', members_studying: '０', district_id: DISTRICT
};

function formOf(entries: Record<string, string | File>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(entries)) form.append(name, value);
  return form;
}

function problemsOf(change: Record<string, string>): string[] {
  const read = parseDossier(formOf({ ...GOOD, version: '3', ...change }), known);
  return read.ok ? [] : read.problems.map(({ field }) => field);
}

describe('the dossier', () => {
  test('takes full width figures, kana of any sort and both calendars', () => {
    const read = parseDossier(formOf({ ...GOOD, version: '3', _key: 'k' }), known);
    expect(read).toEqual({
      ok: true,
      value: {
        kind: 'npo', corporate_number: '7000012050002', name: '花と緑の会', name_kana: 'ハナトミドリノカイ',
        representative_title: '理事長', representative_name: '髙﨑　𠮷子', postal_code: '318-0033', address: '本町１−１００−１',
        phone: '0293-23-2111', purpose: '花を植える。\n水をやる。', founded_on: '2019-05-01',
        members_count: 1200, members_living: 1000, members_working: 100, members_studying: 0, district_id: DISTRICT, version: 3
      }
    });
  });

  test('keeps names byte for byte', () => {
    for (const name of ['髙﨑𠮷', '葛\u{E0100}飾の会', '\uFA19\uFA10\uFA11', '㈱①Ⅲの会', 'か\u3099くの会']) {
      const read = parseDossier(formOf({ ...GOOD, version: '1', name, representative_name: name }), known);
      expect(read.ok && Buffer.from(read.value.name).equals(Buffer.from(name))).toBe(true);
    }
  });

  test('asks an NPO法人 for its number and checks the check digit', () => {
    expect(problemsOf({ corporate_number: '' })).toEqual(['corporate_number']);
    expect(problemsOf({ corporate_number: '8000012050002' })).toEqual(['corporate_number']);
    expect(problemsOf({ kind: 'civic_group', corporate_number: '' })).toEqual([]);
  });

  test('refuses parts that exceed the whole, and keeps what was typed', () => {
    const read = parseDossier(formOf({ ...GOOD, version: '3', _key: 'k', members_studying: '１０１' }), known);
    expect(read).toMatchObject({ ok: false, status: 422, problems: [{ field: 'members_count' }], values: { members_studying: '１０１', founded_on_year: '令和元' } });
    expect(read.ok || Object.keys(read.values)).not.toContain('_key');
  });

  test('lets the founding day and the telephone wait, but no day that has not come', () => {
    expect(problemsOf({ founded_on_year: '', founded_on_month: '', founded_on_day: '', phone: '', district_id: '' })).toEqual([]);
    expect(problemsOf({ founded_on_year: '令和8', founded_on_month: '11', founded_on_day: '24' })).toEqual(['founded_on']);
    expect(problemsOf({ founded_on_month: '' })).toEqual(['founded_on_month']);
  });

  test('refuses a district that is not offered, an unknown kind and unknown fields', () => {
    expect(problemsOf({ district_id: '019ab000-0000-7000-8000-00000000dead' })).toEqual(['district_id']);
    expect(problemsOf({ kind: 'company' })).toEqual(['kind']);
    expect(parseDossier(formOf({ ...GOOD, version: '3', owner: 'me' }), known)).toMatchObject({ ok: false, status: 400 });
  });

  test('refuses hostile text without throwing', () => {
    for (const name of ['a\u0000b', '\ud800', 'x'.repeat(100_000), '会\u202E', '＿'.repeat(101)]) expect(problemsOf({ name })).toEqual(['name']);
    for (const version of ['', '-1', '1e3', '99999999999', 'NaN']) expect(problemsOf({ version })).toEqual(['version']);
    expect(problemsOf({ members_count: '0' })).toEqual(['members_count']);
    expect(problemsOf({ members_count: '٣' })).toEqual(['members_count']);
  });
});

test('a new group asks in which role its author acts', () => {
  const read = parseNewOrganisation(formOf({ ...GOOD, role: 'member' }), known);
  expect(read.ok && read.value.role).toBe('member');
  expect(parseNewOrganisation(formOf(GOOD), known)).toMatchObject({ ok: false, problems: [{ field: 'role' }] });
  expect(parseNewOrganisation(formOf({ ...GOOD, role: 'officer' }), known)).toMatchObject({ ok: false });
});

test('an invitation needs an address that cannot carry a second one', () => {
  expect(parseInvitation(formOf({ email: 'Ｈａｎａ＠Example.JP', role: 'member' }))).toEqual({ ok: true, value: { email: 'Hana@example.jp', role: 'member' } });
  for (const email of ['', 'a@b', 'a@example.123', 'a@example.jp,b@example.jp', 'a@example.jp\r\nBcc: b@example.jp', '"a"@example.jp']) {
    expect(parseInvitation(formOf({ email, role: 'member' })).ok).toBe(false);
  }
});

test('a term ends today, or the day after the last day', () => {
  const member = '019ab000-0000-7000-8000-0000000000aa';
  const end = (last: Record<string, string>) => parseMemberEnd(formOf({ member, ...last }), TODAY);
  expect(end({})).toEqual({ ok: true, value: { member, to_on: TODAY } });
  expect(end({ last_on_year: 'R9', last_on_month: '3', last_on_day: '31' })).toEqual({ ok: true, value: { member, to_on: '2027-04-01' } });
  expect(end({ last_on_year: '2026', last_on_month: '11', last_on_day: '22' }).ok).toBe(false);
  expect(end({ last_on_year: '2036', last_on_month: '1', last_on_day: '1' }).ok).toBe(false);
  expect(parseMemberEnd(formOf({ member: '1 or 1=1' }), TODAY).ok).toBe(false);
});

test('a hand-over names the successor and what follows', () => {
  expect(parseHandover(formOf({ successor: DISTRICT, afterwards: 'stay' })).ok).toBe(true);
  expect(parseHandover(formOf({ successor: DISTRICT })).ok).toBe(false);
});

test('a paper is one file under its kind’s name', () => {
  const rules = new File(['%PDF-1.7'], '会則.pdf');
  const read = parsePaper(formOf({ kind: 'rules', replaces: '', rules }));
  expect(read.ok && [read.value.kind, read.value.file.name, read.value.replaces]).toEqual(['rules', '会則.pdf', null]);
  expect(parsePaper(formOf({ kind: 'member_list', rules }))).toMatchObject({ ok: false, status: 422, problems: [{ field: 'member_list' }] });
  expect(parsePaper(formOf({ kind: 'letter', rules })).ok).toBe(false);
});
