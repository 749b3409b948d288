import { error, fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { acceptInvitation, readInvitation, type AcceptRefusal } from '$lib/organisations/invitations.server';
import { comingFrom } from '$lib/organisations/membership.server';
import { MAX_GROUPS_PER_ACCOUNT, MAX_MEMBERS } from '$lib/organisations/organisation';
import { currentMembership } from '$lib/organisations/store.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS: Record<Exclude<AcceptRefusal['reason'], 'invalid' | 'not_found'>, string> = {
  over: 'この招待は、すでに使われたか、取り消されたか、期限を過ぎています。招待した人に、もう一度招待してもらってください。',
  already_member: 'あなたは、すでにこの団体の手続きをする人です。',
  has_representative: 'この団体には、すでに代表者がいます。招待した人に、担当者として招待し直してもらってください。',
  former: 'これまで代表者だった人は、この招待では参加できません。市の担当課に連絡してください。',
  own_act: 'この招待を送った職員は、参加できません。',
  too_many: `この団体の手続きをする人は、上限の${MAX_MEMBERS}人になっています。招待した人に知らせてください。`,
  too_many_groups: `1人が手続きできる団体は${MAX_GROUPS_PER_ACCOUNT}までです。もう関わっていない団体の手続きを終えてから、参加してください。`
};

const unknown = (): never => error(404, 'この招待は見つかりません。');

export const load: PageServerLoad = async ({ params, locals, setHeaders }) => {
  const invitation = (await readInvitation(sql, params.token)) ?? unknown();
  // The address is a secret: it must not travel to other sites.
  // Not no-referrer: under it the browser would post this page's own form with Origin: null.
  setHeaders({ 'referrer-policy': 'same-origin' });
  const { accountId, name, email } = locals.viewer!;
  const member = await currentMembership(sql, invitation.organisation_id, accountId);
  // Only whoever belongs to the group may learn its id.
  const { organisation_id, ...shown } = invitation;
  // The office may ask a member of the group to become its representative: then there is still something to answer.
  const answers = invitation.state === 'open' && invitation.effective_on !== null && member?.role !== 'representative';
  return { ...shown, key: newKey(), me: { name, email }, joined: member && !answers ? organisation_id : null, coming: await comingFrom(sql, organisation_id, accountId) };
};

export const actions: Actions = {
  default: async ({ request, params, locals }) => {
    const form = await request.formData();
    const invitation = (await readInvitation(sql, params.token)) ?? unknown();
    const { accountId } = locals.viewer!;
    const result = await transaction({ ...locals.actor, onBehalfOf: invitation.organisation_id }, (tx) => acceptInvitation(tx, accountId, params.token),
      { action: 'organisation.accept_invitation', key: keyOf(form, invitation.organisation_id) });
    if (result.ok) {
      const member = await currentMembership(sql, result.organisation_id, accountId);
      // Whoever begins on a later day sees nothing of the group yet; this page says from when.
      if (!member) redirect(303, `/my/invitations/${params.token}`);
      redirect(303, `/my/organisations/${result.organisation_id}?done=${invitation.effective_on === null ? 'joined' : 'succeeded'}`);
    }
    if (result.reason === 'invalid') return fail(409, { problems: result.problems });
    return result.reason === 'not_found' ? unknown() : fail(409, { problems: [{ field: '', message: REFUSALS[result.reason] }] });
  }
};
