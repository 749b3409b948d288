import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseNewOrganisation, typedOf } from '$lib/organisations/form';
import { MAX_GROUPS_PER_ACCOUNT } from '$lib/organisations/organisation';
import * as organisations from '$lib/organisations/store.server';
import * as settings from '$lib/settings/store.server';
import { dayOf } from '$lib/time/day';
import type { Actions, PageServerLoad } from './$types';

const openDistricts = async () => (await settings.districts(sql)).filter((district) => !district.retired_at).map(({ id, name }) => ({ id, name }));

export const load: PageServerLoad = async () => ({ key: newKey(), districts: await openDistricts() });

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await request.formData();
    const districts = (await openDistricts()).map(({ id }) => id);
    const parsed = parseNewOrganisation(form, { today: dayOf(new Date()), districts });
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = locals.viewer!;
    const made = await transaction(locals.actor, (tx) => organisations.create(tx, accountId, parsed.value), { action: 'organisation.create', key: keyOf(form) });
    if (!made.ok) {
      const tooMany = `1人が手続きできる団体は${MAX_GROUPS_PER_ACCOUNT}までです。もう関わっていない団体の手続きを終えてから、登録してください。`;
      return fail(made.reason === 'invalid' ? 422 : 409, { values: typedOf(form), problems: made.reason === 'invalid' ? made.problems : [{ field: '', message: tooMany }] });
    }
    redirect(303, `/my/organisations/${made.id}?done=created`);
  }
};
