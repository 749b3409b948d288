import { pool } from './connect.ts';
import { asRefusal, ConnectionLost } from './errors.ts';
import { makeSql, toQuery, type Sql } from './statement.ts';

export { closePool, configureDatabase, poolHealth } from './connect.ts';
export { Busy, ConnectionLost, DatabaseAway, isStatementError, KeyMisuse, NestedUse, NotCommitted, TransactionEnded, UnknownOutcome, UnstorableText } from './errors.ts';
export type { StatementError } from './errors.ts';
export type { Row, Rows, Sql, Statement, Value } from './statement.ts';
export { transaction } from './transaction.ts';
export type { Actor, Isolation, TransactionOptions, Tx } from './transaction.ts';

/**
 * Reads: one statement on a borrowed connection, which the server keeps read-only; so a read whose connection broke
 * is asked once more. Refuses with `DatabaseAway` or `Busy`, and inside a transaction, where `tx` must be used.
 */
export const sql: Sql = makeSql(async (statement) => {
  for (let attempt = 1; ; attempt += 1) {
    const lender = pool();
    const client = await lender.lease();
    try {
      return await client.send((raw) => toQuery(raw, statement));
    } catch (error) {
      if (!(error instanceof ConnectionLost) || attempt > 1) throw asRefusal(error);
    } finally {
      lender.release(client);
    }
  }
});
