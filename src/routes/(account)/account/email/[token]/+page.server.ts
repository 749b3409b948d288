import { error, redirect } from '@sveltejs/kit';
import { confirmEmailChange, pendingEmail } from '$lib/accounts/email-change.server';
import { answer } from '$lib/accounts/words';
import { transaction } from '$lib/db/db.server';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { log } from '$lib/settings/log.server';
import { guardSecretPage, refuse } from '../../../request.server';
import type { Actions, PageServerLoad } from './$types';

// The owner's session is needed beside the link: a mistyped address would otherwise hand the account to a stranger.
export const load: PageServerLoad = async (event) => {
  guardSecretPage(event);
  const { viewer } = event.locals;
  if (!viewer) redirect(303, `/login?next=${encodeURIComponent(event.url.pathname)}`);
  const email = await pendingEmail(viewer.accountId, event.params.token);
  if (email === null && event.request.method === 'GET') error(410, 'このリンクは使えません。');
  return { email: email ?? '', before: viewer.email };
};

export const actions: Actions = {
  default: async (event) => {
    const { viewer, actor, requestId } = event.locals;
    if (!viewer) redirect(303, `/login?next=${encodeURIComponent(event.url.pathname)}`);
    const result = await transaction(actor, (tx) => confirmEmailChange(tx, viewer, event.params.token));
    log('info', { event: 'change_email', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, ''), {});
    nudgeMail();
    redirect(303, '/account?done=email');
  }
};
