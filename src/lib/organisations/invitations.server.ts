/** Asking a person into a group by mail, and that person's answer. The link is worth one answer within seven days. */
import * as audit from '../audit/audit.server.ts';
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import { foldEmail } from '../accounts/account.ts';
import { hashSecret, looksLikeSecret, newSecret } from '../accounts/secret.server.ts';
import { takeMail } from '../accounts/sign-up.server.ts';
import type { Throttled, ResetRequired } from '../accounts/throttle.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { isUuid } from '../forms/ids.ts';
import type { Day } from '../time/day.ts';
import { countGroups, countMembers, hasRepresentative, isCurrent, isMember, isOfficeActing, lockForMember, lockGroup } from './membership.server.ts';
import {
  INVITATION_DAYS, MAX_GROUPS_PER_ACCOUNT, MAX_INVITATIONS_PER_DAY, MAX_MEMBERS, mayManageMembers, type Kind, type MemberRole
} from './organisation.ts';
import { asInvalid, type Invalid } from './refusal.ts';
import { acceptSuccession, type SuccessionAcceptRefusal } from './succession-accept.server.ts';

const DAY_MS = 86_400_000;

/** `by_office`: the office asks for a new representative; its invitation is not the group's to cancel. */
export interface OpenInvitation { id: string; email: string; role: MemberRole; invited_by_name: string; by_office: boolean; created_at: Date; expires_at: Date }

/** Who asks, as others read it: of the office's people the section, not the person. */
const inviter = (sql: Sql): Statement => sql`
  case when i.succession_id is null then a.name else (select c.city_name || ' ' || c.section_name from city_settings c) end as invited_by_name`;

/** Invitations of the group that can still be accepted, newest first; [] for anybody but its members. */
export async function openInvitations(sql: Sql, organisationId: string, accountId: string): Promise<OpenInvitation[]> {
  if (!isUuid(organisationId)) return [];
  return sql<OpenInvitation[]>`
    select i.id, i.email, i.role, ${inviter(sql)}, i.succession_id is not null as by_office, i.created_at, i.expires_at
    from organisation_invitation i join organisation o on o.id = i.organisation_id join account a on a.id = i.invited_by
    where i.organisation_id = ${organisationId} and ${isMember(sql, accountId)}
      and i.accepted_at is null and i.cancelled_at is null and i.expires_at > now()
    order by i.id desc limit 100`;
}

export type InviteRefusal =
  | { ok: false; reason: 'not_found' | 'not_allowed' | 'has_representative' | 'already_member' | 'too_many' | 'too_many_today' | 'office_acting' }
  | Throttled | ResetRequired;

/** Invites by mail. An older open invitation to the same address is cancelled: only the newest link works. The link is in the mail alone. */
export async function invite(
  tx: Tx, accountId: string, organisationId: string, value: { email: string; role: MemberRole }, clientKey: string, now = new Date()
): Promise<{ ok: true; id: string } | InviteRefusal> {
  const group = await lockForMember(tx, organisationId, accountId);
  if (!group) return { ok: false, reason: 'not_found' };
  if (!mayManageMembers(group.membership.role, group.has_representative)) return { ok: false, reason: 'not_allowed' };
  if (value.role === 'representative' && group.has_representative) return { ok: false, reason: 'has_representative' };
  if (value.role === 'representative' && (await isOfficeActing(tx, organisationId))) return { ok: false, reason: 'office_acting' };
  const refused = await whyNoRoom(tx, organisationId, accountId, value.email);
  if (refused) return { ok: false, reason: refused };
  const taken = await takeMail(tx, value.email, clientKey, now);
  if (!taken.ok) return taken;

  await tx`
    update organisation_invitation set cancelled_at = now()
    where organisation_id = ${organisationId} and lower(email) = ${foldEmail(value.email)} and accepted_at is null and cancelled_at is null and succession_id is null`;
  const { id, expires_at } = await sendInvitation(tx, { organisationId, name: group.name, ...value, invitedBy: accountId, days: INVITATION_DAYS, succession: null }, now);
  await audit.record(tx, {
    action: 'organisation.invite', subject: ['organisation', organisationId],
    after: { invitation_id: id, email: value.email, role: value.role, expires_at }
  });
  return { ok: true, id };
}

export interface Outgoing { organisationId: string; name: string; email: string; role: MemberRole; invitedBy: string; days: number; succession: string | null }

/** Writes the invitation and its mail. The caller has decided that it may be sent, and records it. */
export async function sendInvitation(tx: Tx, out: Outgoing, now: Date): Promise<{ id: string; expires_at: Date }> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + out.days * DAY_MS);
  const [row] = await tx<{ id: string }[]>`
    insert into organisation_invitation (organisation_id, email, role, token_hash, invited_by, succession_id, created_at, expires_at)
    values (${out.organisationId}, ${out.email}, ${out.role}, ${hashSecret(token)}, ${out.invitedBy}, ${out.succession}, ${now}, ${expiresAt}) returning id`;
  const id = row!.id;
  await enqueue(tx, {
    to: out.email, template: 'organisation_invitation', dedupeKey: `organisation_invitation:${id}`,
    data: { organisationName: out.name, url: `/my/invitations/${token}`, expiresAt }
  });
  return { id, expires_at: expiresAt };
}

async function whyNoRoom(tx: Tx, organisationId: string, accountId: string, email: string): Promise<'already_member' | 'too_many' | 'too_many_today' | null> {
  const [known] = await tx`
    select 1 as found from organisation_member m join account a on a.id = m.account_id
    where m.organisation_id = ${organisationId} and a.email_folded = ${foldEmail(email)} and ${isCurrent(tx)} limit 1`;
  if (known) return 'already_member';
  // By person as well: somebody who founds group after group must not get a new allowance with each.
  const [sent] = await tx<{ today: number; open: number }[]>`
    select count(*) filter (where created_at > now() - interval '1 day')::int as today,
      count(*) filter (where organisation_id = ${organisationId} and accepted_at is null and cancelled_at is null and expires_at > now())::int as open
    from organisation_invitation where organisation_id = ${organisationId} or invited_by = ${accountId}`;
  if (sent!.today >= MAX_INVITATIONS_PER_DAY) return 'too_many_today';
  return (await countMembers(tx, organisationId)) + sent!.open >= MAX_MEMBERS ? 'too_many' : null;
}

/** Makes an open invitation worthless. The office's own is taken back by the office. */
export async function cancelInvitation(tx: Tx, accountId: string, organisationId: string, invitationId: string): Promise<
  { ok: true } | { ok: false; reason: 'not_found' | 'not_allowed' | 'over' }
> {
  const group = await lockForMember(tx, organisationId, accountId);
  if (!group || !isUuid(invitationId)) return { ok: false, reason: 'not_found' };
  if (!mayManageMembers(group.membership.role, group.has_representative)) return { ok: false, reason: 'not_allowed' };
  const [row] = await tx<{ email: string }[]>`
    update organisation_invitation set cancelled_at = now()
    where id = ${invitationId} and organisation_id = ${organisationId} and accepted_at is null and cancelled_at is null and succession_id is null returning email`;
  if (!row) return { ok: false, reason: 'over' };
  await audit.record(tx, { action: 'organisation.cancel_invitation', subject: ['organisation', organisationId], before: { invitation_id: invitationId, email: row.email } });
  return { ok: true };
}

export interface Invitation {
  organisation_id: string;
  organisation_name: string;
  kind: Kind;
  role: MemberRole;
  invited_by_name: string;
  /** From which day the new representative acts, when the office asked for one; null otherwise. */
  effective_on: Day | null;
  expires_at: Date;
  state: 'open' | 'accepted' | 'cancelled' | 'expired';
}

/** What a link invites to, without using it: programs that scan mail open links, too. Null for a link that never was. */
export async function readInvitation(sql: Sql, token: string): Promise<Invitation | null> {
  if (!looksLikeSecret(token)) return null;
  const [row] = await sql<Invitation[]>`
    select i.organisation_id, o.name as organisation_name, o.kind, i.role, ${inviter(sql)}, i.expires_at,
      (select s.effective_on from representative_succession s where s.id = i.succession_id) as effective_on,
      case when i.accepted_at is not null then 'accepted' when i.cancelled_at is not null then 'cancelled'
        when i.expires_at <= now() then 'expired' else 'open' end as state
    from organisation_invitation i join organisation o on o.id = i.organisation_id join account a on a.id = i.invited_by
    where i.token_hash = ${hashSecret(token)}`;
  return row ?? null;
}

export type AcceptRefusal =
  | { ok: false; reason: 'not_found' | 'over' | 'already_member' | 'has_representative' | 'too_many' | 'too_many_groups' }
  | SuccessionAcceptRefusal | Invalid;

/**
 * Accepts for the account that is signed in; its address needn't be the invited one, and both are recorded.
 * Of simultaneous answers exactly one counts. A refusal leaves the invitation open.
 */
export async function acceptInvitation(tx: Tx, accountId: string, token: string): Promise<{ ok: true; organisation_id: string } | AcceptRefusal> {
  const invitation = await readInvitation(tx, token);
  if (!invitation || !(await lockGroup(tx, invitation.organisation_id))) return { ok: false, reason: 'not_found' };
  const organisationId = invitation.organisation_id;
  const [used] = await tx<{ id: string; email: string; role: MemberRole; succession_id: string | null }[]>`
    update organisation_invitation set accepted_at = now()
    where token_hash = ${hashSecret(token)} and accepted_at is null and cancelled_at is null and expires_at > now()
    returning id, email, role, succession_id`;
  if (!used) return { ok: false, reason: 'over' };
  if (used.succession_id) return acceptSuccession(tx, accountId, organisationId, { id: used.id, email: used.email, succession_id: used.succession_id });
  const refused = await whyNotJoin(tx, accountId, organisationId, used.role);
  if (refused) return { ok: false, reason: refused };
  try {
    const [member] = await tx<{ id: string; from_on: string; account_email: string }[]>`
      insert into organisation_member (organisation_id, account_id, role, from_on)
      values (${organisationId}, ${accountId}, ${used.role}, current_date)
      returning id, from_on, (select email from account where id = account_id) as account_email`;
    await audit.record(tx, {
      action: 'organisation.accept_invitation', subject: ['organisation', organisationId],
      after: {
        invitation_id: used.id, member_id: member!.id, account_id: accountId, role: used.role, from_on: member!.from_on,
        invited_email: used.email, account_email: member!.account_email
      }
    });
    return { ok: true, organisation_id: organisationId };
  } catch (error) {
    return asInvalid(error);
  }
}

async function whyNotJoin(tx: Tx, accountId: string, organisationId: string, role: MemberRole): Promise<'already_member' | 'has_representative' | 'too_many' | 'too_many_groups' | null> {
  const [already] = await tx`
    select 1 as found from organisation_member m
    where m.organisation_id = ${organisationId} and m.account_id = ${accountId} and (m.to_on is null or m.to_on > current_date) limit 1`;
  if (already) return 'already_member';
  if (role === 'representative' && (await hasRepresentative(tx, organisationId))) return 'has_representative';
  if ((await countMembers(tx, organisationId)) >= MAX_MEMBERS) return 'too_many';
  return (await countGroups(tx, accountId)) >= MAX_GROUPS_PER_ACCOUNT ? 'too_many_groups' : null;
}
