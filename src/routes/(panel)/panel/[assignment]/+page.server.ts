import { fail, redirect } from '@sveltejs/kit';
import { snapshotView } from '$lib/applications/view';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseDeclaration } from '$lib/screening/panel-form';
import * as panel from '$lib/screening/panel.server';
import { panelStep } from '$lib/screening/panel';
import { assignmentOf } from './assignment.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, 'この割当ては見つかりません。'],
  already: [409, '利害関係は、すでに申告されています。'],
  closed: [409, 'この申請の審査は終わりました。申告は受け付けられません。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await assignmentOf(event);
  const snapshot = await panel.application(sql, row.id, event.locals.viewer!.accountId);
  const { id, receipt_number, project_title, organisation_name, representative_name, edition_name, scored, criteria } = row;
  return {
    assignment: { id, receipt_number, project_title, organisation_name, representative_name, edition_name, scored, criteria },
    step: panelStep(row), mayStillDeclare: row.conflicted === false && row.state === 'accepted', view: snapshot ? snapshotView(snapshot) : null, key: newKey()
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await assignmentOf(event);
    const form = await event.request.formData();
    const parsed = parseDeclaration(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => panel.declare(tx, accountId, row.id, parsed.value), { action: 'panel.declare', key: keyOf(form) });
    if (result.ok) redirect(303, `/panel/${row.id}`);
    const [status, message] = REFUSALS[result.reason];
    return fail(status, { values: echo(form), problems: [{ field: '', message }] });
  }
};
