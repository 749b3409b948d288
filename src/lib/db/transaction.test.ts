import { beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql } from './db.server.ts';
let db: FreshDatabase;
beforeAll(async () => { db = await freshDatabase(); });
test('x', async () => { expect((await sql`select 1 as a`)[0]!.a).toBe(1); console.log(db.ownerUrl) });
