import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../db/demo/people.ts';
import { transaction } from '../../src/lib/db/db.server.ts';
import { currentMembership } from '../../src/lib/organisations/membership.server.ts';
import { sql } from '../../src/lib/db/db.server.ts';
import { runDue } from '../../src/lib/retention/store.server.ts';
import { addDays, dayOf, type Day } from '../../src/lib/time/day.ts';
import { formatWarekiBoth } from '../../src/lib/time/wareki.ts';
import { demoDatabase, type Demo } from '../database/demo.ts';
import { startPortal, type RunningPortal } from '../security/portal.ts';
import { Browser, words, type Page } from './browser.ts';

/** The office and a group whose representative left, as a browser without JavaScript goes through it. */
const TODAY = dayOf(new Date());
let demo: Demo;
let portal: RunningPortal;
const people: Record<string, Browser> = {};
let here: string;

beforeAll(async () => {
  demo = await demoDatabase();
  portal = await startPortal({ name: 'http-office-organisations', appUrl: demo.db.appUrl });
  for (const key of ['officer', 'admin', 'approver', 'hana', 'taro', 'npo', 'jichikai']) people[key] = await new Browser(portal.origin).signIn(`${key}@demo.example`, DEMO_PASSWORD);
  here = `/office/organisations/${demo.groups.hana}`;
});
afterAll(() => portal?.stop());

const officer = () => people.officer!;
const on = (name: string, day: Day) => ({ [`${name}_year`]: day.slice(0, 4), [`${name}_month`]: day.slice(5, 7), [`${name}_day`]: day.slice(8) });
const ground = { reason: 'deceased', reason_note: '', proof: 'assembly_minutes', proof_note: '臨時総会の議事録（架空）を、窓口で見た。' };
const succession = (email: string, day = TODAY) => ({ ...ground, email, ...on('effective_on', day) });

function expectRefused(page: Page, status: number, ...texts: string[]) {
  expect(page.status, words(page).slice(0, 300)).toBe(status);
  expect(page.text).toMatch(/<title>エラー：/);
  for (const text of texts) expect(words(page) + page.text).toContain(text);
}

/** The link of the newest invitation to an address. */
async function linkTo(email: string): Promise<string> {
  const [mail] = await demo.db.ownerSql<{ body: string }[]>`select body from mail_outbox where to_address = ${email} and template = 'organisation_invitation' order by id desc limit 1`;
  return /(\/my\/invitations\/[\w-]{43})/.exec(mail!.body)![1]!;
}

describe('finding a group', () => {
  test('by a part of its name, its reading in any kana, its representative, with or without spaces', async () => {
    for (const search of ['花と緑', 'はなと', 'ﾊﾅﾄ', '髙﨑', '髙﨑　花子', '緑', 'NPO', 'npo法人']) {
      const list = words(await officer().open(`/office/organisations?search=${encodeURIComponent(search)}`));
      expect(list, search).toContain(/npo/i.test(search) ? '海辺のまなび舎' : '花と緑の会');
      expect(list.includes('架空第一自治会'), search).toBe(false);
    }
    expect(words(await officer().open('/office/organisations?search=zzz'))).toContain('「zzz」が入っている団体はありません');
  });

  test('hostile and broken searches and places are answered in words', async () => {
    for (const query of ['search=%00', 'search=%E2%80%AE', `search=${'あ'.repeat(500)}`, "search=' or 1=1 --", 'search=%25', 'search=%5C', 'after=x', "after='", 'after=018f0000-0000-7000-8000-000000000001', 'search=a&search=b']) {
      expect((await officer().open(`/office/organisations?${encodeURI(query)}`)).status, query.slice(0, 40)).toBe(200);
    }
    expect(words(await officer().open('/office/organisations?search=%25'))).toContain('ありません');
    for (const id of ['x', '018f0000-0000-7000-8000-000000000001']) {
      for (const page of ['', '/representative', `/members/${id}`, `/papers/${id}`]) expect((await officer().open(`/office/organisations/${id}${page}`)).status).toBe(404);
    }
  });

  test('is for officers alone', async () => {
    for (const key of ['admin', 'approver', 'hana']) {
      for (const page of ['/office/organisations', here, `${here}/representative`]) expect((await people[key]!.open(page)).status, key).toBe(403);
    }
    expect(words(await officer().open('/office'))).toContain('団体を探し');
    expect(words(await people.approver!.open('/office'))).not.toContain('団体を探し');
  });
});

describe('another representative', () => {
  test('every mistake is told beside its field, with what was typed still there', async () => {
    const page = `${here}/representative`;
    expectRefused(await officer().fill(page, { reason: '', proof: '', proof_note: '', email: '', ...on('effective_on', TODAY) }), 422, '理由を選んでください', '確かめた方法を選んでください', '確かめた内容を入力してください', 'メールアドレスを入力してください');
    expectRefused(await officer().fill(page, { ...succession('x@example.jp'), reason: 'other' }), 422, '理由の説明を入力してください', 'x@example.jp');
    expectRefused(await officer().fill(page, succession('x@example.jp', addDays(TODAY, -1))), 422, '以後の日を入力してください');
    expectRefused(await officer().fill(page, succession('x@example.jp', addDays(TODAY, 93))), 422, '以前の日を入力してください');
    expectRefused(await officer().fill(page, succession('HANA@demo.example')), 409, 'いまの代表者のものです', 'HANA@demo.example', '臨時総会の議事録');
    expectRefused(await officer().fill(page, succession('officer@demo.example')), 409, 'あなたのメールアドレスです');
    expect(await currentMembership(sql, demo.groups.hana!, demo.people.hana!)).toMatchObject({ role: 'representative', to_on: null });
  });

  test('from the office’s form to the new representative’s first page, once however often it is sent', async () => {
    const email = 'tsugi@example.jp';
    const form = await officer().open(`${here}/representative`);
    const fields = { ...form.hidden(), ...succession(email) };
    const [first, second] = await Promise.all([officer().send(`${here}/representative`, fields), officer().send(`${here}/representative`, fields)]);
    expect([first.status, first.headers.location]).toEqual([303, `${here}?done=begun`]);
    expect([second.status, second.headers.location]).toEqual([303, `${here}?done=begun`]);
    expect(await demo.db.ownerSql`select 1 from representative_succession where organisation_id = ${demo.groups.hana!}`).toHaveLength(1);
    expect(words(await officer().open(here))).toMatch(/代表者の交代の途中です.*市が代表者の交代を開始/);

    // The one who left sees the group no more; those who stay are told why they cannot name anybody.
    expect((await people.hana!.open(`/my/organisations/${demo.groups.hana}`)).status).toBe(404);
    const members = words(await people.taro!.open(`/my/organisations/${demo.groups.hana}/members`));
    expect(members).toContain('市が、代表者の交代の手続きを進めています');
    expect(members).not.toContain('担当 一郎');
    const naming = await people.taro!.send(`/my/organisations/${demo.groups.hana}/members?/invite`, { email: 'own@example.jp', role: 'representative' });
    expectRefused(naming, 409, '市が、代表者の交代の手続きを進めています');

    // A second officer's form, filled in meanwhile, keeps every word and shows the change under way.
    const late = await officer().send(`${here}/representative`, { ...ground, proof_note: '打ちかけの文章', email: 'late@example.jp', ...on('effective_on', TODAY) });
    expectRefused(late, 409, 'すでに始まっています', '打ちかけの文章', 'late@example.jp', email);

    const link = await linkTo(email);
    expect(words(await people.npo!.open(link))).toMatch(/代表者として、招待されています.*環境市民協働課.*新しい代表者になります/);
    expectRefused(await people.hana!.fill(link, {}), 409, 'これまで代表者だった人は');
    const joined = await people.npo!.fill(link, {});
    expect(joined.headers.location).toBe(`/my/organisations/${demo.groups.hana}?done=succeeded`);
    expect(words(await people.npo!.open(joined.headers.location!))).toContain('代表者になりました');
    expect(words(await people.jichikai!.open(link))).toContain('すでに使われました');
    expect(words(await officer().open(`${here}/representative`))).toMatch(/いまの代表者\s*海野 みなと/);
  });

  test('set for a later day it says from when, to the office and to the one who accepted; taken back it is as before', async () => {
    const day = addDays(TODAY, 20);
    const group = demo.groups.jichikai!;
    const office = `/office/organisations/${group}`;
    expect((await officer().fill(`${office}/representative`, succession('ato@example.jp', day))).status).toBe(303);
    expect(words(await people.jichikai!.open(`/my/organisations/${group}`))).toContain(formatWarekiBoth(addDays(day, -1)));
    const cancel = await officer().open(`${office}/representative`);
    expect(words(cancel)).toContain('代表者の交代を取りやめる');
    const sent = cancel.hidden();
    expect(sent._intent).toBe('cancel');
    expect((await officer().send(`${office}/representative`, { ...sent, _seen: '018f0000-0000-7000-8000-000000000001' })).status).toBe(409);
    expect((await officer().send(`${office}/representative`, sent)).headers.location).toBe(`${office}?done=cancelled`);
    expect((await officer().send(`${office}/representative`, sent)).headers.location).toBe(`${office}?done=cancelled`);
    expect(await currentMembership(sql, group, demo.people.jichikai!)).toMatchObject({ to_on: null });

    await officer().fill(`${office}/representative`, succession('ato@example.jp', day));
    const link = await linkTo('ato@example.jp');
    expect((await people.taro!.fill(link, {})).headers.location).toBe(link);
    expect(words(await people.taro!.open(link))).toMatch(new RegExp(`参加することが決まりました.*${formatWarekiBoth(day)}`));
    expect((await people.taro!.open(`/my/organisations/${group}`)).status).toBe(404);
    expect(words(await officer().open(`${office}/representative`))).toContain('次の代表者が決まっています');
  });
});

describe('the end of a term', () => {
  test('by the office, with a reason; a second time it says that it is over', async () => {
    const page = await officer().open(here);
    const [, member] = new RegExp(`${here}/members/([0-9a-f-]{36})"[^>]*>任期を終える<span[^>]*>（𠮷田 太郎`).exec(page.text)!;
    const address = `${here}/members/${member}`;
    expectRefused(await officer().fill(address, { ...ground, proof_note: '', last_on: '令和の春' }), 422, '確かめた内容を入力してください', '令和の春');
    const fields = { ...(await officer().open(address)).hidden(), ...ground };
    expect((await officer().send(address, fields)).headers.location).toBe(`${here}?done=ended`);
    expect((await officer().send(address, fields)).headers.location).toBe(`${here}?done=ended`);
    expectRefused(await officer().send(address, { ...ground, proof_note: '打ちかけの文章' }), 409, 'すでに終わっています', '打ちかけの文章');
    expect(words(await officer().open(here))).toMatch(/これまで手続きをした人（2人）.*逝去／総会の議事録（臨時総会の議事録/);
    expect((await people.taro!.open(`/my/organisations/${demo.groups.hana}`)).status).toBe(404);
  });
});

describe('keeping to terms', () => {
  test('the administrator sees what the next run takes and what the last ones took; a setting nobody can read stops its rules', async () => {
    const [row] = await demo.db.ownerSql<{ id: string }[]>`select id from mail_outbox order by id limit 1`;
    await transaction({ name: 'system:test' }, (tx) => tx`update mail_outbox set sent_at = now() - interval '100 days' where id = ${row!.id}`);
    const before = words(await people.admin!.open('/office/retention'));
    expect(before).toMatch(/送信メール.*90日（MAIL_KEEP_DAYS）.*期間が過ぎているもの\s*1件.*数えるだけ/);
    expect(before).toContain('まだ一度も動いていません');
    await runDue();
    await demo.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`update retention_run set ran_on = current_date - 1`;
    });
    await runDue();
    const after = words(await people.admin!.open('/office/retention'));
    expect(after).toMatch(/数えただけ/);
    expect(after).toMatch(/送信メール\s*90日\s*1件\s*1件/);
    expect(words(await people.admin!.open('/office/mail'))).toContain('宛先と本文を消しました');
    expect(words(await people.admin!.open('/office/audit'))).toContain('retention.mail（送信メール：宛先と本文を消す）');
    expect((await officer().open('/office/retention')).status).toBe(403);

    const other = await startPortal({ name: 'http-retention-setting', appUrl: demo.db.appUrl, env: { MAIL_KEEP_DAYS: 'ninety' } });
    try {
      const admin = await new Browser(other.origin).signIn('admin@demo.example', DEMO_PASSWORD);
      expect(words(await admin.open('/office/retention'))).toContain('環境変数 MAIL_KEEP_DAYS には、日数を数字で書いてください');
    } finally {
      await other.stop();
    }
  });
});
