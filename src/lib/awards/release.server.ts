/** The instant results become public, and the mails that tell of it. */
import { sql as reads, transaction, type Sql, type Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import * as mail from '../mail/outbox.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { publicOrigin } from '../settings/environment.server.ts';

export type ReleaseResult = { ok: true } | { ok: false; reason: 'not_found' | 'stale' | 'already_released' | 'in_past' };

/** Sets, moves or clears the instant from which results are public. Once past, it stays: what was published is not taken back. */
export async function setRelease(tx: Tx, editionId: string, releaseAt: Date | null, seenVersion: number): Promise<ReleaseResult> {
  const [edition] = await tx<{ version: number; results_release_at: Date | null; released: boolean; in_past: boolean }[]>`
    select version, results_release_at, coalesce(results_release_at <= now(), false) as released, coalesce(${releaseAt}::timestamptz <= now(), false) as in_past
    from scheme_edition where id = ${editionId} for update`;
  if (!edition) return { ok: false, reason: 'not_found' };
  if (edition.released) return { ok: false, reason: 'already_released' };
  if (edition.version !== seenVersion) return { ok: false, reason: 'stale' };
  if (edition.in_past) return { ok: false, reason: 'in_past' };
  await tx`update scheme_edition set results_release_at = ${releaseAt}, version = version + 1 where id = ${editionId}`;
  await audit.record(tx, { action: 'award.release', subject: ['scheme_edition', editionId], before: { results_release_at: edition.results_release_at }, after: { results_release_at: releaseAt } });
  return { ok: true };
}

const SYSTEM = { name: 'system:release' } as const;
/** One run tells at most this many groups; the next run goes on. */
const NOTICES_PER_RUN = 200;

/**
 * Tells every group whose result has become public, once: also results decided after the release. Each application is
 * a transaction of its own, so a run that is cut off loses nothing and repeats nothing. Answers how many were told.
 */
export async function announce(signal?: AbortSignal): Promise<number> {
  let told = 0;
  for (const application of await untold(reads)) {
    if (signal?.aborted) break;
    if (await transaction(SYSTEM, (tx) => tell(tx, application))) told += 1;
  }
  return told;
}

interface Untold { id: string; receipt_number: string; organisation_id: string }

/** Applications whose result is public and whose group has not been told, the oldest decision first: as many as one run tells. */
export async function untold(sql: Sql): Promise<Untold[]> {
  return sql<Untold[]>`
    select a.id, a.receipt_number, a.organisation_id
    from scheme_edition e join award w on w.edition_id = e.id join application a on a.id = w.application_id
    where e.results_release_at <= now() and not exists (select from result_notice n where n.application_id = w.application_id)
    order by w.decided_at, w.application_id limit ${NOTICES_PER_RUN}`;
}

async function tell(tx: Tx, { id, receipt_number, organisation_id }: Untold): Promise<boolean> {
  const fresh = await tx`insert into result_notice (application_id) values (${id}) on conflict do nothing returning application_id`;
  if (fresh.length === 0) return false;
  for (const member of await organisations.mailAddresses(tx, organisation_id)) {
    await mail.enqueue(tx, {
      to: member.email, template: 'result_released', dedupeKey: `released:${id}:${member.account_id}`,
      data: { receiptNumber: receipt_number, url: `${publicOrigin()}/my/applications/${id}` }
    });
  }
  return true;
}

export interface ReleaseSummary { adopted: number; partly_adopted: number; declined: number; adopted_yen: number; undecided: number }

/** What a release makes public, and what would still be missing. */
export async function releaseSummary(sql: Sql, editionId: string): Promise<ReleaseSummary> {
  const [row] = await sql<ReleaseSummary[]>`
    select count(*) filter (where w.outcome = 'adopted') as adopted, count(*) filter (where w.outcome = 'partly_adopted') as partly_adopted,
      count(*) filter (where w.outcome = 'declined') as declined, coalesce(sum(w.amount_yen), 0)::bigint as adopted_yen,
      count(*) filter (where a.state in ('submitted', 'correction', 'accepted', 'proposed')) as undecided
    from application a left join award w on w.application_id = a.id where a.edition_id = ${editionId} and a.submitted_at is not null`;
  return row!;
}
