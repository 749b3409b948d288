/** A fresh database with the invented people, groups and applications, and the few steps most tests of the main job begin with. */
import { loadDemo } from '../../db/demo/load.ts';
import { PEOPLE } from '../../db/demo/people.ts';
import { PROJECTS, type DemoProject } from '../../db/demo/projects.ts';
import * as drafts from '../../src/lib/applications/drafts.server.ts';
import { draftWhole, seenMark, submit, type SubmitResult } from '../../src/lib/applications/submission.server.ts';
import { sql, transaction, type Actor } from '../../src/lib/db/db.server.ts';
import type { EditionWhole } from '../../src/lib/schemes/scheme.ts';
import * as schemes from '../../src/lib/schemes/store.server.ts';
import { freshDatabase, type FreshDatabase } from './harness.ts';

export const ORIGIN = 'http://localhost:3000';

export interface Demo {
  db: FreshDatabase;
  edition: EditionWhole;
  /** Account ids by the keys of db/demo/people.ts. */
  people: Record<string, string>;
  /** Organisation ids by the key of the person who represents them. */
  groups: Record<string, string>;
}

export async function demoDatabase(): Promise<Demo> {
  const db = await freshDatabase();
  await loadDemo();
  const accounts = await sql<{ id: string; email: string }[]>`select id, email from account`;
  const idOf = new Map(accounts.map((account) => [account.email, account.id]));
  const people = Object.fromEntries(PEOPLE.map((person) => [person.key, idOf.get(person.email)!]));
  const owners = await sql<{ organisation_id: string; account_id: string }[]>`select organisation_id, account_id from organisation_member where role = 'representative'`;
  const groups = Object.fromEntries(PEOPLE.flatMap((person) => owners.filter((row) => row.account_id === people[person.key]).map((row) => [person.key, row.organisation_id])));
  const [edition] = await sql<{ id: string }[]>`select id from scheme_edition`;
  return { db, people, groups, edition: (await schemes.edition(sql, edition!.id))! };
}

export const as = (accountId: string, onBehalfOf?: string): Actor => ({ name: `account:${accountId}`, ...(onBehalfOf ? { onBehalfOf } : {}) });

export const project: DemoProject = PROJECTS[0]!;

/** A complete draft of the group this person represents, ready to be submitted. */
export async function completeDraft(demo: Demo, owner: string, groupOf = owner): Promise<string> {
  const accountId = demo.people[owner]!;
  const actor = as(accountId, demo.groups[groupOf]!);
  const begun = await transaction(actor, (tx) => drafts.begin(tx, accountId, demo.groups[groupOf]!, demo.edition.id));
  if (!begun.ok) throw new Error(begun.reason);
  for (const [section, answers] of Object.entries(project.answers)) {
    await transaction(actor, (tx) => drafts.saveAnswers(tx, accountId, begun.id, section as keyof typeof project.answers, answers, 0));
  }
  await transaction(actor, (tx) => drafts.saveBudget(tx, accountId, begun.id, demoLines(demo), null, 0));
  return begun.id;
}

export function demoLines(demo: Demo) {
  const category = new Map(demo.edition.categories.map((one) => [one.name, one.id]));
  return project.lines.map(([side, name, item, amount_yen, basis]) => ({ side, category_id: category.get(name)!, item, amount_yen, basis }));
}

/** Submits what the check page would show now. */
export async function send(demo: Demo, owner: string, applicationId: string, options?: { action: string; key: string }): Promise<SubmitResult> {
  const accountId = demo.people[owner]!;
  const row = (await drafts.forMember(sql, applicationId, accountId))!;
  const seen = seenMark(await draftWhole(sql, row));
  return transaction(as(accountId, row.organisation_id), (tx) => submit(tx, accountId, applicationId, seen, ORIGIN), options);
}
