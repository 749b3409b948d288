/** The dossier: making a group, reading it and changing what it says of itself. Members and papers live in the files beside. */
import type { Sql, Statement, Tx } from '../db/db.server.ts';
import * as audit from '../audit/audit.server.ts';
import { isUuid } from '../forms/ids.ts';
import { countGroups, currentMembership, isMember, lockForMember } from './membership.server.ts';
import { DOSSIER_LABELS, MAX_GROUPS_PER_ACCOUNT, type Dossier, type DossierValue, type Membership, type MemberRole } from './organisation.ts';
import { currentPapers } from './papers.server.ts';
import { asInvalid, type Invalid } from './refusal.ts';

export { currentMembership, ofViewer, type GroupOfViewer } from './membership.server.ts';

const FIELDS = Object.keys(DOSSIER_LABELS) as (keyof DossierValue)[];

const columns = (sql: Sql): Statement => sql`
  o.id, o.version, o.kind, o.corporate_number, o.name, o.name_kana, o.representative_title, o.representative_name,
  o.postal_code, o.address, o.phone, o.purpose, o.founded_on, o.members_count, o.members_living, o.members_working,
  o.members_studying, o.district_id, o.updated_at,
  (select d.name from district d where d.id = o.district_id) as district_name`;

type DossierRow = Omit<Dossier, 'papers'>;

/** Makes a group whose author acts for it from today on. Refuses `too_many` groups of one account. */
export async function create(tx: Tx, accountId: string, value: DossierValue & { role: MemberRole }): Promise<
  { ok: true; id: string } | { ok: false; reason: 'too_many' } | Invalid
> {
  if ((await countGroups(tx, accountId)) >= MAX_GROUPS_PER_ACCOUNT) return { ok: false, reason: 'too_many' };
  const answers = answersOf(value);
  try {
    const [row] = await tx<{ id: string }[]>`insert into organisation ${tx(answers)} returning id`;
    const id = row!.id;
    await tx`
      insert into organisation_member (organisation_id, account_id, role, from_on)
      values (${id}, ${accountId}, ${value.role}, current_date)`;
    await audit.record(tx, { action: 'organisation.create', subject: ['organisation', id], after: { ...answers, member: { account_id: accountId, role: value.role } } });
    return { ok: true, id };
  } catch (error) {
    return asInvalid(error);
  }
}

/** The dossier with its current papers, for applications and letters; the caller has decided who may see it. Null for an unknown id. */
export async function dossier(sql: Sql, organisationId: string): Promise<Dossier | null> {
  return readDossier(sql, organisationId, sql`true`);
}

/** What a group's own pages show: null when the account does not act for the group today (the page answers 404). */
export async function forMember(sql: Sql, organisationId: string, accountId: string): Promise<{ organisation: Dossier; membership: Membership } | null> {
  const membership = await currentMembership(sql, organisationId, accountId);
  const organisation = membership && (await readDossier(sql, organisationId, isMember(sql, accountId)));
  return organisation ? { organisation, membership } : null;
}

/** The dossier within `reach`, a condition over `o`. */
export async function readDossier(sql: Sql, organisationId: string, reach: Statement): Promise<Dossier | null> {
  if (!isUuid(organisationId)) return null;
  const [row] = await sql<DossierRow[]>`select ${columns(sql)} from organisation o where o.id = ${organisationId} and ${reach}`;
  return row ? { ...row, papers: await currentPapers(sql, organisationId, reach) } : null;
}

/**
 * Saves the dossier when the member saw its newest version. Otherwise refuses with `stale` and what stands there now,
 * so that the page can show both. Saving without a change writes nothing.
 */
export async function update(tx: Tx, accountId: string, organisationId: string, seenVersion: number, value: DossierValue): Promise<
  { ok: true; version: number } | { ok: false; reason: 'not_found' } | { ok: false; reason: 'stale'; current: Dossier } | Invalid
> {
  if (!(await lockForMember(tx, organisationId, accountId))) return { ok: false, reason: 'not_found' };
  const current = await readDossier(tx, organisationId, isMember(tx, accountId));
  if (!current) return { ok: false, reason: 'not_found' };
  if (current.version !== seenVersion) return { ok: false, reason: 'stale', current };
  const changed = FIELDS.filter((field) => current[field] !== value[field]);
  if (changed.length === 0) return { ok: true, version: seenVersion };
  try {
    const [row] = await tx<{ version: number }[]>`
      update organisation o set ${tx(answersOf(value))}, version = version + 1, updated_at = now()
      where o.id = ${organisationId} and o.version = ${seenVersion} and ${isMember(tx, accountId)} returning version`;
    await audit.record(tx, {
      action: 'organisation.update', subject: ['organisation', organisationId],
      before: { ...only(current, changed), version: seenVersion }, after: { ...only(value, changed), version: row!.version }
    });
    return { ok: true, version: row!.version };
  } catch (error) {
    return asInvalid(error);
  }
}

/** The dossier's own fields of a larger value: nothing else can reach the statement. */
function answersOf(value: DossierValue): Record<string, string | number | null> {
  return only(value, FIELDS);
}

function only(value: DossierValue, fields: readonly (keyof DossierValue)[]): Record<string, string | number | null> {
  return Object.fromEntries(fields.map((field) => [field, value[field]]));
}
