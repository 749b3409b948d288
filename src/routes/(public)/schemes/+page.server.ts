import { sql } from '$lib/db/db.server';
import { windowState } from '$lib/schemes/scheme';
import * as schemes from '$lib/schemes/store.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => {
  const now = await schemes.now(sql);
  return {
    schemes: (await schemes.publicEditions(sql)).map((edition) => ({
      code: edition.scheme_code, name: edition.name, summary: edition.summary, opens_at: edition.opens_at, closes_at: edition.closes_at, window: windowState(edition, now)
    }))
  };
};
