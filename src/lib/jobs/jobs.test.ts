import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { enqueue, listOutbox } from '../mail/outbox.server.ts';
import { startMailServer, type MailServer } from '../mail/samples/mail-server.ts';
import { nudgeMail, startJobs, stopJobs } from './jobs.server.ts';

const actor = { name: 'system:test' } as const;
let database: FreshDatabase;
let server: MailServer;
let number = 0;
const uncaught: unknown[] = [];
beforeAll(async () => {
  database = await freshDatabase();
  process.on('unhandledRejection', (error) => uncaught.push(error));
});
beforeEach(async () => { server = await startMailServer(); });
afterEach(async () => {
  await stopJobs();
  await server.stop();
  await database.ownerSql`truncate mail_outbox`;
  expect(uncaught).toEqual([]);
});

const write = () => transaction(actor, (tx) => enqueue(tx, { to: 'hanako@example.jp', template: 'committee_assignment', dedupeKey: `jobs:test:${(number += 1)}`, data: { url: '/panel' } }));
async function until(done: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const started = Date.now();
  while (!(await done())) {
    if (Date.now() - started > milliseconds) throw new Error('did not happen in time');
    await sleep(20);
  }
}

describe('jobs', () => {
  it('send a mail soon after a nudge, with the rights of the application alone', async () => {
    await startJobs({ connectionString: database.appUrl, smtpUrl: server.url });
    await write();
    nudgeMail();
    await until(() => server.received.length === 1, 4_000);
    await until(async () => (await listOutbox(sql, { limit: 1 }))[0]!.sent_at !== null);
    await expect(startJobs({ connectionString: database.appUrl, smtpUrl: null })).rejects.toThrow();
  });

  it('find a mail nobody nudged for', async () => {
    await startJobs({ connectionString: database.appUrl, smtpUrl: server.url, sweepSeconds: 1 });
    await sleep(500);
    await write();
    await until(() => server.received.length === 1);
  });

  it('go on after every connection was cut, again and again', async () => {
    await startJobs({ connectionString: database.appUrl, smtpUrl: server.url, sweepSeconds: 1 });
    for (let round = 1; round <= 4; round += 1) {
      await database.ownerSql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and usename = 'portal_app'`;
      await write();
      nudgeMail();
      await until(() => server.received.length >= round);
    }
  });

  it('start by themselves when the database comes later, and stop at once when it never does', async () => {
    const nowhere = new URL(database.appUrl);
    nowhere.port = '1';
    await startJobs({ connectionString: nowhere.href, smtpUrl: server.url });
    nudgeMail();
    const started = Date.now();
    await stopJobs();
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('send nothing where there is no mail server, and never say they did', async () => {
    await startJobs({ connectionString: database.appUrl, smtpUrl: null, sweepSeconds: 1 });
    await write();
    nudgeMail();
    await sleep(1_500);
    expect(await listOutbox(sql, { limit: 9 })).toMatchObject([{ sent_at: null, gave_up_at: null, attempts: 0 }]);
  });

  it('need no running queue to be nudged or stopped', async () => {
    nudgeMail();
    await stopJobs();
    await expect(startJobs({ connectionString: database.appUrl, smtpUrl: 'ftp://x' })).rejects.toThrow(TypeError);
  });
});
