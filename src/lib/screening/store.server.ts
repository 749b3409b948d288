/** Checks, correction requests, acceptance and dismissal by an officer. Each locks the application and refuses an order that cannot be. */
import { createHash } from 'node:crypto';
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import type { ApplicationState, Section, WaitingFor } from '../applications/application.ts';
import * as mail from '../mail/outbox.server.ts';
import * as organisations from '../organisations/copy.server.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { dayOf } from '../time/day.ts';
import { openTo } from './panel.server.ts';
import type { CheckResult } from './screening.ts';

export interface OfficeApplication {
  id: string;
  edition_id: string;
  organisation_id: string;
  organisation_name: string;
  edition_name: string;
  project_title: string;
  receipt_number: string;
  state: ApplicationState;
  waiting_for: WaitingFor;
  eligible_yen: number;
  computed_yen: number;
  requested_yen: number;
  submitted_at: Date;
  assigned_to: string | null;
  assigned_name: string | null;
}

/**
 * A submitted application for the office; drafts belong to their groups and are not found here.
 * Somebody who also sits on the committee and declared an interest does not find it through the office either.
 */
export async function forOffice(sql: Sql, applicationId: string, accountId: string): Promise<OfficeApplication | null> {
  const [row] = await sql<OfficeApplication[]>`
    select a.id, a.edition_id, a.organisation_id, o.name as organisation_name, e.name as edition_name, a.project_title, a.receipt_number, a.state, a.waiting_for,
      a.eligible_yen, a.computed_yen, a.requested_yen, a.submitted_at, a.assigned_to, c.name as assigned_name
    from application a join organisation o on o.id = a.organisation_id join scheme_edition e on e.id = a.edition_id left join account c on c.id = a.assigned_to
    where a.id = ${applicationId} and a.submitted_at is not null and ${openTo(sql, accountId)}`;
  return row ?? null;
}

/** The application locked for a change by the transaction's actor; null when there is none, or none for them. */
async function lock(tx: Tx, applicationId: string) {
  const [kind, accountId] = tx.actor.name.split(':');
  const [row] = await tx<{ id: string; organisation_id: string; edition_id: string; state: ApplicationState; receipt_number: string; assigned_to: string | null }[]>`
    select a.id, a.organisation_id, a.edition_id, a.state, a.receipt_number, a.assigned_to from application a
    where a.id = ${applicationId} and a.submitted_at is not null ${kind === 'account' ? tx`and ${openTo(tx, accountId!)}` : tx``} for update of a`;
  return row ?? null;
}

/** Whether the newest submission is still the one an officer looked at; without `seen` (a loader looks at nothing) it is. */
async function isNewest(tx: Tx, applicationId: string, seen: string | undefined): Promise<boolean> {
  if (seen === undefined) return true;
  return (await newestSubmission(tx, applicationId)) === seen;
}

/** The id of the newest submission; what an officer decides on names it, so that a correction arriving meanwhile is noticed. */
export async function newestSubmission(sql: Sql, applicationId: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`select id from submission where application_id = ${applicationId} order by round desc limit 1`;
  return row?.id ?? null;
}

export type Refused = { ok: false; reason: 'not_found' | 'wrong_state' };
export type Overtaken = { ok: false; reason: 'changed' };

/** Officers this application can be assigned to: those who hold the role now, do not act for the group, and declared no interest. */
export async function officers(sql: Sql, applicationId: string): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    select c.id, c.name from application a join account c on c.disabled_at is null
    where a.id = ${applicationId} and exists (
      select from staff_role r where r.account_id = c.id and r.role = 'officer' and r.from_on <= current_date and (r.to_on is null or r.to_on > current_date))
    and not exists (select from organisation_member m where m.organisation_id = a.organisation_id and m.account_id = c.id and ${isCurrent(sql)})
    and not exists (select from panel_assignment p join interest_declaration d on d.assignment_id = p.id and d.conflicted where p.application_id = a.id and p.account_id = c.id)
    order by c.name, c.id limit 200`;
}

export type AssignResult = { ok: true } | Refused | Overtaken | { ok: false; reason: 'not_officer' };

/** Gives the application to an officer, or to nobody (null). `seen` is who had it when the form was shown. */
export async function assign(tx: Tx, applicationId: string, officerId: string | null, seen?: string | null): Promise<AssignResult> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (['decided', 'dismissed', 'withdrawn'].includes(application.state)) return { ok: false, reason: 'wrong_state' };
  if (seen !== undefined && application.assigned_to !== seen) return { ok: false, reason: 'changed' };
  if (officerId !== null && !(await officers(tx, applicationId)).some((officer) => officer.id === officerId)) return { ok: false, reason: 'not_officer' };
  await tx`update application set assigned_to = ${officerId} where id = ${applicationId}`;
  await audit.record(tx, { action: 'application.assign', subject: ['application', applicationId], before: { assigned_to: application.assigned_to }, after: { assigned_to: officerId } });
  return { ok: true };
}

export interface Check {
  requirement_id: string; name: string; article: string; result: CheckResult | null; reason: string; checked_at: Date | null; checked_by_name: string | null;
  /** Checked before the newest submission arrived: to be looked at again. */
  outdated: boolean;
}

/** Every requirement of the edition with what was found so far. */
export async function checks(sql: Sql, application: { id: string; edition_id: string }): Promise<Check[]> {
  return sql<Check[]>`
    select r.id as requirement_id, r.name, r.article, c.result, coalesce(c.reason, '') as reason, c.checked_at, p.name as checked_by_name,
      coalesce(c.checked_at < (select max(s.submitted_at) from submission s where s.application_id = ${application.id}), false) as outdated
    from requirement r left join screening_check c on c.requirement_id = r.id and c.application_id = ${application.id}
    left join account p on p.id = c.checked_by
    where r.edition_id = ${application.edition_id} order by r.position, r.id`;
}

export interface CheckValue { requirement_id: string; result: CheckResult; reason: string }

/** The mark of a checklist as it was shown, with the submission it was about. */
export const checksMark = (shown: Check[], submissionId: string | null): string =>
  createHash('sha256').update(JSON.stringify([submissionId, shown.map((check) => [check.requirement_id, check.result, check.reason, check.checked_at])])).digest('hex');

/**
 * Saves the checklist. Only while the application is with the officer; requirements of another edition are refused.
 * `seen` is the mark of the checklist the officer filled in: refuses when a colleague or a correction came in between.
 */
export async function saveChecks(tx: Tx, officerId: string, applicationId: string, values: CheckValue[], seen?: string): Promise<{ ok: true } | Refused | Overtaken | { ok: false; reason: 'unknown_requirement' }> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'submitted' && application.state !== 'correction') return { ok: false, reason: 'wrong_state' };
  const before = await checks(tx, application);
  if (seen !== undefined && checksMark(before, await newestSubmission(tx, applicationId)) !== seen) return { ok: false, reason: 'changed' };
  const known = new Set(before.map((check) => check.requirement_id));
  if (values.some((value) => !known.has(value.requirement_id))) return { ok: false, reason: 'unknown_requirement' };
  if (values.length > 0) {
    await tx`
      insert into screening_check ${tx(values.map((value) => ({ application_id: applicationId, ...value, checked_by: officerId })))}
      on conflict (application_id, requirement_id) do update
        set result = excluded.result, reason = excluded.reason, checked_by = excluded.checked_by, checked_at = now()`;
  }
  await audit.record(tx, {
    action: 'screening.check', subject: ['application', applicationId],
    before: Object.fromEntries(before.filter((check) => check.result).map((check) => [check.requirement_id, { result: check.result, reason: check.reason }])),
    after: Object.fromEntries(values.map((value) => [value.requirement_id, { result: value.result, reason: value.reason }]))
  });
  return { ok: true };
}

export interface CorrectionRequest {
  id: string; requested_at: Date; requested_by_name: string; due_on: string; message: string;
  answered_at: Date | null; answered_round: number | null; cancelled_at: Date | null; items: { section: Section; reason: string }[];
}

/** All correction requests of an application, newest first. */
export async function corrections(sql: Sql, applicationId: string): Promise<CorrectionRequest[]> {
  return sql<CorrectionRequest[]>`
    select r.id, r.requested_at, p.name as requested_by_name, r.due_on, r.message, s.submitted_at as answered_at, s.round as answered_round, r.cancelled_at,
      (select json_agg(json_build_object('section', i.section, 'reason', i.reason)) from correction_item i where i.request_id = r.id) as items
    from correction_request r join account p on p.id = r.requested_by left join submission s on s.id = r.answered_by_submission
    where r.application_id = ${applicationId} order by r.id desc limit 50`;
}

export type CorrectionResult = { ok: true; id: string } | Refused | Overtaken | { ok: false; reason: 'due_in_past' | 'no_sections' };

/** Asks the group to mend the named sections, each with its reason, by a day. Only those sections open. */
export async function requestCorrection(tx: Tx, officerId: string, applicationId: string, value: { due_on: string; message: string; items: { section: Section; reason: string }[] }, origin: string, seen?: string): Promise<CorrectionResult> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'submitted') return { ok: false, reason: 'wrong_state' };
  if (!(await isNewest(tx, applicationId, seen))) return { ok: false, reason: 'changed' };
  if (value.items.length === 0) return { ok: false, reason: 'no_sections' };
  const [clock] = await tx<{ now: Date }[]>`select now() as now`;
  if (value.due_on < dayOf(clock!.now)) return { ok: false, reason: 'due_in_past' };
  const [row] = await tx<{ id: string }[]>`
    insert into correction_request (application_id, requested_by, due_on, message) values (${applicationId}, ${officerId}, ${value.due_on}, ${value.message}) returning id`;
  await tx`insert into correction_item ${tx(value.items.map((item) => ({ request_id: row!.id, ...item })))}`;
  await tx`update application set correction_opened_at = now() where id = ${applicationId}`;
  await tellGroup(tx, application.organisation_id, 'correction_request', `correction:${row!.id}`, { receiptNumber: application.receipt_number, dueOn: value.due_on, url: `${origin}/my/applications/${applicationId}` });
  await audit.record(tx, { action: 'screening.correction', subject: ['application', applicationId], before: { state: 'submitted' }, after: { state: 'correction', request: row!.id, ...value } });
  return { ok: true, id: row!.id };
}

/** Takes an open correction request back and tells the group; the application is with the officer again. */
export async function cancelCorrection(tx: Tx, applicationId: string, origin: string): Promise<{ ok: true } | Refused> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'correction') return { ok: false, reason: 'wrong_state' };
  const [request] = await tx<{ id: string }[]>`
    update correction_request set cancelled_at = now()
    where application_id = ${applicationId} and answered_by_submission is null and cancelled_at is null returning id`;
  await tx`update application set correction_opened_at = null where id = ${applicationId}`;
  await tellGroup(tx, application.organisation_id, 'correction_cancelled', `correction_cancelled:${request!.id}`, { receiptNumber: application.receipt_number, url: `${origin}/my/applications/${applicationId}` });
  await audit.record(tx, { action: 'screening.cancel_correction', subject: ['application', applicationId], before: { state: 'correction' }, after: { state: 'submitted' } });
  return { ok: true };
}

export type AcceptResult = { ok: true } | Refused | Overtaken | { ok: false; reason: 'unchecked'; names: string[] };

/** 受理: the application goes to the committee. Refuses while a requirement is unchecked, not met, or checked before the newest correction. */
export async function accept(tx: Tx, officerId: string, applicationId: string, seen?: string): Promise<AcceptResult> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'submitted') return { ok: false, reason: 'wrong_state' };
  if (!(await isNewest(tx, applicationId, seen))) return { ok: false, reason: 'changed' };
  const open = (await checks(tx, application)).filter((check) => check.result !== 'met' || check.outdated);
  if (open.length > 0) return { ok: false, reason: 'unchecked', names: open.map((check) => check.name) };
  await tx`insert into screening_outcome (application_id, outcome, decided_by) values (${applicationId}, 'accepted', ${officerId})`;
  await tx`update application set accepted_at = now() where id = ${applicationId}`;
  await audit.record(tx, { action: 'screening.accept', subject: ['application', applicationId], before: { state: 'submitted' }, after: { state: 'accepted' } });
  return { ok: true };
}

/** 却下, with the reason the group is told. */
export async function dismiss(tx: Tx, officerId: string, applicationId: string, reason: string, origin: string, seen?: string): Promise<{ ok: true } | Refused | Overtaken> {
  const application = await lock(tx, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (application.state !== 'submitted' && application.state !== 'correction') return { ok: false, reason: 'wrong_state' };
  if (!(await isNewest(tx, applicationId, seen))) return { ok: false, reason: 'changed' };
  await tx`insert into screening_outcome (application_id, outcome, reason, decided_by) values (${applicationId}, 'dismissed', ${reason}, ${officerId})`;
  await tx`update correction_request set cancelled_at = now() where application_id = ${applicationId} and answered_by_submission is null and cancelled_at is null`;
  await tx`update application set dismissed_at = now(), correction_opened_at = null where id = ${applicationId}`;
  await tellGroup(tx, application.organisation_id, 'application_dismissed', `dismissed:${applicationId}`, { receiptNumber: application.receipt_number, url: `${origin}/my/applications/${applicationId}` });
  await audit.record(tx, { action: 'screening.dismiss', subject: ['application', applicationId], before: { state: application.state }, after: { state: 'dismissed', reason } });
  return { ok: true };
}

/** The outcome of screening with its reason, or null. */
export async function outcome(sql: Sql, applicationId: string) {
  const [row] = await sql<{ outcome: 'accepted' | 'dismissed'; reason: string; decided_at: Date; decided_by_name: string }[]>`
    select s.outcome, s.reason, s.decided_at, p.name as decided_by_name from screening_outcome s join account p on p.id = s.decided_by
    where s.application_id = ${applicationId}`;
  return row ?? null;
}

async function tellGroup(tx: Tx, organisationId: string, template: 'correction_request' | 'correction_cancelled' | 'application_dismissed', key: string, data: Record<string, string>) {
  for (const member of await organisations.mailAddresses(tx, organisationId)) {
    await mail.enqueue(tx, { to: member.email, template, dedupeKey: `${key}:${member.account_id}`, data } as Parameters<typeof mail.enqueue>[1]);
  }
}

/** The file's id when it was part of a submission of this application, else null. */
export async function submittedFile(sql: Sql, applicationId: string, fileId: string): Promise<string | null> {
  const [row] = await sql<{ file_id: string }[]>`
    select sf.file_id from submission s join submission_file sf on sf.submission_id = s.id
    where s.application_id = ${applicationId} and sf.file_id = ${fileId} limit 1`;
  return row?.file_id ?? null;
}
