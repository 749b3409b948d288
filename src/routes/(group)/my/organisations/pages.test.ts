import { isActionFailure, isHttpError, isRedirect } from '@sveltejs/kit';
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../../../tests/database/harness.ts';
import { sql } from '$lib/db/db.server';
import { makePdf } from '$lib/files/samples/pdf';
import { newKey } from '$lib/forms/ids';
import { as, DOSSIER, groupOf, person } from '$lib/organisations/sample';
import * as organisations from '$lib/organisations/store.server';
import * as show from './[organisation]/+page.server';
import * as edit from './[organisation]/edit/+page.server';
import * as members from './[organisation]/members/+page.server';
import * as papers from './[organisation]/papers/+page.server';
import * as paper from './[organisation]/papers/[paper]/+server';
import * as found from './new/+page.server';
import * as invitation from '../invitations/[token]/+page.server';
import ShowPage from './[organisation]/+page.svelte';
import EditPage from './[organisation]/edit/+page.svelte';
import MembersPage from './[organisation]/members/+page.svelte';
import PapersPage from './[organisation]/papers/+page.svelte';
import NewPage from './new/+page.svelte';
import InvitationPage from '../invitations/[token]/+page.svelte';

let database: FreshDatabase;
beforeAll(async () => void (database = await freshDatabase()));

type Params = Record<string, string>;
type Answer = { status: number; location?: string; data: Record<string, unknown> };
let machines = 0;

function eventOf(accountId: string, params: Params, fields?: Record<string, string | File>) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) body.append(name, value);
  machines += 1;
  return {
    request: fields ? new Request('https://portal.example.jp/', { method: 'POST', body }) : new Request('https://portal.example.jp/'),
    params, url: new URL('https://portal.example.jp/'), setHeaders: () => {},
    locals: { viewer: { accountId, name: '高萩　花子', email: 'hana@example.jp', roles: [], organisations: [] }, actor: as(accountId), clientKey: `machine${machines}`, requestId: 'test' }
  };
}

/** Runs a load or an action as Kit would. */
async function run(work: unknown, accountId: string, params: Params, fields?: Record<string, string | File>): Promise<Answer> {
  try {
    const result = await (work as (event: unknown) => Promise<unknown>)(eventOf(accountId, params, fields));
    if (isActionFailure(result)) return { status: result.status, data: result.data as unknown as Record<string, unknown> };
    return { status: 200, data: result as Record<string, unknown> };
  } catch (thrown) {
    if (isRedirect(thrown)) return { status: thrown.status, location: thrown.location, data: {} };
    if (isHttpError(thrown)) return { status: thrown.status, data: { message: thrown.body.message } };
    throw thrown;
  }
}

/** The page as the server sends it. */
function html(page: unknown, data: Record<string, unknown>, form: Record<string, unknown> | null = null): string {
  const portal = { name: '協働ポータル', associationWord: '常会' };
  const context = new Map([['__request__', { page: { url: new URL('https://portal.example.jp/'), data: { portal }, status: 200, error: null, form, params: {}, route: { id: '' }, state: {} } }]]);
  return render(page as Component<Record<string, unknown>>, { props: { data: { portal, viewer: null, ...data }, form }, context }).body;
}

/** What a browser without JavaScript would send: every named control of the page's form to `action` with its value. */
function filled(page: string, action = ''): Record<string, string> {
  const form = [...page.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([text]) => text).find((text) => (action === '' ? !text.includes('action="') : text.includes(`action="${action}"`)))!;
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  const sent: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type')];
    if (!name || type === 'file' || (type === 'radio' && !/\bchecked\b/.test(tag))) continue;
    sent[name] = (attribute(tag, 'value') ?? '').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  }
  for (const [, name, text] of form.matchAll(/<textarea\b[^>]*\bname="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g)) sent[name!] = text!.replace(/<!--.*?-->/g, '');
  return sent;
}

const ANSWERS = {
  kind: 'association', corporate_number: '', name: '髙﨑𠮷の会', name_kana: 'たかさきよしのかい', representative_title: '会長', representative_name: '髙﨑　𠮷子',
  postal_code: '３１８００３３', address: '高萩市本町1-100-1（架空）', phone: '', purpose: '見守り', founded_on_year: '昭和64', founded_on_month: '1', founded_on_day: '7',
  members_count: '１０', members_living: '8', members_working: '1', members_studying: '1', role: 'member'
};

describe('registering a group', () => {
  test('from the page’s own form, once however often it is sent, and what is typed survives a mistake', async () => {
    const hana = await person();
    const page = html(NewPage, (await run(found.load, hana, {})).data);
    expect(page).toContain('常会');
    const sent = { ...filled(page), ...ANSWERS };
    const wrong = await run(found.actions.default, hana, {}, { ...sent, members_count: '9' });
    expect(wrong).toMatchObject({ status: 422, data: { values: { members_count: '9', name: '髙﨑𠮷の会' } } });
    expect(html(NewPage, (await run(found.load, hana, {})).data, wrong.data)).toMatch(/value="髙﨑𠮷の会"[\s\S]*昭和64[\s\S]*＊会員の数（9人）/);
    const [first, second] = await Promise.all([run(found.actions.default, hana, {}, sent), run(found.actions.default, hana, {}, sent)]);
    expect(first).toMatchObject({ status: 303 });
    expect(second!.location).toBe(first!.location);
    expect(await organisations.ofViewer(sql, hana)).toMatchObject([{ name: '髙﨑𠮷の会', role: 'member' }]);
    const after = await run(found.actions.default, hana, {}, { ...sent, name: '別の会' });
    expect(after.location).not.toBe(first!.location);
  });
});

describe('a group’s pages', () => {
  test('say what is there and what is missing, with a link to where each is put right', async () => {
    const hana = await person();
    const organisation = await groupOf(hana);
    const page = html(ShowPage, (await run(show.load, hana, { organisation })).data);
    for (const part of [DOSSIER.name, '髙﨑　𠮷子', 'あと3つ', `/my/organisations/${organisation}/edit#founded_on`, `/papers#rules`, `/edit#purpose`, '12人']) expect(page).toContain(part);
    expect(page).not.toContain('主に活動する地区');
  });

  test('do not exist for anybody else, to read or to write', async () => {
    const [hana, taro] = [await person(), await person('太郎')];
    const organisation = await groupOf(hana);
    const key = newKey();
    for (const id of [organisation, 'x', '019ab000-0000-7000-8000-000000000000', "'--"]) {
      for (const load of [show.load, edit.load, members.load, papers.load]) {
        const answer = await run(load, taro, { organisation: id });
        expect(answer.status).toBe(404);
        expect(JSON.stringify(answer)).not.toContain('花と緑');
      }
      const actions = [edit.actions.default, papers.actions.default, ...Object.values(members.actions)];
      for (const action of actions) expect((await run(action, taro, { organisation: id }, { _key: key })).status).toBe(404);
      expect((await run(paper.GET, taro, { organisation: id, paper: id })).status).toBe(404);
    }
  });

  test('a dossier saved from the form it shows is unchanged; a stale one is refused with both values, and can be saved knowingly', async () => {
    const hana = await person();
    const organisation = await groupOf(hana, 'representative', { purpose: '<script>alert(1)</script> & "花"', founded_on: '1989-01-07' });
    const show = async () => html(EditPage, (await run(edit.load, hana, { organisation })).data);
    const page = await show();
    expect(page).not.toContain('<script>alert');
    const sent = { ...filled(page), purpose: '<script>alert(1)</script> & "花"' };
    expect((await run(edit.actions.default, hana, { organisation }, sent)).location).toContain('done=saved');
    expect((await organisations.dossier(sql, organisation))!.version).toBe(1);

    expect((await run(edit.actions.default, hana, { organisation }, { ...sent, name: '先に保存した会' })).status).toBe(303);
    const stale = await run(edit.actions.default, hana, { organisation }, { ...sent, name: '後から保存した会' });
    expect(stale.status).toBe(409);
    const shown = html(EditPage, (await run(edit.load, hana, { organisation })).data, stale.data);
    expect(shown).toMatch(/違うところ[\s\S]*先に保存した会[\s\S]*後から保存した会/);
    const again = { ...filled(shown), purpose: sent.purpose };
    expect(again).toMatchObject({ name: '後から保存した会', version: '2' });
    expect((await run(edit.actions.default, hana, { organisation }, again)).status).toBe(303);
    expect(await organisations.dossier(sql, organisation)).toMatchObject({ name: '後から保存した会', version: 3 });
  });
});

describe('people', () => {
  test('are invited, join, become the representative and leave, all from the pages’ own forms', async () => {
    const [hana, taro] = [await person(), await person('太郎')];
    const organisation = await groupOf(hana);
    const page = async (account: string) => html(MembersPage, (await run(members.load, account, { organisation })).data);
    expect(await page(hana)).toContain('代表者になれる人がいません');
    const bad = await run(members.actions.invite, hana, { organisation }, { ...filled(await page(hana), '?/invite'), email: 'x' });
    expect(html(MembersPage, (await run(members.load, hana, { organisation })).data, bad.data)).toMatch(/＊招待する人のメールアドレス/);
    const invited = await run(members.actions.invite, hana, { organisation }, { ...filled(await page(hana), '?/invite'), email: 'taro@example.jp' });
    expect(invited.location).toContain('done=invited');
    expect(await page(hana)).toContain('taro@example.jp');
    const [mail] = await database.ownerSql`select body from mail_outbox order by id desc limit 1`;
    const token = /invitations\/([\w-]{43})/.exec(mail!.body as string)![1]!;

    const link = await run(invitation.load, taro, { token });
    expect(JSON.stringify(link.data)).not.toContain(organisation);
    const offer = html(InvitationPage, link.data);
    expect(offer).toMatch(/花と緑の会[\s\S]*担当者[\s\S]*この団体に参加する/);
    expect((await run(invitation.actions.default, taro, { token }, filled(offer))).location).toBe(`/my/organisations/${organisation}?done=joined`);
    expect(html(InvitationPage, (await run(invitation.load, taro, { token })).data)).toContain('団体の情報を見る');
    const stranger = await person();
    expect(await run(invitation.actions.default, stranger, { token }, { _key: newKey() })).toMatchObject({ status: 409 });
    expect(html(InvitationPage, (await run(invitation.load, stranger, { token })).data)).toContain('すでに使われました');
    expect((await run(invitation.load, stranger, { token: 'a'.repeat(43) })).status).toBe(404);

    const plain = await page(taro);
    expect(plain).not.toContain('招待のメールを送る');
    expect((await run(members.actions.invite, taro, { organisation }, { _key: newKey(), email: 'z@example.jp', role: 'member' })).status).toBe(403);
    const term = (await organisations.currentMembership(sql, organisation, taro))!.id;
    const handed = await run(members.actions.handover, hana, { organisation }, { ...filled(await page(hana), '?/handover'), successor: term });
    expect(handed.location).toContain('done=handover');
    const left = await run(members.actions.end, hana, { organisation }, filled(await page(hana), '?/end'));
    expect(left).toMatchObject({ status: 303, location: '/my' });
    expect((await run(members.load, hana, { organisation })).status).toBe(404);
    expect(await page(taro)).toMatch(/<strong>太郎<\/strong>（代表者）[\s\S]*これまで手続きをした人/);
  });

  test('a wrong last day is shown at the person it was typed for, in an open form', async () => {
    const hana = await person();
    const organisation = await groupOf(hana, 'member');
    const term = (await organisations.currentMembership(sql, organisation, hana))!.id;
    const load = async () => (await run(members.load, hana, { organisation })).data;
    const refused = await run(members.actions.end, hana, { organisation }, { ...filled(html(MembersPage, await load()), '?/end'), last_on_year: '令和3', last_on_month: '4', last_on_day: '' });
    expect(refused.status).toBe(422);
    const page = html(MembersPage, await load(), refused.data);
    const target = /href="#([^"]+)"/.exec(page)![1]!;
    expect(page).toContain(`id="${decodeURIComponent(target)}"`);
    expect(decodeURIComponent(target)).toContain(term);
    expect(page).toMatch(/<details open/);
    const last = await run(members.actions.end, hana, { organisation }, { _key: newKey(), member: term });
    expect(last).toMatchObject({ status: 409, data: { problems: [{ message: expect.stringContaining('いなくなる') }] } });
  });
});

describe('papers', () => {
  const PDF = Uint8Array.from(makePdf());

  test('are registered, replaced and downloaded by members; a wrong file is refused beside its box', async () => {
    const hana = await person();
    const organisation = await groupOf(hana);
    const load = async () => (await run(papers.load, hana, { organisation })).data;
    const send = (kind: string, replaces: string, file: File) => run(papers.actions.default, hana, { organisation }, { _key: newKey(), kind, replaces, [kind]: file });
    expect(html(PapersPage, await load())).toMatch(/会則を登録する[\s\S]*会員名簿を登録する/);
    const refused = await send('member_list', '', new File(['<svg/>'], '名簿.pdf'));
    expect(refused).toMatchObject({ status: 422, data: { problems: [{ field: 'member_list' }] } });
    expect(html(PapersPage, await load(), refused.data)).toContain('id="member_list-error"');
    expect((await send('rules', '', new File([new Uint8Array(11 * 1024 * 1024)], '会則.pdf'))).status).toBe(413);

    const kept = await send('rules', '', new File([PDF], '会則.pdf'));
    expect(kept.location).toContain('done=kept');
    const page = html(PapersPage, await load());
    expect(page).toContain('会則を差し替える');
    expect((await send('rules', '', new File([PDF], '会則2.pdf'))).status).toBe(409);
    const id = /papers\/([0-9a-f-]{36})/.exec(page)![1]!;
    const opened = (await run(paper.GET, hana, { organisation, paper: id })).data as unknown as Response;
    expect(opened.headers.get('content-disposition')).toContain('attachment');
    expect(Buffer.from(await opened.arrayBuffer()).equals(Buffer.from(PDF))).toBe(true);
    expect((await send('rules', id, new File([PDF], '会則2.pdf'))).status).toBe(303);
  });
});
