import { fail, redirect } from '@sveltejs/kit';
import { withdraw } from '$lib/applications/submission.server';
import { transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { actingFor, mine } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, 'この申請は見つかりません。'],
  not_representative: [403, '取り下げられるのは代表者だけです。'],
  too_late: [409, 'この申請は、いまは取り下げられません。市の担当課に相談してください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  return { id: row.id, title: row.project_title, draft: row.state === 'draft', receipt_number: row.receipt_number, key: newKey() };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event.locals, row), (tx) => withdraw(tx, accountId, row.id, event.locals.origin), { action: 'application.withdraw', key: keyOf(form) });
    if (result.ok) {
      nudgeMail();
      redirect(303, `/my/applications/${row.id}`);
    }
    const [status, message] = REFUSALS[result.reason];
    return fail(status, { problems: [{ field: '', message }] });
  }
};
