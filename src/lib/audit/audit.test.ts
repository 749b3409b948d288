import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction, type Actor } from '../db/db.server.ts';
import { NotRecordable, record } from './audit.server.ts';
import { canonical } from './canonical.ts';
import { verifyChain } from './verify.server.ts';

const actor: Actor = { name: 'account:01890000-0000-7000-8000-000000000001', onBehalfOf: '01890000-0000-7000-8000-0000000000aa', requestId: 'req-1' };
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});

const add = (n: number, after: unknown = { yen: 1n, at: new Date(0), name: '髙\u0001;2:' }) =>
  transaction(actor, async (tx) => {
    for (let i = 0; i < n; i += 1) await record(tx, { action: 'award.decide', subject: ['award', String(i)], before: null, after });
  });

/** What an administrator of the database can do: triggers off, everything allowed. */
const tamper = (text: string) => db.ownerSql.unsafe(`set session_replication_role = replica; ${text}; set session_replication_role = origin;`);

/** The chain rewritten from a row on, as someone who knows the format would. */
const rehashFrom = (seq: number) => tamper(`
  do $$ declare e audit_entry; h bytea := (select hash from audit_entry where seq = ${seq} - 1);
  begin
    for e in select * from audit_entry where seq >= ${seq} order by seq loop
      update audit_entry set prev_hash = h, hash = sha256(h || convert_to(
        portal.audit_field(e.seq::text) || portal.audit_field(to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ||
        portal.audit_field(e.actor) || portal.audit_field(e.on_behalf_of::text) || portal.audit_field(e.request_id) ||
        portal.audit_field(e.action) || portal.audit_field(e.subject_kind) || portal.audit_field(e.subject_id) ||
        portal.audit_field(e.before) || portal.audit_field(e.after), 'UTF8')) where seq = e.seq returning hash into h;
    end loop;
    update audit_head set hash = h;
  end $$`);

describe('the canonical text', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 4 }).filter((key) => !/^(__proto__)$/.test(key)), fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)), { maxKeys: 6 }), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(shuffled)).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      })
    );
  });

  test('has one form for instants, big numbers and absent values', () => {
    expect(canonical({ b: 10n ** 20n, a: new Date('2026-04-01T00:00:00+09:00'), gone: undefined, list: [1, 'x', null] })).toBe(
      '{"a":"2026-03-31T15:00:00.000Z","b":100000000000000000000,"list":[1,"x",null]}'
    );
  });

  test('refuses secrets and what JSON would change', () => {
    for (const bad of [{ password_hash: 'x' }, { deep: [{ sessionToken: 1 }] }, { secret: null }, { x: Number.NaN }, { f: () => 1 }, [undefined], { bytes: new Uint8Array(1) }]) {
      expect(() => canonical(bad)).toThrow(NotRecordable);
    }
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => canonical(circle)).toThrow(NotRecordable);
  });
});

describe('the record', () => {
  test('holds who, for whom, in which request, what, and both states', async () => {
    await transaction(actor, (tx) => record(tx, { action: 'award.decide', subject: ['award', 'a1'], before: { b: 1, a: 2 }, after: undefined }));
    const [row] = await sql`select * from audit_entry order by seq desc limit 1`;
    expect(row).toMatchObject({
      actor: actor.name, on_behalf_of: actor.onBehalfOf, request_id: 'req-1', action: 'award.decide', subject_kind: 'award', subject_id: 'a1', before: '{"a":2,"b":1}', after: null
    });
    expect(Math.abs(row!.at.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('goes with its transaction', async () => {
    const before = (await sql`select seq from audit_head`)[0]!.seq;
    await expect(transaction(actor, async (tx) => {
      await record(tx, { action: 'a', subject: ['b', 'c'] });
      throw new Error('no');
    })).rejects.toThrow('no');
    expect((await sql`select seq from audit_head`)[0]!.seq).toBe(before);
  });

  test('the caller can choose neither number, time nor hash', async () => {
    await transaction(actor, (tx) => tx`insert into audit_entry ${tx({ seq: 1, at: new Date(0), actor: 'visitor', action: 'x', subject_kind: 'y', subject_id: 'z', prev_hash: Buffer.alloc(32), hash: Buffer.alloc(32) })}`);
    expect(await verifyChain(sql)).toMatchObject({ ok: true });
  });

  test('concurrent records make one chain without gaps', async () => {
    const before = (await verifyChain(sql)).rows;
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(1 + (i % 3))));
    const verdict = await verifyChain(sql);
    expect(verdict).toMatchObject({ ok: true, rows: before + 40 + Array.from({ length: 40 }, (_, i) => i % 3).reduce((a, b) => a + b) });
  });
});

describe('tampering', () => {
  beforeEach(async () => {
    await tamper(`delete from audit_entry; update audit_head set seq = 0, hash = sha256('kyodo-portal audit'::bytea)`);
    await add(9);
  });
  const everyColumn = ['at = at + interval \'1 microsecond\'', 'actor = \'visitor\'', 'on_behalf_of = null', 'request_id = \'\'', 'action = action || \' \'', 'subject_kind = \'x\'', 'subject_id = \'99\'', 'before = \'\'', 'after = \'{}\''];

  test('an empty chain and an untouched one are whole', async () => {
    expect(await verifyChain(sql)).toMatchObject({ ok: true, rows: 9 });
    await tamper(`delete from audit_entry; update audit_head set seq = 0, hash = sha256('kyodo-portal audit'::bytea)`);
    expect(await verifyChain(sql)).toMatchObject({ ok: true, rows: 0 });
  });

  test('every column of a row', async () => {
    for (const change of everyColumn) {
      await tamper(`delete from audit_entry; update audit_head set seq = 0, hash = sha256('kyodo-portal audit'::bytea)`);
      await add(9);
      await tamper(`update audit_entry set ${change} where seq = 5`);
      expect(await verifyChain(sql), change).toMatchObject({ ok: false, rows: 4, brokenSeq: 5 });
    }
  });

  test.each([
    ['a row edited and its own hash made anew', `update audit_entry set after = '{}', hash = sha256('x') where seq = 5`, 5],
    ['a row deleted in the middle', 'delete from audit_entry where seq = 5', 5],
    ['the first row deleted', 'delete from audit_entry where seq = 1', 1],
    ['the tail deleted', 'delete from audit_entry where seq > 7', 8],
    ['everything deleted', 'delete from audit_entry', 1],
    ['two rows swapped', 'update audit_entry set seq = -seq where seq in (4, 5); update audit_entry set seq = 9 + seq where seq in (-4, -5)', 4],
    ['a row inserted in between', 'update audit_entry set seq = seq + 100 where seq > 4; update audit_entry set seq = seq - 99 where seq > 100; insert into audit_entry select 5, at, actor, on_behalf_of, request_id, action, subject_kind, subject_id, before, after, prev_hash, hash from audit_entry where seq = 4', 5],
    ['a row added behind the head', `insert into audit_entry select 10, at, actor, on_behalf_of, request_id, action, subject_kind, subject_id, before, after, hash, sha256('x') from audit_entry where seq = 9`, 10],
    ['the head moved back', `update audit_head set seq = 7, hash = (select hash from audit_entry where seq = 7)`, 9],
    ['the head overwritten', `update audit_head set hash = sha256('x')`, 9],
    ['the head gone', 'delete from audit_head', 9],
    ['rows renumbered to close a gap', 'delete from audit_entry where seq = 5; update audit_entry set seq = seq - 1 where seq > 5; update audit_head set seq = 8', 5],
    ['the clock set back', `update audit_entry set at = at - interval '1 day' where seq = 6`, 6]
  ])('%s', async (_name, change, brokenSeq) => {
    await tamper(change);
    expect(await verifyChain(sql)).toMatchObject({ ok: false, brokenSeq });
    if (_name === 'the head gone') await tamper(`insert into audit_head (seq, hash) values (0, sha256('x'))`);
  });

  test('a chain rewritten with all its hashes is seen by an anchor, and only by one', async () => {
    const { head } = await verifyChain(sql);
    await add(3);
    expect(await verifyChain(sql, [head])).toMatchObject({ ok: true, rows: 12 });
    await tamper(`update audit_entry set after = '{}' where seq = 5`);
    await rehashFrom(5);
    expect(await verifyChain(sql)).toMatchObject({ ok: true });
    expect(await verifyChain(sql, [head])).toMatchObject({ ok: false, brokenSeq: head.seq });
  });

  test('a clock set back and every hash made anew is seen by the order of times', async () => {
    await tamper(`update audit_entry set at = at - interval '1 day' where seq >= 6`);
    await rehashFrom(6);
    expect(await verifyChain(sql)).toMatchObject({ ok: false, brokenSeq: 6 });
  });

  test('an old copy restored is seen by an anchor', async () => {
    const { head } = await verifyChain(sql);
    await tamper(`delete from audit_entry where seq > 7; update audit_head set seq = 7, hash = (select hash from audit_entry where seq = 7)`);
    expect(await verifyChain(sql)).toMatchObject({ ok: true, rows: 7 });
    expect(await verifyChain(sql, [head])).toMatchObject({ ok: false, brokenSeq: 8 });
  });
});

test('more than one page is read, and rows that arrive meanwhile do not disturb', async () => {
  await tamper(`delete from audit_entry; update audit_head set seq = 0, hash = sha256('kyodo-portal audit'::bytea)`);
  await add(4_100, { n: 1 });
  const [verdict] = await Promise.all([verifyChain(sql), add(20), add(20)]);
  expect(verdict.ok).toBe(true);
  expect(await verifyChain(sql)).toMatchObject({ ok: true, rows: 4_140 });
});
