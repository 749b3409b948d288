import { redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { seenOf } from '$lib/screening/form';
import * as screening from '$lib/screening/store.server';
import { found, headOf, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  wrong_state: [409, 'この申請は、いまは受理できません。補正中か、受理・却下・取下げが済んでいます。'],
  changed: [409, 'この画面を開いている間に、団体から新しい提出がありました。内容を確かめて形式審査を保存してから、もう一度受理してください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const [checks, seen] = await Promise.all([screening.checks(sql, row), screening.newestSubmission(sql, row.id)]);
  return { ...headOf(row), requested_yen: row.requested_yen, checks, seen, ready: checks.every((check) => check.result === 'met' && !check.outdated), open: row.state === 'submitted', key: newKey() };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => screening.accept(tx, accountId, row.id, seenOf(form)), { action: 'screening.accept', key: keyOf(form) });
    if (result.ok) redirect(303, `/office/applications/${row.id}`);
    if (result.reason === 'unchecked') {
      return refused('unchecked', { unchecked: [422, `次の要件がまだ「適合」になっていません。形式審査で確かめてください: ${result.names.join('、')}`] }, {});
    }
    return refused(result.reason, REFUSALS, {});
  }
};
