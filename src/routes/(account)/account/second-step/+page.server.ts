import { redirect } from '@sveltejs/kit';
import { secondFactor } from '$lib/accounts/second-factor.server';
import { makeOffer, sealOffer } from '$lib/accounts/second-factor-offer.server';
import { renewRecoveryCodes, turnOffSecondStep } from '$lib/accounts/second-step.server';
import { answer } from '$lib/accounts/words';
import { sql } from '$lib/db/db.server';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { staffSecondStep } from '$lib/settings/environment.server';
import { log } from '$lib/settings/log.server';
import { refuse } from '../../request.server';
import { shownOffer, takeSetUp } from '../../second-factor-page.server';
import type { Actions, PageServerLoad } from './$types';

const isRequired = (viewer: App.Locals['viewer']): boolean => staffSecondStep() === 'required' && (viewer?.roles.length ?? 0) > 0;

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = locals.viewer!;
  const factor = await secondFactor(sql, viewer.accountId);
  return {
    factor,
    required: isRequired(viewer),
    // A new telephone: set up anew while the old one still works.
    offer: factor && !url.searchParams.has('again') ? null : await shownOffer(viewer),
    codesOffer: factor ? sealOffer(makeOffer('codes'), viewer) : null
  };
};

export const actions: Actions = {
  set_up: async (event) => takeSetUp(event, event.locals.viewer!, await event.request.formData(), {}),

  codes: async (event) => {
    const { actor, viewer, requestId } = event.locals;
    const form = await event.request.formData();
    const result = await renewRecoveryCodes(actor, viewer!, form.get('_offer'));
    log('info', { event: 'renew_recovery_codes', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, ''), {});
    nudgeMail();
    return { made: { codes: result.codes, at: new Date() } };
  },

  off: async (event) => {
    const { actor, viewer, requestId } = event.locals;
    const result = await turnOffSecondStep(actor, viewer!, isRequired(viewer));
    log('info', { event: 'turn_off_second_step', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, ''), {});
    nudgeMail();
    redirect(303, '/account?done=second_step_off');
  }
};
