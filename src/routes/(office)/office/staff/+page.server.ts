import * as accounts from '$lib/accounts/store.server';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
  const search = (url.searchParams.get('search') ?? '').trim().slice(0, 100);
  const staff = url.searchParams.get('staff') !== 'no';
  const after = url.searchParams.get('after');
  const { accounts: rows, next } = await accounts.listAccounts(sql, { search: search.isWellFormed() ? search.replaceAll('\0', '') : '', staff, after: isUuid(after) ? after : null });
  return { accounts: rows, next, search, staff };
};
