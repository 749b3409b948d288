import { error, fail, redirect } from '@sveltejs/kit';
import { homeOf } from '$lib/accounts/account';
import { readSignUp } from '$lib/accounts/form';
import { completeSignUp, signUpEmail } from '$lib/accounts/sign-up.server';
import { answer } from '$lib/accounts/words';
import { enter, fromOf, guardSecretPage, placeWords, refuse } from '../../request.server';
import type { Actions, PageServerLoad } from './$types';

// Opening the page uses nothing up: mail programs open links to scan them.
export const load: PageServerLoad = async (event) => {
  guardSecretPage(event);
  const email = await signUpEmail(event.params.token);
  if (email === null && event.request.method === 'GET') error(410, 'このリンクは使えません。');
  return { email: email ?? '' };
};

export const actions: Actions = {
  default: async (event) => {
    const read = readSignUp(await event.request.formData());
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const { name, kana } = read.value;
    const result = await completeSignUp(event.locals.actor, { ...read.value, token: event.params.token }, fromOf(event), await placeWords());
    if (!result.ok) return refuse(event, answer(result, 'password'), { values: { name, kana: kana ?? '' } });
    await enter(event, result);
    redirect(303, homeOf([]));
  }
};
