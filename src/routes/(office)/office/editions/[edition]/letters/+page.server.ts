import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { parseIssue } from '$lib/documents/letter-form';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeLetters } from '$lib/jobs/portal.server';
import * as schemes from '$lib/schemes/store.server';
import { dayOf } from '$lib/time/day';
import { mayAct, round } from '../round.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  nothing_to_issue: '発行を待っている通知書はありません。',
  under_way: 'いま、別のまとめ発行が動いています。終わってから、もう一度お試しください。',
  before_decision: '通知書の日付が、決裁した日より前になっています。決裁した日か、それより後の日にしてください。'
} as const;

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  return {
    edition: { id: edition.id, name: edition.name }, may: mayAct(event), key: newKey(), today: dayOf(await schemes.now(sql)),
    waiting: await batches.waitingShown(sql, edition.id, event.locals.viewer!.accountId), batches: await batches.batches(sql, edition.id)
  };
};

export const actions: Actions = {
  default: async (event) => {
    const edition = await round(event);
    const form = await event.request.formData();
    const parsed = parseIssue(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => batches.begin(tx, accountId, edition.id, parsed.value.issued_on),
      { action: 'letter.begin_batch', key: keyOf(form) });
    if (!result.ok) return fail(409, { values: echo(form), problems: [{ field: result.reason === 'before_decision' ? 'issued_on' : '', message: REFUSALS[result.reason] }] });
    nudgeLetters();
    redirect(303, `/office/editions/${edition.id}/letters/${result.id}`);
  }
};
