import * as trail from '$lib/audit/trail.server';
import { sql } from '$lib/db/db.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
  const before = url.searchParams.get('before') ?? '';
  return trail.page(sql, /^\d{1,15}$/.test(before) ? Number(before) : null);
};
