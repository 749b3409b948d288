import { fail, redirect } from '@sveltejs/kit';
import { homeOf, secondStepPath } from '$lib/accounts/account';
import { readCarried, readLogin } from '$lib/accounts/form';
import { signIn } from '$lib/accounts/sign-in.server';
import { loginAnswer } from '$lib/accounts/words';
import { packKept } from '$lib/forms/keep';
import { safeLocalPath } from '$lib/forms/local-path';
import { log } from '$lib/settings/log.server';
import { enter, fromOf, refuse } from '../request.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, request, url }) => {
  const next = safeLocalPath(url.searchParams.get('next'));
  if (locals.viewer && request.method === 'GET') redirect(303, next ?? homeOf(locals.viewer.roles));
  return { next: next ?? '', reset: url.searchParams.has('reset') };
};

export const actions: Actions = {
  default: async (event) => {
    const { rest, next, kept } = readCarried(await event.request.formData());
    const carried = { next: next ?? '', kept: kept ? packKept(kept) : '' };
    const read = readLogin(rest);
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems, carried });
    const result = await signIn(event.locals.actor, read.value, fromOf(event));
    log('info', { event: 'sign_in', outcome: result.ok ? 'ok' : result.reason, request: event.locals.requestId });
    if (!result.ok) return refuse(event, loginAnswer(result), { values: { email: read.value.email }, carried });
    await enter(event, result);
    const { halfway, viewer } = event.locals;
    // What was typed travels in the form's body, so the second step is asked for on this very page.
    if (halfway && kept) return { owes: halfway.owes, carried };
    if (halfway) redirect(303, secondStepPath(halfway.owes, next));
    if (kept) return { resume: kept };
    redirect(303, next ?? homeOf(viewer?.roles ?? []));
  }
};
