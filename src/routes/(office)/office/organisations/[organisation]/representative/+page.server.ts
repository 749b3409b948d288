import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { typedOf } from '$lib/organisations/form';
import { parseSuccession } from '$lib/organisations/office-form';
import { terms } from '$lib/organisations/office.server';
import { MAX_INVITATIONS_PER_DAY } from '$lib/organisations/organisation';
import { OFFICE_INVITATION_DAYS, SUCCESSION_DAYS_MAX } from '$lib/organisations/succession';
import { beginSuccession, cancelSuccession, pending } from '$lib/organisations/succession.server';
import { seenOf } from '$lib/screening/form';
import { dayOf } from '$lib/time/day';
import { group, refused, type Words } from '../group.server';
import type { Actions, PageServerLoad } from './$types';

const MAIL_STOPPED = '招待のメールが続いたため、いったん止めています。しばらく待ってから、もう一度送ってください。';
const BEGIN: Words = {
  not_found: [404, 'この団体は見つかりません。'],
  no_members: [409, 'この団体には、手続きをする人がまだ一度もいないため、代表者の交代はできません。団体の登録から確かめてください。'],
  past: [422, '交代する日は、きょうか、きょうより後の日を入力してください。', 'effective_on'],
  too_far: [422, `交代する日は、きょうから${SUCCESSION_DAYS_MAX}日以内の日を入力してください。`, 'effective_on'],
  same_person: [409, 'このメールアドレスは、いまの代表者のものです。新しい代表者のメールアドレスを入力してください。', 'email'],
  own_address: [409, 'これはあなたのメールアドレスです。手続きをする職員は、代表者になれません。', 'email'],
  pending: [409, 'この団体では、代表者の交代がすでに始まっています。下の「いまの交代」を取りやめてから、もう一度手続きしてください。'],
  too_many_today: [429, `あなたが送れる招待は、1日に${MAX_INVITATIONS_PER_DAY}件までです。明日、もう一度手続きしてください。`],
  throttled: [429, MAIL_STOPPED], reset_required: [429, MAIL_STOPPED]
};
const CANCEL: Words = {
  not_found: [404, 'この団体は見つかりません。'],
  changed: [409, 'この交代は、もう終わっているか、新しくなっています。画面の内容を確かめてください。'],
  coming: [409, '次の代表者がすでに承諾しています。やめるときは、団体の画面で、その人の任期を終えてください。']
};

export const load: PageServerLoad = async (event) => {
  const organisation = await group(event);
  const { accountId } = event.locals.viewer!;
  const [people, under] = await Promise.all([terms(sql, organisation.id, accountId), pending(sql, organisation.id, accountId)]);
  const representative = people.find((term) => term.state === 'current' && term.role === 'representative');
  return {
    id: organisation.id, name: organisation.name, key: newKey(), today: dayOf(new Date()), maxDays: SUCCESSION_DAYS_MAX, days: OFFICE_INVITATION_DAYS,
    representative: representative ? { name: representative.name, email: representative.email } : null,
    others: people.filter((term) => term.state === 'current' && term.role === 'member').map(({ name, email }) => ({ name, email })),
    empty: people.length === 0, pending: under
  };
};

export const actions: Actions = {
  default: async (event) => {
    const organisation = await group(event);
    const form = await event.request.formData();
    const { actor, viewer, clientKey } = event.locals;
    const { accountId } = viewer!;
    const here = `/office/organisations/${organisation.id}`;
    if (form.get('_intent') === 'cancel') {
      const result = await transaction(actor, (tx) => cancelSuccession(tx, accountId, organisation.id, seenOf(form)), { action: 'organisation.cancel_succession', key: keyOf(form, organisation.id) });
      if (!result.ok) return result.reason === 'invalid' ? fail(409, { values: {}, problems: result.problems }) : refused(result.reason, CANCEL, {});
      nudgeMail();
      redirect(303, `${here}?done=cancelled`);
    }
    const parsed = parseSuccession(form, dayOf(new Date()));
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const result = await transaction(actor, (tx) => beginSuccession(tx, accountId, organisation.id, parsed.value, clientKey), { action: 'organisation.begin_succession', key: keyOf(form, organisation.id) });
    if (!result.ok) return result.reason === 'invalid' ? fail(409, { values: typedOf(form), problems: result.problems }) : refused(result.reason, BEGIN, typedOf(form));
    nudgeMail();
    redirect(303, `${here}?done=begun`);
  }
};
