import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { as, completeDraft, demoDatabase, demoLines, ORIGIN, project, send, type Demo } from '../../../tests/database/demo.ts';
import type { Section } from '../applications/application.ts';
import * as drafts from '../applications/drafts.server.ts';
import { differences } from '../applications/snapshot.ts';
import { draftWhole, seenMark, submissions, submit, takeSnapshot, withdraw } from '../applications/submission.server.ts';
import { sql, transaction } from '../db/db.server.ts';
import { deliver } from '../mail/delivery.server.ts';
import { decodeWords, startMailServer } from '../mail/samples/mail-server.ts';
import { smtpSender } from '../mail/send.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import * as screening from './store.server.ts';
import { timeline } from './timeline.server.ts';

let demo: Demo;
let officer: string;
let hana: string;
let id: string;
const due = addDays(dayOf(new Date()), 9);

beforeAll(async () => {
  demo = await demoDatabase();
  ({ officer, hana } = demo.people as { officer: string; hana: string });
});
beforeEach(async () => {
  // The group's one application of the year: the one before makes room.
  if (id) await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update application set withdrawn_at = now() where organisation_id = '${demo.groups.hana}' and decided_at is null`);
  id = await completeDraft(demo, 'hana');
  const sent = await send(demo, 'hana', id);
  if (!sent.ok) throw new Error(sent.reason);
});

const state = async () => (await screening.forOffice(sql, id, officer))!.state;
const office = <R>(work: Parameters<typeof transaction<R>>[1], key?: string) => transaction(as(officer), work, key ? { action: 'test', key } : {});
const shown = async () => screening.checks(sql, { id, edition_id: demo.edition.id });
const mark = async () => screening.checksMark(await shown(), await screening.newestSubmission(sql, id));
const all = (result: 'met' | 'not_met' | 'unclear', reason = '') => demo.edition.requirements.map((one) => ({ requirement_id: one.id, result, reason }));
const ask = (items: { section: Section; reason: string }[], seen?: string) =>
  office((tx) => screening.requestCorrection(tx, officer, id, { due_on: due, message: 'お願いします。', items }, ORIGIN, seen));
const member = (section: 'team' | 'project', answers: Record<string, string | number>, version: number) =>
  transaction(as(hana, demo.groups.hana!), (tx) => drafts.saveAnswers(tx, hana, id, section, { ...project.answers[section], ...answers }, version));

describe('assigning', () => {
  test('is to an officer who may act on it; a form older than the last change is refused', async () => {
    const { approver } = demo.people;
    expect(await screening.officers(sql, id)).toEqual([{ id: officer, name: '担当 一郎' }]);
    expect(await office((tx) => screening.assign(tx, id, officer, null))).toEqual({ ok: true });
    expect(await office((tx) => screening.assign(tx, id, null, null))).toEqual({ ok: false, reason: 'changed' });
    expect(await office((tx) => screening.assign(tx, id, approver!, officer))).toEqual({ ok: false, reason: 'not_officer' });
    expect(await office((tx) => screening.assign(tx, id, null, officer))).toEqual({ ok: true });
    expect(await office((tx) => screening.assign(tx, randomUUID(), officer))).toEqual({ ok: false, reason: 'not_found' });
  });

  test('leaves out an officer who acts for the group, and one whose office ended', async () => {
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; insert into organisation_member (organisation_id, account_id, role, from_on) values ('${demo.groups.hana}', '${officer}', 'member', current_date)`);
    expect(await screening.officers(sql, id)).toEqual([]);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; delete from organisation_member where account_id = '${officer}'`);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update staff_role set to_on = current_date where account_id = '${officer}'`);
    expect(await office((tx) => screening.assign(tx, id, officer))).toEqual({ ok: false, reason: 'not_officer' });
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update staff_role set to_on = null where account_id = '${officer}'`);
  });
});

describe('the checklist', () => {
  test('keeps who found what and when, line by line', async () => {
    const [first, second] = all('met');
    expect(await office((tx) => screening.saveChecks(tx, officer, id, [first!, { ...second!, result: 'unclear', reason: '名簿を確認中' }]))).toEqual({ ok: true });
    const lines = await shown();
    expect(lines.map((line) => line.result)).toEqual(['met', 'unclear', null, null, null, null]);
    expect(lines[1]).toMatchObject({ reason: '名簿を確認中', checked_by_name: '担当 一郎', outdated: false });
    expect(lines[1]!.checked_at).toBeInstanceOf(Date);
  });

  test('of two officers who filled in the same one, the second is told', async () => {
    const seen = await mark();
    const once = (result: 'met' | 'unclear') => office((tx) => screening.saveChecks(tx, officer, id, all(result, 'x'), seen));
    const results = await Promise.all([once('met'), once('unclear')]);
    expect(results.filter((result) => result.ok).length).toBe(1);
    expect(results.find((result) => !result.ok)).toEqual({ ok: false, reason: 'changed' });
  });

  test('of another edition, another state or another person’s application is refused', async () => {
    expect(await office((tx) => screening.saveChecks(tx, officer, id, [{ requirement_id: randomUUID(), result: 'met', reason: '' }]))).toEqual({ ok: false, reason: 'unknown_requirement' });
    await transaction(as(hana, demo.groups.hana!), (tx) => withdraw(tx, hana, id, ORIGIN));
    expect(await office((tx) => screening.saveChecks(tx, officer, id, all('met')))).toEqual({ ok: false, reason: 'wrong_state' });
  });

  test('a result without its reason is refused by the database too', async () => {
    await expect(office((tx) => screening.saveChecks(tx, officer, id, all('not_met')))).rejects.toMatchObject({ constraint_name: 'screening_check_reason' });
  });
});

describe('a correction', () => {
  test('goes to the group and back: only what is named opens, what changed is shown, old checks count no more', async () => {
    await office((tx) => screening.saveChecks(tx, officer, id, all('met')));
    const asked = await ask([{ section: 'team', reason: '人数を確かめてください。' }, { section: 'budget', reason: '保険料の根拠を書いてください。' }]);
    if (!asked.ok) throw new Error(asked.reason);
    expect(await state()).toBe('correction');
    expect(await drafts.openSections(sql, id, 'correction')).toEqual(expect.arrayContaining(['team', 'budget']));
    const mails = await sql<{ body: string }[]>`select body from mail_outbox where dedupe_key like ${`correction:${asked.id}:%`}`;
    expect(mails.length).toBe(2);
    expect(mails[0]!.body).toContain(`/my/applications/${id}`);

    expect(await member('project', { title: '別の名前' }, 1)).toEqual({ ok: false, reason: 'locked' });
    expect(await member('team', { staff_count: 12 }, 1)).toEqual({ ok: true, version: 2 });
    const lines = demoLines(demo).map((line) => (line.item === '行事の保険' ? { ...line, basis: '見積書のとおり' } : line));
    expect(await transaction(as(hana, demo.groups.hana!), (tx) => drafts.saveBudget(tx, hana, id, lines, null, 1))).toEqual({ ok: true, version: 2 });
    // Mended after the end of the window: a correction has its own due day.
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now() - interval '1 second'`);
    const sent = await send(demo, 'hana', id);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now() + interval '30 days'`);
    expect(sent.ok).toBe(true);

    expect(await state()).toBe('submitted');
    const [before, after] = await submissions(sql, id);
    expect(after!.round).toBe(2);
    expect(after!.snapshot.receipt_number).toBe(before!.snapshot.receipt_number);
    expect(differences(before!.snapshot, after!.snapshot).map(({ section, label, before: was, after: now }) => [section, label, was, now])).toEqual([
      ['team', '運営に関わる人数', '8人', '12人'],
      ['budget', '支出', '保険料／行事の保険／27,000円／150円×60人×3回', '保険料／行事の保険／27,000円／見積書のとおり']
    ]);
    const [request] = await screening.corrections(sql, id);
    expect(request).toMatchObject({ answered_round: 2, cancelled_at: null, due_on: due });
    expect((await shown()).every((line) => line.result === 'met' && line.outdated)).toBe(true);
    expect(await office((tx) => screening.accept(tx, officer, id))).toMatchObject({ ok: false, reason: 'unchecked' });
    await office((tx) => screening.saveChecks(tx, officer, id, all('met')));
    expect(await office((tx) => screening.accept(tx, officer, id))).toEqual({ ok: true });
  });

  test('taken back is told to everybody of the group, on the wire too, with no person and no reason in it', async () => {
    await ask([{ section: 'team', reason: '人数の内訳がありません。' }]);
    expect(await office((tx) => screening.cancelCorrection(tx, id, ORIGIN))).toEqual({ ok: true });
    const [request] = await screening.corrections(sql, id);
    const server = await startMailServer();
    await deliver(smtpSender(server.url));
    await server.stop();
    const told = server.received.filter((mail) => decodeWords(mail.headers.get('subject')![0]!).includes('補正のお願いの取消し'));
    const [city] = await sql<{ portal_name: string; mail_sender_address: string }[]>`select portal_name, mail_sender_address from city_settings`;
    expect(told.map((mail) => mail.to).sort()).toEqual([['hana@demo.example'], ['taro@demo.example']]);
    for (const mail of told) {
      expect(mail.from).toBe(city!.mail_sender_address);
      expect(decodeWords(mail.headers.get('subject')![0]!)).toBe(`【${city!.portal_name}】補正のお願いの取消しについて`);
      expect(mail.text).toContain(`${ORIGIN}/my/applications/${id}`);
      expect(mail.text).toContain('直す必要はありません');
      expect(mail.text).not.toMatch(/花子|人数の内訳|お願いします。/);
    }
    expect(await sql`select 1 from mail_outbox where dedupe_key like ${`correction_cancelled:${request!.id}:%`}`).toHaveLength(2);
  });

  test('leaves what it does not name as it was submitted, though the dossier or a stray draft changed', async () => {
    // A correction taken back after the group had already typed something into it…
    await ask([{ section: 'project', reason: '書き直してください。' }]);
    expect(await member('project', { title: '書きかけの名前', content: '書きかけ' }, 1)).toMatchObject({ ok: true });
    expect(await office((tx) => screening.cancelCorrection(tx, id, ORIGIN))).toEqual({ ok: true });
    expect(await state()).toBe('submitted');
    // …and a dossier that changed meanwhile must not slip into the next submission.
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update organisation set members_count = 3, members_living = 3, members_working = 0, members_studying = 0 where id = '${demo.groups.hana}'`);
    await ask([{ section: 'team', reason: '人数' }]);
    await member('team', { staff_count: 20 }, 1);
    const row = (await drafts.forMember(sql, id, hana))!;
    const whole = await draftWhole(sql, row);
    expect(whole.missing).toEqual([]);
    expect(takeSnapshot(whole).organisation.members_count).toBe(18);
    const sent = await send(demo, 'hana', id);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update organisation set members_count = 18, members_living = 14, members_working = 3, members_studying = 1 where id = '${demo.groups.hana}'`);
    expect(sent.ok).toBe(true);
    const [before, after] = await submissions(sql, id);
    expect(differences(before!.snapshot, after!.snapshot).map((row_) => row_.label)).toEqual(['運営に関わる人数']);
    expect((await screening.forOffice(sql, id, officer))!.project_title).toBe(project.answers.project.title);
  });

  test('of the group’s dossier takes the dossier as it is then', async () => {
    await ask([{ section: 'organisation', reason: '電話番号が違うようです。' }]);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update organisation set phone = '0293-00-0099' where id = '${demo.groups.hana}'`);
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    const [before, after] = await submissions(sql, id);
    expect(differences(before!.snapshot, after!.snapshot)).toEqual([{ section: 'organisation', title: '団体', label: '電話番号', before: '0293-00-0001', after: '0293-00-0099' }]);
  });

  test('is refused twice, in the past, without sections, or on a submission that is no longer the newest', async () => {
    const first = await screening.newestSubmission(sql, id);
    const past = addDays(dayOf(new Date()), -1);
    expect(await office((tx) => screening.requestCorrection(tx, officer, id, { due_on: past, message: '', items: [{ section: 'team', reason: 'x' }] }, ORIGIN))).toEqual({ ok: false, reason: 'due_in_past' });
    expect(await ask([])).toEqual({ ok: false, reason: 'no_sections' });
    expect((await ask([{ section: 'team', reason: 'x' }], first!)).ok).toBe(true);
    expect(await ask([{ section: 'team', reason: 'x' }])).toEqual({ ok: false, reason: 'wrong_state' });
    await member('team', { staff_count: 9 }, 1);
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    expect(await ask([{ section: 'team', reason: 'x' }], first!)).toEqual({ ok: false, reason: 'changed' });
    expect(await office((tx) => screening.cancelCorrection(tx, id, ORIGIN))).toEqual({ ok: false, reason: 'wrong_state' });
  });

  test('taken back while the group sends: one of the two happens, never half of each', async () => {
    await ask([{ section: 'team', reason: 'x' }]);
    const row = (await drafts.forMember(sql, id, hana))!;
    const seen = seenMark(await draftWhole(sql, row));
    const [back, sent] = await Promise.all([
      office((tx) => screening.cancelCorrection(tx, id, ORIGIN)),
      transaction(as(hana, demo.groups.hana!), (tx) => submit(tx, hana, id, seen, ORIGIN))
    ]);
    expect([back.ok, sent.ok].filter(Boolean).length).toBe(1);
    expect(await state()).toBe('submitted');
    const [request] = await screening.corrections(sql, id);
    expect(request!.answered_at !== null).toBe(sent.ok);
    expect(request!.cancelled_at !== null).toBe(back.ok);
  });
});

describe('the outcome', () => {
  test('受理 is refused with the names of what is unchecked or not met, and happens once', async () => {
    const lines = all('met');
    lines[2] = { ...lines[2]!, result: 'not_met', reason: '営利' };
    await office((tx) => screening.saveChecks(tx, officer, id, lines.slice(0, 5)));
    const refused = await office((tx) => screening.accept(tx, officer, id));
    expect(refused).toEqual({ ok: false, reason: 'unchecked', names: [demo.edition.requirements[2]!.name, demo.edition.requirements[5]!.name] });
    expect(await screening.outcome(sql, id)).toBeNull();
    await office((tx) => screening.saveChecks(tx, officer, id, all('met')));
    const key = randomUUID();
    const [first, second] = await Promise.all([office((tx) => screening.accept(tx, officer, id), key), office((tx) => screening.accept(tx, officer, id), key)]);
    expect([first, second]).toEqual([{ ok: true }, { ok: true }]);
    expect(await office((tx) => screening.accept(tx, officer, id))).toEqual({ ok: false, reason: 'wrong_state' });
    expect(await screening.outcome(sql, id)).toMatchObject({ outcome: 'accepted', decided_by_name: '担当 一郎' });
    expect(await screening.forOffice(sql, id, officer)).toMatchObject({ state: 'accepted', waiting_for: 'committee' });
    expect(await office((tx) => screening.dismiss(tx, officer, id, 'x', ORIGIN))).toEqual({ ok: false, reason: 'wrong_state' });
  });

  test('却下 closes an open correction, is told to the group by mail, and its reason can be read', async () => {
    await ask([{ section: 'team', reason: 'x' }]);
    expect(await office((tx) => screening.dismiss(tx, officer, id, '期限までに補正がありませんでした。', ORIGIN))).toEqual({ ok: true });
    expect(await state()).toBe('dismissed');
    expect((await screening.corrections(sql, id))[0]!.cancelled_at).not.toBeNull();
    const mails = await sql<{ to_address: string; body: string }[]>`select to_address, body from mail_outbox where dedupe_key like ${`dismissed:${id}:%`} order by 1`;
    expect(mails.map((mail) => mail.to_address)).toEqual(['hana@demo.example', 'taro@demo.example']);
    expect(mails[0]!.body).not.toContain('期限までに');
    expect((await screening.outcome(sql, id))!.reason).toBe('期限までに補正がありませんでした。');
    expect(await member('team', { staff_count: 1 }, 1)).toEqual({ ok: false, reason: 'locked' });
    expect(await office((tx) => screening.dismiss(tx, officer, id, 'x', ORIGIN))).toEqual({ ok: false, reason: 'wrong_state' });
  });

  test('却下 for want of a correction is refused when the correction has just arrived', async () => {
    const seen = (await screening.newestSubmission(sql, id))!;
    await ask([{ section: 'team', reason: 'x' }]);
    await member('team', { staff_count: 9 }, 1);
    await send(demo, 'hana', id);
    expect(await office((tx) => screening.dismiss(tx, officer, id, '補正がありませんでした。', ORIGIN, seen))).toEqual({ ok: false, reason: 'changed' });
    expect(await state()).toBe('submitted');
  });
});

describe('who sees it', () => {
  test('drafts are not found by the office', async () => {
    const draft = await completeDraft(demo, 'npo');
    expect(await screening.forOffice(sql, draft, officer)).toBeNull();
    expect(await office((tx) => screening.assign(tx, draft, officer))).toEqual({ ok: false, reason: 'not_found' });
  });

  test('a declared interest closes it in the office too, to reading and to every verb', async () => {
    const { panel1 } = demo.people;
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test';
      with a as (insert into panel_assignment (application_id, account_id, assigned_by) values ('${id}', '${panel1}', '${officer}') returning id)
      insert into interest_declaration (assignment_id, conflicted, note) select id, true, '親族' from a`);
    expect(await screening.forOffice(sql, id, panel1!)).toBeNull();
    expect(await screening.forOffice(sql, id, officer)).not.toBeNull();
    const verbs = [
      (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => screening.assign(tx, id, officer),
      (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => screening.saveChecks(tx, panel1!, id, all('met')),
      (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => screening.requestCorrection(tx, panel1!, id, { due_on: due, message: '', items: [{ section: 'team', reason: 'x' }] }, ORIGIN),
      (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => screening.accept(tx, panel1!, id),
      (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => screening.dismiss(tx, panel1!, id, 'x', ORIGIN)
    ];
    for (const verb of verbs) expect(await transaction<unknown>(as(panel1!), verb)).toEqual({ ok: false, reason: 'not_found' });
  });

  test('a file belongs to the submissions it was part of, also after the group took it off', async () => {
    const [kept] = await sql<{ file_id: string }[]>`select sf.file_id from submission s join submission_file sf on sf.submission_id = s.id where s.application_id = ${id} limit 1`;
    expect(await screening.submittedFile(sql, id, kept!.file_id)).toBe(kept!.file_id);
    const other = await sql<{ id: string }[]>`select id from application where id <> ${id} and submitted_at is not null and organisation_id <> ${demo.groups.hana!} limit 1`;
    expect(await screening.submittedFile(sql, other[0]!.id, kept!.file_id)).toBeNull();
  });

  test('the timeline tells what happened and who did it, without drafts and scores', async () => {
    await office((tx) => screening.assign(tx, id, officer));
    await office((tx) => screening.saveChecks(tx, officer, id, all('met')));
    await office((tx) => screening.accept(tx, officer, id));
    expect((await timeline(sql, id)).map((event) => [event.action, event.actor_name])).toEqual([
      ['screening.accept', '担当 一郎'], ['screening.check', '担当 一郎'], ['application.assign', '担当 一郎'], ['application.submit', '髙﨑 花子']
    ]);
  });
});
