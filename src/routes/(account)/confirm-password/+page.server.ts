import { fail, redirect } from '@sveltejs/kit';
import { readCarried, readConfirm } from '$lib/accounts/form';
import { confirmPassword } from '$lib/accounts/sign-in.server';
import { answer } from '$lib/accounts/words';
import { packKept } from '$lib/forms/keep';
import { safeLocalPath } from '$lib/forms/local-path';
import { log } from '$lib/settings/log.server';
import { refuse } from '../request.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => ({ next: safeLocalPath(url.searchParams.get('next')) ?? '', email: locals.viewer!.email });

export const actions: Actions = {
  default: async (event) => {
    const { viewer, actor, requestId } = event.locals;
    const { rest, next, kept } = readCarried(await event.request.formData());
    const carried = { next: next ?? '', kept: kept ? packKept(kept) : '' };
    const read = readConfirm(rest);
    if (!read.ok) return fail(read.status, { problems: read.problems, carried });
    const result = await confirmPassword(actor, viewer!, read.value.password);
    log('info', { event: 'confirm_password', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, 'password'), { carried });
    if (kept) return { resume: kept };
    redirect(303, next ?? '/account');
  }
};
