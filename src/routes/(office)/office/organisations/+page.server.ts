import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { readSearch } from '$lib/organisations/office-form';
import { GROUPS_PER_PAGE, listGroups } from '$lib/organisations/office.server';
import { kindLabels } from '$lib/organisations/organisation';
import * as settings from '$lib/settings/store.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const search = readSearch(url.searchParams);
  const after = url.searchParams.get('after');
  const [{ rows, next }, { association_word }] = await Promise.all([listGroups(sql, locals.viewer!.accountId, { search, after: isUuid(after) ? after : null }), settings.city(sql)]);
  const kinds = kindLabels(association_word);
  const query = (more: Record<string, string>) => String(new URLSearchParams({ ...(search ? { search } : {}), ...more }));
  return {
    search, first: after === null, pageSize: GROUPS_PER_PAGE,
    rows: rows.map(({ kind, ...row }) => ({ ...row, kind: kinds[kind] })),
    nextHref: next ? `/office/organisations?${query({ after: next })}` : null,
    firstHref: after === null ? null : `/office/organisations${search ? `?${query({})}` : ''}`
  };
};
