import { beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../database/harness.ts';
import { configureDatabase } from '../../src/lib/db/db.server.ts';
import { runWalls } from './walls.ts';
import { makeWorld, type World } from './world/world.ts';

let world: World;
beforeAll(async () => {
  const database = await freshDatabase();
  world = await makeWorld(database);
  // Making the world closed the pool; reading through the walls opens it again.
  configureDatabase(database.appUrl, { connectMs: 10_000, waitMs: 10_000 });
});

test('the stores answer for whom the record is, whoever forgot to ask before', { timeout: 120_000 }, async () => {
  const { cells, mismatches } = await runWalls(world);
  expect(mismatches).toEqual([]);
  expect(cells).toBeGreaterThan(10_000);
});
