/** Everything that runs beside the requests: mail, letters, news of results, tidying. */
import { sweepAccounts } from '../accounts/sweep.server.ts';
import { announce } from '../awards/release.server.ts';
import { databaseUrl } from '../db/connect.ts';
import { closePool, sql, transaction } from '../db/db.server.ts';
import * as batches from '../documents/batch.server.ts';
import { closeRenderer } from '../documents/pdf.server.ts';
import { runDue } from '../retention/store.server.ts';
import { jobsEnabled, smtpUrl } from '../settings/environment.server.ts';
import { log } from '../settings/log.server.ts';
import { nudgeMail, startJobs, stopJobs } from './jobs.server.ts';
import { startRounds, type Rounds, type Work } from './rounds.server.ts';

const SWEEPER = { name: 'system:sweep' } as const;
/** Long after any browser still holds the page whose key it was (IN-9). */
const KEY_DAYS = 30;
/** A sweep deletes at most this many rows at a time, so that it never holds the table for long. */
const KEYS_PER_SWEEP = 10_000;

const WORKS: readonly Work[] = [
  { name: 'letters', everySeconds: 10, run: issueBatches },
  { name: 'release', everySeconds: 60, run: announceResults },
  { name: 'sweep', everySeconds: 3_600, run: sweep },
  // Once a day; asked more often, because a server may have been off at the hour.
  { name: 'retention', everySeconds: 3_600, run: keepToTerms }
];

let rounds: Rounds | null = null;

/**
 * Starts what runs beside the requests; never keeps the portal from coming up, and without its database goes on trying.
 * Nothing starts while building (no database) or where PORTAL_JOBS is `off`.
 */
export async function startPortal(): Promise<void> {
  const connectionString = databaseUrl();
  if (connectionString === null || !jobsEnabled() || rounds) return;
  rounds = startRounds(WORKS);
  startJobs({ connectionString, smtpUrl: smtpUrl() }).catch((error: unknown) => log('error', { event: 'jobs_not_started', error }));
  process.once('sveltekit:shutdown', stopPortal);
}

/** Lets what is under way come to a safe end, then closes the drawing threads and the pool. */
export async function stopPortal(): Promise<void> {
  const running = rounds;
  rounds = null;
  await Promise.allSettled([running?.stop(), stopJobs()]);
  await Promise.allSettled([closeRenderer(), closePool()]);
}

/** To be called after a batch was written down: begins it now. Where no jobs run here, another server finds it. */
export const nudgeLetters = (): void => rounds?.nudge('letters');

async function issueBatches(signal: AbortSignal): Promise<void> {
  for (const id of await batches.unfinished(sql)) {
    if (signal.aborted) return;
    await batches.run(id, signal);
    nudgeMail();
  }
}

async function announceResults(signal: AbortSignal): Promise<void> {
  if ((await announce(signal)) > 0) nudgeMail();
}

async function keepToTerms(signal: AbortSignal): Promise<void> {
  // Groups whose drafts will go are told of it.
  if ((await runDue(signal)) > 0) nudgeMail();
}

async function sweep(): Promise<void> {
  await transaction(SWEEPER, (tx) => sweepAccounts(tx));
  await transaction(SWEEPER, (tx) => tx`
    delete from idempotency_key where (action, key) in (
      select action, key from idempotency_key where created_at < now() - make_interval(days => ${KEY_DAYS}) order by created_at limit ${KEYS_PER_SWEEP})`);
}
