/** A process that calls the stores as everybody, and again for each guard it is told to take away; tells the first wrong answer (lane.ts). */
import type { World } from './world/world.ts';

process.once('message', async ({ appUrl, world }: { appUrl: string; world: World }) => {
  const { configureDatabase } = await import('../../src/lib/db/db.server.ts');
  const { runWalls } = await import('./walls.ts');
  configureDatabase(appUrl, { connectMs: 10_000, waitMs: 10_000 });
  process.on('message', async ({ off, near }: { off: string; near: { file: string; within: string } | null }) => {
    (globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT = off;
    const { mismatches } = await runWalls(world, { first: true, near });
    process.send!({ mismatch: mismatches[0] ?? null });
  });
});
