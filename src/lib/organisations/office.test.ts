import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql } from '../db/db.server.ts';
import { GROUPS_PER_PAGE, listGroups } from './office.server.ts';
import { groupOf, person } from './sample.ts';

const COUNT = 3_000;
let database: FreshDatabase;
let officer: string;

beforeAll(async () => {
  database = await freshDatabase();
  officer = await person('担当 一郎');
  await database.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    // Thirty readings over and over: the order must be told by the id where readings are equal.
    await owner`
      insert into organisation (kind, name, name_kana, representative_name, postal_code, address, purpose, members_count, members_living, members_working, members_studying)
      select 'civic_group', '架空の会' || n, 'カクウ' || chr(12450 + (n % 30)), '代表 ' || chr(19968 + n), '318-0000', '架空町', '架空', 5, 5, 0, 0 from generate_series(1, ${COUNT}::int) n`;
  });
  await database.ownerSql`analyze organisation`;
});

const found = async (search: string) => (await listGroups(sql, officer, { search, after: null })).rows.map((row) => row.name);

describe('the list of groups', () => {
  test('is turned page by page without leaving out or repeating a group', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listGroups(sql, officer, { search: '', after });
      seen.push(...page.rows.map((row) => `${row.name_kana} ${row.id}`));
      expect(page.rows.length).toBeLessThanOrEqual(GROUPS_PER_PAGE);
      after = page.next;
    } while (after);
    expect(seen).toHaveLength(COUNT);
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  test('finds one letter, two and more, names as they are written, and nothing by a sign of the search itself', async () => {
    const own = await person('髙﨑');
    await groupOf(own, 'representative', { name: '辻󠄀と𠮷の会', name_kana: 'ツジトヨシノカイ', representative_name: '髙﨑　𠮷子' });
    for (const search of ['𠮷', '辻󠄀', '辻󠄀と𠮷', '髙﨑𠮷子', '髙﨑 𠮷子', 'つじと', 'ﾂｼﾞﾄ', '  辻󠄀　と ']) expect(await found(search), search).toEqual(['辻󠄀と𠮷の会']);
    // The pairs of letters are there, but not in a row.
    expect(await found('の会と𠮷')).toEqual([]);
    for (const sign of ['%', '_', '\\', '\'', '*']) expect(await found(sign), sign).toEqual([]);
    expect(await found('架空の会2987')).toEqual(['架空の会2987']);
  });

  test('reads indexes: of letters where something is searched for, of readings where a page is turned', async () => {
    const explain = async (search: string) => (await database.ownerSql<{ 'QUERY PLAN': string }[]>`
      explain select id from organisation o where o.grams @> (select portal.search_keys(${search}))
      and position((select portal.search_text(${search})) in portal.search_text(portal.organisation_words(o.name, o.name_kana, o.representative_name))) > 0 order by o.name_kana, o.id limit 51`).map((row) => row['QUERY PLAN']).join('\n');
    expect(await explain('の会2987')).toContain('organisation_grams');
    const turned = (await database.ownerSql<{ 'QUERY PLAN': string }[]>`
      explain select id from organisation o where (o.name_kana, o.id) > ((select p.name_kana from organisation p where p.id = ${officer}), ${officer}::uuid) order by o.name_kana, o.id limit 51`).map((row) => row['QUERY PLAN']).join('\n');
    expect(turned).toMatch(/Index (Only )?Scan using organisation_kana/);
  });
});
