/** A group's rules and member list. A newer file takes the place of the older one, which stays: past applications refer to it. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import * as files from '../files/store.server.ts';
import { isUuid } from '../forms/ids.ts';
import { isMember, lockForMember, notOwn } from './membership.server.ts';
import { MAX_PAPERS, type Paper, type PaperKind } from './organisation.ts';

const FILE_PURPOSE = 'organisation_paper';

/** At most one of each kind, rules first. `reach` limits who may read, over `o`. */
export async function currentPapers(sql: Sql, organisationId: string, reach: Statement): Promise<Paper[]> {
  const rows = await sql<{ id: string; kind: PaperKind; file_id: string; added_at: Date }[]>`
    select p.id, p.kind, p.file_id, p.added_at from organisation_paper p join organisation o on o.id = p.organisation_id
    where p.organisation_id = ${organisationId} and p.replaced_at is null and ${reach} order by p.kind desc`;
  const described = new Map((await files.describe(sql, rows.map((row) => row.file_id))).map((file) => [file.id, file]));
  return rows.map((row) => {
    const { name, media_type, bytes_count, sha256, pages } = described.get(row.file_id)!;
    return { ...row, name, media_type, bytes: bytes_count, sha256, pages };
  });
}

export type PaperRefusal = { ok: false; reason: 'not_found' | 'stale' | 'too_many' | 'no_room' };

/** Keeps a group's first paper of a kind. Refuses with `stale` when there is one already (somebody else was faster). */
export function addPaper(tx: Tx, accountId: string, organisationId: string, kind: PaperKind, prepared: files.Prepared): Promise<{ ok: true; id: string } | PaperRefusal> {
  return putPaper(tx, accountId, organisationId, { kind, replaces: null }, prepared);
}

/** Puts a newer file in the place of the paper that the member saw. Refuses with `stale` when another one stands there. */
export function replacePaper(tx: Tx, accountId: string, organisationId: string, value: { kind: PaperKind; replaces: string }, prepared: files.Prepared): Promise<{ ok: true; id: string } | PaperRefusal> {
  return putPaper(tx, accountId, organisationId, value, prepared);
}

async function putPaper(tx: Tx, accountId: string, organisationId: string, value: { kind: PaperKind; replaces: string | null }, prepared: files.Prepared): Promise<{ ok: true; id: string } | PaperRefusal> {
  if (!(await lockForMember(tx, organisationId, accountId))) return { ok: false, reason: 'not_found' };
  const [count] = await tx<{ count: number; current: string | null }[]>`
    select count(*)::int as count, (array_agg(p.id) filter (where p.kind = ${value.kind} and p.replaced_at is null))[1] as current
    from organisation_paper p where p.organisation_id = ${organisationId}`;
  if (count!.current !== value.replaces) return { ok: false, reason: 'stale' };
  if (count!.count >= MAX_PAPERS) return { ok: false, reason: 'too_many' };
  if (!(await files.hasRoom(tx, organisationId, prepared.bytes.length))) return { ok: false, reason: 'no_room' };
  const kept = await files.keep(tx, prepared, { organisation_id: organisationId, purpose: FILE_PURPOSE });
  if (value.replaces) await tx`update organisation_paper set replaced_at = now() where id = ${value.replaces}`;
  const [paper] = await tx<{ id: string }[]>`
    insert into organisation_paper (organisation_id, kind, file_id, added_by)
    values (${organisationId}, ${value.kind}, ${kept.id}, ${accountId}) returning id`;
  await audit.record(tx, {
    action: value.replaces ? 'organisation.replace_paper' : 'organisation.add_paper', subject: ['organisation', organisationId],
    before: value.replaces ? { kind: value.kind, paper_id: value.replaces } : undefined,
    after: { kind: value.kind, paper_id: paper!.id, file_id: kept.id, sha256: kept.sha256 }
  });
  return { ok: true, id: paper!.id };
}

export type OpenedPaper = { kind: PaperKind; organisation_id: string; file: files.StoredFile; bytes: Buffer };

/** A paper, current or replaced, for somebody who acts for its group today; null otherwise. Throws when the bytes are damaged. */
export async function openPaper(sql: Sql, paperId: string, organisationId: string, accountId: string): Promise<OpenedPaper | null> {
  if (!isUuid(organisationId)) return null;
  return open(sql, paperId, sql`p.organisation_id = ${organisationId} and ${isMember(sql, accountId)}`);
}

/** A paper of this group for an officer who does not act for it; null otherwise. The page decides who is an officer. */
export async function paperForOffice(sql: Sql, paperId: string, organisationId: string, accountId: string): Promise<OpenedPaper | null> {
  if (!isUuid(organisationId)) return null;
  return open(sql, paperId, sql`p.organisation_id = ${organisationId} and ${notOwn(sql, accountId)}`);
}

async function open(sql: Sql, paperId: string, reach: Statement): Promise<OpenedPaper | null> {
  if (!isUuid(paperId)) return null;
  const [paper] = await sql<{ kind: PaperKind; organisation_id: string; file_id: string }[]>`
    select p.kind, p.organisation_id, p.file_id from organisation_paper p join organisation o on o.id = p.organisation_id
    where p.id = ${paperId} and ${reach}`;
  if (!paper) return null;
  const opened = await files.open(sql, paper.file_id, { organisation_id: paper.organisation_id });
  if (!opened.ok) throw new Error(`paper ${paperId} is ${opened.reason}`);
  return { kind: paper.kind, organisation_id: paper.organisation_id, file: opened.file, bytes: opened.bytes };
}
