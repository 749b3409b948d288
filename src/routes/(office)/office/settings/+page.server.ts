import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseCity } from '$lib/settings/form';
import { forgetShownCity } from '$lib/settings/shown.server';
import * as settings from '$lib/settings/store.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => ({ city: await settings.city(sql), key: newKey(), saved: url.searchParams.has('saved') });

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await request.formData();
    const parsed = parseCity(form);
    const seen = Number(form.get('_version')) || 0;
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems, seen });
    const result = await transaction(locals.actor, (tx) => settings.saveCity(tx, seen, parsed.value), { action: 'settings.save', key: keyOf(form) });
    if (!result.ok) {
      const current = await settings.city(sql);
      return fail(409, { values: { ...parsed.value }, seen: current.version, problems: [{ field: '', message: 'ほかの管理者が先に保存しました。入力した内容を確かめて、よければもう一度保存してください。' }] });
    }
    forgetShownCity();
    redirect(303, '/office/settings?saved');
  }
};
