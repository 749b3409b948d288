import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { PgBoss } from 'pg-boss';
import postgres from 'postgres';
import { APP_ROLE } from './embedded/cluster.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Any fixed number: two servers that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_204_918_301;
/** The limits of every request (CR-4). They live in the server, so a program that forgets them is bound too. */
const ROLE_LIMITS = {
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
  transaction_timeout: '15s'
};

/**
 * Brings the database to the newest schema: dbmate over `db/migrations`, pg-boss's own schema, the application's role.
 * Takes the owner's address and, when the application logs in as a role of its own, that address too.
 * With one role for everything (an external DATABASE_URL) the role is left alone. Refuses when a migration fails.
 */
export async function migrate(ownerUrl: string, appUrl?: string, folder = join(ROOT, 'db/migrations')): Promise<void> {
  const sql = postgres(withoutTls(ownerUrl), { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await runDbmate(withoutTls(ownerUrl), folder);
    await installJobQueue(withoutTls(ownerUrl));
    await prepareRole(sql, appUrl);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The Go driver asks for TLS unless told otherwise, and the embedded server on this machine has none. */
function withoutTls(address: string): string {
  const url = new URL(address);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (local && !url.searchParams.has('sslmode')) url.searchParams.set('sslmode', 'disable');
  return url.href;
}

async function runDbmate(address: string, folder: string): Promise<void> {
  const output: string[] = [];
  const code = await new Promise<number | null>((done, failed) => {
    // The address goes by environment: arguments can be read by every user of the machine.
    const child = spawn(dbmate(), ['--migrations-dir', folder, '--no-dump-schema', '--wait', '--wait-timeout', '30s', 'migrate', '--strict'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, DATABASE_URL: address },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`データベースの更新に失敗しました / migration failed:\n${output.join('').trim()}`);
}

function dbmate(): string {
  const platform = `@dbmate/${process.platform}-${process.arch}`;
  const fromWrapper = createRequire(createRequire(import.meta.url).resolve('dbmate'));
  return join(dirname(fromWrapper.resolve(`${platform}/package.json`)), 'bin', process.platform === 'win32' ? 'dbmate.exe' : 'dbmate');
}

/** The owner makes pg-boss's tables here, so that the web server runs it with `migrate: false` and no right to make tables. */
async function installJobQueue(address: string): Promise<void> {
  const boss = new PgBoss({ connectionString: address, schema: 'pgboss', max: 2, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.stop({ graceful: false });
}

async function prepareRole(sql: postgres.Sql, appUrl: string | undefined): Promise<void> {
  await sql`grant usage on schema pgboss to ${sql(APP_ROLE)}`;
  await sql`grant select, insert, update, delete on all tables in schema pgboss to ${sql(APP_ROLE)}`;
  await sql`grant usage, select on all sequences in schema pgboss to ${sql(APP_ROLE)}`;
  await sql`grant execute on all functions in schema pgboss to ${sql(APP_ROLE)}`;
  const login = appUrl === undefined ? undefined : new URL(appUrl);
  if (login?.username !== APP_ROLE) return;
  // ALTER ROLE takes no parameters, so the server itself quotes the words.
  const statements = await sql<{ text: string }[]>`
    select format('alter role %I login password %L', ${APP_ROLE}::text, ${decodeURIComponent(login.password)}::text) as text
    union all
    select format('alter role %I set %I = %L', ${APP_ROLE}::text, key, value) from jsonb_each_text(${sql.json(ROLE_LIMITS)})`;
  for (const { text } of statements) await sql.unsafe(text);
}
