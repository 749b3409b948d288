import { error } from '@sveltejs/kit';
import { ANSWER_SECTIONS, QUESTIONS, SECTION_TITLES } from '$lib/applications/application';
import { sql } from '$lib/db/db.server';
import * as schemes from '$lib/schemes/store.server';
import { windowState } from '$lib/schemes/scheme';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
  const edition = await schemes.publicEdition(sql, params.scheme);
  if (!edition) error(404, 'この制度は見つかりません。');
  return {
    edition: { id: edition.id, code: edition.scheme_code, name: edition.name, form_number: edition.application_form_number },
    open: windowState(edition, await schemes.now(sql)) === 'open',
    sections: ANSWER_SECTIONS.map((section) => ({ title: SECTION_TITLES[section], questions: QUESTIONS[section] })),
    categories: edition.categories.map(({ side, name, hint, eligible, is_grant, reason }) => ({ side, name, hint, eligible, is_grant, reason })), papers: edition.papers
  };
};
