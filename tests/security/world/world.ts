import postgres from 'postgres';
import { loadDemo } from '../../../db/demo/load.ts';
import { issueToken } from '../../../src/lib/accounts/token.server.ts';
import { closePool, configureDatabase, sql, transaction } from '../../../src/lib/db/db.server.ts';
import { beginSuccession } from '../../../src/lib/organisations/succession.server.ts';
import { runDue } from '../../../src/lib/retention/store.server.ts';
import { dayOf } from '../../../src/lib/time/day.ts';
import * as schemes from '../../../src/lib/schemes/store.server.ts';
import type { EditionWhole } from '../../../src/lib/schemes/scheme.ts';
import * as worklist from '../../../src/lib/screening/worklist.server.ts';
import { addressOf, type Persona } from '../personas.ts';
import { checkMark, makeApplication, type Case } from './applications.ts';
import { makeGroups, type Group } from './groups.ts';
import { CASES, singleWord, type CaseKey, type CaseState, type GroupKey } from './marks.ts';
import { bringTo, issueLetter, makeBatch, noteProblem } from './office.ts';
import { makePeople, openSessions, SYSTEM, type People } from './people.ts';

/** Everything an address, a cookie or a form in the matrix is made of. */
export interface World {
  people: People;
  cookies: Record<Persona, string | undefined>;
  groups: Record<GroupKey, Group>;
  cases: Record<CaseKey, Case>;
  /** The round under way, last year's, whose results are public, and one being prepared, of which only the office knows. */
  editions: { now: EditionWhole; before: EditionWhole; next: EditionWhole };
  tokens: { signUp: string; reset: string; emailOf: Record<'representativeA', string> };
  batches: { now: string; before: string };
  /** The officer's saved filter. */
  filter: string;
  /** The mark the check page shows of each draft, without which nobody can submit it. */
  seenMarks: Partial<Record<CaseKey, string>>;
  /** The hash of a member's second session. */
  otherSession: string;
}

/** Fills the database: the demo's people and scheme, and beside them two groups with an application in every state. */
export async function makeWorld(urls: { appUrl: string; ownerUrl: string }): Promise<World> {
  configureDatabase(urls.appUrl, { connectMs: 10_000, waitMs: 10_000 });
  const owner = postgres(urls.ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await loadDemo();
    return await makeAll(owner);
  } finally {
    await owner.end({ timeout: 1 });
    await closePool();
  }
}

async function makeAll(owner: postgres.Sql): Promise<World> {
  const people = await makePeople();
  const groups = await makeGroups(people);
  const editions = await makeRounds(owner);
  const cases = {} as Record<CaseKey, Case>;
  for (const key of CASES) {
    const [group, state] = key.split('.') as [GroupKey, CaseState];
    const edition = state === 'released' ? editions.before : editions.now;
    const representative = group === 'A' ? people.ids.representativeA : people.ids.representativeB;
    cases[key] = await makeApplication(key, groups[group], representative, edition);
    await bringTo(state, cases[key], people, edition);
  }
  const batches = { now: await makeBatch(editions.now.id, people), before: await makeBatch(editions.before.id, people) };
  let number = 900;
  for (const made of Object.values(cases)) {
    if (!/decided|released/.test(made.key)) continue;
    // One letter is still to be issued, because a character of it stopped it.
    if (made.key.endsWith('decided')) await noteProblem(made, batches.now);
    if (made.key === 'B.decided') continue;
    await issueLetter(made, people, number, made.key.endsWith('released') ? batches.before : batches.now);
    number += 1;
  }
  await release(owner, editions.before.id);
  const filter = await plantTheRest(people);
  const seenMarks: World['seenMarks'] = {};
  for (const key of ['A.draft', 'B.draft', 'A.correction', 'B.correction'] as const) {
    seenMarks[key] = await checkMark(cases[key].id, key.startsWith('A') ? people.ids.representativeA : people.ids.representativeB);
  }
  const cookies = await openSessions(people);
  const [other] = await sql<{ id: string }[]>`select id from session where user_agent = ${singleWord('oldSession')}`;
  return { people, groups, editions, cases, batches, filter, seenMarks, cookies, otherSession: other!.id, tokens: await makeTokens(people) };
}

/** The demo's round, where a group may try as often as the states need, and copies of it for the year before and the year to come. */
async function makeRounds(owner: postgres.Sql): Promise<World['editions']> {
  const [now] = await sql<{ id: string; fiscal_year: number }[]>`select id, fiscal_year from scheme_edition`;
  const [before, next] = await owner.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await tx`update scheme_edition set one_per_organisation = false, pass_mark_percent = null`;
    await tx`update edition_budget set budget_yen = 5000000`;
    const copy = async (table: string, change: Record<string, unknown>, from: string) => tx<{ id: string }[]>`
      insert into ${tx(table)} select (jsonb_populate_record(t, jsonb_build_object('id', uuidv7()) || ${tx.json(change as never)})).* from ${tx(table)} t
      where ${tx(table === 'scheme_edition' ? 'id' : 'edition_id')} = ${from} returning *`;
    const ids: string[] = [];
    for (const change of [{ fiscal_year: now!.fiscal_year - 1, name: '昨年の支援金（設定例）' }, { fiscal_year: now!.fiscal_year + 1, name: singleWord('unpublished'), published_at: null }]) {
      const [edition] = await copy('scheme_edition', change, now!.id);
      for (const table of ['edition_budget', 'funding_source', 'cost_category', 'criterion', 'required_paper', 'requirement']) await copy(table, { edition_id: edition!.id }, now!.id);
      ids.push(edition!.id);
    }
    return ids;
  });
  return { now: (await schemes.edition(sql, now!.id))!, before: (await schemes.edition(sql, before!))!, next: (await schemes.edition(sql, next!))! };
}

async function release(owner: postgres.Sql, editionId: string): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await tx`update scheme_edition set opens_at = now() - interval '90 days', closes_at = now() - interval '60 days', results_release_at = now() - interval '1 day' where id = ${editionId}`;
  });
}

/** A mail, a saved filter, a group of the demo whose representative the office replaces, the first day of keeping to terms. */
async function plantTheRest({ ids }: People): Promise<string> {
  await transaction(SYSTEM, async (tx) => {
    await tx`insert into mail_outbox (dedupe_key, to_address, template, subject, body) values ('test:kanaria', 'somebody@kanaria.example', 'application_receipt', '受付のお知らせ', ${singleWord('mail')})`;
  });
  await transaction({ name: `account:${ids.officer}` }, (tx) => worklist.saveFilter(tx, ids.officer, singleWord('filter'), 'state=submitted'));
  const [group] = await sql<{ id: string }[]>`select id from organisation where kind = 'npo'`;
  await transaction({ name: `account:${ids.officer}` }, (tx) => beginSuccession(tx, ids.officer, group!.id, {
    reason: 'moved', reason_note: '', proof: 'group_notice', proof_note: '届出（架空）', email: 'tsugi@kanaria.example', effective_on: dayOf(new Date())
  }, 'test'));
  await runDue();
  const [row] = await sql<{ id: string }[]>`select id from worklist_filter`;
  return row!.id;
}

async function makeTokens({ ids }: People): Promise<World['tokens']> {
  return transaction(SYSTEM, async (tx) => {
    const token = async (purpose: 'sign_up' | 'reset' | 'email_change', email: string, accountId: string | null) => (await issueToken(tx, purpose, { email, accountId }, new Date())).token;
    return {
      signUp: await token('sign_up', 'new@kanaria.example', null),
      reset: await token('reset', addressOf('representativeB'), ids.representativeB),
      emailOf: { representativeA: await token('email_change', 'other@kanaria.example', ids.representativeA) }
    };
  });
}
