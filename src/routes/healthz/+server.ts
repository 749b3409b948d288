import { json } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import type { RequestHandler } from './$types';

/** For the operator's watch: 200 when the portal can read its database. Says nothing about anybody. */
export const GET: RequestHandler = async () => {
  try {
    await sql`select 1 as one`;
    return json({ ok: true }, { headers: { 'cache-control': 'no-store' } });
  } catch {
    return json({ ok: false }, { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' } });
  }
};
