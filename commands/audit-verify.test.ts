import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../tests/database/harness.ts';
import { record } from '../src/lib/audit/audit.server.ts';
import { transaction } from '../src/lib/db/db.server.ts';

let db: FreshDatabase;
beforeAll(async () => {
  db = await freshDatabase();
  for (let i = 1; i <= 5; i += 1) await transaction({ name: 'system:test' }, (tx) => record(tx, { action: 'a.b', subject: ['c', String(i)] }));
});

function verify(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'audit-verify.ts'), ...words], { env: { ...process.env, DATABASE_URL: db.appUrl }, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

test('a whole chain: exit 0, and a line to keep elsewhere; a broken one: exit 1, and the first broken row', async () => {
  const whole = verify();
  expect(whole).toMatchObject({ status: 0, text: expect.stringContaining('5 行') });
  const anchor = /--anchor (\S+)/.exec(whole.text)![1]!;
  expect(verify('--anchor', anchor).status).toBe(0);
  expect(verify('--anchor', `4:${'0'.repeat(64)}`)).toMatchObject({ status: 1, text: expect.stringContaining('番号 4') });
  expect(verify('--anchor', 'nonsense').status).toBe(2);
  await db.ownerSql.unsafe(`set session_replication_role = replica; update audit_entry set actor = 'visitor' where seq = 3; set session_replication_role = origin`);
  expect(verify()).toMatchObject({ status: 1, text: expect.stringContaining('番号 3') });
});
