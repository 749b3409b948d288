import { json } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import * as schemes from '$lib/schemes/store.server';
import type { RequestHandler } from './$types';

/** For the operator's watch: 200 when the portal can ask its database the time. Says nothing about anybody. */
export const GET: RequestHandler = async () => {
  try {
    await schemes.now(sql);
    return json({ ok: true }, { headers: { 'cache-control': 'no-store' } });
  } catch {
    return json({ ok: false }, { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' } });
  }
};
