import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseDistricts } from '$lib/settings/form';
import * as settings from '$lib/settings/store.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => ({
  names: (await settings.districts(sql)).filter((district) => !district.retired_at).map((district) => district.name).join('\n'), key: newKey(), saved: url.searchParams.has('saved')
});

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await request.formData();
    const parsed = parseDistricts(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    await transaction(locals.actor, (tx) => settings.saveDistricts(tx, parsed.value), { action: 'settings.districts', key: keyOf(form) });
    redirect(303, '/office/settings/districts?saved');
  }
};
