import { beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { isStatementError, sql, transaction } from '../db/db.server.ts';
import * as panel from '../screening/panel.server.ts';
import { OUTCOMES, refuseAmount, seenHash } from './award.ts';
import { AMOUNT_WORDS, parseDecision, parseProposal, parseRelease } from './form.ts';
import { acceptedCopies, as, decidedAs, demoRound, drafted, editionWith, submissionOf, type Round } from './fixtures.ts';
import * as release from './release.server.ts';
import * as awards from './store.server.ts';

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};

describe('the amount', () => {
  test('is what the outcome says it is', () => {
    fc.assert(fc.property(fc.constantFrom(...OUTCOMES), fc.nat(400), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (outcome, amount_yen, requested, cap) => {
      const allowed = outcome === 'declined' ? amount_yen === 0
        : amount_yen > 0 && amount_yen <= requested && amount_yen <= cap && (outcome === 'adopted') === (amount_yen === requested);
      const refusal = refuseAmount({ outcome, amount_yen }, requested, cap);
      expect(refusal === null).toBe(allowed);
      if (refusal) expect(AMOUNT_WORDS[refusal]).toMatch(/。$/);
    }));
  });

  test('the mark of what was seen changes with everything that would be executed', () => {
    const value = { application_id: 'a', submission_id: 's', submission_sha256: 'h', outcome: 'adopted' as const, amount_yen: 1, reason: 'r', conditions: ['c', 'd'] };
    const marks = [value, { ...value, amount_yen: 2 }, { ...value, outcome: 'partly_adopted' as const }, { ...value, reason: 'r2' }, { ...value, conditions: ['c d'] }, { ...value, conditions: ['d', 'c'] }, { ...value, submission_sha256: 'i' }].map(seenHash);
    expect(new Set(marks).size).toBe(marks.length);
  });
});

describe('the forms', () => {
  const id = '019ab000-0000-7000-8000-000000000000';
  test('read a proposal, one condition a line', () => {
    expect(parseProposal(form({ submission: id, outcome: 'partly_adopted', amount: '１２，０００円', reason: '理由', conditions: 'ひとつ\r\n\r\n　ふたつ ' })))
      .toEqual({ ok: true, submission_id: id, value: { outcome: 'partly_adopted', amount_yen: 12_000, reason: '理由', conditions: ['ひとつ', 'ふたつ'] } });
    expect(parseProposal(form({ submission: id, outcome: 'declined', amount: '', reason: '理由' }))).toMatchObject({ ok: true, value: { amount_yen: 0 } });
  });

  test('ask for what is missing and refuse what no form sends', () => {
    expect(parseProposal(form({ submission: id, outcome: 'adopted', amount: '', reason: '' }))).toMatchObject({ ok: false, status: 422 });
    expect(parseProposal(form({ submission: 'x', outcome: 'adopted', amount: '1', reason: 'r' }))).toMatchObject({ ok: false, status: 422 });
    expect(parseProposal(form({ submission: id, outcome: 'adopted', amount: '1', reason: 'r\u0000' }))).toMatchObject({ ok: false, status: 400 });
    expect(parseProposal(form({ submission: id, outcome: 'adopted', amount: '1', reason: 'r', drafted_by: id }))).toMatchObject({ ok: false, status: 400 });
    expect(parseProposal(form({ submission: id, outcome: 'adopted', amount: '1', reason: 'r', conditions: 'x\n'.repeat(21) }))).toMatchObject({ ok: false, problems: [{ field: 'conditions' }] });
    expect(parseDecision(form({ decision: 'return', seen: 'x', comment: '' }))).toMatchObject({ ok: false, problems: [{ field: 'comment' }] });
    expect(parseDecision(form({ decision: 'approve', seen: 'x', comment: '' }))).toEqual({ ok: true, value: { decision: 'approve', seen: 'x', comment: '' } });
  });

  test('read an instant as Japan’s clock shows it', () => {
    expect(parseRelease(form({ step: 'set', on_year: '令和8', on_month: '12', on_day: '1', hour: '９', minute: '30' }))).toEqual({ ok: true, value: { release_at: new Date('2026-12-01T00:30:00Z') } });
    expect(parseRelease(form({ step: 'clear', on_year: '', on_month: '', on_day: '', hour: '', minute: '' }))).toEqual({ ok: true, value: { release_at: null } });
    expect(parseRelease(form({ step: 'set', on_year: '', on_month: '', on_day: '', hour: '9', minute: '0' }))).toMatchObject({ ok: false, problems: [{ field: 'on' }] });
    expect(parseRelease(form({ step: 'set', on_year: '2026', on_month: '12', on_day: '1', hour: '24', minute: '0' }))).toMatchObject({ ok: false, status: 422 });
  });
});

describe('起案 and 決裁', () => {
  let round: Round;
  let people: Round['people'];
  beforeAll(async () => {
    round = await demoRound();
    ({ people } = round);
  });
  const decide = (approver: string, verb: typeof awards.approve, draft: { id: string; seen: string }, comment = '') =>
    transaction(as(approver), (tx) => verb(tx, approver, draft.id, draft.seen, comment));

  test('a draft rests on the newest submission and freezes the round’s conditions', async () => {
    const [id, other] = await acceptedCopies(round, 2, 20_000);
    const value = { outcome: 'adopted' as const, amount_yen: 20_000, reason: 'r', conditions: ['会計の帳簿を月ごとに見せること。', round.edition.standard_conditions[0]!] };
    const make = async (submission: string) => transaction(as(people.officer), (tx) => awards.draft(tx, people.officer, id!, submission, value));
    expect(await make(await submissionOf(other!))).toEqual({ ok: false, reason: 'changed' });
    const made = await make(await submissionOf(id!));
    expect(made.ok).toBe(true);
    const draft = (await awards.proposal(sql, made.ok ? made.id : '', people.approver))!;
    expect(draft.conditions).toEqual([...round.edition.standard_conditions, '会計の帳簿を月ごとに見せること。']);
    expect(await make(await submissionOf(id!))).toEqual({ ok: false, reason: 'wrong_state' });
  });

  test('no more than the budget has left can even be drafted', async () => {
    const editionId = await editionWith(round, 15_000, 2150);
    const [id] = await acceptedCopies(round, 1, 20_000, editionId);
    const submission = await submissionOf(id!);
    const make = (amount_yen: number) => transaction(as(people.officer), (tx) => awards.draft(tx, people.officer, id!, submission, { outcome: 'partly_adopted', amount_yen, reason: 'r', conditions: [] }));
    expect(await make(15_001)).toEqual({ ok: false, reason: 'over_budget' });
    expect(await make(20_001)).toEqual({ ok: false, reason: 'amount', refusal: 'amount_above_request' });
    expect(await make(15_000)).toMatchObject({ ok: true });
  });

  test('what the approver saw is what is committed', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    const draft = await drafted(round, id!);
    expect(await decide(people.approver, awards.approve, { ...draft, seen: 'f'.repeat(64) })).toEqual({ ok: false, reason: 'changed' });
    expect(await decide(people.approver, awards.approve, draft)).toEqual({ ok: true });
    expect(await awards.award(sql, id!)).toMatchObject({ outcome: 'adopted', amount_yen: 20_000, released: false });
    expect(await decide(people.approver, awards.sendBack, draft, 'やり直し')).toEqual({ ok: false, reason: 'already_decided' });
  });

  test('a returned draft stays in the history with its comment, and a new one may follow', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    expect(await decide(people.approver, awards.sendBack, await drafted(round, id!), '理由を詳しく')).toEqual({ ok: true });
    const second = await drafted(round, id!, { outcome: 'partly_adopted', amount_yen: 12_000, reason: '対象外の経費を除いた' });
    expect((await awards.waiting(sql, people.approver)).map((one) => one.id)).toContain(second.id);
    expect(await decide(people.approver, awards.approve, second)).toEqual({ ok: true });
    expect((await awards.proposals(sql, id!)).map(({ result, comment }) => [result, comment])).toEqual([['approved', ''], ['returned', '理由を詳しく']]);
    expect((await awards.waiting(sql, people.approver)).map((one) => one.id)).not.toContain(second.id);
    expect((await awards.recent(sql, people.approver))[0]).toMatchObject({ id: second.id, result: 'approved' });
  });

  test('approve and return at the same time: one of them happens', async () => {
    const [id] = await acceptedCopies(round, 1, 5_000);
    const draft = await drafted(round, id!);
    const results = await Promise.all([decide(people.approver, awards.approve, draft), decide(people.approver, awards.sendBack, draft, 'x')]);
    expect(results.filter((one) => one.ok)).toHaveLength(1);
  });

  test('somebody who declared an interest neither drafts, sees, decides nor waits for it', async () => {
    const [id] = await acceptedCopies(round, 1, 5_000);
    const draft = await drafted(round, id!);
    await transaction({ name: 'system:test' }, async (tx) => {
      const [row] = await tx<{ id: string }[]>`insert into panel_assignment (application_id, account_id, assigned_by) values (${id!}, ${people.approver}, ${people.officer}) returning id`;
      await tx`insert into interest_declaration (assignment_id, conflicted, note) values (${row!.id}, true, '団体の会員')`;
      await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
    });
    expect(await decide(people.approver, awards.approve, draft)).toEqual({ ok: false, reason: 'not_found' });
    expect(await awards.proposal(sql, draft.id, people.approver)).toBeNull();
    expect((await awards.waiting(sql, people.approver)).map((one) => one.id)).not.toContain(draft.id);
    expect((await panel.assignable(sql, round.edition.id, people.approver)).map((one) => one.id)).not.toContain(id);
    expect((await awards.waiting(sql, people.auditor)).map((one) => one.id)).toContain(draft.id);
  });

  describe('the release', () => {
    const set = (editionId: string, at: Date | null, version: number) => transaction(as(people.officer), (tx) => release.setRelease(tx, editionId, at, version));
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000);

    test('is set, moved and cleared until it is past; then it stays, by constraint too', async () => {
      const id = await editionWith(round, 100_000, 2151);
      expect(await set(id, later(-1), 1)).toEqual({ ok: false, reason: 'in_past' });
      expect(await set(id, later(3600), 1)).toEqual({ ok: true });
      expect(await set(id, later(7200), 1)).toEqual({ ok: false, reason: 'stale' });
      expect(await set(id, null, 2)).toEqual({ ok: true });
      expect(await set(id, later(0.2), 3)).toEqual({ ok: true });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await set(id, null, 4)).toEqual({ ok: false, reason: 'already_released' });
      const problem = await transaction(as(people.officer), (tx) => tx`update scheme_edition set results_release_at = null where id = ${id}`).catch((error: unknown) => error);
      expect(isStatementError(problem) && problem.constraint_name).toBe('scheme_edition_release_final');
    });

    test('shows results from its instant on, and tells every member of the group once', async () => {
      const id = await editionWith(round, 100_000, 2152);
      const [adopted, declined, open] = await acceptedCopies(round, 3, 20_000, id);
      await decidedAs(round, adopted!);
      await decidedAs(round, declined!, { outcome: 'declined', amount_yen: 0, conditions: ['消える'] });
      expect(await release.releaseSummary(sql, id)).toEqual({ adopted: 1, partly_adopted: 0, declined: 1, adopted_yen: 20_000, undecided: 1 });
      await set(id, later(3600), 1);
      expect([await release.announce(), await awards.releasedAward(sql, adopted!)]).toEqual([0, null]);
      await set(id, later(0.2), 2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await awards.releasedAward(sql, declined!)).toMatchObject({ outcome: 'declined', conditions: [], released: true });
      expect((await awards.publicProjects(sql, null)).map((one) => one.application_id)).toContain(adopted);
      expect((await awards.publicProjects(sql, null)).map((one) => one.application_id)).not.toContain(declined);
      const told = await Promise.all([release.announce(), release.announce()]);
      expect(told[0]! + told[1]!).toBe(2);
      // Decided after the release: public at once, and told in the next run.
      await decidedAs(round, open!, { outcome: 'partly_adopted', amount_yen: 1_000 });
      expect([await release.announce(), await release.announce()]).toEqual([1, 0]);
      const mails = await sql<{ dedupe_key: string; body: string }[]>`select dedupe_key, body from mail_outbox where template = 'result_released'`;
      expect(mails).toHaveLength(3);
      expect(mails.every((mail) => !mail.body.includes('採択') && mail.body.includes('/my/applications/'))).toBe(true);
    });
  });
});
