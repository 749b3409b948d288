import { beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { makeAccount, PASSWORD, VISITOR } from './fixtures.ts';
import { requestReset } from './password-change.server.ts';
import { signIn } from './sign-in.server.ts';
import { sweepAccounts } from './sweep.server.ts';

beforeAll(async () => void (await freshDatabase()));

test('the daily tidying leaves nothing for ever but failures in a row', async () => {
  const start = new Date('2026-04-01T00:00:00Z');
  const later = (days: number) => new Date(start.getTime() + days * 86_400_000);
  await makeAccount('tidy@example.jp');
  const from = { clientKey: 'c', userAgent: null, device: undefined };
  await signIn(VISITOR, { email: 'tidy@example.jp', password: PASSWORD }, from, start);
  await signIn(VISITOR, { email: 'tidy@example.jp', password: 'wrong' }, from, start);
  await transaction(VISITOR, (tx) => requestReset(tx, { email: 'tidy@example.jp' }, 'c', start));
  const count = async () => {
    const [row] = await sql<{ sessions: number; devices: number; links: number; counters: number }[]>`
      select (select count(*) from session) as sessions, (select count(*) from known_device) as devices,
             (select count(*) from account_token) as links, (select count(*) from throttle) as counters`;
    return row;
  };
  const sweep = (days: number) => transaction({ name: 'system:sweep' }, (tx) => sweepAccounts(tx, later(days)));
  expect(await count()).toMatchObject({ sessions: 1, devices: 1, links: 1 });
  await sweep(0.001);
  expect(await count()).toMatchObject({ sessions: 1, devices: 1, links: 1 });
  await sweep(2);
  expect(await count()).toEqual({ sessions: 0, devices: 1, links: 0, counters: 1 });
  await sweep(181);
  expect(await count()).toEqual({ sessions: 0, devices: 0, links: 0, counters: 1 });
});
