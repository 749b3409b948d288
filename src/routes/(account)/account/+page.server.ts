import { error, fail, redirect } from '@sveltejs/kit';
import { requestEmailChange } from '$lib/accounts/email-change.server';
import { readEmailChange, readName, readPasswordChange, readSession } from '$lib/accounts/form';
import { changePassword } from '$lib/accounts/password-change.server';
import { secondFactor } from '$lib/accounts/second-factor.server';
import * as sessions from '$lib/accounts/session.server';
import * as accounts from '$lib/accounts/store.server';
import { answer } from '$lib/accounts/words';
import { sql, transaction } from '$lib/db/db.server';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { log } from '$lib/settings/log.server';
import { enter, fromOf, placeWords, refuse } from '../request.server';
import type { Actions, PageServerLoad } from './$types';

const DONE = {
  name: '氏名を保存しました',
  email: 'メールアドレスを変更しました',
  email_sent: '新しいアドレスに確認のメールを送りました',
  password: 'パスワードを変更しました',
  session: 'その端末をログアウトしました',
  sessions: 'ほかの端末をすべてログアウトしました',
  second_step_off: '2段階認証を使わない設定にしました'
} as const;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { accountId, sessionId } = locals.viewer!;
  const account = await accounts.ownAccount(sql, accountId);
  if (!account) error(404, 'アカウントが見つかりません。');
  const list = await sessions.listSessions(sql, accountId);
  const done = url.searchParams.get('done') ?? '';
  return {
    account,
    factor: await secondFactor(sql, accountId),
    // The current one first; the hash is enough to end a session and not enough to use it.
    sessions: list.map((one) => ({ ...one, current: one.id === sessionId })).toSorted((a, b) => Number(b.current) - Number(a.current)),
    done: Object.hasOwn(DONE, done) ? DONE[done as keyof typeof DONE] : null
  };
};

export const actions: Actions = {
  name: async ({ request, locals }) => {
    const read = readName(await request.formData());
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const result = await transaction(locals.actor, (tx) => accounts.renameAccount(tx, locals.viewer!.accountId, read.value));
    if (!result.ok) error(404, 'アカウントが見つかりません。');
    redirect(303, '/account?done=name');
  },

  email: async (event) => {
    const { actor, viewer, clientKey, requestId } = event.locals;
    const read = readEmailChange(await event.request.formData());
    if (!read.ok) return fail(read.status, { values: read.values, problems: read.problems });
    const { email, email_password } = read.value;
    const result = await requestEmailChange(actor, viewer!.accountId, { email, password: email_password }, clientKey);
    log('info', { event: 'request_email_change', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, 'email_password'), { values: { email } });
    nudgeMail();
    redirect(303, '/account?done=email_sent');
  },

  password: async (event) => {
    const { actor, viewer, requestId } = event.locals;
    const read = readPasswordChange(await event.request.formData());
    if (!read.ok) return fail(read.status, { values: {}, problems: read.problems });
    const value = { current: read.value.current_password, password: read.value.new_password };
    const result = await changePassword(actor, viewer!.accountId, value, fromOf(event), await placeWords());
    log('info', { event: 'change_password', outcome: result.ok ? 'ok' : result.reason, request: requestId });
    if (!result.ok) return refuse(event, answer(result, result.reason === 'weak' ? 'new_password' : 'current_password'), { values: {} });
    await enter(event, result);
    nudgeMail();
    redirect(303, '/account?done=password');
  },

  session: async ({ request, locals }) => {
    const read = readSession(await request.formData());
    if (!read.ok) return fail(read.status, { values: {}, problems: read.problems });
    await transaction(locals.actor, (tx) => sessions.endOwnSession(tx, locals.viewer!.accountId, read.value.session));
    redirect(303, '/account?done=session');
  },

  sessions: async ({ locals }) => {
    const { accountId, sessionId } = locals.viewer!;
    await transaction(locals.actor, (tx) => sessions.endOtherSessions(tx, accountId, sessionId));
    redirect(303, '/account?done=sessions');
  }
};
