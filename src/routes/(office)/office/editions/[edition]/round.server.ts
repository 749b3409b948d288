import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { isAllowed, required } from '$lib/policy/policy';
import type { EditionWhole } from '$lib/schemes/scheme';
import * as schemes from '$lib/schemes/store.server';

/** The round of this address. */
export async function round(event: { params: { edition: string } }): Promise<EditionWhole> {
  const { edition } = event.params;
  const found = isUuid(edition) ? await schemes.edition(sql, edition) : null;
  if (!found) error(404, 'この年度の制度は見つかりません。');
  return found;
}

/** Whether the viewer may post this page's form; readers see the page without it. */
export const mayAct = (event: { route: { id: string | null }; locals: App.Locals }): boolean =>
  isAllowed(required(event.route.id ?? '', 'POST', 'default').who, event.locals.viewer!.roles);
