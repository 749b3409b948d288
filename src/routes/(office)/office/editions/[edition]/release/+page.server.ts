import { fail, redirect } from '@sveltejs/kit';
import { parseRelease } from '$lib/awards/form';
import { releaseSummary, setRelease } from '$lib/awards/release.server';
import { sql, transaction } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { mayAct, round } from '../round.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, '', 'この年度の制度は見つかりません。'],
  stale: [409, '', 'ほかの人が先にこの制度の設定を変えました。下のいまの公開日時を確かめて、もう一度決めてください。'],
  already_released: [409, '', '結果はすでに公開されています。公開した日時は変えられません。'],
  in_past: [422, 'on', '公開日時は、いまより後の日時にしてください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  return {
    edition: { id: edition.id, name: edition.name, version: edition.version, results_release_at: edition.results_release_at },
    released: edition.results_release_at !== null && edition.results_release_at <= new Date(),
    may: mayAct(event), key: newKey(), summary: await releaseSummary(sql, edition.id), without_letter: (await batches.waiting(sql, edition.id)).length
  };
};

export const actions: Actions = {
  default: async (event) => {
    const edition = await round(event);
    const form = await event.request.formData();
    const parsed = parseRelease(form);
    if (!parsed.ok) return fail(parsed.status, { values: echo(form), problems: parsed.problems });
    const { release_at } = parsed.value;
    const seen = Number(form.get('_version'));
    const result = await transaction(event.locals.actor, (tx) => setRelease(tx, edition.id, release_at, Number.isSafeInteger(seen) ? seen : -1),
      { action: 'award.release', key: keyOf(form) });
    if (result.ok) redirect(303, `/office/editions/${edition.id}/release?done=${release_at ? 'set' : 'clear'}`);
    const [status, field, message] = REFUSALS[result.reason];
    return fail(status, { values: echo(form), problems: [{ field, message }] });
  }
};
