import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import * as panel from '$lib/screening/panel.server';

/** The viewer's own assignment of this address; another member's does not exist for them. */
export async function assignmentOf(event: { params: { assignment: string }; locals: App.Locals }): Promise<panel.MyAssignment> {
  const { assignment } = event.params;
  const found = isUuid(assignment) ? await panel.assignment(sql, assignment, event.locals.viewer!.accountId) : null;
  if (!found) error(404, 'この割当ては見つかりません。');
  return found;
}
