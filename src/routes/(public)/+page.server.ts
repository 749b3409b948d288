import * as awards from '$lib/awards/store.server';
import { sql } from '$lib/db/db.server';
import { windowState } from '$lib/schemes/scheme';
import * as schemes from '$lib/schemes/store.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => {
  const now = await schemes.now(sql);
  const editions = await schemes.publicEditions(sql);
  return {
    schemes: editions.map((edition) => ({ code: edition.scheme_code, name: edition.name, summary: edition.summary, closes_at: edition.closes_at, opens_at: edition.opens_at, window: windowState(edition, now) })),
    projects: await awards.publicProjects(sql, null, 3)
  };
};
