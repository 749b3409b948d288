import { beforeAll, describe, expect, test } from 'vitest';
import { isStatementError, sql, transaction } from '../db/db.server.ts';
import { acceptedCopies, as, demoRound, drafted, editionWith, submissionOf, type Round } from './fixtures.ts';
import * as awards from './store.server.ts';

let round: Round;
beforeAll(async () => {
  round = await demoRound();
});

const committed = async (editionId: string) => (await sql<{ committed_yen: number; budget_yen: number }[]>`select committed_yen, budget_yen from edition_budget where edition_id = ${editionId}`)[0]!;

/** What the database itself says when a statement breaks one of its rules. */
async function constraintOf(work: Promise<unknown>): Promise<string | undefined> {
  const problem = await work.then(() => undefined, (error: unknown) => error);
  return isStatementError(problem) ? (problem.constraint_name ?? problem.code) : String(problem);
}

/** Direct SQL as the application's role, past every verb, with an audit row so that only the money rules can refuse. */
const direct = (statement: (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => PromiseLike<unknown>) =>
  constraintOf(transaction({ name: 'system:test' }, async (tx) => {
    await statement(tx);
    await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
  }));

describe('one budget under many hands', () => {
  const ROUNDS = 6;
  test(`50 approvals at once, ${ROUNDS} rounds: never above the budget, always exactly full`, async () => {
    for (let n = 0; n < ROUNDS; n += 1) {
      // 50 × 10,000 wanted; what fits differs from round to round, and is never a round number of applications by luck alone.
      const fits = 7 + 6 * n;
      const editionId = await editionWith(round, fits * 10_000 + 9_999, 2100 + n);
      const ids = await acceptedCopies(round, 50, 10_000, editionId);
      const drafts = [];
      for (const id of ids) drafts.push(await drafted(round, id));
      const results = await Promise.all(drafts.map(({ id, seen }) => transaction(as(round.people.approver), (tx) => awards.approve(tx, round.people.approver, id, seen, ''))));
      expect(results.filter((result) => result.ok)).toHaveLength(fits);
      expect(new Set(results.filter((result) => !result.ok).map((result) => !result.ok && result.reason))).toEqual(new Set(['over_budget']));
      expect(await committed(editionId)).toEqual({ committed_yen: fits * 10_000, budget_yen: fits * 10_000 + 9_999 });
      const [kept] = await sql<{ n: number; yen: number; decided: number }[]>`
        select count(*) as n, sum(w.amount_yen)::bigint as yen, count(*) filter (where a.state = 'decided') as decided from award w join application a on a.id = w.application_id where w.edition_id = ${editionId}`;
      expect(kept).toEqual({ n: fits, yen: fits * 10_000, decided: fits });
    }
  }, 180_000);

  test('one page posted twice, at once and later, is one award', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    const { id: proposal, seen } = await drafted(round, id!);
    const before = await committed(round.edition.id);
    const post = (key: string) => transaction(as(round.people.approver), (tx) => awards.approve(tx, round.people.approver, proposal, seen, ''), { action: 'award.approve', key });
    expect(await Promise.all([post('the-same-page'), post('the-same-page'), post('the-same-page')])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(await post('the-same-page')).toEqual({ ok: true });
    expect(await post('another-page')).toEqual({ ok: false, reason: 'already_decided' });
    expect((await committed(round.edition.id)).committed_yen).toBe(before.committed_yen + 20_000);
  });

  test('one page of 起案 posted twice is one draft, and two pages are not two', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    const submission = await submissionOf(id!);
    const value = { outcome: 'partly_adopted' as const, amount_yen: 5_000, reason: '予算の残りによる', conditions: [] };
    const post = (key: string) => transaction(as(round.people.officer), (tx) => awards.draft(tx, round.people.officer, id!, submission, value), { action: 'award.draft', key });
    const [first, second, other] = await Promise.all([post('draft-page-one'), post('draft-page-one'), post('draft-page-two')]);
    expect([first, second, other].filter((one) => one.ok).length).toBeLessThanOrEqual(2);
    const rows = await sql`select id from award_proposal where application_id = ${id!}`;
    expect(rows).toHaveLength(1);
  });
});

describe('the database’s own rules, whatever the code says', () => {
  test('an award above what is left is refused, and the constraint has a name the page knows', async () => {
    const editionId = await editionWith(round, 30_000, 2200);
    const [first, second] = await acceptedCopies(round, 2, 20_000, editionId);
    const drafts = [await drafted(round, first!), await drafted(round, second!)];
    for (const [index, draft] of drafts.entries()) {
      const problem = await transaction(as(round.people.approver), async (tx) => {
        await tx`insert into award_approval (proposal_id, drafted_by, result, decided_by) values (${draft.id}, ${round.people.officer}, 'approved', ${round.people.approver})`;
        await tx`insert into award (application_id, proposal_id, edition_id, outcome, amount_yen, requested_yen, cap_yen) values (${[first, second][index]!}, ${draft.id}, ${editionId}, 'adopted', 20000, 0, 0)`;
        await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
      }).then(() => null, (error: unknown) => error);
      expect(awards.isOverBudget(problem)).toBe(index === 1);
    }
    expect((await committed(editionId)).committed_yen).toBe(20_000);
  });

  test('the committed sum moves with awards alone, and the budget never falls below it', async () => {
    const { id } = round.edition;
    expect(await direct((tx) => tx`update edition_budget set committed_yen = committed_yen - 1 where edition_id = ${id}`)).toBe('edition_budget_only_by_award');
    expect(await direct((tx) => tx`update edition_budget set committed_yen = committed_yen + 1 where edition_id = ${id}`)).toBe('edition_budget_only_by_award');
    expect(await direct((tx) => tx`update edition_budget set budget_yen = committed_yen - 1 where edition_id = ${id}`)).toBe('edition_budget_never_over');
    const owner = round.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`update edition_budget set committed_yen = budget_yen + 1 where edition_id = ${id}`;
    });
    expect(await owner.then(() => 'written', (error: { constraint_name?: string }) => error.constraint_name)).toMatch(/^edition_budget_/);
  });

  test('no award without its approval, with another amount, or for another application', async () => {
    const [id, other] = await acceptedCopies(round, 2, 20_000);
    const draft = await drafted(round, id!, { outcome: 'partly_adopted', amount_yen: 15_000 });
    const award = (application: string, amount: number) => direct((tx) => tx`
      insert into award (application_id, proposal_id, edition_id, outcome, amount_yen, requested_yen, cap_yen) values (${application}, ${draft.id}, ${round.edition.id}, 'partly_adopted', ${amount}, 999999, 999999)`);
    expect(await award(id!, 15_000)).toBe('award_needs_approval');
    await transaction(as(round.people.approver), async (tx) => {
      await tx`insert into award_approval (proposal_id, drafted_by, result, decided_by) values (${draft.id}, ${round.people.officer}, 'approved', ${round.people.approver})`;
      await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
    });
    expect(await award(id!, 15_001)).toBe('award_needs_approval');
    expect(await award(other!, 15_000)).toBe('award_needs_approval');
  });

  test('the one who drafted never approves, by verb and by constraint', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    const draft = await drafted(round, id!);
    const { officer, approver } = round.people;
    expect(await transaction(as(officer), (tx) => awards.approve(tx, officer, draft.id, draft.seen, ''))).toEqual({ ok: false, reason: 'own_draft' });
    expect(await transaction(as(officer), (tx) => awards.sendBack(tx, officer, draft.id, draft.seen, 'x'))).toEqual({ ok: false, reason: 'own_draft' });
    const insert = (drafter: string) => direct((tx) => tx`insert into award_approval (proposal_id, drafted_by, result, decided_by) values (${draft.id}, ${drafter}, 'approved', ${officer})`);
    expect(await insert(officer)).toBe('award_approval_two_people');
    // Naming somebody else as the drafter does not help: the pair must be the draft's own.
    expect(await insert(approver)).toBe('award_approval_proposal_id_drafted_by_fkey');
  });

  test('decisions are never edited or removed, not even by the owner', async () => {
    for (const statement of ['update award set amount_yen = 1', 'delete from award', 'update award_proposal set amount_yen = 1', 'delete from award_approval', 'delete from award_proposal', 'truncate award cascade']) {
      const code = await round.db.ownerSql.begin(async (tx) => {
        await tx`select set_config('portal.actor', 'system:test', true)`;
        await tx.unsafe(statement);
      }).then(() => 'written', (error: { code: string }) => error.code);
      expect(code, statement).toBe('PT002');
    }
  });
});
