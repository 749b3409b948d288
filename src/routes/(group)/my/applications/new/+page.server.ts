import { error, fail, redirect } from '@sveltejs/kit';
import * as drafts from '$lib/applications/drafts.server';
import { sql, transaction } from '$lib/db/db.server';
import { isUuid, keyOf, newKey } from '$lib/forms/ids';
import { readForm, uuid } from '$lib/forms/read';
import * as schemes from '$lib/schemes/store.server';
import { windowState } from '$lib/schemes/scheme';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_member: '選んだ団体のために申請する権限がありません。団体を選び直してください。',
  no_edition: 'この制度は見つかりませんでした。制度の画面から選び直してください。',
  not_open: 'この制度は、いま受付期間ではありません。'
} as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const id = url.searchParams.get('edition') ?? '';
  const edition = isUuid(id) ? await schemes.edition(sql, id) : null;
  const at = await schemes.now(sql);
  if (!edition || windowState(edition, at) === 'unpublished') error(404, '制度が見つかりません。');
  return {
    edition: { id: edition.id, name: edition.name, code: edition.scheme_code, closes_at: edition.closes_at },
    window: windowState(edition, at), organisations: locals.viewer!.organisations, key: newKey()
  };
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await request.formData();
    const read = readForm(form, { organisation: uuid({ label: '団体', required: true }), edition: uuid({ label: '制度', required: true }) });
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const { organisation, edition } = read.value;
    const result = await transaction({ ...locals.actor, onBehalfOf: organisation }, (tx) => drafts.begin(tx, locals.viewer!.accountId, organisation, edition),
      { action: 'application.begin', key: keyOf(form) });
    if (!result.ok) {
      return fail(result.reason === 'not_open' ? 409 : 404, { values: { organisation, edition }, problems: [{ field: 'organisation', message: REFUSALS[result.reason] }] });
    }
    redirect(303, `/my/applications/${result.id}`);
  }
};
