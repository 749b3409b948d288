import { error, fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { typedOf } from '$lib/organisations/form';
import { parseEnding } from '$lib/organisations/office-form';
import { terms, type Term } from '$lib/organisations/office.server';
import { SUCCESSION_DAYS_MAX } from '$lib/organisations/succession';
import { endByOffice } from '$lib/organisations/succession.server';
import { dayOf } from '$lib/time/day';
import { group, refused, type Words } from '../../group.server';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const END: Words = {
  not_found: [404, 'この人は、この団体の手続きをする人の中に見つかりません。'],
  over: [409, 'この人の任期は、すでに終わっています。']
};

/** The term of this address, of a group the officer may see. */
async function term(event: RequestEvent): Promise<{ id: string; name: string; member: Term }> {
  const { id, name } = await group(event);
  const member = (await terms(sql, id, event.locals.viewer!.accountId)).find((one) => one.id === event.params.member);
  return member ? { id, name, member } : error(404, 'この人は、この団体の手続きをする人の中に見つかりません。');
}

export const load: PageServerLoad = async (event) => {
  const { id, name, member } = await term(event);
  const { name: person, email, role, from_on, to_on, state } = member;
  return { id, name, person, email, role, from_on, to_on, state, maxDays: SUCCESSION_DAYS_MAX, key: newKey() };
};

export const actions: Actions = {
  default: async (event) => {
    const { id, member } = await term(event);
    const form = await event.request.formData();
    const parsed = parseEnding(form, dayOf(new Date()));
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(event.locals.actor, (tx) => endByOffice(tx, accountId, id, member.id, parsed.value), { action: 'organisation.end_membership_by_office', key: keyOf(form, member.id) });
    if (!result.ok) return result.reason === 'invalid' ? fail(409, { values: typedOf(form), problems: result.problems }) : refused(result.reason, END, typedOf(form));
    nudgeMail();
    redirect(303, `/office/organisations/${id}?done=ended`);
  }
};
