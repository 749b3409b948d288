import { error } from '@sveltejs/kit';
import * as drafts from '$lib/applications/drafts.server';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';

/** The application of this address when the viewer acts for its group; anything else does not exist for them. */
export async function mine(event: { params: { application: string }; locals: App.Locals }): Promise<drafts.ApplicationRow> {
  const { application } = event.params;
  const row = isUuid(application) ? await drafts.forMember(sql, application, event.locals.viewer!.accountId) : null;
  if (!row) error(404, 'この申請は見つかりません。');
  return row;
}

/** The actor of a change made for the application's group. */
export const actingFor = (locals: App.Locals, row: drafts.ApplicationRow) => ({ ...locals.actor, onBehalfOf: row.organisation_id });

export const SAVE_REFUSALS = {
  not_found: 'この申請は見つかりません。',
  locked: 'この部分は、いまは変更できません。提出したあとに直すときは、市からの補正の依頼が必要です。',
  stale: 'ほかの人が先にこの部分を保存しました。下の「保存されている内容」を確かめて、必要なら直してから、もう一度保存してください。'
} as const;
