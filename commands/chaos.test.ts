import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEmbedded, type Embedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { runHealthy } from '../tests/chaos/healthy.ts';

// The short form of `npm run chaos`: on a server of its own, because it is restarted under everybody's feet.
const folder = mkdtempSync(join(tmpdir(), 'kyodo-portal-chaos-'));
let server: Embedded | undefined;
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('six seconds of killed backends and restarts: nothing half, lost, double or uncaught', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  server = await startEmbedded({ dataDir: folder, quiet: true });
  await migrate(server.ownerUrl, server.appUrl);
  const report = await runHealthy(server, { seconds: 6, restartEvery: 1.7, seed });
  expect(report, `seed ${seed}`).toMatchObject({ half: 0, lost: 0, double: 0, ghosts: 0, uncaught: 0, healthy: true, chain: true });
  expect(report.acknowledged, `seed ${seed}`).toBeGreaterThan(0);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.restarts).toBeGreaterThan(0);
}, 180_000);
