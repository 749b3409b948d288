/**
 * Loads 架空 demo data through the same verbs people use: nothing here writes a state that the portal could not reach.
 * Only for demo mode; every account it makes is marked `demo`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashPassword } from '../../src/lib/accounts/password.server.ts';
import { grantRole } from '../../src/lib/accounts/staff.server.ts';
import { createAccount } from '../../src/lib/accounts/store.server.ts';
import * as audit from '../../src/lib/audit/audit.server.ts';
import * as drafts from '../../src/lib/applications/drafts.server.ts';
import { draftWhole, seenMark, submit } from '../../src/lib/applications/submission.server.ts';
import { closePool, configureDatabase, sql, transaction, type Actor } from '../../src/lib/db/db.server.ts';
import * as files from '../../src/lib/files/store.server.ts';
import * as organisations from '../../src/lib/organisations/store.server.ts';
import { addPaper } from '../../src/lib/organisations/papers.server.ts';
import * as screening from '../../src/lib/screening/store.server.ts';
import { publicOrigin } from '../../src/lib/settings/environment.server.ts';
import { PROJECTS, type DemoProject } from './projects.ts';
import { DEMO_PASSWORD, GROUPS, PEOPLE } from './people.ts';
import { makeEdition, saveCity, type DemoEdition } from './scheme.ts';

const DEMO: Actor = { name: 'system:demo' };

export { DEMO_ACCOUNTS } from './people.ts';

/** True when this database already holds accounts: then nothing is loaded. */
export async function isLoaded(): Promise<boolean> {
  const rows = await sql`select from account limit 1`;
  return rows.length > 0;
}

/** Loads everything once, into the database at `appUrl` or, without one, the one already configured. Refuses a database that holds accounts. */
export async function loadDemo(appUrl?: string, now = new Date()): Promise<void> {
  if (appUrl !== undefined) configureDatabase(appUrl);
  try {
    await loadAll(now);
  } finally {
    if (appUrl !== undefined) await closePool();
  }
}

async function loadAll(now: Date): Promise<void> {
  if (await isLoaded()) throw new Error('この DB には、すでに利用者がいます / accounts exist already');
  const people = await loadPeople();
  await transaction(DEMO, saveCity);
  const edition = await transaction(DEMO, (tx) => makeEdition(tx, now));
  const groups = await loadGroups(people);
  for (const project of PROJECTS) await loadProject(project, people, groups, edition);
}

async function loadPeople(): Promise<Map<string, string>> {
  const hashed = await hashPassword(DEMO_PASSWORD);
  if (!hashed.ok) throw new Error('busy');
  return transaction(DEMO, async (tx) => {
    const ids = new Map<string, string>();
    for (const person of PEOPLE) {
      const made = await createAccount(tx, { email: person.email, name: person.name, kana: null, passwordHash: hashed.hash, demo: true });
      if (!made.ok) throw new Error(made.reason);
      for (const role of person.roles) await grantRole(tx, null, { accountId: made.accountId, role, fromOn: '2024-04-01', lastOn: null });
      ids.set(person.key, made.accountId);
    }
    return ids;
  });
}

async function loadGroups(people: Map<string, string>): Promise<Map<string, string>> {
  const paper = readFileSync(join(import.meta.dirname, 'sample.pdf'));
  const groups = new Map<string, string>();
  for (const group of GROUPS) {
    const owner = people.get(group.owner)!;
    const actor: Actor = { name: `account:${owner}` };
    const made = await transaction(actor, (tx) => organisations.create(tx, owner, { ...group.value, role: 'representative' }));
    if (!made.ok) throw new Error(`${group.key}: ${made.reason}`);
    groups.set(group.key, made.id);
    for (const [kind, name] of [['rules', '会則（架空）.pdf'], ['member_list', '会員名簿（架空）.pdf']] as const) {
      await transaction({ ...actor, onBehalfOf: made.id }, (tx) => addPaper(tx, owner, made.id, kind, files.prepareOwn(paper, name, 1)));
    }
    if (group.member) {
      await transaction(DEMO, async (tx) => {
        await tx`insert into organisation_member (organisation_id, account_id, role, from_on) values (${made.id}, ${people.get(group.member!)!}, 'member', current_date)`;
        await audit.record(tx, { action: 'organisation.join', subject: ['organisation', made.id], after: { member: people.get(group.member!)! } });
      });
    }
  }
  return groups;
}

async function loadProject(project: DemoProject, people: Map<string, string>, groups: Map<string, string>, edition: DemoEdition): Promise<void> {
  const owner = people.get(GROUPS.find((group) => group.key === project.group)!.owner)!;
  const organisationId = groups.get(project.group)!;
  const actor: Actor = { name: `account:${owner}`, onBehalfOf: organisationId };
  const begun = await transaction(actor, (tx) => drafts.begin(tx, owner, organisationId, edition.id));
  if (!begun.ok) throw new Error(begun.reason);
  for (const [section, answers] of Object.entries(project.answers)) {
    await transaction(actor, (tx) => drafts.saveAnswers(tx, owner, begun.id, section as keyof typeof project.answers, answers, 0));
  }
  const lines = project.lines.map(([side, category, item, amount_yen, basis]) => ({ side, category_id: edition.categories.get(category)!, item, amount_yen, basis }));
  if (lines.length > 0) await transaction(actor, (tx) => drafts.saveBudget(tx, owner, begun.id, lines, null, 0));
  if (project.until === 'draft') return;
  const application = (await drafts.forMember(sql, begun.id, owner))!;
  const seen = seenMark(await draftWhole(sql, application));
  const sent = await transaction(actor, (tx) => submit(tx, owner, begun.id, seen, publicOrigin()));
  if (!sent.ok) throw new Error(`${project.group}: ${JSON.stringify(sent)}`);
  if (project.until === 'submitted') return;
  const officer = people.get('officer')!;
  const office: Actor = { name: `account:${officer}` };
  await transaction(office, (tx) => screening.assign(tx, begun.id, officer));
  await transaction(office, (tx) => screening.saveChecks(tx, officer, begun.id, edition.requirements.map((requirement_id) => ({ requirement_id, result: 'met' as const, reason: '' }))));
  await transaction(office, (tx) => screening.accept(tx, officer, begun.id));
}
