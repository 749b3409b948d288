import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import * as schemes from '$lib/schemes/store.server';
import { parseSheet } from '$lib/screening/panel-form';
import { panelStep, sheetTotal } from '$lib/screening/panel';
import * as scores from '$lib/screening/scores.server';
import { assignmentOf } from '../assignment.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, 'この割当ては見つかりません。'],
  not_declared: [403, '利害関係を申告してから採点してください。'],
  already_submitted: [409, '採点票は、すでに提出されています。提出したあとは変えられません。'],
  closed: [409, 'この申請の審査は終わりました。採点票は受け付けられません。'],
  stale: [409, '別の画面で、先に採点が保存されています。下の「保存されている採点」を確かめて、必要なら直してから、もう一度保存してください。'],
  incomplete: [422, 'すべての基準に、点と理由を入れてから提出してください。']
} as const;

/** The assignment, only when its page leads here: declared without an interest. */
async function scored(event: Pick<RequestEvent, 'params' | 'locals'> & { params: { assignment: string } }) {
  const row = await assignmentOf(event);
  if (['declare', 'closed'].includes(panelStep(row))) redirect(303, `/panel/${row.id}`);
  return row;
}

export const load: PageServerLoad = async (event) => {
  const row = await scored(event);
  const { criteria } = (await schemes.edition(sql, row.edition_id))!;
  const sheet = await scores.sheet(sql, row.id, event.locals.viewer!.accountId);
  const complete = sheet?.scores.filter((score) => score.points !== null).map(({ criterion_id, points }) => ({ criterion_id, points: points! })) ?? [];
  return {
    assignment: { id: row.id, receipt_number: row.receipt_number, project_title: row.project_title, organisation_name: row.organisation_name },
    criteria, sheet, step: panelStep(row), total: sheetTotal(criteria, complete), saved: event.url.searchParams.has('saved'), key: newKey()
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await assignmentOf(event);
    const form = await event.request.formData();
    const { criteria } = (await schemes.edition(sql, row.edition_id))!;
    const parsed = parseSheet(form, criteria);
    const version = Number(form.get('_version')) || 0;
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems, version, stale: false });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => scores.saveSheet(tx, accountId, row.id, criteria, parsed.value, parsed.version, parsed.submit),
      { action: 'panel.scores', key: keyOf(form) });
    if (result.ok) redirect(303, parsed.submit ? `/panel/${row.id}` : `/panel/${row.id}/score?saved`);
    const [status, message] = REFUSALS[result.reason];
    const stale = result.reason === 'stale';
    const newest = stale ? ((await scores.sheet(sql, row.id, accountId))?.version ?? 0) : version;
    return fail(status, { values: echo(form), problems: [{ field: '', message }], version: newest, stale });
  }
};
