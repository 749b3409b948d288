/** The database cannot be reached. The web layer answers 503; nothing was written. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

/** The connection broke under a statement. `sent` tells whether the server may have seen that statement. */
export class ConnectionLost extends DatabaseAway {
  override name = 'ConnectionLost';
  readonly sent: boolean;
  constructor(sent: boolean, cause: unknown) {
    super('データベースとの接続が切れました / the connection to the database was lost', { cause });
    this.sent = sent;
  }
}

/** Too many requests wait for the database, or a row was locked for too long. The web layer answers 503 with Retry-After. */
export class Busy extends Error {
  override name = 'Busy';
}

/** The connection broke while COMMIT was under way, and no key was given (or the database stayed away) to find out how it ended. */
export class UnknownOutcome extends Error {
  override name = 'UnknownOutcome';
  constructor(cause: unknown) {
    super('処理が確定したか確認できません / it is not known whether the transaction was committed', { cause });
  }
}

/** The server rolled back although nothing was thrown: an earlier error of a statement was swallowed. It is the `cause`. */
export class NotCommitted extends Error {
  override name = 'NotCommitted';
  constructor(cause: unknown) {
    super('a statement had failed and its error was swallowed, so the server rolled the transaction back', { cause });
  }
}

/** A statement was given to a transaction that had already ended (a forgotten `await`). It was not sent. */
export class TransactionEnded extends Error {
  override name = 'TransactionEnded';
  constructor() {
    super('this transaction has ended; a statement was not awaited inside it');
  }
}

/** `sql` or `transaction` was used inside a transaction: it would take a second connection and see other data. Use `tx`. */
export class NestedUse extends Error {
  override name = 'NestedUse';
  constructor() {
    super('inside transaction(…) use its tx, not sql or another transaction');
  }
}

/** A key that belongs to someone else. */
export class KeyMisuse extends Error {
  override name = 'KeyMisuse';
}

/** Text that PostgreSQL cannot hold: NUL, or half of a surrogate pair. */
export class UnstorableText extends Error {
  override name = 'UnstorableText';
  constructor() {
    super('保存できない文字（NUL または不正なサロゲート）が含まれています / text holds NUL or a lone surrogate');
  }
}

/** An error that one statement caused and the connection survived. */
export type StatementError = Error & { code: string; severity: string; constraint_name?: string; table_name?: string };

/** True for PostgreSQL's own ERROR; FATAL and PANIC end the connection and are not meant. */
export function isStatementError(error: unknown): error is StatementError {
  return error instanceof Error && error.name === 'PostgresError' && (error as StatementError).severity === 'ERROR';
}

const WAITED_TOO_LONG = new Set(['55P03', '57014']);

/** A lock or a statement that hit its time limit is the database being busy, for whoever asked; other errors stay as they are. */
export function asRefusal(error: unknown): unknown {
  if (!isStatementError(error) || !WAITED_TOO_LONG.has(error.code)) return error;
  return new Busy('データベースが混み合っています / a lock or a statement took too long', { cause: error });
}
