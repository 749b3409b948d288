import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { NOBODY, parseAssignment, seenOf, typedOf } from '$lib/screening/form';
import * as screening from '$lib/screening/store.server';
import { found, headOf, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  wrong_state: [409, 'この申請はもう終わっているため、担当者を変えられません。'],
  not_officer: [409, '選んだ人は、いまは担当者になれません。下の一覧から選び直してください。'],
  changed: [409, 'ほかの職員が先に担当者を変えました。下の「いまの担当者」を確かめて、必要ならもう一度決めてください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  return { ...headOf(row), officers: await screening.officers(sql, row.id), assigned_to: row.assigned_to, assigned: row.assigned_name, me: event.locals.viewer!.accountId, key: newKey() };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const parsed = parseAssignment((await screening.officers(sql, row.id)).map((officer) => officer.id), form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const seen = seenOf(form);
    const result = await transaction(event.locals.actor, (tx) => screening.assign(tx, row.id, parsed.value.officer, seen === NOBODY ? null : seen),
      { action: 'application.assign', key: keyOf(form) });
    if (!result.ok) return refused(result.reason, REFUSALS, typedOf(form), 'officer');
    redirect(303, `/office/applications/${row.id}`);
  }
};
