/** The people who act for a group: who they are, the end of a term, and the hand-over from one representative to the next. */
import * as audit from '../audit/audit.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import type { Day } from '../time/day.ts';
import { isUuid } from '../forms/ids.ts';
import type { AfterHandover } from './form.ts';
import { isCurrent, isMember, isOfficeActing, lockForMember, type Locked } from './membership.server.ts';
import { mayManageMembers, type MemberRole } from './organisation.ts';
import { asInvalid, type Invalid } from './refusal.ts';

export interface Member { id: string; account_id: string; name: string; role: MemberRole; from_on: Day; to_on: Day | null; current: boolean }

/** Everybody who acts or acted for the group: current terms first, representative on top; [] for anybody but its members. */
export async function members(sql: Sql, organisationId: string, accountId: string): Promise<Member[]> {
  if (!isUuid(organisationId)) return [];
  // A term of no day that gave way to another of the same person is left out; the audit has it, the list doesn't need it.
  return sql<Member[]>`
    select m.id, m.account_id, a.name, m.role, m.from_on, m.to_on, ${isCurrent(sql)} as current
    from organisation_member m join organisation o on o.id = m.organisation_id join account a on a.id = m.account_id
    where m.organisation_id = ${organisationId} and ${isMember(sql, accountId)} and not (m.to_on is not null and m.to_on = m.from_on and exists (
      select from organisation_member later where later.organisation_id = m.organisation_id and later.account_id = m.account_id
        and later.from_on = m.from_on and later.id > m.id))
    order by current desc, case when ${isCurrent(sql)} then m.role end desc, m.from_on desc, m.id desc limit 300`;
}

interface Term { id: string; account_id: string; role: MemberRole; from_on: Day; to_on: Day | null; disabled: boolean }

/** A term of the group that has not ended; the group is locked, so it stays so. */
async function runningTerm(tx: Tx, organisationId: string, memberId: string): Promise<Term | null> {
  if (!isUuid(memberId)) return null;
  const [row] = await tx<Term[]>`
    select m.id, m.account_id, m.role, m.from_on, m.to_on, a.disabled_at is not null as disabled
    from organisation_member m join account a on a.id = m.account_id
    where m.id = ${memberId} and m.organisation_id = ${organisationId} and ${isCurrent(tx)}`;
  return row ?? null;
}

export type EndRefusal = { ok: false; reason: 'not_found' | 'not_allowed' | 'representative' | 'last_member' } | Invalid;

/**
 * Ends a term on `to_on`, the first day without the right to act, today or later; an end that was set may be moved.
 * A representative hands over instead, and somebody whose term has no end must remain.
 */
export async function endMembership(tx: Tx, accountId: string, organisationId: string, value: { member: string; to_on: Day }): Promise<{ ok: true } | EndRefusal> {
  const group = await lockForMember(tx, organisationId, accountId);
  const term = group && (await runningTerm(tx, organisationId, value.member));
  if (!group || !term) return { ok: false, reason: 'not_found' };
  const own = term.account_id === accountId;
  if (!own && !mayManageMembers(group.membership.role, group.has_representative)) return { ok: false, reason: 'not_allowed' };
  if (term.role === 'representative') return { ok: false, reason: 'representative' };
  if (!(await somebodyRemains(tx, organisationId, term.id))) return { ok: false, reason: 'last_member' };
  try {
    await tx`update organisation_member set to_on = greatest(${value.to_on}::date, current_date) where id = ${term.id}`;
    // Whoever is sent away leaves no open door behind; whoever leaves by choice may have invited a successor.
    if (!own) {
      await tx`
        update organisation_invitation set cancelled_at = now()
        where organisation_id = ${organisationId} and invited_by = ${term.account_id} and accepted_at is null and cancelled_at is null`;
    }
    await audit.record(tx, {
      action: 'organisation.end_membership', subject: ['organisation', organisationId],
      before: { member_id: term.id, account_id: term.account_id, role: term.role, to_on: term.to_on },
      after: { member_id: term.id, account_id: term.account_id, role: term.role, to_on: value.to_on }
    });
    return { ok: true };
  } catch (error) {
    return asInvalid(error);
  }
}

/** Whether somebody else can act for the group without an end in sight. A disabled account cannot. */
async function somebodyRemains(tx: Tx, organisationId: string, exceptMemberId: string): Promise<boolean> {
  const rows = await tx`
    select 1 as found from organisation_member m join account a on a.id = m.account_id
    where m.organisation_id = ${organisationId} and m.id <> ${exceptMemberId} and m.to_on is null and ${isCurrent(tx)} and a.disabled_at is null limit 1`;
  return rows.length > 0;
}

export type HandoverRefusal = { ok: false; reason: 'not_found' | 'not_allowed' | 'same_person' | 'ending' | 'office_acting' } | Invalid;

/**
 * Makes another member the representative from today on. The representative does it, and then stays as a member or leaves;
 * while there is none, any member may name one (oneself, too). Refuses `ending` for somebody who is about to leave,
 * and `office_acting` while the office, which has checked who is to follow, waits for that person's answer.
 */
export async function changeRepresentative(
  tx: Tx, accountId: string, organisationId: string, value: { successor: string; afterwards: AfterHandover }
): Promise<{ ok: true } | HandoverRefusal> {
  const group = await lockForMember(tx, organisationId, accountId);
  const successor = group && (await runningTerm(tx, organisationId, value.successor));
  if (!group || !successor) return { ok: false, reason: 'not_found' };
  if (!mayManageMembers(group.membership.role, group.has_representative)) return { ok: false, reason: 'not_allowed' };
  if (successor.role === 'representative') return { ok: false, reason: 'same_person' };
  if (successor.to_on !== null || successor.disabled) return { ok: false, reason: 'ending' };
  if (await isOfficeActing(tx, organisationId)) return { ok: false, reason: 'office_acting' };
  const outgoing = group.membership.role === 'representative' ? group.membership : null;
  try {
    // Ends first: no two terms of a person and no two representatives may overlap, not even between two statements.
    if (outgoing) await endToday(tx, outgoing.id);
    await endToday(tx, successor.id);
    await begin(tx, group, successor.account_id, 'representative');
    if (outgoing && value.afterwards === 'stay') await begin(tx, group, outgoing.account_id, 'member');
    await audit.record(tx, {
      action: 'organisation.change_representative', subject: ['organisation', organisationId],
      before: { representative: outgoing?.account_id ?? null },
      after: { representative: successor.account_id, outgoing: outgoing ? value.afterwards : null }
    });
    return { ok: true };
  } catch (error) {
    return asInvalid(error);
  }
}

async function endToday(tx: Tx, memberId: string): Promise<void> {
  await tx`update organisation_member set to_on = current_date where id = ${memberId}`;
}

async function begin(tx: Tx, group: Locked, accountId: string, role: MemberRole): Promise<void> {
  await tx`
    insert into organisation_member (organisation_id, account_id, role, from_on)
    values (${group.organisation_id}, ${accountId}, ${role}, current_date)`;
}
