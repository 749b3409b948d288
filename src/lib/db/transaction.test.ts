import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { record } from '../audit/audit.server.ts';
import { Busy, NestedUse, NotCommitted, poolHealth, sql, transaction, TransactionEnded, type Actor, type Tx } from './db.server.ts';

const actor: Actor = { name: 'system:test', requestId: 'r-1' };
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
  await db.ownerSql.unsafe(`
    create table purse (id int primary key, yen bigint not null constraint purse_not_negative check (yen >= 0));
    select portal.guard('purse');
    create table note (id int primary key, body text);
    select portal.guard('note', false);
    create table entry (id int primary key);
    select portal.guard('entry', false);
    select portal.append_only('entry');
    create table later (id int primary key, parent int not null references later deferrable initially deferred);
    select portal.guard('later', false);`);
});
beforeEach(async () => {
  await db.ownerSql.unsafe(`set session_replication_role = replica; delete from purse; delete from note; delete from later; insert into purse values (1, 100), (2, 100); set session_replication_role = origin;`);
});

const yen = async (id: number) => (await sql<{ yen: number }[]>`select yen from purse where id = ${id}`)[0]!.yen;
const audited = (tx: Tx) => record(tx, { action: 'purse.move', subject: ['purse', '1'] });
const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('what is kept', () => {
  test('a result commits, with its audit row and actor', async () => {
    const result = await transaction(actor, async (tx) => {
      await tx`update purse set yen = yen - ${30} where id = 1`;
      await audited(tx);
      return { ok: true as const, left: 70 };
    });
    expect(result).toEqual({ ok: true, left: 70 });
    expect(await yen(1)).toBe(70);
    const [entry] = await sql`select * from audit_entry order by seq desc limit 1`;
    expect(entry).toMatchObject({ actor: 'system:test', request_id: 'r-1', action: 'purse.move', subject_kind: 'purse', subject_id: '1' });
  });

  test('{ ok: false } keeps nothing and is returned', async () => {
    const refused = await transaction(actor, async (tx) => {
      await tx`update purse set yen = 0`;
      return { ok: false as const, reason: 'closed' as const };
    });
    expect(refused).toEqual({ ok: false, reason: 'closed' });
    expect(await yen(1)).toBe(100);
  });

  test('a throw keeps nothing and comes through as it is', async () => {
    const thrown = { not: 'even an Error' };
    await expect(transaction(actor, async (tx) => {
      await tx`update purse set yen = 0`;
      throw thrown;
    })).rejects.toBe(thrown);
    expect(await yen(1)).toBe(100);
  });

  test('a swallowed error cannot end in a silent rollback', async () => {
    const swallowed = transaction(actor, async (tx) => {
      await tx`update purse set yen = yen + 1 where id = 2`;
      await tx`update purse set yen = -1 where id = 1`.catch(() => {});
      return 'fine';
    });
    await expect(swallowed).rejects.toThrow(NotCommitted);
    await expect(swallowed).rejects.toMatchObject({ cause: { constraint_name: 'purse_not_negative' } });
    expect(await yen(2)).toBe(100);
  });

  test('a constraint checked only at COMMIT refuses', async () => {
    await expect(transaction(actor, (tx) => tx`insert into later values (1, 999)`)).rejects.toEqual(code('23503'));
    expect(await sql`select * from later`).toHaveLength(0);
  });
});

describe('the wall in the database', () => {
  test('no write without a transaction', async () => {
    await expect(sql`insert into note values (1, 'x')`).rejects.toEqual(code('25006'));
  });

  test('no write without an actor, even by the owner', async () => {
    await expect(db.ownerSql`insert into note values (1, 'x')`).rejects.toEqual(code('PT001'));
  });

  test('no audited change without an audit row', async () => {
    await expect(transaction(actor, (tx) => tx`update purse set yen = 1`)).rejects.toEqual(code('PT003'));
    await expect(transaction(actor, async (tx) => {
      await audited(tx);
      await tx`update purse set yen = 1`;
    })).rejects.toEqual(code('PT003'));
    expect(await yen(1)).toBe(100);
  });

  test('append-only holds for the owner too', async () => {
    await transaction(actor, (tx) => tx`insert into entry values (1) on conflict do nothing`);
    await expect(transaction(actor, (tx) => tx`delete from entry`)).rejects.toEqual(code('42501'));
    for (const attempt of ['update entry set id = 2', 'delete from entry', 'truncate entry', 'delete from audit_entry', 'update audit_head set seq = 0', 'truncate audit_entry']) {
      await expect(db.ownerSql.unsafe(`set portal.actor = 'system:owner'; ${attempt}`), attempt).rejects.toEqual(code('PT002'));
    }
  });

  test('an actor must be one', async () => {
    await expect(transaction({ name: 'someone' as 'visitor' }, async () => 1)).rejects.toThrow(TypeError);
  });
});

describe('the callback', () => {
  test('statements started together run one after the other', async () => {
    const rows = await transaction(actor, (tx) => Promise.all([1, 2, 3, 4].map((id) => tx`insert into note values (${id}, ${`n${id}`}) returning id`)));
    expect(rows.map(([row]) => row!.id)).toEqual([1, 2, 3, 4]);
  });

  test('a statement after the end is refused and not sent', async () => {
    let kept: Tx | undefined;
    await transaction(actor, async (tx) => void (kept = tx));
    await expect(kept!`insert into note values (9, 'late')`).rejects.toThrow(TransactionEnded);
    expect(await sql`select * from note`).toHaveLength(0);
  });

  test('a forgotten await cannot slip a change past the audit check', async () => {
    const forgotten: Promise<unknown>[] = [];
    await transaction(actor, async (tx) => {
      // Sent, at the earliest, while the transaction is already being ended.
      forgotten.push(tx`select pg_sleep(0.01)`.then(() => tx`update purse set yen = 0`).catch((error: unknown) => error));
    });
    expect(await forgotten[0]).toMatchObject({ name: 'TransactionEnded' });
    expect(await yen(1)).toBe(100);
  });

  test('sql and transaction inside it are refused', async () => {
    await expect(transaction(actor, () => sql`select 1`)).rejects.toThrow(NestedUse);
    await expect(transaction(actor, () => transaction(actor, async () => 1))).rejects.toThrow(NestedUse);
    expect((await sql`select 1 as one`)[0]!.one).toBe(1);
  });

  test('a fragment is part of the statement and never sent alone', async () => {
    const found = await transaction(actor, (tx) => {
      const rich = tx`yen >= ${100}`;
      const ids = tx`and id in ${tx([1, 2])}`;
      return tx<{ id: number }[]>`select ${tx('id')} from ${tx('purse')} where ${rich} ${ids} and id = any(${[2, 3]}::int[])`;
    });
    expect([...found]).toEqual([{ id: 2 }]);
  });

  test('it cannot end its own transaction, and may use savepoints', async () => {
    for (const end of [(tx: Tx) => tx`commit`, (tx: Tx) => tx` ROLLBACK and chain`, (tx: Tx) => tx`begin`, (tx: Tx) => tx`prepare transaction 'x'`]) {
      await expect(transaction(actor, (tx) => end(tx))).rejects.toThrow(TypeError);
    }
    await transaction(actor, async (tx) => {
      await tx`savepoint before`;
      await tx`insert into note values (1, 'x'), (1, 'y')`.catch(() => tx`rollback to savepoint before`);
      await tx`insert into note values (2, 'kept')`;
    });
    expect([...await sql`select id from note`]).toEqual([{ id: 2 }]);
  });

  test('its actor can be read and not changed', async () => {
    await transaction(actor, async (tx) => {
      expect(tx.actor).toEqual(actor);
      expect(() => ((tx.actor as Actor).name = 'visitor')).toThrow(TypeError);
    });
  });
});

describe('conflicts', () => {
  test('a serialization failure runs the work again', async () => {
    let runs = 0;
    const bump = (id: number) => transaction(actor, async (tx) => {
      runs += 1;
      const [row] = await tx<{ yen: number }[]>`select yen from purse where id = ${id}`;
      await tx`select pg_sleep(0.02)`;
      await tx`update purse set yen = ${row!.yen + 1} where id = ${id}`;
      await audited(tx);
    }, { isolation: 'repeatable read' });
    await Promise.all([bump(1), bump(1), bump(1)]);
    expect(await yen(1)).toBe(103);
    expect(runs).toBeGreaterThan(3);
  });

  test('a deadlock runs the loser again', async () => {
    const move = (from: number, to: number) => transaction(actor, async (tx) => {
      await tx`update purse set yen = yen - 1 where id = ${from}`;
      await tx`select pg_sleep(0.05)`;
      await tx`update purse set yen = yen + 1 where id = ${to}`;
      await audited(tx);
    });
    await Promise.all([move(1, 2), move(2, 1), move(1, 2), move(2, 1)]);
    expect([await yen(1), await yen(2)]).toEqual([100, 100]);
  });

  test('a work that always conflicts is given up', async () => {
    let runs = 0;
    await db.ownerSql.unsafe(`create or replace function conflict() returns void language plpgsql as $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    await expect(transaction(actor, (tx) => {
      runs += 1;
      return tx`select conflict()`;
    })).rejects.toEqual(code('40001'));
    expect(runs).toBe(6);
  });

  test('a row locked for too long is Busy', async () => {
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = transaction(actor, async (tx) => {
      await tx`select from purse where id = 1 for update`;
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    await expect(transaction(actor, (tx) => tx`select from purse where id = 1 for update`)).rejects.toThrow(Busy);
    release.resolve();
    await holder;
    expect(poolHealth()).toMatchObject({ leased: 0, waiting: 0 });
  });
});
