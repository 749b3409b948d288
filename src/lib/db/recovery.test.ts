import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startProxy, type Proxy } from '../../../tests/chaos/proxy.ts';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { record } from '../audit/audit.server.ts';
import { Busy, closePool, configureDatabase, DatabaseAway, NotCommitted, poolHealth, sql, transaction, UnknownOutcome, type Actor, type Tx } from './db.server.ts';

const actor: Actor = { name: 'system:test' };
let db: FreshDatabase;
let proxy: Proxy;
let uncaught = 0;
const count = () => (uncaught += 1);

beforeAll(async () => {
  db = await freshDatabase();
  await db.ownerSql.unsafe(`create table purse (id int primary key, yen bigint not null); insert into purse values (1, 0), (2, 0); select portal.guard('purse')`);
  proxy = await startProxy(db.appUrl);
  process.on('unhandledRejection', count);
  process.on('uncaughtException', count);
});
afterEach(() => expect(uncaught).toBe(0));
afterAll(() => proxy.stop());

/** Points the pool elsewhere, with the limits a citizen gets. */
async function through(url: string, limits = {}) {
  await closePool();
  configureDatabase(url, { size: 2, ...limits });
}
const total = async () => (await db.ownerSql`select sum(yen)::int as yen, min(yen)::int as least from purse`)[0]!;
const half = async (tx: Tx) => {
  await tx`update purse set yen = yen - 1 where id = 1`;
  await tx`update purse set yen = yen + 1 where id = 2`;
  await record(tx, { action: 'purse.move', subject: ['purse', '1'] });
  return { moved: 1 };
};
const killOf = (tx: Tx) => tx<{ pid: number }[]>`select pg_backend_pid() as pid`.then(([row]) => db.ownerSql`select pg_terminate_backend(${row!.pid}, 1000)`);

test('a backend killed in the middle leaves no half, and the work runs again', async () => {
  await through(db.appUrl);
  const before = await total();
  let runs = 0;
  await transaction(actor, async (tx) => {
    runs += 1;
    await tx`update purse set yen = yen - 1 where id = 1`;
    if (runs === 1) await killOf(tx);
    await tx`update purse set yen = yen + 1 where id = 2`;
    await record(tx, { action: 'purse.move', subject: ['purse', '1'] });
  });
  expect(runs).toBe(2);
  expect((await total()).least).toBe(before.least - 1);
  expect((await total()).yen).toBe(0);
});

test('an idle connection that was killed is not handed out', async () => {
  await through(db.appUrl);
  await sql`select 1`;
  await db.ownerSql`select pg_terminate_backend(pid, 1000) from pg_stat_activity where usename = 'portal_app' and datname = current_database()`;
  await transaction(actor, half);
  expect(poolHealth()).toMatchObject({ open: 1, lost: 1 });
});

test('a read whose connection broke is asked once more', async () => {
  await through(proxy.url, { size: 1 });
  await sql`select 1 as one`;
  proxy.arm({ at: 0, how: 'after' });
  expect((await sql`select 2 as two`)[0]!.two).toBe(2);
});

// Every message of the action, lost before or after the server saw it: with a key the action takes effect exactly once.
for (const how of ['before', 'after'] as const) {
  test(`cut ${how} every single message: once with a key, never half without`, async () => {
    proxy.disarm();
    await through(proxy.url, { size: 1 });
    await transaction(actor, half);
    proxy.arm({ at: 1_000, how });
    await transaction(actor, half, { action: 'purse.move', key: `warm-up-${how}` });
    const messages = proxy.disarm();
    expect(messages).toBeGreaterThan(8);
    for (let at = 0; at < messages; at += 1) {
      const before = (await total()).least;
      const options = { action: 'purse.move', key: `cut-${how}-${at}` };
      proxy.arm({ at, how });
      expect(await transaction(actor, half, options)).toEqual({ moved: 1 });
      expect(await transaction(actor, half, options)).toEqual({ moved: 1 });
      expect(await total()).toEqual({ yen: 0, least: before - 1 });

      proxy.arm({ at, how });
      const outcome = await transaction(actor, half).catch((error: unknown) => error);
      const after = await total();
      expect(after.yen).toBe(0);
      if (outcome instanceof UnknownOutcome) expect([before - 1, before - 2]).toContain(after.least);
      else expect(after.least).toBe(before - 2);
    }
  });
}

test('ROLLBACK in answer to COMMIT is an error', async () => {
  proxy.disarm();
  await through(proxy.url, { size: 1 });
  const before = (await total()).least;
  proxy.rewrite('commit\0', 'abort \0');
  try {
    await expect(transaction(actor, half)).rejects.toThrow(NotCommitted);
  } finally {
    proxy.rewrite('', '');
  }
  expect((await total()).least).toBe(before);
});

test('the role brings its limits, and each is survived', async () => {
  await through(db.appUrl);
  const [limits] = await sql`
    select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('transaction_timeout') as transaction`;
  expect(limits).toEqual({ statement: '5s', lock: '2s', idle: '10s', transaction: '15s' });

  // The same limits, shorter, for this database only.
  const here = `alter role portal_app in database ${new URL(db.ownerUrl).pathname.slice(1)} set`;
  await db.ownerSql.unsafe(`${here} statement_timeout = '400ms'; ${here} idle_in_transaction_session_timeout = '300ms'; ${here} transaction_timeout = '1s'`);
  await through(db.appUrl, { size: 4 });
  await Promise.all([
    expect(sql`select pg_sleep(2)`).rejects.toThrow(Busy),
    expect(transaction(actor, (tx) => tx`select pg_sleep(2)`)).rejects.toThrow(Busy),
    expect(transaction(actor, async (tx) => {
      for (let i = 0; i < 20; i += 1) await tx`select pg_sleep(0.2)`;
    })).rejects.toThrow(DatabaseAway),
    expect(transaction(actor, async (tx) => {
      await tx`select 1`;
      await sleep(1_600);
      await tx`select 1`;
    })).rejects.toThrow(DatabaseAway)
  ]);
  await transaction(actor, half);
  expect(poolHealth()).toMatchObject({ leased: 0, waiting: 0, opening: 0 });
  await db.ownerSql.unsafe(`${here.replace(/ set$/, '')} reset all`);
});

test('nobody listening: refused at once', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const url = new URL(db.appUrl);
  url.port = String((server.address() as net.AddressInfo).port);
  await new Promise((closed) => server.close(closed));
  await through(url.href);
  const started = performance.now();
  await expect(sql`select 1`).rejects.toThrow(DatabaseAway);
  await expect(transaction(actor, half, { action: 'a', key: '12345678' })).rejects.toThrow(DatabaseAway);
  expect(performance.now() - started).toBeLessThan(500);
});

test('a server that accepts and says nothing, or hangs up: refused within a second, everybody', { retry: 2 }, async () => {
  const sockets: net.Socket[] = [];
  let hangUp = false;
  const server = net.createServer((socket) => (hangUp ? socket.end() : sockets.push(socket))).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const url = new URL(db.appUrl);
  url.port = String((server.address() as net.AddressInfo).port);
  await through(url.href);
  for (hangUp of [false, true]) {
    const started = performance.now();
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => transaction(actor, half)));
    expect(answers.every((answer) => answer.status === 'rejected' && answer.reason instanceof DatabaseAway)).toBe(true);
    // A second is promised; a busy test machine gets half a second more.
    expect(performance.now() - started).toBeLessThan(1_500);
  }
  sockets.forEach((socket) => socket.destroy());
  server.close();
});

test('a network that swallows everything: given up, and well again when it returns', async () => {
  await through(proxy.url, { answerMs: 400 });
  await sql`select 1`;
  proxy.freeze(true);
  await expect(sql`select 2`).rejects.toThrow(DatabaseAway);
  await expect(transaction(actor, half)).rejects.toThrow(DatabaseAway);
  proxy.freeze(false);
  await transaction(actor, half);
});

test('too many at once: the wait and the queue are bounded', async () => {
  await through(db.appUrl, { waitMs: 150, queueLimit: 5, connectMs: 10_000 });
  const gate = Promise.withResolvers<void>();
  const entered = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holders = entered.map(({ resolve }) => transaction(actor, async () => (resolve(), await gate.promise, 'done')));
  await Promise.all(entered.map(({ promise }) => promise));
  const started = performance.now();
  const others = await Promise.allSettled(Array.from({ length: 8 }, () => sql`select 1`));
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(others.every((answer) => answer.status === 'rejected' && answer.reason instanceof Busy)).toBe(true);
  gate.resolve();
  expect(await Promise.all(holders)).toEqual(['done', 'done']);
});

test('after closePool nothing is sent, and what was running could finish', async () => {
  await through(db.appUrl);
  await sql`select 1`;
  const running = sql`select pg_sleep(0.2), 'yes' as finished`;
  const finished = running.then(([row]) => row!.finished as string);
  await closePool();
  expect(await finished).toBe('yes');
  await expect(sql`select 1`).rejects.toThrow(DatabaseAway);
});
