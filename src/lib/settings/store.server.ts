import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { CitySettings, ClosingDay, District } from './settings.ts';

/** The city's settings; there is always exactly one row. */
export async function city(sql: Sql): Promise<CitySettings> {
  const [row] = await sql<CitySettings[]>`
    select version, portal_name, city_name, city_code, mayor_title, mayor_name, section_name, postal_code, address, phone,
           office_hours, letterhead, seal_omitted_text, document_mark, mail_sender_name, mail_sender_address,
           association_word, fiscal_year_start_month
    from city_settings`;
  if (!row) throw new Error('city_settings has no row');
  return row;
}

export async function districts(sql: Sql): Promise<District[]> {
  return sql<District[]>`select id, name, position, retired_at from district order by position, id limit 500`;
}

export async function closingDays(sql: Sql): Promise<ClosingDay[]> {
  return sql<ClosingDay[]>`select on_day, reason from closing_day order by on_day limit 2000`;
}

/**
 * Saves the city's settings when the administrator saw the newest version.
 * Refuses with `stale` otherwise: somebody else saved in between.
 */
export async function saveCity(tx: Tx, seenVersion: number, value: Omit<CitySettings, 'version'>) {
  const before = await city(tx);
  const [row] = await tx<{ version: number }[]>`
    update city_settings set ${tx(value)}, version = version + 1, updated_at = now()
    where version = ${seenVersion} returning version`;
  if (!row) return { ok: false as const, reason: 'stale' as const };
  await audit.record(tx, { action: 'settings.save', subject: ['city_settings', '1'], before, after: { ...value, version: row.version } });
  return { ok: true as const, version: row.version };
}

/** Replaces the list of districts: known names keep their row, new ones are added, missing ones are retired. */
export async function saveDistricts(tx: Tx, names: string[]) {
  const before = (await districts(tx)).filter((d) => !d.retired_at).map((d) => d.name);
  await tx`update district set retired_at = now() where retired_at is null and not (name = any(${names}))`;
  await tx`
    insert into district (name, position)
    select name, ordinality from unnest(${names}::text[]) with ordinality as t(name, ordinality)
    on conflict (name) do update set position = excluded.position, retired_at = null`;
  await audit.record(tx, { action: 'settings.districts', subject: ['city_settings', '1'], before: { names: before }, after: { names } });
  return { ok: true as const };
}

/** Replaces the closing days besides weekends and national holidays. */
export async function saveClosingDays(tx: Tx, days: ClosingDay[]) {
  const before = await closingDays(tx);
  await tx`delete from closing_day`;
  if (days.length > 0) await tx`insert into closing_day ${tx(days.map(({ on_day, reason }) => ({ on_day, reason })))}`;
  await audit.record(tx, { action: 'settings.closing_days', subject: ['city_settings', '1'], before: { days: before }, after: { days } });
  return { ok: true as const };
}

/**
 * The next number of a series that must run without a gap. The row stays locked until the transaction ends,
 * so a rolled-back user leaves no hole.
 */
export async function nextNumber(tx: Tx, kind: 'receipt' | 'letter', fiscalYear: number): Promise<number> {
  const [row] = await tx<{ last_number: number }[]>`
    insert into number_series (kind, fiscal_year, last_number) values (${kind}, ${fiscalYear}, 1)
    on conflict (kind, fiscal_year) do update set last_number = number_series.last_number + 1
    returning last_number`;
  return row!.last_number;
}
