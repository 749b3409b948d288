import * as awards from '$lib/awards/store.server';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async ({ url }) => {
  const [year, id] = (url.searchParams.get('after') ?? '').split('_');
  const after = year && /^\d{4}$/.test(year) && isUuid(id) ? { fiscal_year: Number(year), id } : null;
  const rows = await awards.publicProjects(sql, after, PAGE + 1);
  const last = rows[PAGE - 1];
  return { projects: rows.slice(0, PAGE), next: rows.length > PAGE && last ? `${last.fiscal_year}_${last.application_id}` : null, paged: after !== null };
};
