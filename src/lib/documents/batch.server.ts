/** All letters of a round as one job: progress is a row, a stopped letter is named, and a restart goes on where it ended. */
import { sql as reads, transaction, type Sql, type Tx } from '../db/db.server.ts';
import type { Day } from '../time/day.ts';
import { issue, type IssueResult } from './letters.server.ts';

export interface Batch { id: string; edition_id: string; issued_on: Day; requested_at: Date; requested_by_name: string; total: number; done: number; finished_at: Date | null }
export interface BatchProblem { application_id: string; receipt_number: string; project_title: string; problem: string }

const columns = (sql: Sql) => sql`b.id, b.edition_id, b.issued_on, b.requested_at, p.name as requested_by_name, b.total, b.done, b.finished_at`;

export async function batches(sql: Sql, editionId: string): Promise<Batch[]> {
  return sql<Batch[]>`select ${columns(sql)} from letter_batch b join account p on p.id = b.requested_by where b.edition_id = ${editionId} order by b.id desc limit 50`;
}

export async function batch(sql: Sql, id: string): Promise<Batch | null> {
  const [row] = await sql<Batch[]>`select ${columns(sql)} from letter_batch b join account p on p.id = b.requested_by where b.id = ${id}`;
  return row ?? null;
}

export async function problems(sql: Sql, batchId: string): Promise<BatchProblem[]> {
  return sql<BatchProblem[]>`
    select l.application_id, a.receipt_number, a.project_title, l.problem from letter_problem l join application a on a.id = l.application_id
    where l.batch_id = ${batchId} order by a.receipt_number limit 500`;
}

/** Decided applications of an edition that have no letter yet. */
export async function waiting(sql: Sql, editionId: string): Promise<{ id: string }[]> {
  return sql<{ id: string }[]>`
    select w.application_id as id from award w where w.edition_id = ${editionId}
    and not exists (select from letter l where l.application_id = w.application_id) order by w.application_id limit 5000`;
}

/** Writes the batch down; the job that `enqueue` starts after the commit does the work. */
export async function begin(tx: Tx, officerId: string, editionId: string, issuedOn: Day): Promise<{ ok: true; id: string; total: number } | { ok: false; reason: 'nothing_to_issue' | 'under_way' }> {
  await tx`select from scheme_edition where id = ${editionId} for update`;
  const [open] = await tx`select id from letter_batch where edition_id = ${editionId} and finished_at is null`;
  if (open) return { ok: false, reason: 'under_way' };
  const total = (await waiting(tx, editionId)).length;
  if (total === 0) return { ok: false, reason: 'nothing_to_issue' };
  const [row] = await tx<{ id: string }[]>`
    insert into letter_batch (edition_id, issued_on, requested_by, total) values (${editionId}, ${issuedOn}, ${officerId}, ${total}) returning id`;
  return { ok: true, id: row!.id, total };
}

const SYSTEM = { name: 'system:letters' } as const;

/** Does the work of one batch. Safe to run again after a crash: letters that exist are skipped, and progress is counted anew. */
export async function run(batchId: string): Promise<void> {
  const [row] = await reads<{ edition_id: string; issued_on: Day; requested_by: string; finished_at: Date | null; total: number }[]>`
    select edition_id, issued_on, requested_by, finished_at, total from letter_batch where id = ${batchId}`;
  if (!row || row.finished_at) return;
  const open = await waiting(reads, row.edition_id);
  let done = Math.max(0, row.total - open.length);
  for (const { id } of open) {
    const result = await issue({ name: `account:${row.requested_by}` }, row.requested_by, id, row.issued_on, batchId);
    done += 1;
    await transaction(SYSTEM, async (tx) => {
      if (!result.ok && result.reason !== 'already_issued') {
        await tx`insert into letter_problem (batch_id, application_id, problem) values (${batchId}, ${id}, ${problemWords(result)})
          on conflict (batch_id, application_id) do update set problem = excluded.problem`;
      }
      await tx`update letter_batch set done = ${Math.min(done, row.total)} where id = ${batchId}`;
    });
  }
  await transaction(SYSTEM, async (tx) => { await tx`update letter_batch set done = total, finished_at = now() where id = ${batchId} and finished_at is null`; });
}

/** Why a letter stopped, so that an officer knows what to do. */
export function problemWords(result: Extract<IssueResult, { ok: false }>): string {
  switch (result.reason) {
    case 'missing_glyph': return `どの書体にもない文字があります: ${result.characters.map((one) => `${one.text}（${one.codePoints.join(' ')}、${one.where}）`).join('、')}`.slice(0, 1000);
    case 'not_decided': return 'まだ決裁されていません。';
    case 'already_issued': return 'すでに発行されています。';
    case 'too_long': return '内容が長すぎて、通知書を作れません。';
    default: return '通知書を作れませんでした。もう一度お試しください。';
  }
}

/** Letters of a batch with their files, in the order of their numbers: the content of the zip. */
export async function lettersOf(sql: Sql, batchId: string): Promise<{ document_number: string; organisation_name: string; file_id: string }[]> {
  return sql<{ document_number: string; organisation_name: string; file_id: string }[]>`
    select l.document_number, o.name as organisation_name, l.file_id from letter l join application a on a.id = l.application_id
    join organisation o on o.id = a.organisation_id where l.batch_id = ${batchId} order by l.fiscal_year, l.number limit 5000`;
}
