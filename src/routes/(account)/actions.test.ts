import { isActionFailure, isRedirect } from '@sveltejs/kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { actorOf, makeAccount, PASSWORD } from '$lib/accounts/fixtures';
import * as sessions from '$lib/accounts/session.server';
import { transaction, sql } from '$lib/db/db.server';
import { packKept } from '$lib/forms/keep';
import * as login from './login/+page.server';
import * as logout from './logout/+page.server';
import * as reset from './password-reset/+page.server';
import * as signUp from './sign-up/+page.server';
import * as signUpLink from './sign-up/[token]/+page.server';
import * as account from './account/+page.server';
import * as confirm from './confirm-password/+page.server';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

type Fields = Record<string, string>;
type Sent = { status: number; location?: string; data?: Record<string, unknown>; headers: Fields; cookies: Map<string, { value: string; maxAge: number }> };
let people = 0;

/** Runs an action as Kit would and keeps what a browser would see. */
async function post(action: unknown, fields: Fields, options: { viewer?: Awaited<ReturnType<typeof enter>>; params?: Fields; client?: string } = {}): Promise<Sent> {
  const headers: Fields = {};
  const cookies: Sent['cookies'] = new Map();
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const event = {
    request: new Request('https://portal.example.jp/', { method: 'POST', body, headers: { 'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X) Safari/605' } }),
    params: options.params ?? {}, url: new URL('https://portal.example.jp/'),
    locals: {
      viewer: options.viewer ?? null, requestId: 'test', origin: 'https://portal.example.jp', clientKey: options.client ?? `client${people++}`,
      actor: options.viewer ? actorOf(options.viewer.accountId) : { name: 'visitor' }
    },
    cookies: { get: () => undefined, set: (name: string, value: string, { maxAge }: { maxAge: number }) => cookies.set(name, { value, maxAge }) },
    setHeaders: (more: Fields) => Object.assign(headers, more)
  };
  try {
    const result = await (action as (event: unknown) => Promise<unknown>)(event);
    if (isActionFailure(result)) return { status: result.status, data: result.data as unknown as Record<string, unknown>, headers, cookies };
    return { status: 200, data: result as Record<string, unknown>, headers, cookies };
  } catch (thrown) {
    if (!isRedirect(thrown)) throw thrown;
    return { status: thrown.status, location: thrown.location, headers, cookies };
  }
}

async function enter(accountId: string, now = new Date()) {
  const secret = await transaction(actorOf(accountId), (tx) => sessions.signIn(tx, accountId, null, now));
  return { ...(await sessions.currentSession(secret, now))!, organisations: [] };
}

describe('log-in', () => {
  test('sets two strict cookies and goes where it was going, inside this site only', async () => {
    await makeAccount('go@example.jp');
    const to = (next: string) => post(login.actions.default, { email: 'go@example.jp', password: PASSWORD, next });
    const sent = await to('/my/applications/new?edition=1');
    expect(sent).toMatchObject({ status: 303, location: '/my/applications/new?edition=1' });
    expect([...sent.cookies.keys()]).toEqual(['__Host-sid', '__Host-device']);
    expect(await sessions.currentSession(sent.cookies.get('__Host-sid')!.value)).toMatchObject({ email: 'go@example.jp' });
    for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/%0d%0aSet-Cookie:x', '\t/evil', '', '/.//evil']) {
      expect((await to(evil)).location).toBe('/my');
    }
  });

  test('people begin where their work is', async () => {
    await makeAccount('staff@example.jp', { roles: ['officer', 'committee'] });
    await makeAccount('panel@example.jp', { roles: ['committee'] });
    expect((await post(login.actions.default, { email: 'staff@example.jp', password: PASSWORD })).location).toBe('/office');
    expect((await post(login.actions.default, { email: 'panel@example.jp', password: PASSWORD })).location).toBe('/panel');
  });

  test('wrong: the same for a known and an unknown address; the address stays, the password does not', async () => {
    await makeAccount('known@example.jp');
    const [known, unknown] = [await post(login.actions.default, { email: 'known@example.jp', password: 'x' }), await post(login.actions.default, { email: 'unknown@example.jp', password: 'x' })];
    expect(known.status).toBe(422);
    expect(JSON.stringify(known).replaceAll('unknown@', 'known@')).toBe(JSON.stringify(unknown).replaceAll('unknown@', 'known@'));
    expect(known.data).toMatchObject({ values: { email: 'known@example.jp' } });
    expect(JSON.stringify(known.data)).not.toContain('"x"');
    expect(known.cookies.size).toBe(0);
  });

  test('too often: 429 and how long to wait, in words and as a header', async () => {
    for (let i = 0; i < 10; i++) await post(login.actions.default, { email: 'often@example.jp', password: 'x' }, { client: 'often' });
    const sent = await post(login.actions.default, { email: 'often@example.jp', password: 'x' }, { client: 'often' });
    expect(sent.status).toBe(429);
    expect(Number(sent.headers['retry-after'])).toBeGreaterThan(800);
    expect(JSON.stringify(sent.data)).toContain('15分');
  });

  test('a form left behind by an ended session is offered again, and only to a place of this site', async () => {
    await makeAccount('kept@example.jp');
    const kept = { action: '/my/applications/new', kept: [['title', '盆踊り'], ['_key', 'k']] as [string, string][], files: [] };
    const send = (text: string) => post(login.actions.default, { email: 'kept@example.jp', password: PASSWORD, kept: text, next: '/my' });
    expect(await send(packKept(kept))).toMatchObject({ status: 200, data: { resume: kept } });
    expect(await send(packKept({ ...kept, action: 'https://evil.example/' }))).toMatchObject({ status: 303, location: '/my' });
    const failed = await post(login.actions.default, { email: 'kept@example.jp', password: 'x', kept: packKept(kept), next: '/my' });
    expect(failed.data).toMatchObject({ carried: { next: '/my', kept: packKept(kept) } });
  });

  test('what no form sends is 400', async () => {
    expect((await post(login.actions.default, { email: 'a@example.jp', password: 'x', role: 'administrator' })).status).toBe(400);
    expect((await post(login.actions.default, { email: 'a\0@example.jp', password: 'x' })).status).toBe(400);
    expect((await post(login.actions.default, { email: '', password: '' })).status).toBe(422);
    expect((await post(login.actions.default, { email: "' or 1=1 --", password: 'x' })).status).toBe(422);
    expect((await post(login.actions.default, { email: 'a@example.123', password: 'x' })).status).toBe(422);
    expect((await post(login.actions.default, { email: 'a@example.jp', password: 'x'.repeat(257) })).status).toBe(422);
  });
});

test('log-out kills the session on the server and clears the browser', async () => {
  const viewer = await enter(await makeAccount('out@example.jp'));
  const sent = await post(logout.actions.default, {}, { viewer });
  expect(sent).toMatchObject({ status: 303, location: '/logout', headers: { 'clear-site-data': '"cache", "storage"' } });
  expect(sent.cookies.get('__Host-sid')).toEqual({ value: '', maxAge: 0 });
  expect(await sql`select 1 from session where id = ${viewer.sessionId}`).toHaveLength(0);
  expect((await post(logout.actions.default, {})).status).toBe(303);
});

test('sign-up and reset answer the same for known and unknown addresses, and twice the same form is one mail', async () => {
  await makeAccount('there@example.jp');
  for (const [actions, location] of [[signUp.actions, '/sign-up?sent'], [reset.actions, '/password-reset?sent']] as const) {
    const key = crypto.randomUUID();
    for (const email of ['there@example.jp', 'nowhere@example.jp']) expect(await post(actions.default, { email })).toMatchObject({ status: 303, location });
    const before = (await sql`select 1 from mail_outbox`).length;
    await Promise.all([1, 2, 3].map(() => post(actions.default, { email: 'double@example.jp', _key: key })));
    expect((await sql`select 1 from mail_outbox`).length).toBe(before + 1);
    expect((await post(actions.default, { email: 'not an address' })).status).toBe(422);
  }
});

test('signing up by the link: problems keep what was typed, success signs in; the links hold no host of a request', async () => {
  await post(signUp.actions.default, { email: 'whole@example.jp' });
  const [mail] = await sql<{ body: string }[]>`select body from mail_outbox where to_address = 'whole@example.jp'`;
  const token = /sign-up\/([\w-]{43})/.exec(mail!.body)![1]!;
  expect(mail!.body).not.toContain('portal.example.jp');
  const send = (fields: Fields) => post(signUpLink.actions.default, fields, { params: { token } });
  const weak = await send({ name: '髙﨑 花子', kana: 'たかさき', password: 'password12345678', _email: 'other@example.jp' });
  expect(weak).toMatchObject({ status: 422, data: { values: { name: '髙﨑 花子' }, problems: [{ field: 'password' }] } });
  expect(JSON.stringify(weak.data)).not.toContain('password12345678');
  expect(await send({ name: '髙﨑 花子', kana: 'たかさき', password: PASSWORD })).toMatchObject({ status: 303, location: '/my' });
  expect((await send({ name: '髙﨑 花子', kana: '', password: PASSWORD })).status).toBe(410);
  const [row] = await sql<{ name: string; kana: string }[]>`select name, kana from account where email_folded = 'whole@example.jp'`;
  expect(row).toEqual({ name: '髙﨑 花子', kana: 'タカサキ' });
});

test('the settings: every form answers with a redirect or a problem beside its field', async () => {
  const accountId = await makeAccount('settings@example.jp');
  const viewer = await enter(accountId);
  const send = (name: keyof typeof account.actions, fields: Fields) => post(account.actions[name], fields, { viewer });
  expect(await send('name', { name: '渡邉 次郎', kana: '' })).toMatchObject({ status: 303, location: '/account?done=name' });
  expect(await send('name', { name: '', kana: '' })).toMatchObject({ status: 422, data: { problems: [{ field: 'name' }] } });
  expect(await send('email', { email: 'next@example.jp', email_password: 'x' })).toMatchObject({ status: 422, data: { values: { email: 'next@example.jp' }, problems: [{ field: 'email_password' }] } });
  expect(await send('email', { email: 'next@example.jp', email_password: PASSWORD })).toMatchObject({ status: 303, location: '/account?done=email_sent' });
  expect(await send('password', { current_password: PASSWORD, new_password: 'short' })).toMatchObject({ status: 422, data: { problems: [{ field: 'new_password' }] } });
  const other = await enter(accountId);
  const foreign = await enter(await makeAccount('foreign@example.jp'));
  expect((await send('session', { session: other.sessionId })).status).toBe(303);
  expect((await send('session', { session: foreign.sessionId })).status).toBe(303);
  const alive = (await sql<{ id: string }[]>`select id from session`).map((row) => row.id);
  expect([alive.includes(other.sessionId), alive.includes(foreign.sessionId), alive.includes(viewer.sessionId)]).toEqual([false, true, true]);
  const changed = await send('password', { current_password: PASSWORD, new_password: 'ringo densha kasa enpitsu mado' });
  expect(changed).toMatchObject({ status: 303, location: '/account?done=password' });
  expect(changed.cookies.get('__Host-sid')?.value).toMatch(/^[\w-]{43}$/);
});

test('the password asked again: 422 when wrong, on to the local path when right', async () => {
  const viewer = await enter(await makeAccount('again@example.jp'), new Date(Date.now() - 600_000));
  expect(await post(confirm.actions.default, { password: 'x', next: '/office' }, { viewer })).toMatchObject({ status: 422, data: { carried: { next: '/office' } } });
  expect(await post(confirm.actions.default, { password: PASSWORD, next: '//evil.example' }, { viewer })).toMatchObject({ status: 303, location: '/account' });
  const [row] = await sql<{ fresh_auth_at: Date }[]>`select fresh_auth_at from session where id = ${viewer.sessionId}`;
  expect(Date.now() - row!.fresh_auth_at.getTime()).toBeLessThan(10_000);
  expect(database.appUrl).toContain('portal_app');
});
