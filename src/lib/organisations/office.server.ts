/** A group as the office reads it: found by name, with its people, invitations and history. Closed to whoever acts for it. */
import type { Sql, Statement } from '../db/db.server.ts';
import { isUuid } from '../forms/ids.ts';
import { foldKana } from '../forms/text.ts';
import type { Day } from '../time/day.ts';
import { isCurrent, notOwn } from './membership.server.ts';
import type { Dossier, Kind, MemberRole } from './organisation.ts';
import { readDossier } from './store.server.ts';
import { GROUP_EVENT_WORDS, type Ground } from './succession.ts';

export const GROUPS_PER_PAGE = 50;

export interface GroupRow {
  id: string; name: string; name_kana: string; kind: Kind; representative_title: string; representative_name: string;
  district_name: string | null;
  /** People who act for it today. */
  members: number;
  has_representative: boolean;
}

/** How many act for group `g` today, and whether one of them represents it. */
const peopleOf = (sql: Sql): Statement => sql`
  select count(*)::int as members, coalesce(bool_or(m.role = 'representative'), false) as has_representative
  from organisation_member m where m.organisation_id = g.id and ${isCurrent(sql)}`;

/**
 * Groups in the order of their reading, one page after the group `after`. `search` finds a part of the name, the reading
 * (typed in any kana) or the representative's name, whatever spaces stand in between.
 */
export async function listGroups(sql: Sql, accountId: string, { search, after }: { search: string; after: string | null }): Promise<{ rows: GroupRow[]; next: string | null }> {
  const wanted = [...new Set([search, foldKana(search)])].filter((one) => one.trim() !== '');
  const words = sql`portal.organisation_words(o.name, o.name_kana, o.representative_name)`;
  // The index narrows to groups with all the pairs of letters; whether they stand in a row is looked at afterwards.
  // Each as a query of its own, so that it is worked out once and not for every row.
  const found = wanted.map((one) => sql`(o.grams @> (select portal.search_keys(${one})) and position((select portal.search_text(${one})) in portal.search_text(${words})) > 0)`);
  const [first, second] = found;
  const rows = await sql<GroupRow[]>`
    with page as (
      select o.id, o.name, o.name_kana, o.kind, o.representative_title, o.representative_name, o.district_id from organisation o
      where ${notOwn(sql, accountId)}
      ${first ? (second ? sql`and (${first} or ${second})` : sql`and ${first}`) : sql``}
      ${isUuid(after) ? sql`and (o.name_kana, o.id) > ((select p.name_kana from organisation p where p.id = ${after}), ${after}::uuid)` : sql``}
      order by o.name_kana, o.id limit ${GROUPS_PER_PAGE + 1}
    )
    select g.id, g.name, g.name_kana, g.kind, g.representative_title, g.representative_name, d.name as district_name, n.members, n.has_representative
    from page g left join district d on d.id = g.district_id
    cross join lateral (${peopleOf(sql)}) n
    order by g.name_kana, g.id`;
  return { rows: rows.slice(0, GROUPS_PER_PAGE), next: rows.length > GROUPS_PER_PAGE ? rows[GROUPS_PER_PAGE - 1]!.id : null };
}

/** The group's dossier for an officer who does not act for it; null otherwise. */
export async function forOffice(sql: Sql, organisationId: string, accountId: string): Promise<Dossier | null> {
  return readDossier(sql, organisationId, notOwn(sql, accountId));
}

export type TermState = 'current' | 'coming' | 'over';
export interface Term {
  id: string; account_id: string; name: string; email: string; disabled: boolean; role: MemberRole; from_on: Day; to_on: Day | null; state: TermState;
  /** Why the office ended it, when it did. */
  ending: (Ground & { ended_by_name: string; ended_at: Date }) | null;
}

/** Everybody who acts, will act or acted for the group: current terms first, the representative on top. */
export async function terms(sql: Sql, organisationId: string, accountId: string): Promise<Term[]> {
  if (!isUuid(organisationId)) return [];
  return sql<Term[]>`
    select m.id, m.account_id, a.name, a.email, a.disabled_at is not null as disabled, m.role, m.from_on, m.to_on,
      case when ${isCurrent(sql)} then 'current' when m.from_on > current_date and (m.to_on is null or m.to_on > m.from_on) then 'coming' else 'over' end as state,
      case when e.id is not null then json_build_object('reason', e.reason, 'reason_note', e.reason_note, 'proof', e.proof, 'proof_note', e.proof_note, 'ended_by_name', b.name, 'ended_at', e.ended_at) end as ending
    from organisation_member m join organisation o on o.id = m.organisation_id join account a on a.id = m.account_id
    left join lateral (select * from membership_ending e where e.member_id = m.id order by e.id desc limit 1) e on true
    left join account b on b.id = e.ended_by
    where m.organisation_id = ${organisationId} and ${notOwn(sql, accountId)} and not (m.to_on is not null and m.to_on = m.from_on and exists (
      select from organisation_member later where later.organisation_id = m.organisation_id and later.account_id = m.account_id
        and later.from_on = m.from_on and later.id > m.id))
    order by case when ${isCurrent(sql)} then 0 when m.from_on > current_date then 1 else 2 end, m.role desc, m.from_on desc, m.id desc limit 300`;
}

export interface InvitationRow { id: string; email: string; role: MemberRole; invited_by_name: string; by_office: boolean; created_at: Date; expires_at: Date }

/** Invitations that can still be accepted, newest first. */
export async function invitations(sql: Sql, organisationId: string, accountId: string): Promise<InvitationRow[]> {
  if (!isUuid(organisationId)) return [];
  return sql<InvitationRow[]>`
    select i.id, i.email, i.role, a.name as invited_by_name, i.succession_id is not null as by_office, i.created_at, i.expires_at
    from organisation_invitation i join organisation o on o.id = i.organisation_id join account a on a.id = i.invited_by
    where i.organisation_id = ${organisationId} and ${notOwn(sql, accountId)} and i.accepted_at is null and i.cancelled_at is null and i.expires_at > now()
    order by i.id desc limit 100`;
}

export interface GroupEvent { at: Date; action: string; actor_name: string | null }

/** What happened to the group, newest first, from the audit record: the events named in GROUP_EVENT_WORDS. */
export async function groupTimeline(sql: Sql, organisationId: string, accountId: string): Promise<GroupEvent[]> {
  if (!isUuid(organisationId)) return [];
  return sql<GroupEvent[]>`
    select e.at, e.action, p.name as actor_name from organisation o
    join audit_entry e on e.subject_kind = 'organisation' and e.subject_id = o.id::text and e.action = any(${Object.keys(GROUP_EVENT_WORDS)})
    left join account p on 'account:' || p.id = e.actor
    where o.id = ${organisationId} and ${notOwn(sql, accountId)} order by e.seq desc limit 50`;
}
