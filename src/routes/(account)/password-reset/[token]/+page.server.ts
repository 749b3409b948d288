import { error, fail, redirect } from '@sveltejs/kit';
import { readReset } from '$lib/accounts/form';
import { completeReset, isResetOpen } from '$lib/accounts/password-change.server';
import { answer } from '$lib/accounts/words';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { guardSecretPage, leave, placeWords, refuse } from '../../request.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  guardSecretPage(event);
  if (event.request.method === 'GET' && !(await isResetOpen(event.params.token))) error(410, 'このリンクは使えません。');
};

export const actions: Actions = {
  default: async (event) => {
    const read = readReset(await event.request.formData());
    if (!read.ok) return fail(read.status, { problems: read.problems });
    const result = await completeReset(event.locals.actor, { ...read.value, token: event.params.token }, await placeWords());
    if (!result.ok) return refuse(event, answer(result, 'password'), {});
    nudgeMail();
    leave(event);
    redirect(303, '/login?reset');
  }
};
