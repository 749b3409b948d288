import { AsyncLocalStorage } from 'node:async_hooks';
import { Client, type ClientSettings } from './client.ts';
import { Busy, ConnectionLost, DatabaseAway, NestedUse } from './errors.ts';

export type PoolSettings = ClientSettings & {
  size: number;
  /** How long a request may wait for a free connection. */
  waitMs: number;
  /** How many requests may wait at once. */
  queueLimit: number;
};

/** Prepared statements stay in the server until the connection ends; this bounds how many can pile up. */
const RETIRE_AFTER_ANSWERS = 50_000;
const CLOSE_LIMIT_MS = 5_000;

type Waiter = { take(client: Client): void; refuse(error: Error): void };

/** Set while a transaction's callback runs. */
export const insideTransaction = new AsyncLocalStorage<{ open: boolean }>();

/** One-connection clients, lent to one user at a time and made when needed. */
export class Pool {
  readonly #settings: PoolSettings;
  readonly #clients = new Set<Client>();
  readonly #idle: Client[] = [];
  readonly #waiting = new Set<Waiter>();
  #opening = 0;
  #lost = 0;
  #closing: (() => void) | undefined;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /**
   * Lends a client; give it back with `release`. Refuses with `Busy` when too many wait or the wait is too long,
   * with `DatabaseAway` when no connection can be made, and with `NestedUse` inside a transaction's callback.
   */
  lease(): Promise<Client> {
    if (insideTransaction.getStore()?.open) return Promise.reject(new NestedUse());
    if (this.#closing) return Promise.reject(new DatabaseAway('データベースの利用は終了しました / the pool is closed'));
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    if (this.#waiting.size >= this.#settings.queueLimit) return Promise.reject(new Busy('データベースの順番待ちが多すぎます / too many requests wait for the database'));
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
      };
      const waiter: Waiter = {
        take: (client) => (leave(), resolve(client)),
        refuse: (error) => (leave(), reject(error))
      };
      const timer = setTimeout(() => waiter.refuse(new Busy('データベースの順番待ちが長すぎます / waited too long for the database')), this.#settings.waitMs);
      this.#waiting.add(waiter);
      this.#grow();
    });
  }

  /** Takes a client back. A lost one is already forgotten. */
  release(client: Client): void {
    if (client.lost) return;
    if (this.#closing || client.answered > RETIRE_AFTER_ANSWERS) {
      this.#forget(client);
      void client.close();
      return;
    }
    const [next] = this.#waiting;
    if (next) next.take(client);
    else this.#idle.push(client);
  }

  health() {
    const open = this.#clients.size;
    return { size: this.#settings.size, open, idle: this.#idle.length, leased: open - this.#idle.length, opening: this.#opening, waiting: this.#waiting.size, lost: this.#lost };
  }

  async close(): Promise<void> {
    const away = new DatabaseAway('データベースの利用は終了しました / the pool is closed');
    const empty = new Promise<void>((done) => (this.#closing = done));
    for (const waiter of this.#waiting) waiter.refuse(away);
    const goodbyes = this.#idle.splice(0).map((client) => (this.#forget(client), client.close()));
    if (this.#clients.size > 0) {
      const limit = setTimeout(() => this.#clients.forEach((client) => client.discard(away)), CLOSE_LIMIT_MS);
      await empty;
      clearTimeout(limit);
    }
    await Promise.all(goodbyes);
  }

  #grow(): void {
    if (this.#closing || this.#waiting.size <= this.#opening || this.#clients.size + this.#opening >= this.#settings.size) return;
    this.#opening += 1;
    Client.open(this.#settings).then(
      (client) => {
        this.#opening -= 1;
        this.#clients.add(client);
        client.onLost = () => {
          this.#lost += 1;
          this.#forget(client);
          this.#grow();
        };
        // It may have broken between its first answer and this line.
        if (client.lost) client.onLost();
        else this.release(client);
      },
      (error: unknown) => {
        this.#opening -= 1;
        this.#refuseWaiting(error);
      }
    );
  }

  /** With no connection left nobody can be served: all are told at once. Otherwise they wait for the living ones. */
  #refuseWaiting(error: unknown): void {
    if (this.#clients.size > 0) return;
    const cause = error instanceof ConnectionLost ? error.cause : error;
    const away = new DatabaseAway('データベースに接続できません / the database cannot be reached', { cause });
    for (const waiter of this.#waiting) waiter.refuse(away);
  }

  #forget(client: Client): void {
    this.#clients.delete(client);
    const at = this.#idle.indexOf(client);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#closing && this.#clients.size === 0) this.#closing();
  }
}
