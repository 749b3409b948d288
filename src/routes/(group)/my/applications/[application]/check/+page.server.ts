import { fail, redirect } from '@sveltejs/kit';
import { SECTIONS } from '$lib/applications/application';
import * as drafts from '$lib/applications/drafts.server';
import { draftWhole, seenMark, submit, takeSnapshot } from '$lib/applications/submission.server';
import { snapshotView } from '$lib/applications/view';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { formatDeadline } from '$lib/time/wareki';
import { actingFor, mine } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, 'この申請は見つかりません。'],
  not_representative: [403, '提出できるのは代表者だけです。代表者にログインして提出するよう伝えてください。入力した内容は保存されています。'],
  already_submitted: [409, 'この申請はすでに提出されています。'],
  not_open: [409, 'いまは受付期間ではありません。入力した内容は保存されています。'],
  already_applied: [409, 'この制度には、同じ団体から今年度の申請がすでに出ています。1団体1事業までです。入力した内容は保存されています。'],
  changed: [409, '確認している間に、内容が変わりました。下の内容をもう一度確かめてから、提出してください。'],
  incomplete: [422, 'まだ足りないところがあります。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  // Once it is submitted, what counts is the copy on the receipt, not what is left of the draft.
  if (event.request.method === 'GET' && row.receipt_number && row.state !== 'correction') redirect(303, `/my/applications/${row.id}/receipt`);
  const whole = await draftWhole(sql, row);
  const { edition } = whole;
  const open = await drafts.openSections(sql, row.id, row.state);
  // What is shown is made by the same function as what is submitted.
  const view = snapshotView(takeSnapshot(whole));
  return {
    application: { id: row.id, title: row.project_title, organisation_id: row.organisation_id, state: row.state, role: row.my_role },
    edition: { name: edition.name, form_number: edition.application_form_number, is_example: edition.is_example, closes_at: edition.closes_at },
    parts: view.parts, budget: view.budget, files: view.files,
    open: open === 'all' ? [...SECTIONS] : open, missing: whole.missing, seen: seenMark(whole), key: newKey()
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const seen = form.get('seen');
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event.locals, row), (tx) => submit(tx, accountId, row.id, typeof seen === 'string' ? seen : '', event.locals.origin),
      { action: 'application.submit', key: keyOf(form) });
    if (result.ok) {
      nudgeMail();
      redirect(303, `/my/applications/${row.id}/receipt`);
    }
    if (result.reason === 'closed') {
      return fail(409, { problems: [{ field: '', message: `受付は ${formatDeadline(new Date(result.closes_at))} に終わりました。入力した内容はすべて保存されています。市の担当課に相談してください。` }] });
    }
    if (result.reason === 'files_not_stored') {
      return fail(503, { problems: [{ field: '', message: `次のファイルを確かめられませんでした。もう一度添付してください: ${result.names.join('、')}` }] });
    }
    const [status, message] = REFUSALS[result.reason];
    const missing = result.reason === 'incomplete' ? result.missing.map((one) => ({ field: one.section, message: one.message })) : [];
    return fail(status, { problems: [...(missing.length > 0 ? missing : [{ field: '', message }])] });
  }
};
