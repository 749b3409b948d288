import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { sql, transaction, type Tx } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import type { Problem } from '$lib/forms/problems';
import { parseCancellation, parseHandover, parseInvitation, parseMemberEnd, typedOf, type Parsed } from '$lib/organisations/form';
import { cancelInvitation, invite, openInvitations } from '$lib/organisations/invitations.server';
import { changeRepresentative, endMembership, members } from '$lib/organisations/members.server';
import { mayManageMembers } from '$lib/organisations/organisation';
import { currentMembership } from '$lib/organisations/store.server';
import { dayOf } from '$lib/time/day';
import { actingFor, gone, group } from '../group.server';
import { CANCEL, DONE, END, HANDOVER, INVITE } from './words';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { organisation, membership } = await group(event);
  const { accountId } = event.locals.viewer!;
  const people = await members(sql, organisation.id, accountId);
  const hasRepresentative = people.some((one) => one.current && one.role === 'representative');
  const invitations = await openInvitations(sql, organisation.id, accountId);
  return {
    id: organisation.id, name: organisation.name, key: newKey(), done: DONE[event.url.searchParams.get('done') ?? ''] ?? null,
    mine: membership.id, mayManage: mayManageMembers(membership.role, hasRepresentative), hasRepresentative,
    // Its own key for each form: two people's terms are two acts, however fast they are ended.
    current: people.filter((one) => one.current).map((one) => ({ ...one, key: newKey() })),
    past: people.filter((one) => !one.current),
    officeActing: invitations.some((one) => one.by_office), invitations: invitations.map((one) => ({ ...one, key: newKey() }))
  };
};

type Group = RequestEvent<{ organisation: string }>;
type Result = { ok: true } | { ok: false; reason: string; problems?: Problem[] };
type Act = { name: 'invite' | 'cancel' | 'end' | 'handover'; refusals: typeof INVITE; done: string };

/** What the four actions share: parse, act once for the group, and say what happened. `row` names the form among several. */
async function act<V>(event: Group, form: FormData, { name, refusals, done }: Act, parsed: Parsed<V>, work: (tx: Tx, accountId: string, id: string, value: V) => Promise<Result>) {
  const { organisation } = await group(event);
  const row = String(form.get('member') ?? form.get('invitation') ?? '');
  if (!parsed.ok) return fail(parsed.status, { which: name, row, values: parsed.values, problems: parsed.problems });
  const { accountId } = event.locals.viewer!;
  const result = await transaction(actingFor(event), (tx) => work(tx, accountId, organisation.id, parsed.value), { action: `organisation.${name}`, key: keyOf(form) });
  if (result.ok) {
    const stillHere = await currentMembership(sql, organisation.id, accountId);
    redirect(303, stillHere ? `/my/organisations/${organisation.id}/members?done=${done}` : '/my');
  }
  if (result.problems) return fail(409, { which: name, row, values: typedOf(form), problems: result.problems });
  const refused = refusals[result.reason] ?? gone();
  return fail(refused.status, { which: name, row, values: typedOf(form), problems: [{ field: refused.field, message: refused.message }] });
}

export const actions: Actions = {
  invite: async (event) => {
    const form = await event.request.formData();
    return act(event, form, { name: 'invite', refusals: INVITE, done: 'invited' }, parseInvitation(form),
      (tx, accountId, id, value) => invite(tx, accountId, id, value, event.locals.clientKey));
  },
  cancel: async (event) => {
    const form = await event.request.formData();
    return act(event, form, { name: 'cancel', refusals: CANCEL, done: 'cancelled' }, parseCancellation(form),
      (tx, accountId, id, { invitation }) => cancelInvitation(tx, accountId, id, invitation));
  },
  end: async (event) => {
    const form = await event.request.formData();
    return act(event, form, { name: 'end', refusals: END, done: 'ended' }, parseMemberEnd(form, dayOf(new Date())), endMembership);
  },
  handover: async (event) => {
    const form = await event.request.formData();
    return act(event, form, { name: 'handover', refusals: HANDOVER, done: 'handover' }, parseHandover(form), changeRepresentative);
  }
};
