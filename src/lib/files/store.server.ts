import type { Sql, Tx } from '../db/db.server.ts';
import { isStatementError } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { downloadName, sha256, type Prepared } from './accept.server.ts';
import { MAX_ORGANISATION_BYTES, type MediaType } from './limits.ts';

export { accept, prepareOwn, type Acceptance, type Prepared } from './accept.server.ts';
export { download } from './download.ts';

/** Where the bytes are is known here and nowhere else; they are in PostgreSQL today. */

export type StoredFile = {
  id: string;
  organisation_id: string | null;
  uploaded_by: string;
  purpose: string;
  original_name: string;
  /** `original_name` with the ending of what the file is now. */
  name: string;
  media_type: MediaType;
  bytes_count: number;
  /** 64 hexadecimal digits. */
  sha256: string;
  pages: number | null;
  created_at: Date;
};

export type Kept = { id: string; sha256: string };
export type Proof = { ok: true } | { ok: false; missing: string[]; damaged: string[]; ids: string[] };
export type Opened = { ok: true; file: StoredFile; bytes: Buffer } | { ok: false; reason: 'missing' | 'damaged' };

/**
 * Keeps a prepared file and reads it back before answering, so "received" is never said of bytes that did not arrive.
 * Who uploaded it is the transaction's actor. Throws when the stored bytes differ: nothing of the transaction stays.
 */
export async function keep(tx: Tx, prepared: Prepared, owner: { organisation_id: string | null; purpose: string }): Promise<Kept> {
  const { bytes, media_type, original_name, original_sha256, pages } = prepared;
  const [row] = await tx<{ id: string }[]>`
    insert into stored_file (organisation_id, uploaded_by, purpose, original_name, media_type, bytes_count, sha256, original_sha256, pages)
    values (${owner.organisation_id}, ${tx.actor.name}, ${owner.purpose}, ${original_name}, ${media_type}, ${bytes.length},
      ${prepared.sha256}, ${original_sha256}, ${pages})
    returning id`;
  const id = row!.id;
  await tx`insert into file_content (file_id, bytes) values (${id}, ${bytes})`;
  const state = await inspectStored(tx, id);
  if (state !== 'sound') throw new Error(`file ${id} was stored ${state}`);
  const hash = prepared.sha256.toString('hex');
  await audit.record(tx, {
    action: 'file.keep', subject: ['file', id],
    after: { sha256: hash, bytes_count: bytes.length, media_type, purpose: owner.purpose, organisation_id: owner.organisation_id }
  });
  return { id, sha256: hash };
}

/**
 * Reads every named file again and compares its hash; to be called last before a submission commits.
 * The rows stay locked until then, so what was proved cannot be removed in between. Call it with every id of the submission.
 */
export async function proveStored(tx: Tx, ids: readonly string[]): Promise<Proof> {
  const missing: string[] = [];
  const damaged: string[] = [];
  // In a fixed order, so two submissions that share files cannot wait for each other; one by one, so no statement is long.
  for (const id of [...new Set(ids)].sort()) {
    const state = await inspectStored(tx, id);
    if (state === 'missing') missing.push(id);
    if (state === 'damaged') damaged.push(id);
  }
  return missing.length + damaged.length === 0 ? { ok: true } : { ok: false, missing, damaged, ids: [...missing, ...damaged] };
}

/** The server hashes what it holds; the hash it is compared with was made here from the bytes that were sent. */
async function inspectStored(tx: Tx, id: string): Promise<'sound' | 'missing' | 'damaged'> {
  await tx`savepoint inspection`;
  try {
    const [row] = await tx<{ sound: boolean | null }[]>`
      select sha256(c.bytes) = f.sha256 and octet_length(c.bytes) = f.bytes_count as sound
      from stored_file f left join file_content c on c.file_id = f.id
      where f.id = ${id} for share of f`;
    await tx`release savepoint inspection`;
    if (!row || row.sound === null) return 'missing';
    return row.sound ? 'sound' : 'damaged';
  } catch (error) {
    // A broken block is an error of the statement (class XX); the others keep their meaning.
    if (!isStatementError(error) || !error.code.startsWith('XX')) throw error;
    await tx`rollback to savepoint inspection`;
    return 'damaged';
  }
}

/**
 * The file with its bytes. The caller has decided who may read it; with `owner`, the query decides too.
 * Never returns bytes that are not those that were kept.
 */
export async function open(sql: Sql, id: string, owner?: { organisation_id: string }): Promise<Opened> {
  const [row] = await sql<(Omit<StoredFile, 'name'> & { bytes: Buffer | null })[]>`
    select ${columns(sql)}, c.bytes
    from stored_file f left join file_content c on c.file_id = f.id
    where f.id = ${id} ${owner ? sql`and f.organisation_id = ${owner.organisation_id}` : sql``}`;
  if (!row?.bytes) return { ok: false, reason: 'missing' };
  const { bytes, ...file } = row;
  if (sha256(bytes).toString('hex') !== file.sha256) return { ok: false, reason: 'damaged' };
  return { ok: true, file: named(file), bytes };
}

/** Descriptions without bytes, in the order of `ids`; unknown ids are left out. */
export async function describe(sql: Sql, ids: readonly string[]): Promise<StoredFile[]> {
  if (ids.length === 0) return [];
  const rows = await sql<Omit<StoredFile, 'name'>[]>`select ${columns(sql)} from stored_file f where f.id = any(${[...ids]}::uuid[])`;
  const by_id = new Map(rows.map((row) => [row.id, named(row)]));
  return ids.flatMap((id) => by_id.get(id) ?? []);
}

/** Removes a file that nothing refers to any more; the database refuses while something does. */
export async function remove(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx<{ sha256: string; purpose: string }[]>`
    select encode(sha256, 'hex') as sha256, purpose from stored_file where id = ${id} for update`;
  // A delete that finds nothing would still count as an unrecorded change.
  if (!row) return false;
  await tx`delete from stored_file where id = ${id}`;
  await audit.record(tx, { action: 'file.remove', subject: ['file', id], before: row });
  return true;
}

/** Files older than `before`, oldest first: candidates for a sweep by whoever knows which ones are linked. */
export async function keptBefore(sql: Sql, before: Date, purpose: string, limit = 100): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from stored_file where created_at < ${before} and purpose = ${purpose} order by created_at, id limit ${limit}`;
  return rows.map((row) => row.id);
}

/** Bytes an organisation has kept. */
export async function bytesKept(sql: Sql, organisation_id: string): Promise<number> {
  const [row] = await sql<{ total: number }[]>`
    select coalesce(sum(bytes_count), 0)::bigint as total from stored_file where organisation_id = ${organisation_id}`;
  return row!.total;
}

/** Whether `adding` more bytes fit. Uploads of one organisation wait for each other here, so two cannot both take the last place. */
export async function hasRoom(tx: Tx, organisation_id: string, adding: number): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`files:${organisation_id}`}, 0))`;
  return (await bytesKept(tx, organisation_id)) + adding <= MAX_ORGANISATION_BYTES;
}

function columns(sql: Sql) {
  return sql`f.id, f.organisation_id, f.uploaded_by, f.purpose, f.original_name, f.media_type, f.bytes_count,
    encode(f.sha256, 'hex') as sha256, f.pages, f.created_at`;
}

function named(file: Omit<StoredFile, 'name'>): StoredFile {
  return { ...file, name: downloadName(file.original_name, file.media_type) };
}
