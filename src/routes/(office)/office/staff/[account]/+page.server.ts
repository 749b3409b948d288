import { error, fail, redirect } from '@sveltejs/kit';
import { ROLES, type Role } from '$lib/accounts/account';
import { resetByAdministrator, secondFactor } from '$lib/accounts/second-factor.server';
import * as staff from '$lib/accounts/staff.server';
import { sql, transaction, type Tx } from '$lib/db/db.server';
import { isUuid, keyOf, newKey } from '$lib/forms/ids';
import { choice, day, readForm, uuid } from '$lib/forms/read';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { dayOf } from '$lib/time/day';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const REFUSALS: Record<string, string> = {
  self: '自分の役割・利用・2段階認証は、この画面では変えられません。ほかの管理者に頼んでください。',
  missing: 'すでに変わっています。画面を開き直して確かめてください。',
  ends_before_start: '終わりの日は、始まりの日と同じ日か、後の日にしてください。',
  already_over: '終わりの日が過ぎています。',
  already_held: 'この役割は、その期間にすでに付いています。'
};

export const load: PageServerLoad = async ({ params, locals }) => {
  const account = isUuid(params.account) ? await staff.accountForStaff(sql, params.account) : null;
  if (!account) error(404, 'この利用者は見つかりません。');
  const today = dayOf(new Date());
  return { account, factor: await secondFactor(sql, account.id), today, own: account.id === locals.viewer!.accountId, key: newKey() };
};

/** Runs one change of this account and answers with its page, or says why it was refused. */
async function change(event: RequestEvent, action: string, form: FormData, values: Record<string, unknown>, work: (tx: Tx, me: string, account: string) => Promise<{ ok: true } | { ok: false; reason: string }>) {
  const { account } = event.params;
  if (!isUuid(account)) error(404, 'この利用者は見つかりません。');
  const result = await transaction(event.locals.actor, (tx) => work(tx, event.locals.viewer!.accountId, account), { action, key: keyOf(form) });
  if (!result.ok) return fail(409, { values, problems: [{ field: '', message: REFUSALS[result.reason] ?? REFUSALS.missing! }] });
  nudgeMail();
  redirect(303, `/office/staff/${account}`);
}

export const actions: Actions = {
  grant: async (event) => {
    const form = await event.request.formData();
    const read = readForm(form, {
      role: choice(ROLES, { label: '役割', required: true }), from: day({ label: '始まりの日', required: true }), last: day({ label: '終わりの日' })
    });
    if (!read.ok) return fail(read.status, { values: read.values as Record<string, unknown>, problems: read.problems });
    const { role, from, last } = read.value;
    return change(event, 'staff.grant', form, { role }, (tx, me, accountId) => staff.grantRole(tx, me, { accountId, role: role as Role, fromOn: from, lastOn: last }));
  },
  end: async (event) => {
    const form = await event.request.formData();
    const read = readForm(form, { role_id: uuid({ label: '役割', required: true }) });
    if (!read.ok) return fail(read.status, { values: {} as Record<string, unknown>, problems: read.problems });
    return change(event, 'staff.end', form, {}, (tx, me) => staff.endRole(tx, me, read.value.role_id));
  },
  disable: async (event) => {
    const form = await event.request.formData();
    return change(event, 'staff.disable', form, {}, (tx, me, accountId) => staff.disableAccount(tx, me, accountId));
  },
  enable: async (event) => {
    const form = await event.request.formData();
    return change(event, 'staff.enable', form, {}, (tx, _me, accountId) => staff.enableAccount(tx, accountId));
  },
  second_step: async (event) => {
    const form = await event.request.formData();
    return change(event, 'second_factor.reset', form, {}, (tx, me, accountId) => resetByAdministrator(tx, me, accountId));
  }
};
