import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction, type Tx } from '../db/db.server.ts';
import { MAX_FILE_BYTES, MAX_ORGANISATION_BYTES } from './limits.ts';
import { makePdf } from './samples/pdf.ts';
import { accept, bytesKept, describe as describeFiles, hasRoom, keep, keptBefore, open, prepareOwn, proveStored, remove } from './store.server.ts';

const actor = { name: `account:${randomUUID()}` } as const;
const organisation_id = randomUUID();
const owner = { organisation_id, purpose: 'application' };
let database: FreshDatabase;
beforeAll(async () => { database = await freshDatabase(); });

const kept = (name = '申請書.pdf', bytes = makePdf()) => transaction(actor, (tx) => keep(tx, prepareOwn(bytes, name, 1), owner));
const prove = (ids: string[]) => transaction(actor, async (tx) => ({ proof: await proveStored(tx, ids) })).then((result) => result.proof);

/** Changes stored bytes as a broken disk would, past every guard. */
async function asDisk(change: (sql: FreshDatabase['ownerSql']) => Promise<unknown>): Promise<void> {
  await database.ownerSql.begin(async (owner_sql) => {
    await owner_sql`set local session_replication_role = replica`;
    await owner_sql`set local allow_system_table_mods = on`;
    await change(owner_sql as unknown as FreshDatabase['ownerSql']);
  });
}

describe('a kept file', () => {
  it('comes back byte for byte, under a name that fits what it is', async () => {
    const result = await accept(makePdf(), '令和8年度 申請書.pdf');
    if (!result.ok) throw new Error(result.reason);
    const { id, sha256 } = await transaction(actor, (tx) => keep(tx, result.prepared, owner));
    expect(sha256).toBe(result.prepared.sha256.toString('hex'));
    const opened = await open(sql, id);
    expect(opened).toMatchObject({ ok: true, file: { id, sha256, organisation_id, uploaded_by: actor.name, pages: 1, name: '令和8年度 申請書.pdf', bytes_count: makePdf().length } });
    if (opened.ok) expect(opened.bytes.equals(makePdf())).toBe(true);
    expect(await open(sql, id, { organisation_id })).toMatchObject({ ok: true });
    expect(await open(sql, id, { organisation_id: randomUUID() })).toEqual({ ok: false, reason: 'missing' });
    expect((await describeFiles(sql, [randomUUID(), id])).map((file) => file.id)).toEqual([id]);
    expect(await keptBefore(sql, new Date(Date.now() + 1_000), 'application')).toContain(id);
    expect(await keptBefore(sql, new Date(Date.now() - 60_000), 'application')).toEqual([]);
  });

  it('may be as large as the limit', async () => {
    const { id } = await kept('大.pdf', Buffer.alloc(MAX_FILE_BYTES, 7));
    expect(await prove([id])).toEqual({ ok: true });
    expect(() => prepareOwn(Buffer.alloc(MAX_FILE_BYTES + 1), 'a.pdf')).toThrow();
  });

  it('leaves a record with its hash', async () => {
    const { id, sha256 } = await kept();
    const [entry] = await database.ownerSql`select actor, after from audit_entry where subject_kind = 'file' and subject_id = ${id}`;
    expect(entry).toMatchObject({ actor: actor.name, after: expect.stringContaining(sha256) });
  });

  it('cannot be changed, only removed while nothing refers to it', async () => {
    const { id } = await kept();
    await expect(transaction(actor, (tx) => tx`update stored_file set original_name = 'x' where id = ${id}`)).rejects.toThrow(/append-only/u);
    await expect(transaction(actor, (tx) => tx`update file_content set bytes = '' where file_id = ${id}`)).rejects.toThrow(/append-only/u);
    expect(await transaction(actor, (tx) => remove(tx, id))).toBe(true);
    expect(await transaction(actor, (tx) => remove(tx, id))).toBe(false);
    expect(await open(sql, id)).toEqual({ ok: false, reason: 'missing' });
    expect(await database.ownerSql`select from file_content where file_id = ${id}`).toHaveLength(0);
  });

  it('leaves nothing behind when its transaction fails', async () => {
    const before = await database.ownerSql`select count(*) from stored_file`;
    await expect(transaction(actor, async (tx) => { await keep(tx, prepareOwn(makePdf(), 'a.pdf'), owner); throw new Error('later'); })).rejects.toThrow('later');
    expect(await database.ownerSql`select count(*) from stored_file`).toEqual(before);
  });
});

describe('the proof before a submission', () => {
  it('names what is missing or damaged, and the transaction goes on', async () => {
    const [sound, flipped, cut, gone, torn] = await Promise.all(Array.from({ length: 5 }, (_, i) => kept('a.pdf', Buffer.alloc(9_000, i))));
    const nowhere = randomUUID();
    expect(await prove([sound!.id, flipped!.id, sound!.id])).toEqual({ ok: true });
    expect(await prove([])).toEqual({ ok: true });
    await asDisk((disk) => disk`update file_content set bytes = set_byte(bytes, 8000, 255) where file_id = ${flipped!.id}`);
    await asDisk((disk) => disk`update file_content set bytes = substring(bytes for 10) where file_id = ${cut!.id}`);
    await asDisk((disk) => disk`delete from file_content where file_id = ${gone!.id}`);
    await loseToast(torn!.id);
    const result = await transaction(actor, async (tx) => {
      const proof = await proveStored(tx, [sound!.id, flipped!.id, cut!.id, gone!.id, torn!.id, nowhere]);
      const [still] = await tx`select 1 as works`;
      return { proof, still };
    });
    expect(result.still).toMatchObject({ works: 1 });
    expect(result.proof).toMatchObject({ ok: false });
    if (result.proof.ok) return;
    expect(new Set(result.proof.missing)).toEqual(new Set([gone!.id, nowhere]));
    expect(new Set(result.proof.damaged)).toEqual(new Set([flipped!.id, cut!.id, torn!.id]));
    expect(result.proof.ids).toHaveLength(5);
    expect(await open(sql, flipped!.id)).toEqual({ ok: false, reason: 'damaged' });
  });

  it('holds what it proved until the end', async () => {
    const { id } = await kept();
    const removal = () => database.ownerSql.begin(async (other) => {
      await other`set local lock_timeout = '200ms'`;
      await other`delete from stored_file where id = ${id}`;
    });
    await transaction(actor, async (tx) => {
      expect(await proveStored(tx, [id])).toEqual({ ok: true });
      await expect(removal()).rejects.toMatchObject({ code: '55P03' });
    });
    expect(await transaction(actor, (tx) => remove(tx, id))).toBe(true);
  });
});

describe('the room of an organisation', () => {
  it('is counted in bytes and cannot be taken twice at once', async () => {
    const group = randomUUID();
    await transaction(actor, (tx) => keep(tx, prepareOwn(Buffer.alloc(5_000), 'a.pdf'), { organisation_id: group, purpose: 'application' }));
    expect(await bytesKept(sql, group)).toBe(5_000);
    const asks = (adding: number) => transaction(actor, async (tx: Tx) => ({ room: await hasRoom(tx, group, adding) }));
    expect(await asks(MAX_ORGANISATION_BYTES - 5_000)).toEqual({ room: true });
    expect(await asks(MAX_ORGANISATION_BYTES - 4_999)).toEqual({ room: false });
    expect(await bytesKept(sql, randomUUID())).toBe(0);
  });
});

/** Loses the second page of a value that is kept outside its row. */
async function loseToast(id: string): Promise<void> {
  const [place] = await database.ownerSql<{ toast: string; value: number }[]>`
    select c.reltoastrelid::regclass::text as toast, pg_column_toast_chunk_id(f.bytes)::int as value
    from pg_class c, file_content f where c.oid = 'file_content'::regclass and f.file_id = ${id}`;
  await asDisk(async (disk) => {
    const as = (kind: string) => disk`update pg_class set relkind = ${kind} where oid = ${place!.toast}::regclass`;
    await as('r');
    await disk.unsafe(`delete from ${place!.toast} where chunk_id = ${place!.value} and chunk_seq = 1`);
    await as('t');
  });
  // Pages outside their row are read until they are really swept away.
  await database.ownerSql`vacuum file_content`;
}
