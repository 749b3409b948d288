import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { parseAssignment } from '$lib/screening/panel-form';
import * as panel from '$lib/screening/panel.server';
import { mayAct, round } from '../round.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: '選んだ申請の中に、もう審査の対象でないものがあります。下の一覧を確かめて、選び直してください。',
  not_committee: '選んだ人の中に、いま審査委員でない人がいます。選び直してください。',
  member_of_group: '選んだ委員は、この団体の会員です（前に会員だった場合も含みます）。別の委員を選んでください。'
} as const;

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  const { accountId } = event.locals.viewer!;
  return {
    edition: { id: edition.id, name: edition.name }, may: mayAct(event), key: newKey(),
    committee: await panel.committee(sql), applications: await panel.assignable(sql, edition.id, accountId),
    done: /^\d{1,6}-\d{1,6}$/.test(event.url.searchParams.get('done') ?? '') ? event.url.searchParams.get('done')!.split('-').map(Number) : null
  };
};

export const actions: Actions = {
  default: async (event) => {
    const edition = await round(event);
    const { accountId } = event.locals.viewer!;
    const form = await event.request.formData();
    const members = (await panel.committee(sql)).map((member) => member.id);
    const applications = (await panel.assignable(sql, edition.id, accountId)).map((one) => one.id);
    const parsed = parseAssignment(form, members, applications);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    if (parsed.value.applications.length === 0) return fail(409, { values: echo(form), problems: [{ field: '', message: 'いま割り当てられる申請はありません。受理した申請だけが対象です。' }] });
    const result = await transaction(event.locals.actor, (tx) => panel.assign(tx, accountId, parsed.value.applications, parsed.value.members, event.locals.origin),
      { action: 'panel.assign', key: keyOf(form) });
    if (!result.ok) return fail(409, { values: echo(form), problems: [{ field: result.reason === 'not_found' ? 'applications' : 'members', message: REFUSALS[result.reason] }] });
    nudgeMail();
    redirect(303, `/office/editions/${edition.id}/panel?done=${result.added}-${result.skipped}`);
  }
};
