import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyDatabase, givenServer, type DatabaseCopy } from '../database/server.ts';
import { hasBuild } from './portal.ts';
import { chosen, runOver } from './run.ts';
import { makeWorld, type World } from './world/world.ts';

describe.skipIf(!hasBuild())('the matrix over the committee and the office', () => {
  let database: DatabaseCopy;
  let world: World;
  beforeAll(async () => {
    database = await copyDatabase(givenServer()!);
    world = await makeWorld(database);
  });
  afterAll(() => database.drop());

  test('everybody gets what is written down for them, and no planted word shows where it may not', { timeout: 240_000 }, async () => {
    const matrix = await runOver(database, world, chosen(['/(panel)', '/(office)']), { name: 'authz-office', quick: true });
    expect(matrix.mismatches).toEqual([]);
    expect(matrix.cells).toBeGreaterThan(3_000);
    for (const kind of ['title', 'text', 'check', 'correction', 'dismissal', 'ownScore', 'conflict', 'reason', 'condition', 'amount', 'approval', 'letter', 'substitution', 'problem', 'audit', 'mail', 'filter']) expect(matrix.shown).toContain(kind);
  });
});
