import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/database/harness.ts';
import { sql, type Sql } from '../db/db.server.ts';
import { forgetShownCity, shownCity } from './shown.server.ts';

test('a page shows the settings of two seconds ago at the oldest, of this moment after a save, and never a failure again', async () => {
  const { ownerSql } = await freshDatabase();
  const save = (name: string) => ownerSql`alter table city_settings disable trigger all`.then(() => ownerSql`update city_settings set portal_name = ${name}`);
  const name = async () => (await shownCity(sql)).portal_name;

  const away = (() => Promise.reject(new Error('away'))) as unknown as Sql;
  await expect(shownCity(away)).rejects.toThrow('away');
  await save('前の名前');
  expect(await name()).toBe('前の名前');
  await save('次の名前');
  expect(await name()).toBe('前の名前');
  await sleep(2_100);
  expect(await name()).toBe('次の名前');
  await save('保存した名前');
  forgetShownCity();
  expect(await name()).toBe('保存した名前');
});
