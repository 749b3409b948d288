import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/database/harness.ts';
import { poolHealth, sql, UnstorableText } from './db.server.ts';
import { parseArray, storable } from './values.ts';

beforeAll(async () => void (await freshDatabase()));

const one = async (statement: PromiseLike<readonly { value?: unknown }[]>) => (await statement)[0]!.value;

describe('what comes back', () => {
  test('yen are numbers, and only while they are exact', async () => {
    expect(await one(sql`select 9007199254740991::bigint as value`)).toBe(Number.MAX_SAFE_INTEGER);
    expect(await one(sql`select -9007199254740991::bigint as value`)).toBe(Number.MIN_SAFE_INTEGER);
    await expect(sql`select 9007199254740992::bigint as value`).rejects.toThrow(RangeError);
    await expect(sql`select g::bigint + 9007199254740980 as value from generate_series(1, 5000) g`).rejects.toThrow(RangeError);
    expect(await one(sql`select sum(x)::bigint as value from (values (1::bigint), (2)) as t (x)`)).toBe(3);
    expect(poolHealth()).toMatchObject({ leased: 0 });
  });

  test('days are strings, instants are Dates, numerics are strings', async () => {
    const [row] = await sql`select '2026-04-01'::date as day, '2026-04-01 00:30:00+09'::timestamptz as instant, 1.10::numeric as ratio, current_date as today, '{"a":[1,null]}'::jsonb as json, '\\x00ff'::bytea as bytes, true as yes`;
    expect(row).toEqual({
      day: '2026-04-01', instant: new Date('2026-03-31T15:30:00Z'), ratio: '1.10', json: { a: [1, null] }, bytes: Buffer.from([0, 255]), yes: true,
      today: new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' })
    });
  });

  test('arrays', async () => {
    const [row] = await sql`select '{a,"b,c",NULL,"NULL","\\"\\\\"}'::text[] as words, '{{1,2},{3,4}}'::bigint[] as grid, '{}'::text[] as none, '{2026-01-01}'::date[] as days, array[now()] as instants`;
    expect(row).toMatchObject({ words: ['a', 'b,c', null, 'NULL', '"\\'], grid: [[1, 2], [3, 4]], none: [], days: ['2026-01-01'] });
    expect(row!.instants[0]).toBeInstanceOf(Date);
  });
});

describe('what goes in', () => {
  test('every text PostgreSQL can hold comes back as it was; the rest is refused before it is sent', async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom('\u0000', '\ud800', '\udfff', '\\', '"', "'", '{', '}', ',', '髙', '𠮷', '\u200b'), fc.string({ minLength: 1, maxLength: 2 })), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 4 }), async (words) => {
        const bad = words.some((word) => word.includes('\0') || !word.isWellFormed());
        const statement = sql`select ${words}::text[] as words, ${words.join('|')}::text as joined, ${sql.json({ words })}::jsonb as json`;
        if (bad) await expect(statement).rejects.toThrow(UnstorableText);
        else expect((await statement)[0]).toEqual({ words, joined: words.join('|'), json: { words } });
      }),
      { numRuns: 300 }
    );
    expect(poolHealth().lost).toBeLessThan(3);
  });

  test('unstorable text is found wherever it hides', async () => {
    const nul = 'a\0b';
    const half = '\ud83d';
    for (const statement of [
      () => sql`select ${nul}`, () => sql`select ${half}`, () => sql`select ${[['x', nul]]}::text[]`, () => sql`select ${sql.json({ deep: [{ [half]: 1 }] })}`,
      () => sql`select * from (values ${sql([['x', nul]])}) t`, () => sql`insert into x ${sql({ a: half })}`, () => sql`select ${sql(nul)}`, () => sql`select ${sql.array([half])}`, () => sql`select 1 ${sql`where ${nul} = ''`}`
    ]) {
      await expect((async () => await statement())()).rejects.toThrow(UnstorableText);
    }
    expect(await one(sql`select ${sql.json({ a: 'a literal \\u0000' })}->>'a' as value`)).toBe('a literal \\u0000');
  });

  test('values that are not values are refused', async () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, new Date(Number.NaN), { plain: 'object' }, () => 1]) {
      await expect((async () => await sql`select ${value as never}`)(), String(value)).rejects.toThrow(/RangeError|TypeError|undefined|exact|Date|object|function/);
    }
    await expect(sql`select ${new Date()}::date`).resolves.toBeDefined();
    await expect(sql`select 1 where ${new Date()} = current_date + ${1}::int and ${'2026-02-30'}::date is null`).rejects.toMatchObject({ code: '22008' });
  });

  test('typed arrays, dates and flags need no cast', async () => {
    const at = new Date('2026-04-01T00:00:00Z');
    const [row] = await sql`select ${[at]}::timestamptz[] as a, ${[true, null]}::boolean[] as b, ${[1, 2]}::int[] as c, ${sql.array([1n, 2n], 20)} as d, ${[]}::text[] as e, ${'2026-04-01'}::date as f, ${false} as g, ${10n} as h`;
    expect(row).toEqual({ a: [at], b: [true, null], c: [1, 2], d: [1, 2], e: [], f: '2026-04-01', g: false, h: 10 });
  });

  test('helpers for rows, columns, lists and fragments', async () => {
    const rows = [{ id: 1, name: 'a', secret: 'x' }, { id: 2, name: null, secret: 'y' }];
    const found = await sql`with t (id, name) as (values ${sql(rows.map((row) => [row.id, row.name]))}) select ${sql(['id', 'name'])} from t where id::int in ${sql([1, 2, 3])} and not id::int in ${sql([])} is true`;
    expect(found).toHaveLength(2);
    const [picked] = await sql`select ${sql(rows[0]!, 'id', 'name')}`;
    expect(picked).toEqual({ id: '1', name: 'a' });
    const conditions = [sql`and 1 = ${1}`, sql`and 2 = ${2}`];
    expect(await one(sql`select 'both' as value where true ${conditions}`)).toBe('both');
  });
});

test('the array reader answers what was written', () => {
  const word = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.option(word)), (words) => {
      const text = `{${words.map((item) => (item === null ? 'NULL' : `"${item.replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`;
      expect(parseArray(text, String)).toEqual(words);
    })
  );
  expect(() => storable('\ud83d')).toThrow(UnstorableText);
  expect(storable('𠮷野家')).toBe('𠮷野家');
});
