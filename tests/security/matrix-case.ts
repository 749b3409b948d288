import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyDatabase, givenServer, type DatabaseCopy } from '../database/server.ts';
import { chosen, runOver } from './run.ts';
import { makeWorld, type World } from './world/world.ts';

/** A part of the matrix as a test of its own: `routes` by what their ids contain, and the planted words somebody must have read there. */
export function testMatrix(name: string, routes: (id: string) => boolean, shown: readonly string[]): void {
  let database: DatabaseCopy;
  let world: World;
  beforeAll(async () => {
    database = await copyDatabase(givenServer()!);
    world = await makeWorld(database);
  });
  afterAll(() => database?.drop());

  test('everybody gets what is written down for them, and no planted word shows where it may not', { timeout: 240_000 }, async () => {
    const matrix = await runOver(database, world, chosen([]).filter(({ id }) => routes(id)), { name, quick: true });
    expect(matrix.mismatches).toEqual([]);
    expect(matrix.cells).toBeGreaterThan(2_000);
    // A word nobody ever sees would prove nothing when nobody else sees it either.
    for (const kind of shown) expect([...matrix.shown]).toContain(kind);
  });
}
