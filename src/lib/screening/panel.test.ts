import { beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { acceptedCopies, as, decidedAs, demoRound, type Round } from '../awards/fixtures.ts';
import { isStatementError, sql, transaction } from '../db/db.server.ts';
import { parseAssignment, parseDeclaration, parseSheet } from './panel-form.ts';
import * as panel from './panel.server.ts';
import { formatHundredths, panelStep, rank, scoreNames, sheetTotal, type Standing } from './panel.ts';
import { ranking, standingOf } from './ranking.server.ts';
import * as scores from './scores.server.ts';
import { forOffice } from './store.server.ts';

describe('the arithmetic, against a slow reference', () => {
  const criteria = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }), max_points: fc.integer({ min: 1, max: 100 }) }), { minLength: 1, maxLength: 12 })
    .map((list) => list.map((one, index) => ({ id: `c${index}`, ...one })));

  test('a sheet’s total is the weighted share of full marks, rounded down to a hundredth', () => {
    fc.assert(fc.property(criteria, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }), (list, shares) => {
      const sheet = list.map((one, index) => ({ criterion_id: one.id, points: Math.round(shares[index]! * one.max_points) }));
      const total = sheetTotal(list, sheet);
      // Fractions added one by one, as on paper: numerator and denominator, no common trick.
      let [top, bottom] = [0n, 1n];
      for (const [index, one] of list.entries()) {
        const [n, d] = [BigInt(sheet[index]!.points * one.weight), BigInt(one.max_points)];
        [top, bottom] = [top * d + n * bottom, bottom * d];
      }
      const weights = BigInt(list.reduce((sum, one) => sum + one.weight, 0));
      expect(total).toBe(Number((top * 10_000n) / (bottom * weights)));
      expect(total >= 0 && total <= 10_000).toBe(true);
      // A point more never lowers it.
      const raised = sheet.map((score, index) => ({ ...score, points: Math.min(list[index]!.max_points, score.points + 1) }));
      expect(sheetTotal(list, raised)).toBeGreaterThanOrEqual(total);
    }));
    const full = [{ id: 'a', weight: 30, max_points: 5 }, { id: 'b', weight: 70, max_points: 3 }];
    expect(sheetTotal(full, [{ criterion_id: 'a', points: 5 }, { criterion_id: 'b', points: 3 }])).toBe(10_000);
    expect(sheetTotal(full, [])).toBe(0);
    expect(sheetTotal([], [])).toBe(0);
  });

  const standing: fc.Arbitrary<Standing> = fc.record({
    application_id: fc.uuid(), requested_yen: fc.integer({ min: 1, max: 50 }), totals: fc.array(fc.integer({ min: 0, max: 40 }).map((n) => n * 250), { maxLength: 4 }), assigned: fc.nat(5), conflicted: fc.nat(2)
  });

  test('the ranking is the one that counting by hand gives', () => {
    fc.assert(fc.property(fc.uniqueArray(standing, { maxLength: 25, selector: (one) => one.application_id }), fc.nat(300), fc.option(fc.integer({ min: 0, max: 100 })), (standings, available, passMark) => {
      const ranked = rank(standings, available, passMark);
      expect(new Set(ranked.map((one) => one.application_id))).toEqual(new Set(standings.map((one) => one.application_id)));
      // Means compared as fractions, times 2 so that half up needs no float.
      const mean = (one: Standing) => (one.totals.length === 0 ? null : Math.round((one.totals.reduce((a, b) => a + b, 0) * 2) / one.totals.length / 2 + 1e-9));
      for (const row of ranked) {
        const original = standings.find((one) => one.application_id === row.application_id)!;
        expect(row.mean).toBe(mean(original));
        // Rank: one more than how many have a strictly better mean.
        expect(row.rank).toBe(row.mean === null ? null : 1 + standings.filter((one) => (mean(one) ?? -1) > row.mean!).length);
        expect(row.below_pass_mark).toBe(row.mean !== null && passMark !== null && row.mean < passMark * 100);
      }
      let sum = 0;
      let open = true;
      for (const row of ranked) {
        if (row.mean === null || row.below_pass_mark) { expect([row.cumulative_yen, row.within_budget]).toEqual([null, null]); continue; }
        sum += row.requested_yen;
        open = open && sum <= available;
        expect([row.cumulative_yen, row.within_budget]).toEqual([sum, open]);
      }
      // The order the rows came in changes nothing.
      expect(rank([...standings].reverse(), available, passMark)).toEqual(ranked);
    }));
  });

  test('hundredths are written with two digits', () => {
    expect([0, 5, 10_000, 8_533].map(formatHundredths)).toEqual(['0.00', '0.05', '100.00', '85.33']);
  });

  test('a member’s step', () => {
    const row = { conflicted: null, scored: 0, submitted_at: null, state: 'accepted' };
    expect([row, { ...row, conflicted: false }, { ...row, conflicted: false, scored: 2 }, { ...row, conflicted: false, submitted_at: new Date() }, { ...row, conflicted: true }, { ...row, state: 'withdrawn' }].map(panelStep))
      .toEqual(['declare', 'score', 'scoring', 'submitted', 'closed', 'over']);
  });
});

describe('the committee at work', () => {
  let round: Round;
  let people: Round['people'];
  beforeAll(async () => {
    round = await demoRound();
    ({ people } = round);
  });
  const assign = (applications: string[], members: string[]) => transaction(as(people.officer), (tx) => panel.assign(tx, people.officer, applications, members, 'https://portal.example'));
  const declare = (account: string, id: string, conflicted: boolean) => transaction(as(account), (tx) => panel.declare(tx, account, id, { conflicted, note: conflicted ? '団体の会員' : '' }));
  const idOf = async (application: string, account: string) => (await panel.members(sql, application)).find((one) => one.account_id === account)!.assignment_id;
  const save = (account: string, id: string, points: number, version: number, submit: boolean, change: (value: scores.SheetValue) => scores.SheetValue = (value) => value) =>
    transaction(as(account), (tx) => scores.saveSheet(tx, account, id, round.edition.criteria,
      change({ comment: '', scores: round.edition.criteria.map((one) => ({ criterion_id: one.id, points, reason: '理由' })) }), version, submit));
  const constraintOf = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => (isStatementError(error) ? (error.constraint_name ?? error.code) : String(error)));
  const direct = (statement: (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => PromiseLike<unknown>) => constraintOf(transaction({ name: 'system:test' }, async (tx) => {
    await statement(tx);
    await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
  }));

  test('members are assigned to many applications at once, once, and told once', async () => {
    const ids = await acceptedCopies(round, 3, 10_000);
    expect(await assign(ids, [people.panel1, people.panel2])).toEqual({ ok: true, added: 6, skipped: 0 });
    expect(await assign(ids, [people.panel1, people.panel2, people.panel3])).toEqual({ ok: true, added: 3, skipped: 0 });
    expect(await assign(ids, [people.panel3])).toEqual({ ok: true, added: 0, skipped: 0 });
    expect(await sql`select from mail_outbox where template = 'committee_assignment'`).toHaveLength(3);
    expect((await panel.assignable(sql, round.edition.id, people.officer)).find((one) => one.id === ids[0])?.members).toHaveLength(3);
    expect(await assign([...ids, ids[0]!.replace(/^0/, 'f')], [people.panel1])).toEqual({ ok: false, reason: 'not_found' });
    expect(await assign(ids, [people.officer])).toEqual({ ok: false, reason: 'not_committee' });
    expect(await assign([], [people.panel1])).toEqual({ ok: false, reason: 'not_found' });
  });

  test('nobody judges a group they act or acted for', async () => {
    const [id, other] = await acceptedCopies(round, 2, 10_000);
    await round.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`insert into organisation_member (organisation_id, account_id, role, from_on, to_on) select organisation_id, ${people.panel3}, 'member', '2024-04-01', '2025-03-31' from application where id = ${id!}`;
    });
    expect(await assign([id!], [people.panel3])).toEqual({ ok: false, reason: 'member_of_group' });
    expect(await assign([id!, other!], [people.panel1, people.panel3])).toEqual({ ok: true, added: 2, skipped: 2 });
    await round.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`delete from organisation_member where account_id = ${people.panel3}`;
    });
  });

  test('before a declaration nothing but title, group and representative is open; after an interest, nothing at all', async () => {
    const [id] = await acceptedCopies(round, 1, 10_000);
    await assign([id!], [people.panel1, people.panel2]);
    const [one, two] = [await idOf(id!, people.panel1), await idOf(id!, people.panel2)];
    const [file] = await sql<{ file_id: string }[]>`select file_id from submission_file limit 1`;
    await round.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`insert into submission_file (submission_id, file_id) select s.id, ${file!.file_id} from submission s where s.application_id = ${id!}`;
    });
    expect(await panel.assignment(sql, one, people.panel1)).toMatchObject({ conflicted: null, organisation_name: '架空第一自治会', representative_name: '山辺 さくら' });
    expect([await panel.application(sql, one, people.panel1), await panel.file(sql, one, people.panel1, file!.file_id), await scores.sheet(sql, one, people.panel1)]).toEqual([null, null, null]);
    expect(await save(people.panel1, one, 3, 0, false)).toEqual({ ok: false, reason: 'not_declared' });
    // Another member's assignment does not exist for me.
    expect([await panel.assignment(sql, one, people.panel2), await panel.application(sql, one, people.panel2), await declare(people.panel2, one, false)]).toEqual([null, null, { ok: false, reason: 'not_found' }]);
    expect(await declare(people.panel1, one, true)).toEqual({ ok: true });
    expect(await declare(people.panel1, one, false)).toEqual({ ok: false, reason: 'already' });
    expect(await panel.assignment(sql, one, people.panel1)).toMatchObject({ conflicted: true, project_title: '', organisation_name: '', representative_name: '' });
    expect([await panel.application(sql, one, people.panel1), await panel.file(sql, one, people.panel1, file!.file_id), await forOffice(sql, id!, people.panel1)]).toEqual([null, null, null]);
    expect(await save(people.panel1, one, 3, 0, false)).toEqual({ ok: false, reason: 'not_declared' });
    expect((await panel.mine(sql, people.panel1)).find((row) => row.id === one)).toMatchObject({ conflicted: true, project_title: '' });
    const row = (await ranking(sql, round.edition, people.panel1)).find((one_) => one_.application_id === id)!;
    expect(row).toMatchObject({ closed: true, project_title: '', organisation_name: '', mean: null });
    // The other member reads on.
    expect(await declare(people.panel2, two, false)).toEqual({ ok: true });
    expect(await panel.file(sql, two, people.panel2, file!.file_id)).toBe(file!.file_id);
    expect((await panel.application(sql, two, people.panel2))?.organisation.name).toBe('架空第一自治会');
    expect(await direct((tx) => tx`update interest_declaration set conflicted = false where assignment_id = ${one}`)).toBe('declaration_final');
    expect(await direct((tx) => tx`insert into score_sheet (assignment_id) values (${one})`)).toBe('score_needs_no_interest');
    expect(await direct((tx) => tx`delete from interest_declaration`)).toBe('42501');
  });

  test('a sheet is saved with gaps, handed in whole, and then final', async () => {
    const [id] = await acceptedCopies(round, 1, 10_000);
    await assign([id!], [people.panel1]);
    const mine = await idOf(id!, people.panel1);
    await declare(people.panel1, mine, false);
    const gap = (value: scores.SheetValue): scores.SheetValue => ({ ...value, scores: value.scores.map((one, index) => (index === 0 ? { ...one, points: null } : index === 1 ? { ...one, reason: '' } : one)) });
    expect(await save(people.panel1, mine, 4, 0, false, gap)).toEqual({ ok: true });
    const kept = (await scores.sheet(sql, mine, people.panel1))!;
    expect([kept.version, kept.submitted_at, kept.scores.filter((one) => one.points === null).length, kept.scores.filter((one) => one.reason === '').length]).toEqual([1, null, 1, 1]);
    expect(await save(people.panel1, mine, 4, 0, false)).toEqual({ ok: false, reason: 'stale' });
    expect(await save(people.panel1, mine, 4, 1, true, gap)).toEqual({ ok: false, reason: 'incomplete' });
    expect(await direct((tx) => tx`update score_sheet set submitted_at = now() where assignment_id = ${mine}`)).toBe('score_sheet_complete');
    expect(await direct((tx) => tx`update score set points = 6 where assignment_id = ${mine}`)).toBe('score_maximum');
    expect((await standingOf(sql, id!, round.edition.criteria)).counted).toBe(0);
    expect(await save(people.panel1, mine, 4, 1, true)).toEqual({ ok: true });
    expect(await save(people.panel1, mine, 5, 2, true)).toEqual({ ok: false, reason: 'already_submitted' });
    for (const statement of ['update score set points = 0', 'delete from score', 'update score_sheet set comment = \'x\'']) {
      expect(await direct((tx) => (statement.startsWith('update score set') ? tx`update score set points = 0 where assignment_id = ${mine}` : statement.startsWith('delete') ? tx`delete from score where assignment_id = ${mine}` : tx`update score_sheet set comment = 'x' where assignment_id = ${mine}`)), statement).toBe('score_final');
    }
    expect(await standingOf(sql, id!, round.edition.criteria)).toEqual({ mean: 8_000, spread: 0, counted: 1, assigned: 1, conflicted: 0 });
  });

  test('the mean is that of the remaining members, and an interest noticed late takes a submitted sheet out', async () => {
    const [id] = await acceptedCopies(round, 1, 10_000);
    await assign([id!], [people.panel1, people.panel2, people.panel3]);
    for (const [account, points] of [[people.panel1, 5], [people.panel2, 3]] as const) {
      const mine = await idOf(id!, account);
      await declare(account, mine, false);
      expect(await save(account, mine, points, 0, true)).toEqual({ ok: true });
    }
    const row = async () => (await ranking(sql, round.edition, people.officer)).find((one) => one.application_id === id)!;
    expect(await row()).toMatchObject({ mean: 8_000, spread: 4_000, waiting: 1, assigned: 3, conflicted: 0 });
    expect(await declare(people.panel3, await idOf(id!, people.panel3), true)).toEqual({ ok: true });
    expect(await row()).toMatchObject({ mean: 8_000, waiting: 0, conflicted: 1 });
    expect(await declare(people.panel2, await idOf(id!, people.panel2), true)).toEqual({ ok: true });
    expect(await row()).toMatchObject({ mean: 10_000, spread: 0, waiting: 0, conflicted: 2, totals: [10_000] });
  });

  test('once the decision is drafted, nobody declares, scores or is assigned any more', async () => {
    const [id] = await acceptedCopies(round, 1, 10_000);
    await assign([id!], [people.panel1, people.panel2]);
    const [one, two] = [await idOf(id!, people.panel1), await idOf(id!, people.panel2)];
    await declare(people.panel1, one, false);
    await decidedAs(round, id!);
    expect(await declare(people.panel2, two, false)).toEqual({ ok: false, reason: 'closed' });
    expect(await save(people.panel1, one, 3, 0, true)).toEqual({ ok: false, reason: 'closed' });
    expect(await assign([id!], [people.panel3])).toEqual({ ok: false, reason: 'not_found' });
  });

  test('two tabs handing in at once: one sheet', async () => {
    const [id] = await acceptedCopies(round, 1, 10_000);
    await assign([id!], [people.panel1]);
    const mine = await idOf(id!, people.panel1);
    await declare(people.panel1, mine, false);
    const results = await Promise.all([1, 2, 3, 4].map((points) => save(people.panel1, mine, points, 0, true)));
    expect(results.filter((one) => one.ok)).toHaveLength(1);
  });

  describe('the forms', () => {
    const form = (fields: [string, string][]) => {
      const data = new FormData();
      for (const [name, value] of fields) data.append(name, value);
      return data;
    };
    const sheet = (points: string, reason: string, more: [string, string][] = []) => form([
      ...round.edition.criteria.flatMap((one): [string, string][] => [[scoreNames(one.id).points, points], [scoreNames(one.id).reason, reason]]), ['comment', ''], ['_version', '3'], ...more]);

    test('a sheet: gaps while saving, none when handing in, points only up to the maximum', () => {
      expect(parseSheet(sheet('', ''), round.edition.criteria)).toMatchObject({ ok: true, submit: false, version: 3 });
      const whole = parseSheet(sheet('5', '理由', [['step', 'submit'], ['sure', 'on']]), round.edition.criteria);
      expect(whole).toMatchObject({ ok: true, submit: true });
      expect(parseSheet(sheet('6', '理由'), round.edition.criteria)).toMatchObject({ ok: false, status: 422 });
      expect(parseSheet(sheet('５', '理由'), round.edition.criteria).ok).toBe(false);
      const gaps = parseSheet(sheet('', '', [['step', 'submit']]), round.edition.criteria);
      expect(!gaps.ok && gaps.problems).toHaveLength(2 * round.edition.criteria.length + 1);
      expect(parseSheet(sheet('5', '理由', [['points_x', '1']]), round.edition.criteria)).toMatchObject({ ok: false, status: 400 });
      expect(parseSheet(sheet('5', '\ud800'), round.edition.criteria)).toMatchObject({ ok: false, status: 400 });
      expect(parseSheet(sheet('5', '長'.repeat(1001)), round.edition.criteria)).toMatchObject({ ok: false, status: 422 });
    });

    test('a declaration: an interest needs a word, none needs nothing', () => {
      expect(parseDeclaration(form([['interest', 'none'], ['note', 'x']]))).toEqual({ ok: true, value: { conflicted: false, note: '' } });
      expect(parseDeclaration(form([['interest', 'conflict'], ['note', ' ']]))).toMatchObject({ ok: false, problems: [{ field: 'note' }] });
      expect(parseDeclaration(form([]))).toMatchObject({ ok: false, status: 422, problems: [{ field: 'interest' }] });
    });

    test('an assignment: all or some', () => {
      expect(parseAssignment(form([['members', 'm'], ['scope', 'all']]), ['m'], ['a', 'b'])).toEqual({ ok: true, value: { members: ['m'], applications: ['a', 'b'] } });
      expect(parseAssignment(form([['members', 'm'], ['scope', 'some'], ['applications', 'b']]), ['m'], ['a', 'b'])).toEqual({ ok: true, value: { members: ['m'], applications: ['b'] } });
      expect(parseAssignment(form([['members', 'm'], ['scope', 'some']]), ['m'], ['a'])).toMatchObject({ ok: false, problems: [{ field: 'applications' }] });
      expect(parseAssignment(form([['members', 'x'], ['scope', 'all']]), ['m'], ['a'])).toMatchObject({ ok: false, status: 422 });
    });
  });
});
