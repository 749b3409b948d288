import { createHash } from 'node:crypto';
import type { Sql } from '../db/db.server.ts';

const PAGE_ROWS = 2_000;
/** A clock may be set right by a little; a row an hour older than the one before was not written after it. */
const CLOCK_STEP_MS = 60_000;
const BEFORE_THE_FIRST = createHash('sha256').update('kyodo-portal audit').digest();

export type Anchor = { seq: number; hash: string };
export type Verdict = {
  ok: boolean;
  rows: number;
  /** Number and hash of the last row, to be kept where the database's administrator cannot reach. */
  head: Anchor;
  brokenSeq?: number;
  reason?: string;
};

type EntryRow = {
  seq: number;
  at: string;
  actor: string;
  on_behalf_of: string | null;
  request_id: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  before: string | null;
  after: string | null;
  prev_hash: Uint8Array;
  hash: Uint8Array;
};

/**
 * Recomputes the whole audit chain here, not in the database that may have been tampered with, page by page.
 * Takes anchors noted earlier elsewhere: without one, an administrator who rewrites every later hash and the head
 * (or restores an old backup) cannot be noticed. Answers the first row that does not fit, and why.
 */
export async function verifyChain(sql: Sql, anchors: readonly Anchor[] = []): Promise<Verdict> {
  const noted = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  let last = { seq: 0, hash: BEFORE_THE_FIRST as Uint8Array, at: '0001-01-01T00:00:00Z' };
  const broken = (brokenSeq: number, reason: string): Verdict => ({ ok: false, rows: last.seq, head: anchorOf(last), brokenSeq, reason });
  for (;;) {
    const page = await readPage(sql, last.seq);
    for (const row of page) {
      const reason = misfit(row, last, noted.get(row.seq));
      if (reason) return broken(Math.min(row.seq, last.seq + 1), reason);
      last = { seq: row.seq, hash: row.hash, at: row.at };
    }
    if (page.length > 0) continue;
    // Rows may be added while we read: only when the head names the row we stand on are we done.
    const [head] = await sql<{ seq: number; hash: Uint8Array }[]>`select seq, hash from audit_head`;
    if (!head || head.seq < last.seq) return broken(last.seq, '先頭の記録にない行がある / rows beyond the head');
    if (head.seq > last.seq) {
      const [more] = await sql`select 1 from audit_entry where seq > ${last.seq} limit 1`;
      if (more) continue;
      return broken(last.seq + 1, '末尾の行が削除されている / the tail was deleted');
    }
    if (!same(head.hash, last.hash)) return broken(last.seq, '先頭の記録と最後の行が合わない / the head does not match the last row');
    const missing = anchors.find((anchor) => anchor.seq > last.seq);
    if (missing) return broken(last.seq + 1, '控えにある行がない（古い複製に戻された） / an anchored row is missing');
    return { ok: true, rows: last.seq, head: anchorOf(last) };
  }
}

function readPage(sql: Sql, after: number): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor, on_behalf_of, request_id,
      action, subject_kind, subject_id, before, after, prev_hash, hash
    from audit_entry where seq > ${after} order by seq limit ${PAGE_ROWS}`;
}

function misfit(row: EntryRow, last: { seq: number; hash: Uint8Array; at: string }, noted: string | undefined): string | undefined {
  if (row.seq !== last.seq + 1) return '行が削除されている / a row is missing';
  if (!same(row.prev_hash, last.hash)) return '前の行とつながらない / does not continue the row before';
  if (!same(row.hash, hashOf(row, last.hash))) return '内容が書き換えられている / the content was changed';
  if (Date.parse(row.at) < Date.parse(last.at) - CLOCK_STEP_MS) return '時刻が前の行より古い / older than the row before';
  if (noted !== undefined && noted !== hex(row.hash)) return '控えのハッシュと異なる（以後が作り直された） / differs from the anchor';
  return undefined;
}

function hashOf(row: EntryRow, previous: Uint8Array): Uint8Array {
  const fields = [String(row.seq), row.at, row.actor, row.on_behalf_of, row.request_id, row.action, row.subject_kind, row.subject_id, row.before, row.after];
  const hash = createHash('sha256').update(previous);
  for (const field of fields) hash.update(field === null ? '-;' : `${Buffer.byteLength(field)}:${field};`);
  return hash.digest();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function anchorOf(last: { seq: number; hash: Uint8Array }): Anchor {
  return { seq: last.seq, hash: hex(last.hash) };
}
