import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../db/demo/people.ts';
import { acceptedCopies, as, decidedAs, demoRound, drafted, editionWith, type Round } from '../../src/lib/awards/fixtures.ts';
import { sql, transaction } from '../../src/lib/db/db.server.ts';
import * as batches from '../../src/lib/documents/batch.server.ts';
import { closeRenderer } from '../../src/lib/documents/pdf.server.ts';
import * as panel from '../../src/lib/screening/panel.server.ts';
import { scoreNames } from '../../src/lib/screening/panel.ts';
import { addDays, dayOf } from '../../src/lib/time/day.ts';
import { startPortal, type RunningPortal } from '../security/portal.ts';
import { Browser, words, type Page } from './browser.ts';

let round: Round;
let portal: RunningPortal;
const people: Record<string, Browser> = {};
const who = (key: string) => people[key]!;

beforeAll(async () => {
  round = await demoRound();
  portal = await startPortal({ name: 'http-round', appUrl: round.db.appUrl });
  for (const key of ['officer', 'approver', 'auditor', 'panel1', 'panel2', 'jichikai']) people[key] = await new Browser(portal.origin).signIn(`${key}@demo.example`, DEMO_PASSWORD);
});
afterAll(async () => {
  await portal?.stop();
  await closeRenderer();
});

/** A refused form: status, the title's 「エラー：」, and the sentence. */
function expectRefused(page: Page, status: number, ...texts: string[]) {
  expect([page.status, words(page).slice(0, 200)]).toEqual([status, expect.anything()]);
  expect(page.text).toMatch(/<title>エラー：/);
  for (const text of texts) expect(words(page) + page.text).toContain(text);
}
const count = async (applicationId: string) => (await sql<{ n: number }[]>`select count(*) as n from award_proposal where application_id = ${applicationId}`)[0]!.n;

describe('起案', () => {
  const whole = { outcome: 'adopted', amount: '20,000', reason: '基準に照らして効果が見込まれるため。', conditions: '' };

  test('each wrong amount has its sentence, and what was typed stays', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    const path = `/office/applications/${id}/proposal`;
    expectRefused(await who('officer').fill(path, { ...whole, amount: '２万円' }), 422, '数字だけで', '２万円');
    expectRefused(await who('officer').fill(path, { ...whole, amount: '19,999' }), 422, '「採択」では、交付する額を申請額と同じに', '19,999');
    expectRefused(await who('officer').fill(path, { ...whole, outcome: 'partly_adopted', amount: '20,000' }), 422, '「一部採択」では');
    expectRefused(await who('officer').fill(path, { ...whole, outcome: 'declined' }), 422, '「不採択」では');
    expectRefused(await who('officer').fill(path, { ...whole, reason: '' }), 422, '理由を入力してください。');
    expectRefused(await who('officer').fill(path, { ...whole, reason: 'あ\u0000' }), 400);
    expectRefused(await who('officer').fill(path, { ...whole, drafted_by: round.people.approver }), 400);
    expectRefused(await who('officer').fill(path, { ...whole, submission: round.accepted }), 409, '内容が新しくなりました', whole.reason);
    expect(await count(id!)).toBe(0);
    // The same page twice is one draft; a changed page after it is told.
    const page = await who('officer').open(path);
    const first = await who('officer').send(path, { ...page.hidden(), ...whole });
    const second = await who('officer').send(path, { ...page.hidden(), ...whole });
    expect([first.status, second.status, await count(id!)]).toEqual([303, 303, 1]);
    expectRefused(await who('officer').send(path, { ...page.hidden(), ...whole, reason: '別の理由' }), 409, 'いまは起案できません');
    expect((await who('approver').send(path, { ...page.hidden(), ...whole })).status).toBe(403);
    expect((await who('auditor').open(path)).status).toBe(200);
  });
});

describe('決裁', () => {
  test('own draft, stale page, full budget, missing comment, no fresh password', async () => {
    const editionId = await editionWith(round, 25_000, 2170);
    const [one, two] = await acceptedCopies(round, 2, 20_000, editionId);
    const [first, second] = [await drafted(round, one!), await drafted(round, two!)];
    const path = (id: string) => `/office/decisions/${id}`;
    await transaction({ name: 'system:test' }, async (tx) => {
      await tx`insert into staff_role (account_id, role, from_on) values (${round.people.officer}, 'approver', current_date)`;
      await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
    });
    const own = await who('officer').open(path(first.id));
    expect(words(own)).toContain('自分の起案は決裁できません');
    expect(words(await who('officer').open('/office/decisions'))).toContain('自分の起案は決裁できません');
    expectRefused(await who('officer').send(path(first.id), { decision: 'approve', seen: first.seen, comment: '' }), 403, '自分が起案したもの');
    expectRefused(await who('approver').fill(path(first.id), { decision: 'approve', seen: 'f'.repeat(64), comment: 'よい' }), 409, 'もう一度確かめて', 'よい');
    expectRefused(await who('approver').fill(path(first.id), { decision: 'return', comment: '' }), 422, '直してほしいこと');
    expectRefused(await who('approver').fill(path(first.id), { decision: 'both', comment: '' }), 422);
    const shown = await who('approver').open(path(first.id));
    for (const text of ['20,000円', '決裁したあとの残り', '5,000円', '交付決定通知書', round.edition.standard_conditions[0]!]) expect(words(shown)).toContain(text);
    const post = () => who('approver').send(path(first.id), { ...shown.hidden(), decision: 'approve', comment: '' });
    expect((await Promise.all([post(), post()])).map((answer) => answer.status)).toEqual([303, 303]);
    expectRefused(await who('approver').fill(path(second.id), { decision: 'approve', comment: '' }), 409, '残っている予算をこえるため');
    expect((await who('approver').open(path('not-an-id'))).status).toBe(404);
    expect((await who('auditor').send(path(second.id), { ...shown.hidden(), decision: 'approve', comment: '' })).status).toBe(403);
    // Half an hour later the password is asked again, and what was typed waits in that page.
    const page = await who('approver').open(path(second.id));
    await round.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update session set fresh_auth_at = now() - interval '30 minutes' where account_id = '${round.people.approver}'`);
    expect((await who('approver').open(path(second.id))).headers.location).toContain('/confirm-password');
    const asked = await who('approver').send(path(second.id), { ...page.hidden(), decision: 'return', comment: '額を直してください' });
    expect(asked.text).toContain('額を直してください');
    expect((await sql`select from award_approval where proposal_id = ${second.id}`)).toHaveLength(0);
  });
});

describe('the committee', () => {
  test('declares first, scores its own sheet only, and is shut out by an interest at every address', async () => {
    const [id] = await acceptedCopies(round, 1, 20_000);
    await transaction(as(round.people.officer), (tx) => panel.assign(tx, round.people.officer, [id!], [round.people.panel1, round.people.panel2], portal.origin));
    const [one, two] = await Promise.all(['panel1', 'panel2'].map(async (key) => (await panel.members(sql, id!)).find((member) => member.account_id === round.people[key as 'panel1'])!.assignment_id));
    const [file] = await sql<{ file_id: string }[]>`select file_id from submission_file limit 1`;
    const before = await who('panel1').open(`/panel/${one}`);
    expect(words(before)).toContain('架空第一自治会');
    for (const hidden of ['会長が全体', '架空本町3番地', '収支予算']) expect(before.text).not.toContain(hidden);
    expect((await who('panel1').open(`/panel/${one}/score`)).headers.location).toContain(`/panel/${one}`);
    const criteria = round.edition.criteria;
    const typed = (points: string, more: Record<string, string> = {}) => ({ ...Object.fromEntries(criteria.flatMap(({ id: at }) => [[scoreNames(at).points, points], [scoreNames(at).reason, '基準にかなう']])), comment: '', ...more });
    const early = await who('panel1').send(`/panel/${one}/score`, typed('3', { step: 'save', _version: '0' }));
    expect([early.status, early.headers.location, (await sql`select from score_sheet where assignment_id = ${one!}`).length]).toEqual([303, `/panel/${one}`, 0]);
    // Another member's address does not exist.
    for (const path of [`/panel/${two}`, `/panel/${two}/score`, `/panel/${two}/files/${file!.file_id}`]) expect((await who('panel1').open(path)).status, path).toBe(404);
    expectRefused(await who('panel1').fill(`/panel/${one}`, { interest: 'conflict', note: '' }), 422, '利害関係の内容');
    expect((await who('panel1').fill(`/panel/${one}`, { interest: 'none', note: '' })).status).toBe(303);
    expect(words(await who('panel1').open(`/panel/${one}`))).toContain('会長が全体');
    expectRefused(await who('panel1').fill(`/panel/${one}/score`, typed('6', { step: 'save' })), 422, '選び直してください');
    expectRefused(await who('panel1').fill(`/panel/${one}/score`, typed('3', { step: 'submit' })), 422, '変更できないことを確かめました', '基準にかなう');
    const page = await who('panel1').open(`/panel/${one}/score`);
    expect((await who('panel1').send(`/panel/${one}/score`, { ...page.hidden(), ...typed('3', { step: 'save' }) })).status).toBe(303);
    // The browser's Back, something changed: judged anew, not swallowed as the same post.
    expectRefused(await who('panel1').send(`/panel/${one}/score`, { ...page.hidden(), ...typed('4', { step: 'save' }) }), 409, '先に採点が保存されています', '保存されている採点');
    expect((await who('panel1').fill(`/panel/${one}/score`, typed('5', { step: 'submit', sure: 'on' }))).status).toBe(303);
    expect((await who('panel1').open(`/panel/${one}/score`)).text).not.toContain('<textarea');
    expectRefused(await who('panel1').send(`/panel/${one}/score`, typed('0', { step: 'submit', sure: 'on', _version: '2' })), 409, 'すでに提出されています');
    // Noticed late: everything closes, and the sheet no longer counts.
    expect(words(await who('officer').open(`/office/editions/${round.edition.id}/ranking`))).toContain('100.00点');
    expect((await who('panel1').fill(`/panel/${one}`, { interest: 'conflict', note: '家族が役員です' })).status).toBe(303);
    const closed = await who('panel1').open(`/panel/${one}`);
    for (const text of ['架空第一自治会', '写し', '会長が全体']) expect(closed.text).not.toContain(text);
    expect((await who('panel1').open(`/panel/${one}/files/${file!.file_id}`)).status).toBe(404);
    expect((await who('panel1').open(`/panel/${one}/score`)).status).toBe(303);
    expect(words(await who('officer').open(`/office/editions/${round.edition.id}/ranking`))).not.toContain('100.00点');
    expect(words(await who('officer').open(`/office/applications/${id}/panel`))).toContain('家族が役員です');
  });
});

describe('release and letters', () => {
  const today = dayOf(new Date());
  const day = (name: string, value: string) => ({ [`${name}_year`]: value.slice(0, 4), [`${name}_month`]: value.slice(5, 7), [`${name}_day`]: value.slice(8) });

  test('the release: in the past, stale, and set once for one page', async () => {
    const edition = await editionWith(round, 100_000, 2171);
    const path = `/office/editions/${edition}/release`;
    expectRefused(await who('officer').fill(path, { ...day('on', addDays(today, -1)), hour: '9', minute: '0' }), 422, 'いまより後の日時');
    expectRefused(await who('officer').fill(path, { ...day('on', addDays(today, 1)), hour: '25', minute: '0' }), 422, '23以下', '25');
    const page = await who('officer').open(path);
    const set = (hour: string) => who('officer').send(path, { ...page.hidden(), ...day('on', addDays(today, 3)), hour, minute: '30' });
    expect([(await set('9')).status, (await set('9')).status]).toEqual([303, 303]);
    expectRefused(await set('10'), 409, 'ほかの人が先に');
    expect((await sql<{ version: number }[]>`select version from scheme_edition where id = ${edition}`)[0]!.version).toBe(2);
    expect((await who('approver').send(path, page.hidden())).status).toBe(403);
  });

  test('a batch is begun once, done by the job, and its letters leave as one zip', async () => {
    const edition = await editionWith(round, 100_000, 2172);
    for (const id of await acceptedCopies(round, 2, 10_000, edition)) await decidedAs(round, id);
    const path = `/office/editions/${edition}/letters`;
    expectRefused(await who('officer').fill(path, day('issued_on', addDays(today, -1))), 409, '決裁した日より前');
    expectRefused(await who('officer').fill(path, day('issued_on', '2026-02-30')), 422, '実際にある年月日');
    const page = await who('officer').open(path);
    const [first, second] = await Promise.all([1, 2].map(() => who('officer').send(path, { ...page.hidden(), ...day('issued_on', today) })));
    expect([first!.status, second!.headers.location]).toEqual([303, first!.headers.location]);
    const batch = String(first!.headers.location);
    expect((await who('officer').open(batch)).text).toContain('http-equiv="refresh"');
    expect((await who('officer').open(`${batch}/letters.zip`)).status).toBe(404);
    await batches.run(batch.split('/').at(-1)!);
    const done = await who('officer').open(batch);
    expect(done.text).not.toContain('http-equiv="refresh"');
    const zip = await who('officer').open(`${batch}/letters.zip`);
    expect([zip.status, zip.headers['content-type'], zip.headers['cache-control'], zip.headers['x-content-type-options']]).toEqual([200, 'application/zip', 'private, no-store', 'nosniff']);
    const letter = /\/office\/letters\/([0-9a-f-]{36})/.exec(done.text)![1]!;
    expect((await who('auditor').open(`/office/letters/${letter}`)).headers['content-type']).toBe('application/pdf');
    expect((await who('jichikai').open(`/office/letters/${letter}`)).status).toBe(403);
    expect((await who('officer').open(`${batch.replace(edition, round.edition.id)}`)).status).toBe(404);
  });
});
