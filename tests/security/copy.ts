import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { DatabaseCopy, TestServer } from '../database/server.ts';

const named = (address: string, name: string): string => {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
};

/** A world that is an hour old has links that are over and sessions that are stale: made new again. */
async function asNew(address: string): Promise<void> {
  const sql = postgres(address, { max: 1, onnotice: () => {} });
  await sql.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await tx`update account_token set expires_at = expires_at + (now() - created_at), created_at = now()`;
    await tx`update session set created_at = now(), last_seen_at = now(), expires_at = now() + interval '1 day', fresh_auth_at = case when fresh_auth_at < created_at then fresh_auth_at else now() + interval '1 hour' end`;
  });
  await sql.end({ timeout: 1 });
}

/** A copy of a copy: the world that was made once. Nobody may be connected to it meanwhile. */
export async function copyOf(server: TestServer, template: DatabaseCopy): Promise<DatabaseCopy> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  const asOwner = async (ask: (sql: postgres.Sql) => Promise<unknown>) => {
    const sql = postgres(named(server.ownerUrl, 'postgres'), { max: 1, fetch_types: false, onnotice: () => {} });
    await ask(sql);
    await sql.end({ timeout: 1 });
  };
  await asOwner((sql) => sql`create database ${sql(name)} template ${sql(new URL(template.ownerUrl).pathname.slice(1))}`);
  await asNew(named(template.ownerUrl, name));
  return { ownerUrl: named(template.ownerUrl, name), appUrl: named(template.appUrl, name), drop: () => asOwner((sql) => sql`drop database if exists ${sql(name)} with (force)`) };
}
