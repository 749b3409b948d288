/**
 * The office's two verbs about a group's people: another representative where nobody handed over, and the end of a term.
 * Each is closed to officers who act for the group, names its reason and how it was checked, and tells those concerned.
 */
import * as audit from '../audit/audit.server.ts';
import { foldEmail } from '../accounts/account.ts';
import { takeMail } from '../accounts/sign-up.server.ts';
import type { ResetRequired, Throttled } from '../accounts/throttle.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import { isUuid } from '../forms/ids.ts';
import { addDays, type Day } from '../time/day.ts';
import { sendInvitation } from './invitations.server.ts';
import { isCurrent, lockForOffice, notOwn } from './membership.server.ts';
import { MAX_INVITATIONS_PER_DAY } from './organisation.ts';
import { asInvalid, type Invalid } from './refusal.ts';
import { OFFICE_INVITATION_DAYS, SUCCESSION_DAYS_MAX } from './succession.ts';
import type { EndingValue, SuccessionValue } from './office-form.ts';
import { tellOfCancelling, tellOfEnding, tellOfSuccession } from './succession-mail.server.ts';

/**
 * A change of the representative under way. `office`: the office's invitation is open · `group`: the group's own members
 * have invited one · `coming`: somebody has accepted and begins later.
 */
export interface Pending { kind: 'office' | 'group' | 'coming'; id: string; who: string; by: string | null; effective_on: Day | null; until: Date | null }

/** The change under way, or null; what stands first is what the office would take back first. */
export async function pending(sql: Sql, organisationId: string, accountId: string): Promise<Pending | null> {
  if (!isUuid(organisationId)) return null;
  const [row] = await sql<Pending[]>`
    select p.kind, p.id, p.who, p.by, p.effective_on, p.until from organisation o cross join lateral (
      select 1 as place, 'office' as kind, s.id, i.email as who, a.name as by, s.effective_on, s.open_until as until
      from representative_succession s join organisation_invitation i on i.succession_id = s.id join account a on a.id = s.requested_by
      where s.organisation_id = o.id and s.accepted_at is null and s.cancelled_at is null and s.open_until > now()
      union all
      select 2, 'group', i.id, i.email, a.name, null, i.expires_at from organisation_invitation i join account a on a.id = i.invited_by
      where i.organisation_id = o.id and i.role = 'representative' and i.succession_id is null
        and i.accepted_at is null and i.cancelled_at is null and i.expires_at > now()
      union all
      select 3, 'coming', m.id, a.name, null, m.from_on, null from organisation_member m join account a on a.id = m.account_id
      where m.organisation_id = o.id and m.role = 'representative' and m.from_on > current_date and (m.to_on is null or m.to_on > m.from_on)
    ) p where o.id = ${organisationId} and ${notOwn(sql, accountId)} order by p.place, p.id desc limit 1`;
  return row ?? null;
}

interface Standing { member_id: string | null; account_id: string | null; email_folded: string | null; to_on: Day | null; ever: boolean; officer_email: string; today: Day }

/** Who represents the group now, whether anybody ever acted for it, and Japan's day. */
async function standing(tx: Tx, organisationId: string, officerId: string): Promise<Standing> {
  const [row] = await tx<Standing[]>`
    select r.id as member_id, r.account_id, r.email_folded, r.to_on, current_date as today,
      exists (select from organisation_member m where m.organisation_id = ${organisationId}) as ever,
      (select email_folded from account where id = ${officerId}) as officer_email
    from (select 1) one left join lateral (
      select m.id, m.account_id, a.email_folded, m.to_on from organisation_member m join account a on a.id = m.account_id
      where m.organisation_id = ${organisationId} and m.role = 'representative' and ${isCurrent(tx)}) r on true`;
  return row!;
}

export type BeginRefusal =
  | { ok: false; reason: 'not_found' | 'no_members' | 'past' | 'too_far' | 'same_person' | 'own_address' | 'too_many_today' }
  | { ok: false; reason: 'pending'; pending: Pending } | Throttled | ResetRequired | Invalid;

/**
 * Ends the representative's term on `effective_on` and asks somebody else by mail to represent the group from that day.
 * Refuses a group for which nobody ever acted, a day that is past or too far, the present representative's or the
 * officer's own address, and while another change of representative is under way.
 */
export async function beginSuccession(tx: Tx, officerId: string, organisationId: string, value: SuccessionValue, clientKey: string, now = new Date()): Promise<{ ok: true; id: string } | BeginRefusal> {
  const group = await lockForOffice(tx, organisationId, officerId);
  if (!group) return { ok: false, reason: 'not_found' };
  const before = await standing(tx, organisationId, officerId);
  const refused = whyNot(before, value);
  if (refused) return { ok: false, reason: refused };
  const other = await pending(tx, organisationId, officerId);
  if (other) return { ok: false, reason: 'pending', pending: other };
  if ((await invitedToday(tx, officerId)) >= MAX_INVITATIONS_PER_DAY) return { ok: false, reason: 'too_many_today' };
  const taken = await takeMail(tx, value.email, clientKey, now);
  if (!taken.ok) return taken;
  const { email, ...ground } = value;
  try {
    const former = before.member_id === null ? null : { account_id: before.account_id!, to_on: await endTermOn(tx, organisationId, { id: before.member_id, account_id: before.account_id! }, value.effective_on) };
    const [row] = await tx<{ id: string }[]>`
      insert into representative_succession ${tx({
        organisation_id: organisationId, former_member_id: before.member_id, former_to_on: before.to_on, ...ground, requested_by: officerId,
        requested_at: now, open_until: new Date(now.getTime() + OFFICE_INVITATION_DAYS * 86_400_000)
      })} returning id`;
    const id = row!.id;
    const sent = await sendInvitation(tx, { organisationId, name: group.name, email, role: 'representative', invitedBy: officerId, days: OFFICE_INVITATION_DAYS, succession: id }, now);
    await tellOfSuccession(tx, { id, organisationId, name: group.name, effective_on: value.effective_on, former, today: before.today });
    await audit.record(tx, {
      action: 'organisation.begin_succession', subject: ['organisation', organisationId],
      before: { representative: before.account_id, member_id: before.member_id, to_on: before.to_on },
      after: { succession_id: id, invitation_id: sent.id, email, ...ground }
    });
    return { ok: true, id };
  } catch (error) {
    return asInvalid(error);
  }
}

function whyNot(before: Standing, { email, effective_on }: SuccessionValue): 'no_members' | 'past' | 'too_far' | 'same_person' | 'own_address' | null {
  // A group whose last member's term is over is just whom the office must be able to help; one that never had any is not here yet.
  if (!before.ever) return 'no_members';
  if (effective_on < before.today) return 'past';
  if (effective_on > addDays(before.today, SUCCESSION_DAYS_MAX)) return 'too_far';
  if (foldEmail(email) === before.email_folded) return 'same_person';
  return foldEmail(email) === before.officer_email ? 'own_address' : null;
}

async function invitedToday(tx: Tx, officerId: string): Promise<number> {
  const [row] = await tx<{ n: number }[]>`select count(*)::int as n from organisation_invitation where invited_by = ${officerId} and created_at > now() - interval '1 day'`;
  return row!.n;
}

/** Ends a term no later than `on`, and with it the invitations this person left open. */
async function endTermOn(tx: Tx, organisationId: string, term: { id: string; account_id: string }, on: Day): Promise<Day> {
  const [row] = await tx<{ to_on: Day }[]>`
    update organisation_member set to_on = greatest(from_on, least(coalesce(to_on, ${on}::date), ${on}::date)) where id = ${term.id} returning to_on`;
  await tx`
    update organisation_invitation set cancelled_at = now()
    where organisation_id = ${organisationId} and invited_by = ${term.account_id} and accepted_at is null and cancelled_at is null and succession_id is null`;
  return row!.to_on;
}

export type CancelRefusal = { ok: false; reason: 'not_found' | 'changed' | 'coming' } | Invalid;

/**
 * Takes back the change under way that the officer saw. The former representative's term goes on as before when its end
 * has not come yet. Somebody who has accepted already is not sent away here: that is the end of a term.
 */
export async function cancelSuccession(tx: Tx, officerId: string, organisationId: string, seen: string): Promise<{ ok: true } | CancelRefusal> {
  const group = await lockForOffice(tx, organisationId, officerId);
  if (!group) return { ok: false, reason: 'not_found' };
  const current = await pending(tx, organisationId, officerId);
  if (!current || current.id !== seen) return { ok: false, reason: 'changed' };
  if (current.kind === 'coming') return { ok: false, reason: 'coming' };
  try {
    if (current.kind === 'group') {
      await tx`update organisation_invitation set cancelled_at = now() where id = ${current.id}`;
      await audit.record(tx, { action: 'organisation.cancel_invitation', subject: ['organisation', organisationId], before: { invitation_id: current.id, email: current.who } });
      return { ok: true };
    }
    await tx`update organisation_invitation set cancelled_at = now() where succession_id = ${current.id} and accepted_at is null and cancelled_at is null`;
    await tx`update representative_succession set cancelled_at = now(), cancelled_by = ${officerId} where id = ${current.id}`;
    const [restored] = await tx<{ account_id: string; to_on: Day | null }[]>`
      update organisation_member m set to_on = s.former_to_on from representative_succession s
      where s.id = ${current.id} and m.id = s.former_member_id and m.to_on = s.effective_on and s.effective_on > current_date returning m.account_id, m.to_on`;
    await tellOfCancelling(tx, { id: current.id, organisationId, name: group.name });
    await audit.record(tx, {
      action: 'organisation.cancel_succession', subject: ['organisation', organisationId],
      before: { succession_id: current.id, email: current.who, effective_on: current.effective_on }, after: { representative: restored?.account_id ?? null, to_on: restored?.to_on ?? null }
    });
    return { ok: true };
  } catch (error) {
    return asInvalid(error);
  }
}

export type EndByOfficeRefusal = { ok: false; reason: 'not_found' | 'over' } | Invalid;

/**
 * Ends the term of anybody who acts for the group, the representative and the last member included: who has died or left
 * acts for nobody. An end that was set is only brought forward; a term that has not begun never begins.
 */
export async function endByOffice(tx: Tx, officerId: string, organisationId: string, memberId: string, value: EndingValue): Promise<{ ok: true } | EndByOfficeRefusal> {
  const group = await lockForOffice(tx, organisationId, officerId);
  if (!group || !isUuid(memberId)) return { ok: false, reason: 'not_found' };
  const [term] = await tx<{ id: string; account_id: string; role: string; to_on: Day | null; over: boolean; ends_on: Day }[]>`
    select m.id, m.account_id, m.role, m.to_on, m.to_on <= greatest(m.from_on, current_date) is true as over, greatest(${value.to_on}::date, current_date) as ends_on
    from organisation_member m where m.id = ${memberId} and m.organisation_id = ${organisationId}`;
  if (!term) return { ok: false, reason: 'not_found' };
  if (term.over) return { ok: false, reason: 'over' };
  try {
    const to_on = await endTermOn(tx, organisationId, term, term.ends_on);
    const { to_on: _asked, ...ground } = value;
    const [row] = await tx<{ id: string }[]>`insert into membership_ending ${tx({ member_id: term.id, to_on, ...ground, ended_by: officerId })} returning id`;
    await tellOfEnding(tx, { id: row!.id, organisationId, name: group.name, account: term.account_id, to_on });
    await audit.record(tx, {
      action: 'organisation.end_membership_by_office', subject: ['organisation', organisationId],
      before: { member_id: term.id, account_id: term.account_id, role: term.role, to_on: term.to_on }, after: { ending_id: row!.id, ...ground, to_on }
    });
    return { ok: true };
  } catch (error) {
    return asInvalid(error);
  }
}
