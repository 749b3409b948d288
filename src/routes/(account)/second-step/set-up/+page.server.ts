import { redirect, type RequestEvent } from '@sveltejs/kit';
import { homeOf, secondStepPath, type Halfway } from '$lib/accounts/account';
import { readCarried } from '$lib/accounts/form';
import { packKept } from '$lib/forms/keep';
import { safeLocalPath } from '$lib/forms/local-path';
import { shownOffer, takeSetUp } from '../../second-factor-page.server';
import type { Actions, PageServerLoad } from './$types';

/** Who owes the setting up; whoever owes a code is sent there. */
function owingSetUp({ locals }: Pick<RequestEvent, 'locals'>, next: string | null): Halfway {
  const halfway = locals.halfway!;
  if (halfway.owes === 'code') redirect(303, secondStepPath('code', next));
  return halfway;
}

export const load: PageServerLoad = async (event) => {
  const { locals, url, request } = event;
  const next = safeLocalPath(url.searchParams.get('next'));
  if (request.method === 'GET') owingSetUp(event, next);
  // Right after the setting up nothing is owed any more, and the page shows the recovery codes instead.
  return { next: next ?? '', offer: locals.halfway ? await shownOffer(locals.halfway) : null, home: homeOf(locals.viewer?.roles ?? []) };
};

export const actions: Actions = {
  // Comes from a page that holds a form left behind by an ended session; shows the page with it.
  begin: async (event) => {
    const { next, kept } = readCarried(await event.request.formData());
    owingSetUp(event, next);
    return { carried: { next: next ?? '', kept: kept ? packKept(kept) : '' } };
  },

  confirm: async (event) => {
    const { rest, next, kept } = readCarried(await event.request.formData());
    const halfway = owingSetUp(event, next);
    return takeSetUp(event, halfway, rest, { carried: { next: next ?? '', kept: kept ? packKept(kept) : '' }, resume: kept });
  }
};
