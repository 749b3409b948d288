import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { parseDismissal, seenOf, typedOf } from '$lib/screening/form';
import * as screening from '$lib/screening/store.server';
import { inWords } from '../correction-words.server';
import { found, headOf, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  wrong_state: [409, 'この申請は、いまは却下できません。受理・却下・取下げが済んでいます。'],
  changed: [409, 'この画面を開いている間に、団体から新しい提出がありました。申請の画面で内容を確かめてください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const [checks, requests, seen] = await Promise.all([screening.checks(sql, row), screening.corrections(sql, row.id), screening.newestSubmission(sql, row.id)]);
  return { ...headOf(row), checks, requests: requests.map(inWords), seen, open: row.state === 'submitted' || row.state === 'correction', key: newKey() };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const parsed = parseDismissal(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { actor, viewer, origin } = event.locals;
    const result = await transaction(actor, (tx) => screening.dismiss(tx, viewer!.accountId, row.id, parsed.value.reason, origin, seenOf(form)),
      { action: 'screening.dismiss', key: keyOf(form) });
    if (!result.ok) return refused(result.reason, REFUSALS, typedOf(form));
    nudgeMail();
    redirect(303, `/office/applications/${row.id}`);
  }
};
