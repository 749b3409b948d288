import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { as, completeDraft, demoDatabase, demoLines, send, type Demo } from '../../../tests/database/demo.ts';
import { sql, transaction } from '../db/db.server.ts';
import * as drafts from './drafts.server.ts';
import { draftWhole } from './submission.server.ts';

let demo: Demo;
let hana: string;
let taro: string;
let group: string;
beforeAll(async () => {
  demo = await demoDatabase();
  ({ hana, taro } = demo.people as { hana: string; taro: string });
  group = demo.groups.hana!;
});

const begin = async () => {
  const begun = await transaction(as(hana, group), (tx) => drafts.begin(tx, hana, group, demo.edition.id));
  if (!begun.ok) throw new Error(begun.reason);
  return begun.id;
};
const saveTeam = (who: string, id: string, count: number, seen: number, key?: string) =>
  transaction(as(who, group), (tx) => drafts.saveAnswers(tx, who, id, 'team', { staff_count: count }, seen), key ? { action: 'application.save', key } : {});

describe('beginning', () => {
  test('is for current members, in an open window of a published edition', async () => {
    const { npo } = demo.people;
    const asked = (who: string, edition: string) => transaction(as(who, group), (tx) => drafts.begin(tx, who, group, edition));
    expect(await asked(npo!, demo.edition.id)).toEqual({ ok: false, reason: 'not_member' });
    expect(await asked(hana, randomUUID())).toEqual({ ok: false, reason: 'no_edition' });
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now() - interval '1 second'`);
    expect(await asked(hana, demo.edition.id)).toEqual({ ok: false, reason: 'not_open' });
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now() + interval '30 days'`);
  });
});

describe('saving a section', () => {
  test('of two people who opened the same version, the second is told and sees what the first saved', async () => {
    const id = await begin();
    expect(await saveTeam(hana, id, 5, 0)).toEqual({ ok: true, version: 1 });
    expect(await saveTeam(hana, id, 6, 1)).toEqual({ ok: true, version: 2 });
    const late = await saveTeam(taro, id, 7, 1);
    expect(late).toMatchObject({ ok: false, reason: 'stale', current: { version: 2, content: { staff_count: 6 }, saved_by_name: '髙﨑 花子' } });
    expect(await saveTeam(taro, id, 7, 2)).toEqual({ ok: true, version: 3 });
  });

  test('at the same moment: one is kept, one is told', async () => {
    const id = await begin();
    await saveTeam(hana, id, 1, 0);
    const results = await Promise.all([saveTeam(hana, id, 2, 1), saveTeam(taro, id, 3, 1)]);
    expect(results.filter((result) => result.ok).length).toBe(1);
    const [saved] = (await drafts.sections(sql, id)).filter((one) => one.section === 'team');
    expect(saved!.version).toBe(2);
    expect(saved!.content.staff_count).toBe(results[0]!.ok ? 2 : 3);
  });

  test('posted twice with one key is saved once', async () => {
    const id = await begin();
    const key = randomUUID();
    expect(await Promise.all([saveTeam(hana, id, 2, 0, key), saveTeam(hana, id, 2, 0, key)])).toEqual([{ ok: true, version: 1 }, { ok: true, version: 1 }]);
    const entries = await sql`select from audit_entry where action = 'application.save' and subject_id = ${id}`;
    expect(entries.length).toBe(1);
  });

  test('a form that names no version may be the first to save, never overwrite', async () => {
    const id = await begin();
    expect((await saveTeam(hana, id, 2, -1)).ok).toBe(true);
    expect(await saveTeam(hana, id, 3, -1)).toMatchObject({ ok: false, reason: 'stale' });
  });

  test('is refused to strangers, to members whose term ended, and once submitted', async () => {
    const id = await completeDraft(demo, 'hana');
    const { npo } = demo.people;
    expect(await saveTeam(npo!, id, 1, 1)).toEqual({ ok: false, reason: 'not_found' });
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update organisation_member set from_on = current_date - 2, to_on = current_date where account_id = '${taro}'`);
    expect(await saveTeam(taro, id, 1, 1)).toEqual({ ok: false, reason: 'not_found' });
    expect(await drafts.forMember(sql, id, taro)).toBeNull();
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update organisation_member set to_on = null where account_id = '${taro}'`);
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    expect(await saveTeam(hana, id, 1, 1)).toEqual({ ok: false, reason: 'locked' });
    expect(await transaction(as(hana, group), (tx) => drafts.saveBudget(tx, hana, id, [], null, 1))).toEqual({ ok: false, reason: 'locked' });
    const paper = demo.edition.papers.find((one) => one.from_dossier === null)!;
    const keep = async () => { throw new Error('must not be kept'); };
    expect(await transaction(as(hana, group), (tx) => drafts.attach(tx, hana, id, paper.id, keep))).toEqual({ ok: false, reason: 'locked' });
  });
});

describe('the budget', () => {
  test('is replaced whole, and a stale form changes nothing', async () => {
    const id = await begin();
    const lines = demoLines(demo);
    const save = (rows: typeof lines, asked: number | null, seen: number) => transaction(as(hana, group), (tx) => drafts.saveBudget(tx, hana, id, rows, asked, seen));
    expect(await save(lines, null, 0)).toEqual({ ok: true, version: 1 });
    expect(await save(lines.slice(0, 3), 5000, 1)).toEqual({ ok: true, version: 2 });
    expect(await save([], null, 1)).toMatchObject({ ok: false, reason: 'stale' });
    expect((await drafts.budgetLines(sql, id)).length).toBe(3);
    const whole = await draftWhole(sql, (await drafts.forMember(sql, id, hana))!);
    expect(whole.reckoning.requested_yen).toBe(5000);
    expect(await save([], null, 2)).toEqual({ ok: true, version: 3 });
    expect(await drafts.budgetLines(sql, id)).toEqual([]);
  });
});

test('a list of one’s own applications shows nobody else’s, page by page', async () => {
  for (let n = 0; n < 5; n += 1) await begin();
  const all = await drafts.ofMember(sql, hana, null, 50);
  expect(new Set(all.map((one) => one.organisation_id))).toEqual(new Set([group]));
  const pages: string[] = [];
  for (let before: string | null = null; ;) {
    const page = await drafts.ofMember(sql, hana, before, 2);
    pages.push(...page.map((one) => one.id));
    if (page.length < 2) break;
    before = page.at(-1)!.id;
  }
  expect(pages).toEqual(all.map((one) => one.id));
  expect(await drafts.ofMember(sql, demo.people.officer!)).toEqual([]);
});
