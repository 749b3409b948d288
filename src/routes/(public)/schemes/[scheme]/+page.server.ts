import { error } from '@sveltejs/kit';
import { kindLabels } from '$lib/organisations/organisation';
import { sql } from '$lib/db/db.server';
import { windowState } from '$lib/schemes/scheme';
import * as schemes from '$lib/schemes/store.server';
import * as settings from '$lib/settings/store.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
  const edition = await schemes.publicEdition(sql, params.scheme);
  if (!edition) error(404, 'この制度は見つかりません。');
  const { association_word } = await settings.city(sql);
  const kinds = kindLabels(association_word);
  const { version: _version, committed_yen: _committed, results_release_at: _release, ...shown } = edition;
  return { edition: shown, window: windowState(edition, await schemes.now(sql)), kinds };
};
