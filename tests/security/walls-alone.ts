/** A process that calls the stores as everybody and tells the first answer that is wrong (mutants.ts). */
import type { World } from './world/world.ts';

(globalThis as { PORTAL_MUTANT?: string | undefined }).PORTAL_MUTANT = process.env.PORTAL_MUTANT;

process.once('message', async ({ appUrl, world }: { appUrl: string; world: World }) => {
  const { closePool, configureDatabase } = await import('../../src/lib/db/db.server.ts');
  const { runWalls } = await import('./walls.ts');
  configureDatabase(appUrl, { connectMs: 10_000, waitMs: 10_000 });
  const { mismatches } = await runWalls(world, true);
  await closePool();
  process.send!({ mismatch: mismatches[0] ?? null });
  process.disconnect();
});
