import net from 'node:net';
import postgres from 'postgres';
import { ConnectionLost, isStatementError } from './errors.ts';
import { clientTypes } from './values.ts';

export type ClientSettings = {
  url: string;
  /** How long opening a connection may take, login included. */
  connectMs: number;
  /** How long a statement may stay unanswered; a little more than the server's own statement_timeout. */
  answerMs: number;
};

type Build = (sql: postgres.Sql) => PromiseLike<postgres.RowList<postgres.Row[]>>;
type Answer = postgres.RowList<postgres.Row[]>;

/** A role that brings no limits of its own (an external DATABASE_URL) gets the portal's. */
const LIMITS = { statement_timeout: '5s', lock_timeout: '2s', idle_in_transaction_session_timeout: '10s', transaction_timeout: '15s' };

/**
 * One connection, for life. postgres.js reconnects behind one's back, and statements of a broken transaction then
 * run, and commit, on the new connection; so this client dials once, sends one statement at a time, and after the
 * connection broke it sends nothing ever again.
 */
export class Client {
  readonly #sql: postgres.Sql;
  readonly #answerMs: number;
  #socket: net.Socket | undefined;
  #lost: { cause: unknown } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #abandon: ((error: ConnectionLost) => void) | undefined;
  /** How many statements it has answered; the pool retires a client whose prepared statements may have piled up. */
  answered = 0;
  onLost: () => void = () => {};

  private constructor(settings: ClientSettings) {
    this.#answerMs = settings.answerMs;
    this.#sql = postgres(settings.url, {
      max: 1,
      max_lifetime: null,
      idle_timeout: 0,
      connect_timeout: 0,
      fetch_types: false,
      types: clientTypes(),
      // Writes outside transaction() are refused by the server; current_date is Japan's day.
      connection: { application_name: 'kyodo-portal', TimeZone: 'Asia/Tokyo', default_transaction_read_only: true },
      onnotice: () => {},
      onclose: () => this.discard(new Error('the server closed the connection')),
      socket: (options: { host: string[]; port: number[]; path?: string }) => this.#dialOnce(options)
    } as postgres.Options<Record<string, postgres.PostgresType>>) as unknown as postgres.Sql;
  }

  /** Connects and logs in. Refuses with the reason when that fails or takes longer than `connectMs`. */
  static async open(settings: ClientSettings): Promise<Client> {
    const client = new Client(settings);
    try {
      await client.send(
        (sql) => sql`select set_config(name, wanted, false) from jsonb_each_text(${sql.json(LIMITS)}) as limits (name, wanted) where current_setting(name) = '0'`,
        settings.connectMs
      );
      return client;
    } catch (error) {
      client.discard(error);
      throw error;
    }
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** Sends one statement when those before it are answered. `build` may throw: then nothing was sent. */
  send(build: Build, limitMs = this.#answerMs): Promise<Answer> {
    const answer = this.#turn.then(() => this.#exchange(build, limitMs));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  #exchange(build: Build, limitMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#lost) return reject(new ConnectionLost(false, this.#lost.cause));
      const query = build(this.#sql);
      const timer = setTimeout(() => this.discard(new Error(`no answer within ${limitMs} ms`)), limitMs);
      // A race written by hand: Promise.race against a promise that lives as long as the client would leak.
      const settle = () => {
        clearTimeout(timer);
        this.#abandon = undefined;
      };
      this.#abandon = (error) => {
        settle();
        reject(error);
      };
      query.then(
        (rows) => {
          settle();
          this.answered += 1;
          resolve(rows);
        },
        (error: unknown) => {
          if (isStatementError(error)) {
            settle();
            // Values of the row (an address, a name) would otherwise be printed with every logged error.
            Object.defineProperty(error, 'detail', { enumerable: false });
            return reject(error);
          }
          // An error of the connection is reported as such; one of our own values (it could not be encoded or read)
          // as itself. Either way the protocol's state is no longer certain.
          if (!isConnectionError(error)) {
            settle();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          this.discard(error);
        }
      );
    });
  }

  /** Gives the connection up at once: the statement in flight fails, nothing more is sent. */
  discard(cause: unknown): void {
    if (this.#lost) return;
    this.#lost = { cause };
    this.#abandon?.(new ConnectionLost(true, cause));
    this.#socket?.destroy();
    this.#sql.end({ timeout: 0 }).catch(() => {});
    this.onLost();
  }

  /** Says goodbye to the server. For a client that is not in use. */
  async close(): Promise<void> {
    if (this.#lost) return;
    this.#lost = { cause: new Error('closed') };
    await this.#sql.end({ timeout: 1 }).catch(() => {});
  }

  async #dialOnce({ host, port, path }: { host: string[]; port: number[]; path?: string }): Promise<net.Socket> {
    if (this.#socket || this.#lost) throw new Error('a client connects only once');
    let failure: unknown;
    for (const [index, name] of host.entries()) {
      const socket = path ? net.connect(path) : net.connect({ host: name, port: port[index] ?? 5432, noDelay: true });
      // postgres.js reads the name from the socket for TLS.
      this.#socket = Object.assign(socket, { host: name });
      try {
        await connected(socket);
        return socket;
      } catch (error) {
        failure = error;
        socket.on('error', () => {});
        if (this.#lost) break;
      }
    }
    throw failure;
  }
}

function connected(socket: net.Socket): Promise<void> {
  return new Promise((done, failed) => {
    const closed = () => failed(new Error('closed while connecting'));
    socket.once('error', failed).once('close', closed);
    // Only our own listeners are taken off: Node's own notice the server's goodbye.
    socket.once('connect', () => (socket.off('error', failed).off('close', closed), done()));
  });
}

/** Errors after which it is unknown what the server saw: a closed socket, or FATAL from the server. */
function isConnectionError(error: unknown): boolean {
  const { name, code, severity } = error as { name?: string; code?: string; severity?: string };
  if (name === 'PostgresError') return severity !== 'ERROR';
  return typeof code === 'string' && /^(CONNECT|E[A-Z]+$|ERR_STREAM|ERR_SOCKET|ERR_SSL|ERR_TLS)/.test(code);
}
