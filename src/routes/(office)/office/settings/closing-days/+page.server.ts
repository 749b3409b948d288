import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseClosingDays } from '$lib/settings/form';
import { formatWareki } from '$lib/time/wareki';
import * as settings from '$lib/settings/store.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => ({
  days: (await settings.closingDays(sql)).map((day) => `${formatWareki(day.on_day)} ${day.reason}`).join('\n'), key: newKey(), saved: url.searchParams.has('saved')
});

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await request.formData();
    const parsed = parseClosingDays(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    await transaction(locals.actor, (tx) => settings.saveClosingDays(tx, parsed.value), { action: 'settings.closing_days', key: keyOf(form) });
    redirect(303, '/office/settings/closing-days?saved');
  }
};
