import * as awards from '$lib/awards/store.server';
import { sql } from '$lib/db/db.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { accountId, roles } = locals.viewer!;
  const rows = await awards.waiting(sql, accountId);
  return {
    approver: roles.includes('approver'),
    waiting: rows.map(({ drafted_by, ...row }) => ({ ...row, own: drafted_by === accountId })),
    recent: (await awards.recent(sql, accountId)).map(({ drafted_by: _by, ...row }) => row)
  };
};
