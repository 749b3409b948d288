import { fail, redirect } from '@sveltejs/kit';
import { latestSubmission } from '$lib/applications/submission.server';
import { snapshotView } from '$lib/applications/view';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseChecks, seenOf, typedOf } from '$lib/screening/form';
import * as screening from '$lib/screening/store.server';
import { found, headOf, mayAct, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  wrong_state: [409, 'この申請は形式審査が終わっているため、結果を変えられません。'],
  unknown_requirement: [409, '要件の一覧が変わりました。下の新しい一覧で、もう一度確かめてください。'],
  changed: [409, 'この画面を開いている間に、ほかの職員の保存か、団体の補正がありました。要件ごとの「保存されている結果」と申請の内容を確かめてから、もう一度保存してください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const [checks, submission] = await Promise.all([screening.checks(sql, row), latestSubmission(sql, row.id)]);
  const open = row.state === 'submitted' || row.state === 'correction';
  return {
    ...headOf(row), checks, seen: screening.checksMark(checks, submission!.id), view: snapshotView(submission!.snapshot), round: submission!.round,
    open, mayAct: open && mayAct(event.locals, 'screening'), key: newKey()
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const parsed = parseChecks(await screening.checks(sql, row), form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => screening.saveChecks(tx, accountId, row.id, parsed.value, seenOf(form)),
      { action: 'screening.check', key: keyOf(form) });
    if (!result.ok) return refused(result.reason, REFUSALS, typedOf(form));
    redirect(303, `/office/applications/${row.id}`);
  }
};
