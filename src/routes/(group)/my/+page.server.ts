import { stateForGroup, STATE_WORDS } from '$lib/applications/application';
import * as drafts from '$lib/applications/drafts.server';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import * as schemes from '$lib/schemes/store.server';
import { windowState } from '$lib/schemes/scheme';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
  const before = url.searchParams.get('before');
  const rows = await drafts.ofMember(sql, locals.viewer!.accountId, before && isUuid(before) ? before : null, PAGE + 1);
  const editions = await schemes.editions(sql);
  const now = await schemes.now(sql);
  const editionOf = new Map(editions.map((edition) => [edition.id, edition]));
  return {
    organisations: locals.viewer!.organisations,
    applications: rows.slice(0, PAGE).map((row) => {
      const edition = editionOf.get(row.edition_id);
      const released = edition?.results_release_at != null && edition.results_release_at <= now;
      const state = stateForGroup(row.state, released);
      return {
        id: row.id, title: row.project_title || '（事業名はまだありません）', organisation: row.organisation_name, receipt_number: row.receipt_number,
        scheme: edition?.name ?? '', state, word: STATE_WORDS[state]
      };
    }),
    next: rows.length > PAGE ? rows[PAGE - 1]!.id : null,
    open: editions.filter((edition) => windowState(edition, now) === 'open').map((edition) => ({ id: edition.id, code: edition.scheme_code, name: edition.name, closes_at: edition.closes_at }))
  };
};
