import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../db/demo/people.ts';
import * as drafts from '../../src/lib/applications/drafts.server.ts';
import { sql, transaction } from '../../src/lib/db/db.server.ts';
import { reasonField, resultField } from '../../src/lib/screening/form.ts';
import * as screening from '../../src/lib/screening/store.server.ts';
import { addDays, dayOf } from '../../src/lib/time/day.ts';
import { as, completeDraft, demoDatabase, send, type Demo } from '../database/demo.ts';
import { startPortal, type RunningPortal } from '../security/portal.ts';
import { Browser, words, type Page } from './browser.ts';

let demo: Demo;
let portal: RunningPortal;
const people: Record<string, Browser> = {};
/** The group's one application of the year; each block begins with a new one. */
let id: string;
let base: string;

beforeAll(async () => {
  demo = await demoDatabase();
  portal = await startPortal({ name: 'http-screening', appUrl: demo.db.appUrl });
  for (const key of ['officer', 'approver', 'auditor', 'accountant', 'panel1', 'hana', 'taro', 'npo']) people[key] = await new Browser(portal.origin).signIn(`${key}@demo.example`, DEMO_PASSWORD);
});
afterAll(() => portal?.stop());

async function newApplication(): Promise<void> {
  if (id) await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update application set withdrawn_at = now() where organisation_id = '${demo.groups.hana}' and decided_at is null`);
  id = await completeDraft(demo, 'hana');
  const sent = await send(demo, 'hana', id);
  if (!sent.ok) throw new Error(sent.reason);
  base = `/office/applications/${id}`;
}
const officer = () => people.officer!;
const hana = () => people.hana!;
const state = async () => (await sql<{ state: string }[]>`select state from application where id = ${id}`)[0]!.state;
/** A refused form: status, the title's 「エラー：」, and what was typed still there. */
function expectRefused(page: Page, status: number, ...texts: string[]) {
  expect(page.status).toBe(status);
  expect(page.text).toMatch(/<title>エラー：/);
  for (const text of texts) expect(words(page) + page.text).toContain(text);
}
const checks = (result: string, reason = '') => Object.fromEntries(demo.edition.requirements.flatMap((one) => [[resultField(one.id), result], [reasonField(one.id), reason]]));
const due = (day: string) => ({ due_on_year: day.slice(0, 4), due_on_month: day.slice(5, 7), due_on_day: day.slice(8) });
const soon = addDays(dayOf(new Date()), 9);

describe('the start page and the work list', () => {
  beforeAll(newApplication);

  test('show each role what the policy lets it open, and nothing else', async () => {
    const start = words(await officer().open('/office'));
    expect(start).toContain('自分の担当');
    expect(start).toContain('審査委員の割当');
    const accountant = words(await people.accountant!.open('/office'));
    expect(accountant).not.toContain('審査委員の割当');
    expect(accountant).not.toContain('監査記録');
    expect(words(await people.auditor!.open('/office'))).toContain('監査記録');
    expect((await hana().open('/office')).status).toBe(403);
    expect((await hana().open('/office/applications')).status).toBe(403);
    expect((await new Browser(portal.origin).open(base)).status).toBe(303);
  });

  test('filters by address; addresses nobody wrote do no harm', async () => {
    expect(words(await officer().open('/office/applications?state=accepted'))).toMatch(/この条件の申請は\d+件です/);
    expect(words(await officer().open('/office/applications?assigned=me&waiting=approver'))).toContain('この条件に合う申請はありません');
    for (const query of ['state=x&edition=1', "assigned=' or 1=1 --", 'after=2026-02-30T00:00:00.000Z_018f0000-0000-7000-8000-000000000001', 'before=\u0000', 'after=0000-01-01T00:00:00.000Z_018f0000-0000-7000-8000-000000000001', `assigned=${randomUUID()}`, 'state=submitted&state=draft']) {
      expect((await officer().open(`/office/applications?${encodeURI(query)}`)).status, query).toBe(200);
    }
  });

  test('a filter is kept under a name, once, and forgotten again by its owner', async () => {
    const list = '/office/applications?state=submitted';
    expectRefused(await officer().fill(list, { name: '' }, 'save'), 422, '絞り込みの名前を入力してください');
    expectRefused(await officer().fill(list, { name: 'あ'.repeat(41) }, 'save'), 422, 'あ'.repeat(41), '1文字減らして');
    const page = await officer().open(list);
    const fields = { ...page.hidden('save'), name: '提出済みの分' };
    for (let twice = 0; twice < 2; twice += 1) {
      const saved = await officer().send('/office/applications?/save', fields);
      expect([saved.status, saved.headers.location]).toEqual([303, list]);
    }
    const kept = await officer().open('/office/applications');
    expect(words(kept)).toContain('提出済みの分');
    const forget = kept.hidden('forget');
    expect((await people.approver!.send('/office/applications?/forget', { id: forget.id! })).status).toBe(404);
    expect((await people.accountant!.send('/office/applications?/forget', { id: forget.id! })).status).toBe(403);
    expect((await officer().send('/office/applications?/forget', { id: 'x' })).status).toBe(422);
    expect((await officer().send('/office/applications?/forget', forget)).status).toBe(303);
    expect(words(await officer().open('/office/applications'))).not.toContain('提出済みの分');
  });
});

describe('an application', () => {
  beforeAll(newApplication);

  test('is shown whole, with its papers, to those who may read it', async () => {
    const page = await officer().open(base);
    for (const text of ['海辺の生きもの教室（架空）', '花と緑の会（架空）', '90,000円', '形式審査をする', '補助額の計算', '会則（架空）.pdf']) expect(words(page)).toContain(text);
    const file = /files\/([0-9a-f-]{36})/.exec(page.text)![1]!;
    const paper = await people.accountant!.open(`${base}/files/${file}`);
    expect([paper.status, paper.headers['content-type'], paper.headers['content-disposition']?.startsWith('attachment')]).toEqual([200, 'application/pdf', true]);
    const document = await people.auditor!.open(`${base}/document.pdf`);
    expect(document.status).toBe(200);
    expect(document.body.subarray(0, 5).toString()).toBe('%PDF-');
    const [other] = await sql<{ id: string }[]>`select id from application where organisation_id = ${demo.groups.npo!} and submitted_at is not null`;
    for (const path of [`/office/applications/${other!.id}/files/${file}`, `${base}/files/${randomUUID()}`, `${base}/files/x`, `/office/applications/${randomUUID()}`, '/office/applications/x', `/office/applications/${id.toUpperCase()}`]) {
      expect((await officer().open(path)).status, path).toBe(404);
    }
    const draft = await completeDraft(demo, 'npo');
    for (const page_ of ['', '/screening', '/document.pdf']) expect((await officer().open(`/office/applications/${draft}${page_}`)).status).toBe(404);
  });

  test('offers acts to officers only; others read, and their posts are refused', async () => {
    const act = ['形式審査をする', '補正を依頼する', '受理する', '却下する', '担当者を決める'];
    const seen = words(await people.auditor!.open(base));
    for (const label of act) expect(seen).not.toContain(label);
    const checklist = await people.auditor!.open(`${base}/screening`);
    expect(checklist.status).toBe(200);
    expect(checklist.text).not.toContain('形式審査を保存する');
    for (const path of ['acceptance', 'dismissal', 'assignment']) expect((await people.auditor!.open(`${base}/${path}`)).status).toBe(403);
    for (const path of ['screening', 'correction', 'acceptance', 'dismissal', 'assignment']) {
      for (const who of ['auditor', 'approver', 'accountant', 'panel1', 'hana']) expect((await people[who]!.send(`${base}/${path}`, { reason: 'x' })).status, `${who} ${path}`).toBe(403);
    }
    expect(await state()).toBe('submitted');
  });

  test('is closed everywhere in the office to somebody who declared an interest in it', async () => {
    const both = demo.people.panel2!;
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; insert into staff_role (account_id, role, from_on) values ('${both}', 'officer', current_date);
      with a as (insert into panel_assignment (application_id, account_id, assigned_by) values ('${id}', '${both}', '${demo.people.officer}') returning id)
      insert into interest_declaration (assignment_id, conflicted, note) select id, true, '親族' from a`);
    const panel2 = await new Browser(portal.origin).signIn('panel2@demo.example', DEMO_PASSWORD);
    for (const path of ['', '/screening', '/correction', '/acceptance', '/dismissal', '/assignment', '/document.pdf']) expect((await panel2.open(`${base}${path}`)).status, path).toBe(404);
    for (const path of ['screening', 'correction', 'acceptance', 'dismissal', 'assignment']) expect((await panel2.send(`${base}/${path}`, { reason: 'x' })).status, path).toBe(404);
    expect((await panel2.open('/office/applications')).text).not.toContain(id);
    await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; delete from staff_role where account_id = '${both}' and role = 'officer'`);
  });
});

describe('assigning', () => {
  beforeAll(newApplication);

  test('takes one of those shown, once, and notices a colleague', async () => {
    const path = `${base}/assignment`;
    expectRefused(await officer().fill(path, {}), 422, '担当者を選んでください');
    expectRefused(await officer().fill(path, { officer: demo.people.approver! }), 422, '画面に出ているものから');
    const [one, two] = [await officer().open(path), await officer().open(path)];
    expect((await officer().send(path, { ...one.hidden(), officer: demo.people.officer! })).status).toBe(303);
    expect((await officer().send(path, { ...one.hidden(), officer: demo.people.officer! })).status).toBe(303);
    expectRefused(await officer().send(path, { ...two.hidden(), officer: 'nobody' }), 409, 'ほかの職員が先に担当者を変えました', '担当 一郎');
    expect((await officer().fill(path, { officer: 'nobody' })).status).toBe(303);
  });
});

describe('the checklist', () => {
  beforeAll(newApplication);

  test('refuses what is not an answer, with everything typed still there', async () => {
    const path = `${base}/screening`;
    const [first] = demo.edition.requirements;
    expectRefused(await officer().fill(path, { ...checks(''), [reasonField(first!.id)]: '名簿を<b>確かめた' }), 422, '結果を選んでください', '名簿を&lt;b>確かめた');
    expectRefused(await officer().fill(path, checks('not_met')), 422, 'にする理由を入力してください');
    expectRefused(await officer().fill(path, {}), 422, '1つ以上選んでください');
    expect((await officer().fill(path, { ...checks('met'), [resultField(randomUUID())]: 'met' })).status).toBe(400);
    expect((await officer().fill(path, checks('unclear', 'a\u0000b'))).status).toBe(400);
    expectRefused(await officer().fill(path, checks('unclear', '長'.repeat(1001))), 422, '1文字減らして');
    expect((await screening.checks(sql, { id, edition_id: demo.edition.id })).every((check) => check.result === null)).toBe(true);
  });

  test('is saved once however often it is sent, and a colleague’s save is noticed', async () => {
    const path = `${base}/screening`;
    const [one, two] = [await officer().open(path), await officer().open(path)];
    const body = { ...one.hidden(), ...checks('unclear', '確認中') };
    const answers = await Promise.all([officer().send(path, body), officer().send(path, body)]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303]);
    expect((await sql`select from audit_entry where action = 'screening.check' and subject_id = ${id}`).length).toBe(1);
    const late = await officer().send(path, { ...two.hidden(), ...checks('not_met', '私の理由') });
    expectRefused(late, 409, 'ほかの職員の保存か、団体の補正がありました', '私の理由', '保存されている結果: 確認が必要');
    // The refused page already holds the new mark: sending it again is a choice made knowingly.
    expect((await officer().send(path, { ...late.hidden(), ...checks('met') })).status).toBe(303);
  });

  test('an ended session keeps what was typed', async () => {
    const page = await officer().open(`${base}/screening`);
    const answer = await new Browser(portal.origin).send(`${base}/screening`, { ...page.hidden(), ...checks('unclear', '途中まで書いた理由') });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('途中まで書いた理由');
  });
});

describe('a correction', () => {
  beforeAll(newApplication);

  test('refuses a day in the past, no section, and a section without its reason', async () => {
    const path = `${base}/correction`;
    expectRefused(await officer().fill(path, { section: 'team', reason_team: '人数', ...due(addDays(dayOf(new Date()), -1)) }), 422, '以後の日を入力してください', '人数');
    expectRefused(await officer().fill(path, { ...due(soon), message: 'よろしく' }), 422, '区分を選んでください', 'よろしく');
    expectRefused(await officer().fill(path, { section: ['team', 'budget'], reason_team: '人数', ...due(soon) }), 422, '「収支予算」を直してもらう理由');
    expect((await officer().fill(path, { section: 'secret', ...due(soon) })).status).toBe(422);
    expect(await state()).toBe('submitted');
  });

  test('goes there and back through the pages of both sides', async () => {
    await officer().fill(`${base}/screening`, checks('met'));
    const path = `${base}/correction`;
    const offered = await officer().open(path);
    expect(words(offered)).toContain('7開庁日後');
    const fields = { ...offered.hidden(), section: ['team'], reason_team: '運営の人数を確かめてください。', message: '', ...due(soon) };
    const asked = await Promise.all([officer().send(path, fields), officer().send(path, fields)]);
    expect(asked.map((answer) => answer.status)).toEqual([303, 303]);
    expect(await state()).toBe('correction');
    expectRefused(await officer().send(path, { ...fields, _key: randomUUID() }), 409, 'いまは補正を依頼できません', '運営の人数を確かめてください。');

    const my = `/my/applications/${id}`;
    const overview = words(await hana().open(my));
    expect(overview).toContain('運営の人数を確かめてください。');
    expect(overview).toContain('まだ直していません');
    expect((await people.npo!.open(my)).status).toBe(404);
    const closed = await hana().open(`${my}/project`);
    expect(words(closed)).toContain('この部分は変更できません');
    expect(closed.text).toContain('海辺の生きもの教室');
    const refused = await hana().send(`${my}/project`, { _version: '1', title: '変えた名前' });
    expectRefused(refused, 409, 'いまは変更できません', '変えた名前');
    const team = { staff_count: '１２人', participants: '60', structure: '理事と会員', partners: '', safety: '' };
    expect((await people.taro!.fill(`${my}/team`, team)).status).toBe(303);
    expect(words(await hana().open(my))).toContain('直しました');
    const check = await hana().open(`${my}/check`);
    expect(words(check)).toContain('12人');
    expect(check.text).not.toContain(`${my}/project"`);
    expect((await people.taro!.send(`${my}/check`, check.hidden())).status).toBe(403);
    expect((await hana().send(`${my}/check`, check.hidden())).headers.location).toBe(`${my}/receipt`);

    const back = words(await officer().open(base));
    for (const text of ['補正が届きました', '運営に関わる人数', '8人', '12人', '補正が届く前の確認が6件あります', '2回目']) expect(back).toContain(text);
    expectRefused(await officer().send(`${base}/acceptance`, { _seen: (await screening.newestSubmission(sql, id))! }), 422, '会員が5人以上いる');
    // A page from before the correction decides nothing about it.
    expectRefused(await officer().send(path, { ...fields, _key: randomUUID() }), 409, '団体から新しい提出がありました');
  });

  test('is taken back once, and the group cannot change anything any more', async () => {
    const path = `${base}/correction`;
    expect((await officer().fill(path, { section: 'team', reason_team: '人数', ...due(soon) })).status).toBe(303);
    const page = await officer().open(path);
    expect(page.hidden()._intent).toBe('cancel');
    expect((await officer().send(path, page.hidden())).status).toBe(303);
    expect(await state()).toBe('submitted');
    expectRefused(await officer().send(path, { _intent: 'cancel' }), 409, 'もう終わっています');
    expect((await hana().send(`/my/applications/${id}/team`, { _version: '2', staff_count: '1' })).status).toBe(409);
    expect(words(await officer().open(path))).toContain('依頼を取り消しました');
    expect(words(await hana().open(`/my/applications/${id}`))).toContain('補正の依頼は取り消されました');
    expect((await hana().open(`/my/applications/${id}/check`)).headers.location).toBe(`/my/applications/${id}/receipt`);
  });
});

describe('受理 and 却下', () => {
  beforeAll(newApplication);

  test('受理 waits until every requirement is met, then happens once', async () => {
    const path = `${base}/acceptance`;
    const early = await officer().open(path);
    expect(words(early)).toContain('すべての要件が「適合」になると受理できます');
    expectRefused(await officer().send(path, { _seen: (await screening.newestSubmission(sql, id))! }), 422, '対象経費の区分が正しい');
    await officer().fill(`${base}/screening`, checks('met'));
    const page = await officer().open(path);
    const answers = await Promise.all([officer().send(path, page.hidden()), officer().send(path, page.hidden())]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303]);
    expect(await state()).toBe('accepted');
    expectRefused(await officer().send(path, { ...page.hidden(), _key: randomUUID() }), 409, 'いまは受理できません');
    expectRefused(await officer().fill(`${base}/screening`, checks('not_met', '後から')), 409, '形式審査が終わっている');
    expectRefused(await officer().fill(`${base}/dismissal`, { reason: '後から' }), 409, 'いまは却下できません', '後から');
    expect(words(await officer().open(base))).toContain('審査委員を割り当てる');
  });

  test('却下 needs its reason, which the group reads on its page', async () => {
    await newApplication();
    const path = `${base}/dismissal`;
    expectRefused(await officer().fill(path, { reason: ' \n' }), 422, '却下の理由を入力してください');
    const page = await officer().open(path);
    const body = { ...page.hidden(), reason: '第3条第3号に当たらないため。' };
    expect((await Promise.all([officer().send(path, body), officer().send(path, body)])).map((answer) => answer.status)).toEqual([303, 303]);
    expect(await state()).toBe('dismissed');
    expect(words(await hana().open(`/my/applications/${id}`))).toContain('第3条第3号に当たらないため。');
    expect((await sql`select from mail_outbox where template = 'application_dismissed' and dedupe_key like ${`dismissed:${id}:%`}`).length).toBe(2);
    expect((await officer().open(`${base}/assignment`)).status).toBe(200);
    expectRefused(await officer().fill(`${base}/assignment`, { officer: demo.people.officer! }), 409, 'もう終わっている');
  });
});

test('a submission a moment too late is refused by the server’s clock, and the draft is whole', async () => {
  await newApplication();
  await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update application set withdrawn_at = now() where id = '${id}'`);
  const draft = await completeDraft(demo, 'hana');
  const check = await hana().open(`/my/applications/${draft}/check`);
  await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now()`);
  const late = await hana().send(`/my/applications/${draft}/check`, check.hidden());
  expectRefused(late, 409, '入力した内容はすべて保存されています', '海辺の生きもの教室');
  expect((await drafts.sections(sql, draft)).length).toBe(5);
  // A saved section is still welcome: nobody loses words because a clock ran out.
  const hanaId = demo.people.hana!;
  expect(await transaction(as(hanaId, demo.groups.hana!), (tx) => drafts.saveAnswers(tx, hanaId, draft, 'team', { staff_count: 3 }, 1))).toMatchObject({ ok: true });
  await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = now() + interval '30 days'`);
});

test('nothing that is sent to these pages is answered with 5xx', async () => {
  await newApplication();
  const values = ['', '\u0000', '\u202e', 'あ'.repeat(5000), '-1', '99999999999999999999', '__proto__', "'; drop table application; --", '<script>'];
  const [first] = demo.edition.requirements;
  const forms: [path: string, names: string[]][] = [
    [`${base}/assignment`, ['officer']], [`${base}/screening`, [resultField(first!.id), reasonField(first!.id)]],
    [`${base}/correction`, ['section', 'reason_team', 'due_on', 'due_on_year', 'due_on_month', 'due_on_day', 'message', '_intent']],
    [`${base}/acceptance`, []], [`${base}/dismissal`, ['reason']], ['/office/applications?/save', ['name', 'query']], ['/office/applications?/forget', ['id']]
  ];
  const refusals = [400, 404, 409, 413, 422];
  for (const [path, names] of forms) {
    for (const value of values) {
      const all = Object.fromEntries([...names, '_seen', '_key'].map((name) => [name, value]));
      const answers = [await officer().send(path, all), await officer().send(path, { ...all, x: value })];
      // A filter's name may be nearly any text: then it is kept, and that is all.
      for (const answer of answers) expect(path.endsWith('/save') ? [...refusals, 303] : refusals, `${path} ${value.slice(0, 20)}`).toContain(answer.status);
    }
    const doubled = await officer().send(path, Object.fromEntries(names.map((name) => [name, ['a', 'b']])));
    expect(refusals, path).toContain(doubled.status);
  }
  expect(await state()).toBe('submitted');
});
