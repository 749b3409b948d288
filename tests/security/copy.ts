import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { DatabaseCopy, TestServer } from '../database/server.ts';

const named = (address: string, name: string): string => {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
};

/** A copy of a copy: the world that was made once. Nobody may be connected to it meanwhile. */
export async function copyOf(server: TestServer, template: DatabaseCopy): Promise<DatabaseCopy> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  const asOwner = async (ask: (sql: postgres.Sql) => Promise<unknown>) => {
    const sql = postgres(named(server.ownerUrl, 'postgres'), { max: 1, fetch_types: false, onnotice: () => {} });
    await ask(sql);
    await sql.end({ timeout: 1 });
  };
  await asOwner((sql) => sql`create database ${sql(name)} template ${sql(new URL(template.ownerUrl).pathname.slice(1))}`);
  return { ownerUrl: named(template.ownerUrl, name), appUrl: named(template.appUrl, name), drop: () => asOwner((sql) => sql`drop database if exists ${sql(name)} with (force)`) };
}
