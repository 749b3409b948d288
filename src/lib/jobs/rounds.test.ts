import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { acceptedCopies, as, decidedAs, demoRound, editionWith, type Round } from '../awards/fixtures.ts';
import * as release from '../awards/release.server.ts';
import { sql, transaction } from '../db/db.server.ts';
import * as batches from '../documents/batch.server.ts';
import { dayOf } from '../time/day.ts';
import { nudgeLetters, startPortal, stopPortal } from './portal.server.ts';
import { startRounds } from './rounds.server.ts';

const until = async (done: () => unknown) => vi.waitFor(async () => { if (!(await done())) throw new Error('not yet'); }, { timeout: 15_000, interval: 30 });

test('work runs at once, again when nudged, never twice at a time, and outlives its own failures', async () => {
  let [runs, running, most] = [0, 0, 0];
  const rounds = startRounds([{
    name: 'work', everySeconds: 3_600, run: async () => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      if (runs === 2) throw new Error('this once');
    }
  }]);
  await until(() => runs === 1);
  rounds.nudge('work');
  rounds.nudge('work');
  await until(() => runs >= 2);
  await new Promise((resolve) => setTimeout(resolve, 60));
  rounds.nudge('work');
  await until(() => runs >= 3);
  rounds.nudge('nobody');
  await rounds.stop();
  const after = runs;
  rounds.nudge('work');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([runs, most]).toEqual([after, 1]);
});

test('a nudge while the work runs means once more; stopping waits for a safe place', async () => {
  const seen: string[] = [];
  let go = () => {};
  const rounds = startRounds([{
    name: 'work', everySeconds: 3_600, run: async (signal) => {
      seen.push('begin');
      await new Promise<void>((resolve) => { go = resolve; signal.addEventListener('abort', () => resolve()); });
      seen.push('end');
    }
  }]);
  await until(() => seen.length === 1);
  rounds.nudge('work');
  go();
  await until(() => seen.length === 3);
  await rounds.stop();
  expect(seen).toEqual(['begin', 'end', 'begin', 'end']);
});

let round: Round;
beforeAll(async () => {
  round = await demoRound();
  vi.stubEnv('DATABASE_URL', round.db.appUrl);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stopPortal();
});

test('nothing starts while building or where jobs are off', async () => {
  vi.stubEnv('PORTAL_JOBS', 'off');
  await startPortal();
  vi.stubEnv('PORTAL_JOBS', '');
  vi.stubEnv('DATABASE_URL', undefined);
  await startPortal();
  vi.stubEnv('DATABASE_URL', round.db.appUrl);
  expect(process.listenerCount('sveltekit:shutdown')).toBe(0);
});

test('the running portal issues a batch, tells of released results and forgets old keys', async () => {
  const edition = await editionWith(round, 1_000_000, 2160);
  const ids = await acceptedCopies(round, 3, 10_000, edition);
  for (const id of ids) await decidedAs(round, id);
  await transaction({ name: 'system:test' }, (tx) => tx`insert into idempotency_key (action, key, actor, created_at) values ('old', 'an-old-key', 'visitor', now() - interval '31 days'), ('new', 'a-new-key', 'visitor', now() - interval '29 days')`);
  const soon = new Date(Date.now() + 400);
  await transaction(as(round.people.officer), (tx) => release.setRelease(tx, edition, soon, 1));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await startPortal();
  await startPortal();
  expect(process.listenerCount('sveltekit:shutdown')).toBe(1);
  await until(async () => (await sql`select from mail_outbox where template = 'result_released'`).length === 3);
  await until(async () => (await sql`select from idempotency_key where key = 'an-old-key'`).length === 0);
  expect(await sql`select from idempotency_key where key = 'a-new-key'`).toHaveLength(1);
  const begun = await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, dayOf(new Date())));
  nudgeLetters();
  await until(async () => begun.ok && (await batches.batch(sql, begun.id))?.finished_at);
  expect(begun.ok && await batches.batch(sql, begun.id)).toMatchObject({ issued: 3, problems: 0 });
  // The results are public, so each letter is news by itself.
  expect(await sql`select from mail_outbox where template = 'letter_issued'`).toHaveLength(3);
  const [shutdown] = process.listeners('sveltekit:shutdown' as never) as unknown as (() => Promise<void>)[];
  await shutdown!();
  nudgeLetters();
}, 180_000);

test('without its database the portal stays up and goes on trying', async () => {
  const script = `
    const { startPortal, stopPortal, nudgeLetters } = await import(${JSON.stringify(new URL('./portal.server.ts', import.meta.url).href)});
    await startPortal();
    for (let n = 0; n < 10; n += 1) { nudgeLetters(); await new Promise((resolve) => setTimeout(resolve, 100)); }
    await stopPortal();
    process.exit(7);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [code] = await once(child, 'exit') as [number];
  expect(code).toBe(7);
});
