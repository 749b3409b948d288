import { closePool } from '../db/db.server.ts';
import { databaseUrl } from '../db/connect.ts';
import { jobsEnabled, smtpUrl } from '../settings/environment.server.ts';
import { log } from '../settings/log.server.ts';
import { startJobs, stopJobs } from './jobs.server.ts';

/** Starts what runs beside the requests; never keeps the portal from coming up. */
export async function startPortal(): Promise<void> {
  const connectionString = databaseUrl();
  if (connectionString === null || !jobsEnabled()) return;
  startJobs({ connectionString, smtpUrl: smtpUrl() }).catch((error: unknown) => log('error', { event: 'jobs_not_started', error }));
  process.once('sveltekit:shutdown', () => { void stopJobs().finally(closePool); });
}
