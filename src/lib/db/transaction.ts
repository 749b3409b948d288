import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { pool } from './connect.ts';
import { asRefusal, Busy, ConnectionLost, DatabaseAway, isStatementError, NotCommitted, TransactionEnded, UnknownOutcome } from './errors.ts';
import { claim, keep, type Key } from './idempotency.ts';
import { insideTransaction } from './pool.ts';
import { makeSql, toQuery, type Sql } from './statement.ts';

export type Actor = {
  name: `account:${string}` | `system:${string}` | 'visitor';
  /** The organisation on whose behalf the actor works. */
  onBehalfOf?: string;
  requestId?: string;
};

/** The statements of one transaction. */
export interface Tx extends Sql {
  readonly actor: Actor;
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';
export type TransactionOptions = Partial<Key> & { isolation?: Isolation };

const RETRIES = 5;
/** Serialization failure, deadlock: the server undid everything and asks to be asked again. */
const ASKED_TO_RETRY = new Set(['40001', '40P01']);
/** How long a broken connection is worth another try, and an unknown outcome worth finding out. */
const RECOVER_LIMIT_MS = 3_000;
/** A callback that ends its own transaction would have the rest of it run bare. */
const ENDS_TRANSACTION = /^\s*(begin|start|commit|end|abort|prepare|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;
const ACTOR_NAME = /^(visitor|(account|system):[\w.:-]{1,100})$/;

/** The connection broke under COMMIT itself. */
class CommitLost extends Error {}

type Attempt = { claimed: boolean };

/**
 * Runs `work` in a transaction and commits its result, unless it throws or answers `{ ok: false }`: then nothing is kept.
 * Takes who acts, the work (it may run again after a deadlock or a broken connection, so it must only use `tx`) and,
 * to make a repeated call take effect once, `{ action, key }`; the result then is what JSON keeps of it.
 * Refuses with `DatabaseAway`, `Busy`, `UnknownOutcome`, or whatever `work` or the database refused with.
 */
export async function transaction<R>(actor: Actor, work: (tx: Tx) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
  if (!ACTOR_NAME.test(actor.name)) throw new TypeError(`not an actor: ${actor.name}`);
  const key = keyOf(options);
  const started = performance.now();
  let unknown = false;
  for (let attempt = 1; ; attempt += 1) {
    const progress: Attempt = { claimed: false };
    try {
      return await once(actor, work, options.isolation ?? 'read committed', key, progress);
    } catch (error) {
      // Having got the key again proves that the COMMIT whose answer was lost did not happen.
      if (progress.claimed) unknown = false;
      if (error instanceof CommitLost) {
        if (!key) throw new UnknownOutcome(error.cause);
        unknown = true;
      }
      const inTime = performance.now() - started < RECOVER_LIMIT_MS;
      if (attempt <= RETRIES && isWorthRetrying(error)) await pause(attempt);
      else if (inTime && (unknown || error instanceof ConnectionLost) && isOfConnection(error)) await pause(attempt);
      else if (unknown) throw new UnknownOutcome(error);
      else throw asRefusal(error);
    }
  }
}

function keyOf({ action, key }: TransactionOptions): Key | undefined {
  if (action !== undefined && key !== undefined) return { action, key };
  if (action !== undefined || key !== undefined) throw new TypeError('action and key go together');
  return undefined;
}

function isWorthRetrying(error: unknown): boolean {
  // The second: a plan prepared before a migration changed its table; it is prepared anew next time.
  return isStatementError(error) && (ASKED_TO_RETRY.has(error.code) || (error.code === '0A000' && /cached plan/.test(error.message)));
}

function isOfConnection(error: unknown): boolean {
  return error instanceof CommitLost || error instanceof DatabaseAway || error instanceof Busy;
}

function pause(attempt: number): Promise<void> {
  return sleep(Math.random() * 20 * 2 ** Math.min(attempt, 4));
}

async function once<R>(actor: Actor, work: (tx: Tx) => Promise<R>, isolation: Isolation, key: Key | undefined, progress: Attempt): Promise<R> {
  const lender = pool();
  const client = await lender.lease();
  const scope = { open: true };
  const failures: unknown[] = [];
  const tx = makeTx(client, actor, scope, failures);
  let begun = false;
  try {
    await begin(client, isolation);
    begun = true;
    await tx`select set_config('portal.actor', ${actor.name}, true)`;
    const first = key ? await claim(tx, key, actor.name) : undefined;
    if (first) return first.result as R;
    progress.claimed = key !== undefined;
    // The callback is awaited inside its own context, so that a statement it merely returns is seen as part of it.
    let result = await insideTransaction.run(scope, async () => await work(tx));
    if (isRefusal(result)) return result;
    if (key) result = await keep(tx, key, result);
    // A statement that was not awaited must not slip in between the check and COMMIT.
    scope.open = false;
    await client.send((sql) => sql`select portal.assert_audited()`);
    begun = false;
    await commit(client, failures);
    return result;
  } catch (error) {
    // "current transaction is aborted" hides the error that aborted it.
    throw isStatementError(error) && error.code === '25P02' ? new NotCommitted(failures[0]) : error;
  } finally {
    scope.open = false;
    // Also reached by a refusal and by a stored result, which wrote nothing worth keeping.
    if (begun) await rollback(client);
    lender.release(client);
  }
}

function makeTx(client: Client, actor: Actor, scope: { open: boolean }, failures: unknown[]): Tx {
  const sql = makeSql(async (statement) => {
    try {
      return await client.send((raw) => {
        if (!scope.open) throw new TransactionEnded();
        if (ENDS_TRANSACTION.test(statement.text[0]!)) throw new TypeError('transaction() itself begins and ends the transaction');
        return toQuery(raw, statement);
      });
    } catch (error) {
      failures.push(error);
      throw error;
    }
  });
  return Object.assign(sql, { actor: Object.freeze({ ...actor }) });
}

async function begin(client: Client, isolation: Isolation): Promise<void> {
  // Connections are read-only by default, so a statement that strays outside a transaction cannot write.
  await client.send((sql) =>
    isolation === 'serializable'
      ? sql`begin isolation level serializable read write`
      : isolation === 'repeatable read'
        ? sql`begin isolation level repeatable read read write`
        : sql`begin isolation level read committed read write`
  );
}

async function commit(client: Client, failures: unknown[]): Promise<void> {
  let tag: string;
  try {
    tag = (await client.send((sql) => sql`commit`)).command;
  } catch (error) {
    if (error instanceof ConnectionLost && error.sent) throw new CommitLost('', { cause: error });
    throw error;
  }
  // After a swallowed error PostgreSQL answers ROLLBACK, without an error.
  if (tag !== 'COMMIT') throw new NotCommitted(failures[0]);
}

async function rollback(client: Client): Promise<void> {
  if (client.lost) return;
  try {
    await client.send((sql) => sql`rollback`);
  } catch (error) {
    client.discard(error);
  }
}

function isRefusal(result: unknown): boolean {
  return typeof result === 'object' && result !== null && (result as { ok?: unknown }).ok === false;
}
