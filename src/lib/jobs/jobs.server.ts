import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss, type ConstructorOptions } from 'pg-boss';
import { deliver, forgetExpired } from '../mail/delivery.server.ts';
import { smtpSender, type Send } from '../mail/send.server.ts';
import { log } from '../settings/log.server.ts';

/**
 * Work beside the requests. pg-boss keeps the queue in the database, so several servers share it and a restart loses
 * nothing. Its tables belong to the database's owner (`npm run migrate`); here it runs with few rights and few connections.
 */

export type JobsSettings = {
  /** Of the application's role. */
  connectionString: string;
  /** Null where no mail is sent: then the outbox only shows what would be sent. */
  smtpUrl: string | null;
  /** How often the outbox is looked through without being asked. */
  sweepSeconds?: number;
};

const QUEUE = 'mail';
const CONNECTIONS = 2;
const SWEEP_SECONDS = 60;
const POLL_SECONDS = 5;
/** After this a run counts as dead; longer than a run may take (`MAX_RUN_MS` and one mail). */
const RUN_SECONDS = 300;
const LONGEST_START_PAUSE_MS = 30_000;
const STOP_MS = 8_000;
/** An unreachable database makes an error every few seconds: one line is enough. */
const LOG_PAUSE_MS = 30_000;

type Running = { boss: PgBoss; worker: string; sweep: NodeJS.Timeout };
type Jobs = { stopping: AbortController; running: Running | null; started: Promise<void> };
let jobs: Jobs | null = null;
let last_logged_at = 0;

/**
 * Starts the workers. Answers when they run, or after the first failure: then it goes on trying by itself, so the
 * portal comes up without its database too. Throws when the settings are wrong.
 */
export async function startJobs(settings: JobsSettings): Promise<void> {
  if (jobs) throw new Error('jobs are running already');
  const send = settings.smtpUrl === null ? null : smtpSender(settings.smtpUrl);
  const current: Jobs = { stopping: new AbortController(), running: null, started: Promise.resolve() };
  jobs = current;
  const first = Promise.withResolvers<void>();
  current.started = keepStarting(current, settings, send, first.resolve);
  await first.promise;
}

/** Lets the mail being sent finish (a few seconds at most) and takes no new one. */
export async function stopJobs(): Promise<void> {
  const current = jobs;
  if (!current) return;
  jobs = null;
  current.stopping.abort();
  await current.started;
  if (!current.running) return;
  clearInterval(current.running.sweep);
  await current.running.boss.stop({ graceful: true, timeout: STOP_MS }).catch(report);
}

/** To be called after a transaction that wrote a mail: sends it now instead of at the next sweep. Never throws, never waits. */
export function nudgeMail(): void {
  if (jobs?.running) ask(jobs.running);
}

function ask({ boss, worker }: Pick<Running, 'boss' | 'worker'>): void {
  boss.send(QUEUE).then(() => boss.notifyWorker(worker), report);
}

async function keepStarting(current: Jobs, settings: JobsSettings, send: Send | null, tried: () => void): Promise<void> {
  for (let attempt = 0; !current.stopping.signal.aborted; attempt += 1) {
    const boss = new PgBoss(options(settings));
    boss.on('error', report);
    try {
      await boss.start();
      current.running = await begin(boss, settings, send, current.stopping.signal);
      return tried();
    } catch (error) {
      report(error);
      tried();
      await boss.stop({ graceful: false }).catch(report);
      await sleep(Math.min(1_000 * 2 ** attempt, LONGEST_START_PAUSE_MS), undefined, { signal: current.stopping.signal }).catch(() => undefined);
    }
  }
}

async function begin(boss: PgBoss, { sweepSeconds = SWEEP_SECONDS }: JobsSettings, send: Send | null, stopping: AbortSignal): Promise<Running> {
  // 'short': at most one waiting. Several may run, because each mail is claimed by itself; so a dead run blocks nobody.
  await boss.createQueue(QUEUE, { policy: 'short', retryLimit: 0, expireInSeconds: RUN_SECONDS, retentionSeconds: 3_600, deleteAfterSeconds: 3_600 });
  const worker = await boss.work(QUEUE, { pollingIntervalSeconds: POLL_SECONDS }, async () => {
    if (send) return deliver(send, stopping);
    return { expired: await forgetExpired() };
  });
  ask({ boss, worker });
  return { boss, worker, sweep: setInterval(() => ask({ boss, worker }), sweepSeconds * 1_000).unref() };
}

function options({ connectionString }: JobsSettings): ConstructorOptions & { keepAlive: boolean; query_timeout: number } {
  return {
    connectionString, schema: 'pgboss', max: CONNECTIONS, application_name: 'portal-jobs', connectionTimeoutMillis: 5_000,
    // A connection that died without a word must not hold a worker for ever.
    keepAlive: true, query_timeout: 15_000,
    migrate: false, createSchema: false, schedule: false, supervise: true, reindex: false, monitorVacuum: false
  };
}

function report(error: unknown): void {
  const now = Date.now();
  if (now - last_logged_at < LOG_PAUSE_MS) return;
  last_logged_at = now;
  // pg-boss hands over a copy of the error that is no Error any more; its code still tells what happened.
  log('warning', { event: 'jobs.trouble', code: (error as { code?: unknown } | null)?.code ?? null, error });
}
