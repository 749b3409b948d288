import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { choices, readForm } from '$lib/forms/read';
import { nudgeMail } from '$lib/jobs/jobs.server';
import * as schemes from '$lib/schemes/store.server';
import * as panel from '$lib/screening/panel.server';
import { standingOf } from '$lib/screening/ranking.server';
import { found, headOf, mayAct, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [409, 'この申請は、いまは審査の対象ではありません。'],
  not_committee: [409, '選んだ人の中に、いま審査委員でない人がいます。選び直してください。'],
  member_of_group: [409, '選んだ委員は、この団体の会員です（前に会員だった場合も含みます）。別の委員を選んでください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const edition = await schemes.edition(sql, row.edition_id);
  const members = await panel.members(sql, row.id);
  const there = new Set(members.map((member) => member.account_id));
  const { mean, spread, counted } = await standingOf(sql, row.id, edition!.criteria);
  return {
    ...headOf(row), edition_id: row.edition_id, may: mayAct(event.locals, 'panel') && row.state === 'accepted', key: newKey(),
    members: members.map(({ account_id: _account, ...member }) => member), standing: { mean, spread, counted },
    committee: (await panel.committee(sql)).filter((member) => !there.has(member.id))
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const read = readForm(form, { members: choices((await panel.committee(sql)).map((member) => member.id), { label: '審査委員', required: true }) });
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => panel.assign(tx, accountId, [row.id], read.value.members, event.locals.origin),
      { action: 'panel.assign', key: keyOf(form) });
    if (!result.ok) return refused(result.reason, REFUSALS, echo(form), 'members');
    nudgeMail();
    redirect(303, `/office/applications/${row.id}/panel`);
  }
};
