import { setTimeout as sleep } from 'node:timers/promises';
import type { Embedded } from '../../db/embedded.ts';
import type { Client } from '../../src/lib/db/client.ts';
import { openOwner } from './books.ts';

export type Faults = { seconds: number; restartEvery: number; random: () => number; onRestarted?: () => void };

/** Kills random backends of the application, and the whole server now and then, until the time is up. */
export async function injectFaults(server: Embedded, { seconds, restartEvery, random, onRestarted }: Faults): Promise<{ kills: number; restarts: number }> {
  const started = Date.now();
  const until = started + seconds * 1000;
  let [kills, restarts] = [0, 0];
  let owner: Client | undefined;
  while (Date.now() < until) {
    if (Date.now() - started > (restarts + 1) * restartEvery * 1000) {
      restarts += 1;
      await server.restartImmediate();
      onRestarted?.();
    }
    try {
      if (!owner || owner.lost) owner = await openOwner(server.ownerUrl);
      const rows = await owner.send((sql) => sql`
        select pg_terminate_backend(pid) as killed from (
          select pid from pg_stat_activity where usename = 'portal_app' and datname = current_database() order by random() limit 1) victim`);
      kills += rows.filter((row) => row.killed).length;
    } catch {
      // The server is restarting: the next round opens a new connection.
    }
    await sleep(10 + random() * 50);
  }
  await owner?.close();
  return { kills, restarts };
}
