import { error, fail } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { isAllowed } from '$lib/policy/policy';
import { lineOf } from '$lib/screening/next-steps';
import * as screening from '$lib/screening/store.server';

/** The submitted application of this address, as this person of the office may see it; anything else does not exist for them. */
export async function found(event: { params: { application: string }; locals: App.Locals }): Promise<screening.OfficeApplication> {
  const { application } = event.params;
  const row = isUuid(application) ? await screening.forOffice(sql, application, event.locals.viewer!.accountId) : null;
  if (!row) error(404, 'この申請は見つかりません。');
  return row;
}

/** Whether the viewer may send the form of this page, or only read it. */
export const mayAct = (locals: App.Locals, path: string): boolean => isAllowed(lineOf(path)?.post?.default, locals.viewer!.roles);

/** What each page of an application says at its top. */
export const headOf = (row: screening.OfficeApplication) => ({ id: row.id, title: row.project_title, receipt_number: row.receipt_number, organisation: row.organisation_name, state: row.state });

const COMMON: Record<string, readonly [status: number, message: string]> = {
  not_found: [404, 'この申請は見つかりません。'],
  changed: [409, 'この画面を開いている間に、内容が新しくなりました。下の新しい内容を確かめてから、もう一度送ってください。']
};

/** A refused verb as the page's answer: each reason with its status and its words, everything typed kept. */
export function refused<V>(reason: string, words: Record<string, readonly [status: number, message: string]>, values: V, field = '') {
  const [status, message] = words[reason] ?? COMMON[reason] ?? [409, 'この操作は、いまはできません。申請の画面で状態を確かめてください。'];
  return fail(status, { values, problems: [{ field, message }] });
}
