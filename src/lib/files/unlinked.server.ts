/** Files that nothing refers to: uploaded and never attached, or taken off again. What refers is read from the catalogue. */
import type { Sql, Tx } from '../db/db.server.ts';

/** How many there are (counted up to `most`), and when the oldest was uploaded. */
export async function findUnlinked(sql: Sql, days: number, most: number): Promise<{ n: number; oldest_at: Date | null }> {
  const [row] = await sql<{ n: number; oldest_at: Date | null }[]>`
    select count(*)::int as n, min(created_at) as oldest_at from portal.unlinked_files(now() - make_interval(days => ${days}), ${most})`;
  return row!;
}

export interface RemovedFile { id: string; sha256: string; purpose: string; organisation_id: string | null }

/**
 * Removes at most `limit` of them with their bytes. Their rows are locked before they are looked at once more: a file
 * that is being attached at this moment stays. The caller records it when anything was removed.
 */
export async function removeUnlinked(tx: Tx, days: number, limit: number): Promise<RemovedFile[]> {
  const locked = await tx<{ id: string }[]>`
    select f.id from stored_file f where f.id in (select id from portal.unlinked_files(now() - make_interval(days => ${days}), ${limit}))
    order by f.id for update skip locked`;
  const ids = locked.map((row) => row.id);
  // A statement that deletes nothing would still ask for a record.
  const free = ids.length === 0 ? [] : await tx<{ id: string }[]>`
    select id from unnest(${ids}::uuid[]) as t (id) where id <> all (array(select portal.linked('stored_file', ${ids}::uuid[], array['file_content']::regclass[])))`;
  if (free.length === 0) return [];
  return tx<RemovedFile[]>`
    delete from stored_file where id = any (${free.map((row) => row.id)}::uuid[]) returning id, encode(sha256, 'hex') as sha256, purpose, organisation_id`;
}
