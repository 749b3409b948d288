/** Beginning, saving and reading a draft. Every read and write of a group's page names the reader in its WHERE clause. */
import type { Sql, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { MAX_FILES_PER_APPLICATION } from '../files/limits.ts';
import { isCurrent } from '../organisations/membership.server.ts';
import { windowState } from '../schemes/scheme.ts';
import * as schemes from '../schemes/store.server.ts';
import type { Answers, AnswerSection, ApplicationState, BudgetLine, Section } from './application.ts';

export interface ApplicationRow {
  id: string;
  edition_id: string;
  organisation_id: string;
  organisation_name: string;
  my_role: 'representative' | 'member';
  project_title: string;
  receipt_number: string | null;
  state: ApplicationState;
  requested_yen: number | null;
  created_at: Date;
  submitted_at: Date | null;
}

/** Current membership of the viewer in the application's group, as a fragment for WHERE. */
const membership = (sql: Sql, accountId: string) => sql`
  m.organisation_id = a.organisation_id and m.account_id = ${accountId}
  and ${isCurrent(sql)}`;

const rowColumns = (sql: Sql) => sql`
  a.id, a.edition_id, a.organisation_id, o.name as organisation_name, m.role as my_role, a.project_title, a.receipt_number,
  a.state, a.requested_yen, a.created_at, a.submitted_at`;

/** The application when the account is a current member of its group, else null (the page answers 404). */
export async function forMember(sql: Sql, applicationId: string, accountId: string): Promise<ApplicationRow | null> {
  const [row] = await sql<ApplicationRow[]>`
    select ${rowColumns(sql)} from application a
    join organisation o on o.id = a.organisation_id
    join organisation_member m on ${membership(sql, accountId)}
    where a.id = ${applicationId}`;
  return row ?? null;
}

/** All applications of the groups an account acts for now, newest first, one page. */
export async function ofMember(sql: Sql, accountId: string, before: string | null = null, limit = 50): Promise<ApplicationRow[]> {
  return sql<ApplicationRow[]>`
    select ${rowColumns(sql)} from organisation_member m
    join application a on ${membership(sql, accountId)}
    join organisation o on o.id = a.organisation_id
    where m.account_id = ${accountId} ${before ? sql`and a.id < ${before}` : sql``}
    order by a.id desc limit ${limit}`;
}

/** Locks the application for a change by a current member; null when it is not theirs. */
async function lockForMember(tx: Tx, applicationId: string, accountId: string) {
  const [row] = await tx<{ id: string; edition_id: string; organisation_id: string; state: ApplicationState }[]>`
    select a.id, a.edition_id, a.organisation_id, a.state from application a
    join organisation_member m on ${membership(tx, accountId)}
    where a.id = ${applicationId} for update of a`;
  return row ?? null;
}

export type BeginResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_member' | 'no_edition' | 'not_open' };

/** Begins a draft for a group the account acts for. Refuses outside the window: a draft that cannot be sent helps nobody. */
export async function begin(tx: Tx, accountId: string, organisationId: string, editionId: string): Promise<BeginResult> {
  const [member] = await tx`
    select from organisation_member m where m.organisation_id = ${organisationId} and m.account_id = ${accountId}
    and ${isCurrent(tx)}`;
  if (!member) return { ok: false, reason: 'not_member' };
  const edition = await schemes.edition(tx, editionId);
  const at = await schemes.now(tx);
  if (!edition || windowState(edition, at) === 'unpublished') return { ok: false, reason: 'no_edition' };
  if (windowState(edition, at) !== 'open') return { ok: false, reason: 'not_open' };
  const [row] = await tx<{ id: string }[]>`
    insert into application (edition_id, organisation_id, created_by) values (${editionId}, ${organisationId}, ${accountId}) returning id`;
  await audit.record(tx, { action: 'application.begin', subject: ['application', row!.id], after: { edition: editionId, organisation: organisationId } });
  return { ok: true, id: row!.id };
}

export interface SavedSection { section: AnswerSection | 'budget'; version: number; content: Answers; saved_at: Date; saved_by_name: string }

export async function sections(sql: Sql, applicationId: string): Promise<SavedSection[]> {
  return sql<SavedSection[]>`
    select s.section, s.version, s.content, s.saved_at, p.name as saved_by_name
    from application_section s join account p on p.id = s.saved_by where s.application_id = ${applicationId}`;
}

export async function budgetLines(sql: Sql, applicationId: string): Promise<BudgetLine[]> {
  return sql<BudgetLine[]>`
    select side, category_id, item, amount_yen, basis from budget_line where application_id = ${applicationId} order by side, position`;
}

/** Sections that may be changed now: all of a draft, the named ones of an open correction, none afterwards. */
export async function openSections(sql: Sql, applicationId: string, state: ApplicationState): Promise<Section[] | 'all'> {
  if (state === 'draft') return 'all';
  if (state !== 'correction') return [];
  const rows = await sql<{ section: Section }[]>`
    select i.section from correction_request r join correction_item i on i.request_id = r.id
    where r.application_id = ${applicationId} and r.answered_by_submission is null and r.cancelled_at is null`;
  return rows.map((row) => row.section);
}

export type SaveResult =
  | { ok: true; version: number }
  | { ok: false; reason: 'not_found' | 'locked' }
  | { ok: false; reason: 'stale'; current: SavedSection };

/** Checks that this member may change this section now, and that nobody saved it since it was shown. */
async function openForChange(tx: Tx, applicationId: string, accountId: string, section: AnswerSection | 'budget', seenVersion: number): Promise<
  { ok: true; organisationId: string; before: SavedSection | undefined } | Extract<SaveResult, { ok: false }>> {
  const application = await lockForMember(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  const open = await openSections(tx, applicationId, application.state);
  if (open !== 'all' && !open.includes(section)) return { ok: false, reason: 'locked' };
  const before = (await sections(tx, applicationId)).find((row) => row.section === section);
  // A section nobody ever saved holds nothing that could be lost.
  if (before && before.version !== seenVersion) return { ok: false, reason: 'stale', current: before };
  return { ok: true, organisationId: application.organisation_id, before };
}

/** Saves one section's answers. Incomplete answers are welcome: what is missing is told, not refused. */
export async function saveAnswers(tx: Tx, accountId: string, applicationId: string, section: AnswerSection, answers: Answers, seenVersion: number): Promise<SaveResult> {
  const open = await openForChange(tx, applicationId, accountId, section, seenVersion);
  if (!open.ok) return open;
  const version = await putSection(tx, accountId, applicationId, section, answers);
  if (section === 'project') {
    await tx`update application set project_title = ${String(answers.title ?? '')} where id = ${applicationId} and submitted_at is null`;
  }
  await audit.record(tx, { action: 'application.save', subject: ['application', applicationId], before: { [section]: open.before?.content ?? null }, after: { [section]: answers } });
  return { ok: true, version };
}

/** Replaces the whole budget: its lines and the amount asked for (null: all that the rule gives). */
export async function saveBudget(tx: Tx, accountId: string, applicationId: string, lines: BudgetLine[], askedYen: number | null, seenVersion: number): Promise<SaveResult> {
  const open = await openForChange(tx, applicationId, accountId, 'budget', seenVersion);
  if (!open.ok) return open;
  const before = { lines: await budgetLines(tx, applicationId), asked_yen: open.before?.content.asked_yen ?? null };
  await tx`delete from budget_line where application_id = ${applicationId}`;
  if (lines.length > 0) {
    await tx`insert into budget_line ${tx(lines.map((line, position) => ({ application_id: applicationId, position, ...line })))}`;
  }
  const version = await putSection(tx, accountId, applicationId, 'budget', { asked_yen: askedYen });
  await audit.record(tx, { action: 'application.save', subject: ['application', applicationId], before: { budget: before }, after: { budget: { lines, asked_yen: askedYen } } });
  return { ok: true, version };
}

async function putSection(tx: Tx, accountId: string, applicationId: string, section: string, content: Answers): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    insert into application_section (application_id, section, content, saved_by)
    values (${applicationId}, ${section}, ${tx.json(content)}, ${accountId})
    on conflict (application_id, section) do update
      set content = excluded.content, saved_by = excluded.saved_by, saved_at = now(), version = application_section.version + 1
    returning version`;
  return row!.version;
}

export interface AttachedFile {
  file_id: string; paper_id: string; paper_name: string; name: string; media_type: string; bytes: number; pages: number | null; sha256: string; added_at: Date;
}

export async function attachedFiles(sql: Sql, applicationId: string): Promise<AttachedFile[]> {
  return sql<AttachedFile[]>`
    select f.id as file_id, p.id as paper_id, p.name as paper_name, f.original_name as name, f.media_type, f.bytes_count as bytes, f.pages, encode(f.sha256, 'hex') as sha256, af.added_at
    from application_file af join stored_file f on f.id = af.file_id join required_paper p on p.id = af.paper_id
    where af.application_id = ${applicationId} order by p.position, af.added_at, f.id`;
}

export type AttachResult = { ok: true } | { ok: false; reason: 'not_found' | 'locked' | 'unknown_paper' | 'too_many' | 'no_room' };

/** Links a file to the application as one of its papers; `keep` stores it, or answers null when there is no room. */
export async function attach(tx: Tx, accountId: string, applicationId: string, paperId: string, keep: (organisationId: string) => Promise<string | null>): Promise<AttachResult> {
  const application = await lockForMember(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  const open = await openSections(tx, applicationId, application.state);
  if (open !== 'all' && !open.includes('papers')) return { ok: false, reason: 'locked' };
  const [paper] = await tx`select from required_paper where id = ${paperId} and edition_id = ${application.edition_id}`;
  if (!paper) return { ok: false, reason: 'unknown_paper' };
  const [count] = await tx<{ n: number }[]>`select count(*) as n from application_file where application_id = ${applicationId}`;
  if (count!.n >= MAX_FILES_PER_APPLICATION) return { ok: false, reason: 'too_many' };
  const fileId = await keep(application.organisation_id);
  if (fileId === null) return { ok: false, reason: 'no_room' };
  await tx`insert into application_file (application_id, file_id, paper_id, added_by) values (${applicationId}, ${fileId}, ${paperId}, ${accountId})`;
  await audit.record(tx, { action: 'application.attach', subject: ['application', applicationId], after: { file: fileId, paper: paperId } });
  return { ok: true };
}

/** Takes a file off the application. What was already part of a submission stays kept there. */
export async function detach(tx: Tx, accountId: string, applicationId: string, fileId: string): Promise<AttachResult> {
  const application = await lockForMember(tx, applicationId, accountId);
  if (!application) return { ok: false, reason: 'not_found' };
  const open = await openSections(tx, applicationId, application.state);
  if (open !== 'all' && !open.includes('papers')) return { ok: false, reason: 'locked' };
  const gone = await tx`delete from application_file where application_id = ${applicationId} and file_id = ${fileId} returning file_id`;
  if (gone.length === 0) return { ok: false, reason: 'not_found' };
  await audit.record(tx, { action: 'application.detach', subject: ['application', applicationId], before: { file: fileId } });
  return { ok: true };
}

/** The file's id when it belongs to this application and the account may read it, else null. */
export async function fileForMember(sql: Sql, applicationId: string, fileId: string, accountId: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select f.id from application a join organisation_member m on ${membership(sql, accountId)}
    join stored_file f on f.id = ${fileId}
    where a.id = ${applicationId} and (
      exists (select from application_file af where af.application_id = a.id and af.file_id = f.id)
      or exists (select from submission s join submission_file sf on sf.submission_id = s.id where s.application_id = a.id and sf.file_id = f.id))`;
  return row?.id ?? null;
}
