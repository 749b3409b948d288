import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyDatabase, givenServer, type DatabaseCopy } from '../database/server.ts';
import { manifest } from './manifest.ts';
import { hasBuild, ROOT } from './portal.ts';
import { chosen, gaps, runOver } from './run.ts';
import { makeWorld, type World } from './world/world.ts';

test('every route and action stands in the policy and in the expectations, and nothing else does', () => {
  expect(gaps(manifest(ROOT))).toEqual([]);
});

describe.skipIf(!hasBuild())('the matrix over public pages, accounts and groups', () => {
  let database: DatabaseCopy;
  let world: World;
  beforeAll(async () => {
    database = await copyDatabase(givenServer()!);
    world = await makeWorld(database);
  });
  afterAll(() => database.drop());

  test('everybody gets what is written down for them, and no planted word shows where it may not', { timeout: 240_000 }, async () => {
    const matrix = await runOver(database, world, chosen(['/(public)', '/(account)', '/(group)', '/healthz']), { name: 'authz', quick: true });
    expect(matrix.mismatches).toEqual([]);
    expect(matrix.cells).toBeGreaterThan(3_000);
    // A word nobody ever sees would prove nothing when nobody else sees it either.
    expect([...matrix.shown].sort()).toEqual(['address', 'amount', 'condition', 'contactPhone', 'correction', 'dismissal', 'file', 'fileBytes', 'invited', 'letter', 'oldSession', 'paper', 'paperBytes', 'phone', 'reason', 'receiptBytes', 'text', 'title']);
  });
});
