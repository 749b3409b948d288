/** All letters of a round as one job: progress is a row, a stopped letter is named, and a restart goes on where it ended. */
import { sql as reads, transaction, type Sql, type Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { Outcome } from '../awards/award.ts';
import { openTo } from '../screening/panel.server.ts';
import { dayOf, type Day } from '../time/day.ts';
import { issue, type IssueResult } from './letters.server.ts';

export interface Batch { id: string; edition_id: string; issued_on: Day; requested_at: Date; requested_by_name: string; total: number; done: number; issued: number; problems: number; finished_at: Date | null }

const columns = (sql: Sql) => sql`
  b.id, b.edition_id, b.issued_on, b.requested_at, p.name as requested_by_name, b.total, b.done, b.finished_at,
  (select count(*) from letter l where l.batch_id = b.id) as issued, (select count(*) from letter_problem q where q.batch_id = b.id) as problems`;

export async function batches(sql: Sql, editionId: string): Promise<Batch[]> {
  return sql<Batch[]>`select ${columns(sql)} from letter_batch b join account p on p.id = b.requested_by where b.edition_id = ${editionId} order by b.id desc limit 50`;
}

export async function batch(sql: Sql, id: string): Promise<Batch | null> {
  const [row] = await sql<Batch[]>`select ${columns(sql)} from letter_batch b join account p on p.id = b.requested_by where b.id = ${id}`;
  return row ?? null;
}

export interface BatchProblem {
  application_id: string; receipt_number: string; project_title: string; problem: string;
  /** The letter has gone out since, on its own or in a later batch. */
  issued: boolean;
}

export async function problems(sql: Sql, batchId: string, viewerId: string): Promise<BatchProblem[]> {
  return sql<BatchProblem[]>`
    select q.application_id, a.receipt_number, a.project_title, q.problem, exists (select from letter l where l.application_id = q.application_id) as issued
    from letter_problem q join application a on a.id = q.application_id
    where q.batch_id = ${batchId} and ${openTo(sql, viewerId)} order by a.receipt_number limit 500`;
}

/** Decided applications of a round that have no letter yet. */
export async function waiting(sql: Sql, editionId: string): Promise<{ id: string; decided_at: Date }[]> {
  return sql<{ id: string; decided_at: Date }[]>`
    select w.application_id as id, w.decided_at from award w where w.edition_id = ${editionId}
    and not exists (select from letter l where l.application_id = w.application_id) order by w.application_id limit 5000`;
}

export interface WaitingLetter { id: string; receipt_number: string; project_title: string; organisation_name: string; outcome: Outcome; decided_at: Date }

/** The same with their names, as this viewer may see them. */
export async function waitingShown(sql: Sql, editionId: string, viewerId: string): Promise<WaitingLetter[]> {
  return sql<WaitingLetter[]>`
    select a.id, a.receipt_number, a.project_title, o.name as organisation_name, w.outcome, w.decided_at
    from award w join application a on a.id = w.application_id join organisation o on o.id = a.organisation_id
    where w.edition_id = ${editionId} and not exists (select from letter l where l.application_id = w.application_id) and ${openTo(sql, viewerId)}
    order by a.receipt_number limit 1000`;
}

export type BeginResult = { ok: true; id: string; total: number } | { ok: false; reason: 'nothing_to_issue' | 'under_way' | 'before_decision' };

/** Writes the batch down; `run` does the work, begun by a job after the commit. One at a time in a round. */
export async function begin(tx: Tx, officerId: string, editionId: string, issuedOn: Day): Promise<BeginResult> {
  await tx`select from edition_budget where edition_id = ${editionId} for update`;
  const [open] = await tx<{ id: string }[]>`select id from letter_batch where edition_id = ${editionId} and finished_at is null`;
  if (open) return { ok: false, reason: 'under_way' };
  const due = await waiting(tx, editionId);
  if (due.length === 0) return { ok: false, reason: 'nothing_to_issue' };
  if (due.some((one) => dayOf(one.decided_at) > issuedOn)) return { ok: false, reason: 'before_decision' };
  const [row] = await tx<{ id: string }[]>`
    insert into letter_batch (edition_id, issued_on, requested_by, total) values (${editionId}, ${issuedOn}, ${officerId}, ${due.length}) returning id`;
  await audit.record(tx, { action: 'letter.begin_batch', subject: ['letter_batch', row!.id], after: { edition: editionId, issued_on: issuedOn, total: due.length } });
  return { ok: true, id: row!.id, total: due.length };
}

const SYSTEM = { name: 'system:letters' } as const;
/** A server that dies lets go of its batch after this long; each letter takes far less. */
const LEASE_SECONDS = 60;

/** Batches nobody is working on. */
export async function unfinished(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from letter_batch where finished_at is null and (leased_until is null or leased_until < now()) order by id limit 20`;
  return rows.map((row) => row.id);
}

/**
 * Does the work of one batch, unless another server is at it. Safe to run again after a crash: letters that exist stay,
 * and progress is counted anew. `signal` stops it between two letters; whoever comes next goes on.
 */
export async function run(batchId: string, signal?: AbortSignal): Promise<void> {
  const row = await lease(batchId);
  if (!row) return;
  const open = await waiting(reads, row.edition_id);
  let done = Math.max(0, row.total - open.length);
  for (const { id } of open) {
    if (signal?.aborted) return release(batchId);
    const result = await issue({ name: `account:${row.requested_by}` }, row.requested_by, id, row.issued_on, batchId);
    done += 1;
    await note(batchId, id, Math.min(done, row.total), result);
  }
  await transaction(SYSTEM, async (tx) => {
    await tx`update letter_batch set done = total, finished_at = now(), leased_until = null where id = ${batchId} and finished_at is null`;
  });
}

async function lease(batchId: string) {
  return transaction(SYSTEM, async (tx) => {
    const [row] = await tx<{ edition_id: string; issued_on: Day; requested_by: string; total: number }[]>`
      update letter_batch set leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
      where id = ${batchId} and finished_at is null and (leased_until is null or leased_until < now())
      returning edition_id, issued_on, requested_by, total`;
    return row;
  });
}

async function release(batchId: string): Promise<void> {
  await transaction(SYSTEM, async (tx) => { await tx`update letter_batch set leased_until = null where id = ${batchId} and finished_at is null`; });
}

/** Progress after one letter, with the reason when it did not come out. */
async function note(batchId: string, applicationId: string, done: number, result: IssueResult): Promise<void> {
  await transaction(SYSTEM, async (tx) => {
    if (!result.ok && result.reason !== 'already_issued') {
      await tx`
        insert into letter_problem (batch_id, application_id, problem) values (${batchId}, ${applicationId}, ${problemWords(result)})
        on conflict (batch_id, application_id) do update set problem = excluded.problem`;
    }
    await tx`update letter_batch set done = ${done}, leased_until = now() + make_interval(secs => ${LEASE_SECONDS}) where id = ${batchId} and finished_at is null`;
  });
}

/** Why a letter stopped, so that an officer knows what to do. */
export function problemWords(result: Extract<IssueResult, { ok: false }>): string {
  switch (result.reason) {
    case 'missing_glyph': return `どの書体にもない文字があります: ${result.characters.map((one) => `${one.text}（${one.codePoints.join(' ')}、${one.where}）`).join('、')}`.slice(0, 1000);
    case 'not_decided': return 'まだ決裁されていません。';
    case 'already_issued': return 'すでに発行されています。';
    case 'before_decision': return '通知書の日付が、決裁した日より前になっています。決裁した日か、それより後の日にしてください。';
    case 'too_long': return '内容が長すぎて、通知書を作れません。';
    default: return '通知書を作れませんでした。もう一度お試しください。';
  }
}

export interface LetterFile { id: string; document_number: string; organisation_name: string; file_id: string; issued_at: Date }

/** Letters of a batch with their files, in the order of their numbers: the content of the zip. */
export async function lettersOf(sql: Sql, batchId: string, viewerId: string): Promise<LetterFile[]> {
  return sql<LetterFile[]>`
    select l.id, l.document_number, o.name as organisation_name, l.file_id, l.issued_at from letter l join application a on a.id = l.application_id
    join organisation o on o.id = a.organisation_id where l.batch_id = ${batchId} and ${openTo(sql, viewerId)} order by l.fiscal_year, l.number limit 5000`;
}
