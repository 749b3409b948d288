import { DatabaseAway } from './errors.ts';
import { Pool, type PoolSettings } from './pool.ts';

const DEFAULTS = { size: 10, connectMs: 800, answerMs: 6_500, waitMs: 2_000, queueLimit: 500 };

let settings: PoolSettings | undefined;
let current: Pool | undefined;
let closed = false;

/**
 * Points this process at a database (tests and commands; the web server reads DATABASE_URL instead).
 * Takes the address and, for a slow test machine, other limits. Refuses while the pool of another address is open.
 */
export function configureDatabase(url: string, limits: Partial<Omit<PoolSettings, 'url'>> = {}): void {
  if (current) throw new Error('close the pool before pointing it at another database');
  settings = { ...DEFAULTS, size: poolSize(), ...limits, url };
  closed = false;
}

/** The pool of this process, made when first asked for. */
export function pool(): Pool {
  if (closed) throw new DatabaseAway('データベースの利用は終了しました / the pool is closed');
  settings ??= { ...DEFAULTS, size: poolSize(), url: addressFromEnvironment() };
  current ??= new Pool(settings);
  return current;
}

/** Lets running statements finish (a few seconds at most) and closes every connection. Later use is refused until configured again. */
export async function closePool(): Promise<void> {
  closed = true;
  const closing = current;
  current = undefined;
  settings = undefined;
  await closing?.close();
}

/** Numbers for the health page; never connects. */
export function poolHealth() {
  return current?.health() ?? { size: 0, open: 0, idle: 0, leased: 0, opening: 0, waiting: 0, lost: 0 };
}

function addressFromEnvironment(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new DatabaseAway('DATABASE_URL がありません。npm start で起動してください / DATABASE_URL is not set');
  return url;
}

function poolSize(): number {
  const size = Number(process.env.DATABASE_POOL_SIZE || DEFAULTS.size);
  if (!Number.isInteger(size) || size < 1 || size > 200) throw new Error('DATABASE_POOL_SIZE は 1〜200 の整数です / must be an integer from 1 to 200');
  return size;
}

/** The address the web server was given, for the job queue's own connections; null when there is none (while building). */
export const databaseUrl = (): string | null => process.env.DATABASE_URL ?? null;
