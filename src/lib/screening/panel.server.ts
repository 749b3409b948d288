/** Assignments and declarations of interest. A declared interest closes the application to that member in every query here. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState } from '../applications/application.ts';
import { readSnapshot, type Snapshot } from '../applications/snapshot.ts';
import * as mail from '../mail/outbox.server.ts';
import { isCurrent } from '../organisations/membership.server.ts';

/**
 * For WHERE: application `a` is not closed to this account: it declared no interest in it as a committee member, and it
 * does not act for the group. Nobody checks, decides or reads the office's notes on what they applied for themselves (AZ-6).
 */
export const openTo = (sql: Sql, accountId: string): Statement => sql`(not exists (
  select from panel_assignment cp join interest_declaration cd on cd.assignment_id = cp.id and cd.conflicted
  where cp.application_id = a.id and cp.account_id = ${accountId})
  and not exists (select from organisation_member m where m.organisation_id = a.organisation_id and m.account_id = ${accountId} and ${isCurrent(sql)}))`;

/** People who sit on the committee now. */
export async function committee(sql: Sql): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    select a.id, a.name from account a where a.disabled_at is null and exists (
      select from staff_role r where r.account_id = a.id and r.role = 'committee'
      and r.from_on <= current_date and (r.to_on is null or r.to_on > current_date))
    order by a.name, a.id limit 100`;
}

export interface PanelMember { assignment_id: string; account_id: string; name: string; conflicted: boolean | null; note: string; submitted_at: Date | null }

/** Who is assigned to an application, and how far each is. Scores are not part of it. */
export async function members(sql: Sql, applicationId: string): Promise<PanelMember[]> {
  return sql<PanelMember[]>`
    select p.id as assignment_id, p.account_id, a.name, d.conflicted, coalesce(d.note, '') as note, s.submitted_at
    from panel_assignment p join account a on a.id = p.account_id
    left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
    where p.application_id = ${applicationId} order by a.name, p.id`;
}

export interface Assignable { id: string; receipt_number: string; project_title: string; organisation_name: string; members: string[] }

/** Accepted applications of a round with the names already assigned, as this officer may see them. */
export async function assignable(sql: Sql, editionId: string, viewerId: string): Promise<Assignable[]> {
  return sql<Assignable[]>`
    select a.id, a.receipt_number, a.project_title, o.name as organisation_name,
      array(select c.name from panel_assignment p join account c on c.id = p.account_id where p.application_id = a.id order by c.name, p.id) as members
    from application a join organisation o on o.id = a.organisation_id
    where a.edition_id = ${editionId} and a.state = 'accepted' and ${openTo(sql, viewerId)} order by a.receipt_number limit 1000`;
}

export type AssignResult = { ok: true; added: number; skipped: number } | { ok: false; reason: 'not_found' | 'not_committee' | 'member_of_group' };

/**
 * Assigns committee members to accepted applications; who is assigned already stays so. Nobody is assigned to an
 * application of a group they act or acted for: with one application that is refused, with many those are left out.
 */
export async function assign(tx: Tx, officerId: string, applicationIds: string[], accountIds: string[], origin: string): Promise<AssignResult> {
  const known = new Set((await committee(tx)).map((member) => member.id));
  if (accountIds.length === 0 || accountIds.some((id) => !known.has(id))) return { ok: false, reason: 'not_committee' };
  const wanted = [...new Set(applicationIds)];
  const open = await tx`select id from application where id = any(${wanted}::uuid[]) and state = 'accepted' order by id for update`;
  if (wanted.length === 0 || open.length !== wanted.length) return { ok: false, reason: 'not_found' };
  const own = await tx<{ application_id: string; account_id: string }[]>`
    select distinct a.id as application_id, m.account_id from application a join organisation_member m on m.organisation_id = a.organisation_id
    where a.id = any(${wanted}::uuid[]) and m.account_id = any(${accountIds}::uuid[])`;
  if (wanted.length === 1 && own.length > 0) return { ok: false, reason: 'member_of_group' };
  const pairs = wanted.flatMap((application_id) => accountIds.map((account_id) => ({ application_id, account_id, assigned_by: officerId })))
    .filter((pair) => !own.some((mine) => mine.application_id === pair.application_id && mine.account_id === pair.account_id));
  const added = pairs.length === 0 ? [] : await tx<{ id: string; application_id: string; account_id: string }[]>`
    insert into panel_assignment ${tx(pairs)} on conflict (application_id, account_id) do nothing returning id, application_id, account_id`;
  for (const accountId of new Set(added.map((row) => row.account_id))) {
    const [account] = await tx<{ email: string }[]>`select email from account where id = ${accountId}`;
    const first = added.find((row) => row.account_id === accountId)!;
    await mail.enqueue(tx, { to: account!.email, template: 'committee_assignment', dedupeKey: `assignment:${first.id}`, data: { url: `${origin}/panel` } });
  }
  for (const id of wanted) {
    const here = added.filter((row) => row.application_id === id).map((row) => row.account_id);
    if (here.length > 0) await audit.record(tx, { action: 'panel.assign', subject: ['application', id], after: { members: here } });
  }
  // An insert that added nothing still fired the statement trigger that asks for a record.
  if (added.length === 0 && pairs.length > 0) await audit.record(tx, { action: 'panel.assign', subject: ['application', wanted[0]!], after: { members: [] } });
  return { ok: true, added: added.length, skipped: own.length };
}

export interface MyAssignment {
  id: string; application_id: string; edition_id: string; edition_name: string; receipt_number: string; state: ApplicationState;
  /** Title, group and representative: what a member needs to know to say whether there is an interest. Empty after one was declared. */
  project_title: string; organisation_name: string; representative_name: string;
  conflicted: boolean | null;
  /** Criteria with points and a reason so far, of how many. */
  scored: number; criteria: number;
  submitted_at: Date | null;
}

const mineOf = (sql: Sql, accountId: string): Statement => sql`
  select p.id, p.application_id, a.edition_id, e.name as edition_name, a.receipt_number, a.state,
    case when d.conflicted then '' else a.project_title end as project_title,
    case when d.conflicted then '' else o.name end as organisation_name,
    case when d.conflicted then '' else o.representative_name end as representative_name,
    d.conflicted, s.submitted_at,
    (select count(*) from score c where c.assignment_id = p.id and c.points is not null and c.reason <> '') as scored,
    (select count(*) from criterion c where c.edition_id = a.edition_id) as criteria
  from panel_assignment p join application a on a.id = p.application_id join organisation o on o.id = a.organisation_id
  join scheme_edition e on e.id = a.edition_id
  left join interest_declaration d on d.assignment_id = p.id left join score_sheet s on s.assignment_id = p.id
  where p.account_id = ${accountId}`;

/** A committee member's own assignments, newest round first. */
export async function mine(sql: Sql, accountId: string): Promise<MyAssignment[]> {
  return sql<MyAssignment[]>`${mineOf(sql, accountId)} order by e.fiscal_year desc, e.id, a.receipt_number, p.id limit 500`;
}

/** One assignment of this member, or null. */
export async function assignment(sql: Sql, assignmentId: string, accountId: string): Promise<MyAssignment | null> {
  const [row] = await sql<MyAssignment[]>`${mineOf(sql, accountId)} and p.id = ${assignmentId}`;
  return row ?? null;
}

/** The newest submission, for a member who declared no interest. Anybody else gets null. Whom the city telephones is the city's business: scoring needs no private number. */
export async function application(sql: Sql, assignmentId: string, accountId: string): Promise<Snapshot | null> {
  const [row] = await sql<{ snapshot: string }[]>`
    select s.snapshot from panel_assignment p
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join submission s on s.application_id = p.application_id
    where p.id = ${assignmentId} and p.account_id = ${accountId} order by s.round desc limit 1`;
  if (!row) return null;
  const snapshot = readSnapshot(row.snapshot);
  return { ...snapshot, sections: snapshot.sections.filter((part) => part.section !== 'contact') };
}

/** A submitted file, for a member who declared no interest; else null. */
export async function file(sql: Sql, assignmentId: string, accountId: string, fileId: string): Promise<string | null> {
  const [row] = await sql<{ file_id: string }[]>`
    select sf.file_id from panel_assignment p
    join interest_declaration d on d.assignment_id = p.id and not d.conflicted
    join submission s on s.application_id = p.application_id join submission_file sf on sf.submission_id = s.id
    where p.id = ${assignmentId} and p.account_id = ${accountId} and sf.file_id = ${fileId} limit 1`;
  return row?.file_id ?? null;
}

export interface Declaration { conflicted: boolean; note: string }
export type DeclareResult = { ok: true } | { ok: false; reason: 'not_found' | 'already' | 'closed' };

/**
 * Declares whether there is an interest. "None" is said once; an interest noticed later may still be declared while the
 * committee is at work (the sheet, submitted or not, no longer counts then). A declared interest is never taken back.
 */
export async function declare(tx: Tx, accountId: string, assignmentId: string, value: Declaration): Promise<DeclareResult> {
  // Locked like for scoring and for the draft of a decision, so that neither slips past a declaration.
  const [application] = await tx<{ id: string; state: ApplicationState }[]>`
    select a.id, a.state from panel_assignment p join application a on a.id = p.application_id
    where p.id = ${assignmentId} and p.account_id = ${accountId} for no key update of a`;
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'accepted') return { ok: false, reason: 'closed' };
  const [old] = await tx<{ conflicted: boolean }[]>`select conflicted from interest_declaration where assignment_id = ${assignmentId} for update`;
  if (old && (old.conflicted || !value.conflicted)) return { ok: false, reason: 'already' };
  await tx`
    insert into interest_declaration (assignment_id, conflicted, note) values (${assignmentId}, ${value.conflicted}, ${value.note})
    on conflict (assignment_id) do update set conflicted = excluded.conflicted, note = excluded.note, declared_at = now()`;
  await audit.record(tx, { action: 'panel.declare', subject: ['application', application.id], before: old, after: { assignment: assignmentId, ...value } });
  return { ok: true };
}
