/** For tests only: a round with people, and as many accepted applications as a test needs. */
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { loadDemo } from '../../../db/demo/load.ts';
import { sql, transaction, type Actor } from '../db/db.server.ts';
import * as schemes from '../schemes/store.server.ts';
import type { EditionWhole } from '../schemes/scheme.ts';
import * as awards from './store.server.ts';
import type { ProposalValue } from './award.ts';

export interface Round {
  db: FreshDatabase;
  edition: EditionWhole;
  /** The demo's accepted application, and its newest submission. */
  accepted: string;
  people: Record<'hana' | 'jichikai' | 'officer' | 'approver' | 'auditor' | 'panel1' | 'panel2' | 'panel3', string>;
}

export const as = (accountId: string): Actor => ({ name: `account:${accountId}` });

/** The demo in a database of its own. */
export async function demoRound(): Promise<Round> {
  const db = await freshDatabase();
  await loadDemo();
  const accounts = await db.ownerSql<{ id: string; key: string }[]>`select id, split_part(email, '@', 1) as key from account`;
  const [application] = await db.ownerSql<{ id: string; edition_id: string }[]>`select id, edition_id from application where state = 'accepted'`;
  const people = Object.fromEntries(accounts.map(({ key, id }) => [key, id])) as Round['people'];
  return { db, edition: (await schemes.edition(sql, application!.edition_id))!, accepted: application!.id, people };
}

/** Copies the accepted application `n` times, each asking for `requested_yen`, past the group's own steps. */
export async function acceptedCopies({ db, accepted }: Round, n: number, requested_yen: number, editionId?: string): Promise<string[]> {
  return db.ownerSql.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    const [before] = await tx<{ n: number }[]>`select count(*)::int as n from application`;
    const ids: string[] = [];
    for (let i = 0; i < n; i += 1) {
      const receipt = `9999-${String(before!.n + i).padStart(4, '0')}`;
      const [row] = await tx<{ id: string }[]>`
        insert into application (edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, created_by, submitted_at, accepted_at)
        select coalesce(${editionId ?? null}, edition_id), organisation_id, '写し' || ${i}::int, ${receipt}, ${requested_yen * 2}, ${requested_yen}, ${requested_yen}, created_by, submitted_at, accepted_at
        from application where id = ${accepted} returning id`;
      await tx`
        insert into submission (application_id, round, snapshot, snapshot_sha256, submitted_by)
        select ${row!.id}, round, jsonb_set(jsonb_set(snapshot::jsonb, '{receipt_number}', to_jsonb(${receipt}::text)), '{budget,requested_yen}', to_jsonb(${requested_yen}::int))::text,
          encode(sha256(${receipt}::bytea), 'hex'), submitted_by from submission where application_id = ${accepted} order by round desc limit 1`;
      ids.push(row!.id);
    }
    return ids;
  });
}

/** A further edition of the demo's scheme with its own budget: a purse to fight over. */
export async function editionWith({ db, edition }: Round, budget_yen: number, year: number): Promise<string> {
  return db.ownerSql.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    const [row] = await tx<{ id: string }[]>`
      insert into scheme_edition select (jsonb_populate_record(e, jsonb_build_object('id', uuidv7(), 'fiscal_year', ${year}::int, 'results_release_at', null))).*
      from scheme_edition e where id = ${edition.id} returning id`;
    await tx`insert into edition_budget (edition_id, budget_yen) values (${row!.id}, ${budget_yen})`;
    return row!.id;
  });
}

export async function submissionOf(applicationId: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select id from submission where application_id = ${applicationId} order by round desc limit 1`;
  return row!.id;
}

/** 起案 by the officer; throws unless it was taken. */
export async function drafted({ people }: Round, applicationId: string, value: Partial<ProposalValue> = {}): Promise<{ id: string; seen: string }> {
  const [application] = await sql<{ requested_yen: number }[]>`select requested_yen from application where id = ${applicationId}`;
  const whole = { outcome: 'adopted' as const, amount_yen: application!.requested_yen, reason: '審査会の平均点の順による', conditions: [], ...value };
  const submission = await submissionOf(applicationId);
  const made = await transaction(as(people.officer), (tx) => awards.draft(tx, people.officer, applicationId, submission, whole));
  if (!made.ok) throw new Error(JSON.stringify(made));
  return { id: made.id, seen: (await awards.proposal(sql, made.id, people.approver))!.seen_hash };
}

/** 起案 and 決裁. */
export async function decidedAs(round: Round, applicationId: string, value: Partial<ProposalValue> = {}): Promise<void> {
  const { id, seen } = await drafted(round, applicationId, value);
  const done = await transaction(as(round.people.approver), (tx) => awards.approve(tx, round.people.approver, id, seen, ''));
  if (!done.ok) throw new Error(JSON.stringify(done));
}
