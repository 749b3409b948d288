import { describe, expect, test } from 'vitest';
import { dossierRows, kindLabels, mayManageMembers, membersFit, membersInCity, missingForApplying, type DossierValue } from './organisation.ts';

const value: DossierValue = {
  kind: 'association', corporate_number: null, name: '東本町常会', name_kana: 'ヒガシホンチョウジョウカイ',
  representative_title: '会長', representative_name: '髙﨑　𠮷子', postal_code: '318-0000', address: '高萩市東本町（架空）',
  phone: '', purpose: '見守り\n清掃', founded_on: '1989-01-08', members_count: 1200, members_living: 1100, members_working: 50,
  members_studying: 50, district_id: null
};

describe('dossier', () => {
  test('is whole once the founding day and both papers are there', () => {
    expect(missingForApplying({ founded_on: null, papers: [] }).map(({ item, page }) => `${item}:${page}`))
      .toEqual(['founded_on:edit', 'rules:papers', 'member_list:papers']);
    expect(missingForApplying({ founded_on: '2020-04-01', papers: [{ kind: 'rules' }] }).map(({ item }) => item)).toEqual(['member_list']);
    expect(missingForApplying({ founded_on: '2020-04-01', papers: [{ kind: 'member_list' }, { kind: 'rules' }] })).toEqual([]);
  });

  test('counts each member once', () => {
    expect(membersInCity(value)).toBe(1200);
    expect(membersFit(value)).toBe(true);
    expect(membersFit({ ...value, members_studying: 51 })).toBe(false);
  });

  test('is shown in words, with the city’s own word for 自治会 and both calendars', () => {
    const rows = Object.fromEntries(dossierRows(value, { associationWord: '常会', districtName: '高萩地区' }).map((row) => [row.field, row.value]));
    expect(rows).toMatchObject({ kind: '常会', founded_on: '平成元年（1989年）1月8日', members_count: '1,200人', district_id: '高萩地区', corporate_number: '' });
    expect(rows.representative_name).toBe('髙﨑　𠮷子');
    expect(kindLabels('町内会').association).toBe('町内会');
  });
});

test('members manage each other only while nobody is the representative', () => {
  expect(mayManageMembers('representative', true)).toBe(true);
  expect(mayManageMembers('member', false)).toBe(true);
  expect(mayManageMembers('member', true)).toBe(false);
});
