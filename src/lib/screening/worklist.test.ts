import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { as, demoDatabase, type Demo } from '../../../tests/database/demo.ts';
import { sql, transaction } from '../db/db.server.ts';
import { readFilter, type Place, type WorklistFilter } from './screening.ts';
import { forgetFilter, saveFilter, SAVED_FILTERS_MAX, waitingCounts, WORKLIST_COUNT_MAX, worklist, worklistSides } from './worklist.server.ts';

let demo: Demo;
let me: string;
let other: string;
const ALL: WorklistFilter = { state: null, edition: null, assigned: null, waiting: null };
const MANY = 520;

beforeAll(async () => {
  demo = await demoDatabase();
  me = demo.people.officer!;
  other = demo.people.approver!;
  const { ownerSql } = demo.db;
  // Hundreds in one microsecond, as an import or a busy last evening would make them; a third of them accepted.
  await ownerSql.unsafe(`
    set portal.actor = 'system:test';
    insert into application (edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, created_by, assigned_to, submitted_at, accepted_at)
    select '${demo.edition.id}', '${demo.groups.hana}', '事業' || n, 'T-' || n, 1000, 500, 500, '${demo.people.hana}',
      case n % 3 when 0 then '${me}'::uuid when 1 then '${other}'::uuid end,
      timestamptz '2026-10-01 12:00:00.123456+09' + (n / 100) * interval '1 microsecond', case when n % 4 = 0 then now() end
    from generate_series(1, ${MANY}) n`);
});

/** Every page from the first to the last, then back to the first by its own links. */
async function walk(filter: WorklistFilter) {
  const there: string[][] = [];
  const back: string[][] = [];
  let place: Place | null = null;
  for (;;) {
    const page = await worklist(sql, filter, me, place);
    there.push(page.rows.map((row) => row.id));
    if (!page.next) {
      for (let before = page.previous; before;) {
        const earlier = await worklist(sql, filter, me, { side: 'before', cursor: before });
        back.unshift(earlier.rows.map((row) => row.id));
        before = earlier.previous;
      }
      return { there, back };
    }
    place = { side: 'after', cursor: page.next };
  }
}

describe('the work list', () => {
  test('shows every row once, in order, over pages of equal moments, forwards and backwards', async () => {
    const { there, back } = await walk(ALL);
    const expected = (await demo.db.ownerSql<{ id: string }[]>`select id from application where submitted_at is not null order by submitted_at desc, id desc`).map((row) => row.id);
    expect(expected.length).toBe(MANY + 2);
    expect(there.flat()).toEqual(expected);
    expect(there.slice(0, -1).every((page) => page.length === 50)).toBe(true);
    expect(back).toEqual(there.slice(0, -1));
  });

  test('each filter, alone and together, is what SQL says', async () => {
    const filters: WorklistFilter[] = [
      { ...ALL, state: 'accepted' }, { ...ALL, state: 'submitted' }, { ...ALL, waiting: 'officer' }, { ...ALL, waiting: 'nobody' }, { ...ALL, edition: demo.edition.id },
      { ...ALL, edition: randomUUID() }, { ...ALL, assigned: 'me' }, { ...ALL, assigned: 'nobody' }, { ...ALL, assigned: other },
      { state: 'accepted', waiting: 'committee', edition: demo.edition.id, assigned: 'me' }
    ];
    for (const filter of filters) {
      const assigned = filter.assigned === 'me' ? me : filter.assigned;
      const expected = await demo.db.ownerSql<{ id: string }[]>`
        select id from application where submitted_at is not null and (${filter.state}::text is null or state = ${filter.state}) and (${filter.waiting}::text is null or waiting_for = ${filter.waiting})
        and (${filter.edition}::uuid is null or edition_id = ${filter.edition}) and (${assigned}::text is null or coalesce(assigned_to::text, 'nobody') = ${assigned})
        order by submitted_at desc, id desc`;
      const { there } = await walk(filter);
      expect(there.flat(), JSON.stringify(filter)).toEqual(expected.map((row) => row.id));
      expect((await worklistSides(sql, filter, me)).count).toBe(expected.length);
    }
  });

  test('a row that arrives while somebody turns the pages neither moves nor doubles the others', async () => {
    const first = await worklist(sql, ALL, me, null);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test';
      insert into application (edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, created_by, submitted_at)
      values ('${demo.edition.id}', '${demo.groups.hana}', '新着', 'NEW-1', 1000, 500, 500, '${demo.people.hana}', now())`);
    const second = await worklist(sql, ALL, me, { side: 'after', cursor: first.next! });
    const back = await worklist(sql, ALL, me, { side: 'before', cursor: second.previous! });
    expect(back.rows.map((row) => row.id)).toEqual(first.rows.map((row) => row.id));
    // There is something newer now, and the page says so.
    expect(back.previous).not.toBeNull();
    expect((await worklist(sql, ALL, me, { side: 'before', cursor: back.previous! })).rows.map((row) => row.receipt_number)).toEqual(['NEW-1']);
  });

  test('drafts are not in it, nor what somebody declared an interest in', async () => {
    const [row] = (await worklist(sql, ALL, me, null)).rows;
    const both = demo.people.panel1!;
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test';
      with a as (insert into panel_assignment (application_id, account_id, assigned_by) values ('${row!.id}', '${both}', '${me}') returning id)
      insert into interest_declaration (assignment_id, conflicted, note) select id, true, '親族' from a`);
    expect((await worklist(sql, ALL, both, null)).rows.some((one) => one.id === row!.id)).toBe(false);
    expect((await worklist(sql, ALL, me, null)).rows[0]!.id).toBe(row!.id);
    expect((await worklistSides(sql, ALL, me)).count - (await worklistSides(sql, ALL, both)).count).toBe(1);
    expect((await worklist(sql, ALL, me, null)).rows.every((one) => one.receipt_number !== null)).toBe(true);
  });

  test('counting stops where it says so', async () => {
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test';
      insert into application (edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, created_by, submitted_at)
      select '${demo.edition.id}', '${demo.groups.hana}', '事業', 'U-' || n, 1000, 500, 500, '${demo.people.hana}', now() from generate_series(1, 600) n`);
    expect((await worklistSides(sql, ALL, me)).count).toBe(WORKLIST_COUNT_MAX + 1);
  });

  test('the choice of officers names the one who is filtered by, in office or not', async () => {
    const names = async (assigned: string | null) => (await worklistSides(sql, { ...ALL, assigned }, me)).officers.map((one) => one.name);
    expect(await names(null)).toEqual(['担当 一郎']);
    expect(await names(other)).toEqual(['担当 一郎', '課長 次子']);
    expect(await names(randomUUID())).toEqual(['担当 一郎']);
  });
});

test('the numbers of who is waited for count all and mine', async () => {
  const counts = await waitingCounts(sql, me);
  const expected = await demo.db.ownerSql<{ waiting_for: string; n: number; mine: number }[]>`
    select waiting_for, count(*)::int as n, (count(*) filter (where assigned_to = ${me}))::int as mine from application
    where submitted_at is not null and waiting_for <> 'nobody' group by 1 order by 1`;
  expect(counts).toEqual([...expected]);
});

describe('saved filters', () => {
  const save = (who: string, name: string, query: string, key?: string) =>
    transaction(as(who), (tx) => saveFilter(tx, who, name, query), key ? { action: 'worklist.save', key } : {});
  const saved = async (who: string) => (await worklistSides(sql, ALL, who)).saved;

  test('are one’s own: kept under a name, replaced under the same name, forgotten', async () => {
    expect(await save(me, '私の担当', 'assigned=me')).toEqual({ ok: true });
    expect(await save(me, '私の担当', 'assigned=me&state=submitted')).toEqual({ ok: true });
    expect(await save(other, '私の担当', 'assigned=nobody')).toEqual({ ok: true });
    const [mine] = await saved(me);
    expect(mine).toMatchObject({ name: '私の担当', query: 'assigned=me&state=submitted' });
    expect(readFilter(new URLSearchParams(mine!.query))).toMatchObject({ assigned: 'me', state: 'submitted' });
    expect(await transaction(as(other), (tx) => forgetFilter(tx, other, mine!.id))).toEqual({ ok: false, reason: 'not_found' });
    expect(await transaction(as(me), (tx) => forgetFilter(tx, me, mine!.id))).toEqual({ ok: true });
    expect(await saved(me)).toEqual([]);
    expect((await saved(other)).length).toBe(1);
  });

  test('are at most twenty, also when many are saved at once', async () => {
    const results = await Promise.all(Array.from({ length: SAVED_FILTERS_MAX + 4 }, (_, n) => save(me, `条件${n}`, '')));
    expect(results.filter((result) => result.ok).length).toBe(SAVED_FILTERS_MAX);
    expect((await saved(me)).length).toBe(SAVED_FILTERS_MAX);
  });
});
