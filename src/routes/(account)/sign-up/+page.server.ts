import { fail, redirect } from '@sveltejs/kit';
import { readEmail } from '$lib/accounts/form';
import { requestSignUp } from '$lib/accounts/sign-up.server';
import { answer } from '$lib/accounts/words';
import { transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { refuse } from '../request.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ sent: url.searchParams.has('sent'), key: newKey() });

export const actions: Actions = {
  default: async (event) => {
    const { actor, clientKey } = event.locals;
    const form = await event.request.formData();
    const read = readEmail(form);
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const result = await transaction(actor, (tx) => requestSignUp(tx, read.value, clientKey), { action: 'account.request_sign_up', key: keyOf(form) });
    if (!result.ok) return refuse(event, answer(result, 'email'), { values: read.value });
    nudgeMail();
    redirect(303, '/sign-up?sent');
  }
};
