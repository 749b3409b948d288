import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { homeOf, secondStepPath, type Halfway } from '$lib/accounts/account';
import { readCarried, readCode, readRecoveryCode } from '$lib/accounts/form';
import { passSecondStep } from '$lib/accounts/second-step.server';
import { answer } from '$lib/accounts/words';
import { packKept } from '$lib/forms/keep';
import { safeLocalPath } from '$lib/forms/local-path';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { log } from '$lib/settings/log.server';
import { enter, refuse } from '../request.server';
import type { Actions, PageServerLoad } from './$types';

/** Who owes a code; whoever owes the setting up is sent there. */
function owingCode({ locals }: Pick<RequestEvent, 'locals'>, next: string | null): Halfway {
  const halfway = locals.halfway!;
  if (halfway.owes === 'set_up') redirect(303, secondStepPath('set_up', next));
  return halfway;
}

export const load: PageServerLoad = (event) => {
  const next = safeLocalPath(event.url.searchParams.get('next'));
  // After the action the step is made, and nobody owes anything.
  if (event.request.method === 'GET') owingCode(event, next);
  return { next: next ?? '' };
};

export const actions: Actions = {
  default: async (event) => {
    const { actor, requestId } = event.locals;
    const { rest, next, kept } = readCarried(await event.request.formData());
    const halfway = owingCode(event, next);
    const carried = { next: next ?? '', kept: kept ? packKept(kept) : '' };
    const field = rest.has('recovery_code') ? 'recovery_code' : 'one_time_code';
    const read = field === 'recovery_code' ? readRecoveryCode(rest) : readCode(rest);
    if (!read.ok) return fail(read.status, { problems: read.problems, carried });
    const result = await passSecondStep(actor, halfway, read.value);
    log('info', { event: 'second_step', by: field, outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, field), { carried });
    await enter(event, result);
    if (field === 'recovery_code') nudgeMail();
    if (kept) return { resume: kept };
    redirect(303, next ?? homeOf(event.locals.viewer?.roles ?? []));
  }
};
