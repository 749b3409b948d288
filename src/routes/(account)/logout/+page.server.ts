import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/accounts/sign-in.server';
import { transaction } from '$lib/db/db.server';
import { log } from '$lib/settings/log.server';
import { leave } from '../request.server';
import type { Actions } from './$types';

export const actions: Actions = {
  default: async (event) => {
    const { viewer, halfway, actor, requestId } = event.locals;
    const who = viewer ?? halfway;
    if (who) {
      await transaction(actor, (tx) => signOut(tx, who));
      log('info', { event: 'sign_out', request: requestId });
    }
    leave(event);
    redirect(303, '/logout');
  }
};
