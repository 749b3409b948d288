/** The answer of the person whom the office asked to represent a group. */
import * as audit from '../audit/audit.server.ts';
import type { Tx } from '../db/db.server.ts';
import type { Day } from '../time/day.ts';
import { countGroups, countMembers } from './membership.server.ts';
import { MAX_GROUPS_PER_ACCOUNT, MAX_MEMBERS } from './organisation.ts';
import { asInvalid, type Invalid } from './refusal.ts';

export type SuccessionAcceptRefusal =
  | { ok: false; reason: 'over' | 'former' | 'own_act' | 'has_representative' | 'too_many' | 'too_many_groups' } | Invalid;

interface Open { id: string; requested_by: string; former_account: string | null; from_on: Day }

/**
 * Makes the account the representative from the day the office set, or today when that is past. A member's term ends
 * that day and becomes the representative's. Refuses the former representative and the officer who asked.
 * The caller holds the group's lock.
 */
export async function acceptSuccession(
  tx: Tx, accountId: string, organisationId: string, used: { id: string; email: string; succession_id: string }
): Promise<{ ok: true; organisation_id: string } | SuccessionAcceptRefusal> {
  const [succession] = await tx<Open[]>`
    select s.id, s.requested_by, f.account_id as former_account, greatest(s.effective_on, current_date) as from_on
    from representative_succession s left join organisation_member f on f.id = s.former_member_id
    where s.id = ${used.succession_id} and s.accepted_at is null and s.cancelled_at is null and s.open_until > now() for update of s`;
  if (!succession) return { ok: false, reason: 'over' };
  const refused = await whyNotSucceed(tx, accountId, organisationId, succession);
  if (refused) return { ok: false, reason: refused };
  try {
    // Ends first: no two terms of a person may overlap, not even between two statements.
    const ended = await tx<{ id: string }[]>`
      update organisation_member set to_on = ${succession.from_on}
      where organisation_id = ${organisationId} and account_id = ${accountId} and from_on <= ${succession.from_on}::date
        and (to_on is null or to_on > ${succession.from_on}::date) returning id`;
    const [member] = await tx<{ id: string; account_email: string }[]>`
      insert into organisation_member (organisation_id, account_id, role, from_on)
      values (${organisationId}, ${accountId}, 'representative', ${succession.from_on})
      returning id, (select email from account where id = account_id) as account_email`;
    await tx`update representative_succession set accepted_at = now(), successor_member_id = ${member!.id} where id = ${succession.id}`;
    await audit.record(tx, {
      action: 'organisation.accept_succession', subject: ['organisation', organisationId],
      before: { member_id: ended[0]?.id ?? null },
      after: {
        succession_id: succession.id, invitation_id: used.id, member_id: member!.id, account_id: accountId, from_on: succession.from_on,
        invited_email: used.email, account_email: member!.account_email
      }
    });
    return { ok: true, organisation_id: organisationId };
  } catch (error) {
    return asInvalid(error);
  }
}

async function whyNotSucceed(tx: Tx, accountId: string, organisationId: string, succession: Open): Promise<'former' | 'own_act' | 'has_representative' | 'too_many' | 'too_many_groups' | null> {
  if (accountId === succession.requested_by) return 'own_act';
  if (accountId === succession.former_account) return 'former';
  const [standing] = await tx<{ taken: boolean; belongs: boolean }[]>`
    select coalesce(bool_or(m.role = 'representative'), false) as taken, coalesce(bool_or(m.account_id = ${accountId}), false) as belongs
    from organisation_member m where m.organisation_id = ${organisationId} and (m.to_on is null or m.to_on > ${succession.from_on}::date)`;
  if (standing!.taken) return 'has_representative';
  if (standing!.belongs) return null;
  if ((await countMembers(tx, organisationId)) >= MAX_MEMBERS) return 'too_many';
  return (await countGroups(tx, accountId)) >= MAX_GROUPS_PER_ACCOUNT ? 'too_many_groups' : null;
}
