import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { confirmEmailChange, pendingEmail, requestEmailChange } from './email-change.server.ts';
import { actorOf, makeAccount, OTHER_PASSWORD, PASSWORD, VISITOR } from './fixtures.ts';
import { changePassword, completeReset, isResetOpen, requestReset } from './password-change.server.ts';
import { hashSecret } from './secret.server.ts';
import * as sessions from './session.server.ts';
import { signIn } from './sign-in.server.ts';
import { completeSignUp, requestSignUp, signUpEmail } from './sign-up.server.ts';
import { disableAccount } from './staff.server.ts';
import { ownAccount, renameAccount } from './store.server.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
beforeEach(async () => {
  await database.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await owner`delete from mail_outbox`;
  });
});

const START = new Date('2026-04-01T00:00:00Z');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const FROM = { clientKey: 'client', userAgent: null, device: undefined };
const WORDS = ['高萩市', '協働ポータル'];

const mails = () => sql<{ to_address: string; template: string; body: string }[]>`select to_address, template, body from mail_outbox order by created_at, id`;
const linkIn = (body: string) => /\/(?:sign-up|password-reset|account\/email)\/([\w-]{43})/.exec(body)?.[1] ?? '';
const signUp = (email: string, client = 'client', now = START) => transaction(VISITOR, (tx) => requestSignUp(tx, { email }, client, now));
const reset = (email: string, client = 'client', now = START) => transaction(VISITOR, (tx) => requestReset(tx, { email }, client, now));
const open = (accountId: string, now = START) => transaction(actorOf(accountId), (tx) => sessions.signIn(tx, accountId, null, now));
async function newestLink(template: string): Promise<string> {
  const all = (await mails()).filter((mail) => mail.template === template);
  return linkIn(all.at(-1)?.body ?? '');
}

describe('signing up', () => {
  test('a link, a name as typed, a session', async () => {
    expect(await signUp('New.Person@example.jp')).toEqual({ ok: true });
    const token = await newestLink('sign_up_link');
    expect(await signUpEmail(token, START)).toBe('New.Person@example.jp');
    const name = '\uFA19谷 髙\u{E0100}﨑𠮷';
    const done = await completeSignUp(VISITOR, { token, name, kana: 'カミヤ　タカシ', password: PASSWORD }, FROM, WORDS, after(60));
    if (!done.ok) throw new Error(done.reason);
    expect(await ownAccount(sql, done.accountId)).toMatchObject({ name, email: 'New.Person@example.jp', kana: 'カミヤ　タカシ' });
    expect(await sessions.currentSession(done.session, after(61))).toMatchObject({ accountId: done.accountId, roles: [] });
  });

  test('a known address gets another mail, and nobody else notices', async () => {
    await makeAccount('Known@example.jp');
    expect([await signUp('known@EXAMPLE.jp'), await signUp('fresh@example.jp')]).toEqual([{ ok: true }, { ok: true }]);
    expect((await mails()).map((mail) => [mail.to_address, mail.template])).toEqual([['known@EXAMPLE.jp', 'already_registered'], ['fresh@example.jp', 'sign_up_link']]);
    expect((await mails())[0]!.body).not.toMatch(/sign-up\//);
  });

  test('looking at the link does not use it; of many simultaneous uses one succeeds', async () => {
    await signUp('race@example.jp');
    const token = await newestLink('sign_up_link');
    for (let i = 0; i < 5; i++) expect(await signUpEmail(token, START)).toBe('race@example.jp');
    const all = await Promise.all(Array.from({ length: 12 }, () => completeSignUp(VISITOR, { token, name: '高萩', kana: null, password: PASSWORD }, FROM, WORDS, START)));
    expect(all.filter((one) => one.ok)).toHaveLength(1);
    expect(all.filter((one) => !one.ok && one.reason === 'link_over')).toHaveLength(11);
    expect(await sql`select 1 from account where email_folded = 'race@example.jp'`).toHaveLength(1);
  });

  test('two links for one address make one account', async () => {
    await signUp('twice@example.jp');
    const first = await newestLink('sign_up_link');
    await signUp('twice@example.jp');
    const second = await newestLink('sign_up_link');
    expect((await completeSignUp(VISITOR, { token: first, name: '一', kana: null, password: PASSWORD }, FROM, WORDS, START)).ok).toBe(true);
    expect(await completeSignUp(VISITOR, { token: second, name: '二', kana: null, password: PASSWORD }, FROM, WORDS, START)).toEqual({ ok: false, reason: 'taken' });
  });

  test('24 hours, not more; weak passwords and foreign tokens are refused and use nothing up', async () => {
    await signUp('day@example.jp');
    const token = await newestLink('sign_up_link');
    const complete = (value: { token?: string; password?: string }, now: Date) =>
      completeSignUp(VISITOR, { token, name: '高萩', kana: null, password: PASSWORD, ...value }, FROM, WORDS, now);
    expect(await complete({}, new Date(after(24 * 60).getTime() + 1000))).toEqual({ ok: false, reason: 'link_over' });
    expect(await complete({ password: '高萩市協働ポータル2026年' }, START)).toMatchObject({ reason: 'weak' });
    for (const wrong of ['', 'x', hashSecret(token), 'A'.repeat(43), `${token} `]) expect(await complete({ token: wrong }, START)).toEqual({ ok: false, reason: 'link_over' });
    await makeAccount('other@example.jp');
    await reset('other@example.jp');
    expect(await complete({ token: await newestLink('password_reset_link') }, START)).toEqual({ ok: false, reason: 'link_over' });
    expect((await complete({}, new Date(after(24 * 60).getTime() - 1000))).ok).toBe(true);
  });
});

test('at most five mails an hour to one address, known or not, and thirty by one connection', async () => {
  await makeAccount('flooded@example.jp');
  const flood = async (email: string) => {
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(i % 2 ? await signUp(email, `c${email}${i}`, after(500)) : await reset(email, `c${email}${i}`, after(500)));
    return answers;
  };
  const [known, unknown] = [await flood('flooded@example.jp'), await flood('stranger@example.jp')];
  expect(known).toEqual(unknown);
  expect(known.slice(0, 5)).toEqual(Array(5).fill({ ok: true }));
  expect(known[5]).toEqual({ ok: false, reason: 'throttled', retryAfterSeconds: 3600 });
  expect((await mails()).filter((mail) => mail.to_address === 'flooded@example.jp')).toHaveLength(5);
  expect(await signUp('flooded@example.jp', 'later', after(561))).toEqual({ ok: true });
  const many = [];
  for (let i = 0; i < 31; i++) many.push(await signUp(`many${i}@example.jp`, 'one connection', after(700)));
  expect(many.filter((one) => one.ok)).toHaveLength(30);
});

describe('a lost password', () => {
  test('the link sets the new one, ends every session and browser, and works once', async () => {
    const accountId = await makeAccount('Lost@example.jp');
    const before = await signIn(VISITOR, { email: 'lost@example.jp', password: PASSWORD }, FROM, START);
    if (!before.ok) throw new Error('refused');
    expect(await reset('LOST@example.jp')).toEqual({ ok: true });
    const [mail] = await mails();
    expect(mail).toMatchObject({ to_address: 'Lost@example.jp', template: 'password_reset_link' });
    const token = linkIn(mail!.body);
    expect(await isResetOpen(token, after(14))).toBe(true);
    const all = await Promise.all(Array.from({ length: 12 }, () => completeReset(VISITOR, { token, password: OTHER_PASSWORD }, WORDS, after(14))));
    expect(all.filter((one) => one.ok)).toHaveLength(1);
    expect(await sessions.currentSession(before.session, after(15))).toBeNull();
    expect(await sql`select 1 from known_device where account_id = ${accountId}`).toHaveLength(0);
    expect(await signIn(VISITOR, { email: 'lost@example.jp', password: PASSWORD }, FROM, after(15))).toEqual({ ok: false, reason: 'wrong' });
    expect((await signIn(VISITOR, { email: 'lost@example.jp', password: OTHER_PASSWORD }, FROM, after(15))).ok).toBe(true);
    expect((await mails()).filter((one) => one.template === 'password_changed')).toHaveLength(1);
  });

  test('15 minutes, not more; an unknown address gets a way to sign up instead', async () => {
    await makeAccount('slow@example.jp');
    expect([await reset('slow@example.jp'), await reset('unheard@example.jp')]).toEqual([{ ok: true }, { ok: true }]);
    const token = await newestLink('password_reset_link');
    expect(await completeReset(VISITOR, { token, password: OTHER_PASSWORD }, WORDS, new Date(after(15).getTime() + 1000))).toEqual({ ok: false, reason: 'link_over' });
    expect((await completeReset(VISITOR, { token, password: OTHER_PASSWORD }, WORDS, new Date(after(15).getTime() - 1000))).ok).toBe(true);
    expect((await mails()).filter((mail) => mail.to_address === 'unheard@example.jp').map((mail) => mail.template)).toEqual(['sign_up_link']);
  });

  test('one used link closes the others, and a reset opens a worn-out account again', async () => {
    await makeAccount('worn@example.jp');
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 26; i++) await signIn(VISITOR, { email: 'worn@example.jp', password: 'no' }, { ...FROM, clientKey: `bot${round}-${i}` }, after(round * 20));
    }
    expect(await signIn(VISITOR, { email: 'worn@example.jp', password: PASSWORD }, { ...FROM, clientKey: 'home' }, after(900))).toEqual({ ok: false, reason: 'reset_required' });
    await reset('worn@example.jp', 'home', after(900));
    const first = await newestLink('password_reset_link');
    await reset('worn@example.jp', 'home', after(901));
    const second = await newestLink('password_reset_link');
    expect((await completeReset(VISITOR, { token: first, password: OTHER_PASSWORD }, WORDS, after(902))).ok).toBe(true);
    expect(await completeReset(VISITOR, { token: second, password: PASSWORD }, WORDS, after(902))).toEqual({ ok: false, reason: 'link_over' });
    expect((await signIn(VISITOR, { email: 'worn@example.jp', password: OTHER_PASSWORD }, { ...FROM, clientKey: 'home' }, after(903))).ok).toBe(true);
  });

  test('a stopped account cannot be reset', async () => {
    const [admin, accountId] = [await makeAccount('admin@example.jp', { roles: ['administrator'] }), await makeAccount('stopped@example.jp')];
    await reset('stopped@example.jp');
    const token = await newestLink('password_reset_link');
    await transaction(actorOf(admin), (tx) => disableAccount(tx, admin, accountId, START));
    expect(await completeReset(VISITOR, { token, password: OTHER_PASSWORD }, WORDS, START)).toEqual({ ok: false, reason: 'link_over' });
  });
});

test('changing the password needs the old one, ends the other sessions and gives this browser a new one', async () => {
  const accountId = await makeAccount('change@example.jp');
  const [here, there] = [await open(accountId), await open(accountId)];
  const change = (current: string, password: string) => changePassword(actorOf(accountId), accountId, { current, password }, FROM, WORDS, after(5));
  expect(await change(OTHER_PASSWORD, OTHER_PASSWORD)).toEqual({ ok: false, reason: 'wrong' });
  expect(await change(PASSWORD, 'change@example.jp2026')).toMatchObject({ reason: 'weak' });
  const done = await change(PASSWORD, OTHER_PASSWORD);
  if (!done.ok) throw new Error(done.reason);
  for (const old of [here, there]) expect(await sessions.currentSession(old, after(6))).toBeNull();
  expect(await sessions.currentSession(done.session, after(6))).toMatchObject({ accountId });
  expect(await change(PASSWORD, OTHER_PASSWORD)).toEqual({ ok: false, reason: 'wrong' });
});

describe('another address', () => {
  const ask = (accountId: string, email: string, password = PASSWORD, now = START) => requestEmailChange(actorOf(accountId), accountId, { email, password }, `c-${accountId}`, now);

  test('password, proof by the new mailbox, notice to the old one', async () => {
    const accountId = await makeAccount('old@example.jp');
    const [here, there] = [await open(accountId), await open(accountId)];
    const who = { accountId, sessionId: hashSecret(here) };
    expect(await ask(accountId, 'new@example.jp', 'no')).toEqual({ ok: false, reason: 'wrong' });
    expect(await ask(accountId, 'old@example.jp')).toEqual({ ok: false, reason: 'same' });
    expect(await ask(accountId, 'new@example.jp')).toEqual({ ok: true });
    expect((await mails()).map((mail) => [mail.to_address, mail.template])).toEqual([['new@example.jp', 'email_change_confirm'], ['old@example.jp', 'email_change_notice']]);
    const token = await newestLink('email_change_confirm');
    // The link in a stranger's hands (a mistyped address) is worth nothing without the owner's session.
    const stranger = await makeAccount('stranger2@example.jp');
    expect(await pendingEmail(stranger, token, START)).toBeNull();
    expect(await transaction(actorOf(stranger), (tx) => confirmEmailChange(tx, { accountId: stranger, sessionId: 'x' }, token, START))).toMatchObject({ reason: 'link_over' });
    expect(await pendingEmail(accountId, token, START)).toBe('new@example.jp');
    const all = await Promise.all(Array.from({ length: 6 }, () => transaction(actorOf(accountId), (tx) => confirmEmailChange(tx, who, token, after(59)))));
    expect(all.filter((one) => one.ok)).toHaveLength(1);
    expect(await sessions.currentSession(here, after(60))).toMatchObject({ email: 'new@example.jp' });
    expect(await sessions.currentSession(there, after(60))).toBeNull();
    expect((await signIn(VISITOR, { email: 'new@example.jp', password: PASSWORD }, FROM, after(60))).ok).toBe(true);
    expect(await signIn(VISITOR, { email: 'old@example.jp', password: PASSWORD }, FROM, after(60))).toEqual({ ok: false, reason: 'wrong' });
  });

  test("an address that is somebody's gives the same answer, and no link", async () => {
    const [mine] = [await makeAccount('mine@example.jp'), await makeAccount('Theirs@example.jp')];
    expect([await ask(mine, 'theirs@example.jp'), await ask(mine, 'free@example.jp')]).toEqual([{ ok: true }, { ok: true }]);
    expect((await mails()).filter((mail) => mail.to_address === 'theirs@example.jp').map((mail) => mail.template)).toEqual(['already_registered']);
  });

  test('an address taken in between stays with whoever took it', async () => {
    const mine = await makeAccount('between@example.jp');
    await ask(mine, 'wanted@example.jp');
    const token = await newestLink('email_change_confirm');
    await makeAccount('wanted@example.jp');
    expect(await transaction(actorOf(mine), (tx) => confirmEmailChange(tx, { accountId: mine, sessionId: 'x' }, token, START))).toMatchObject({ reason: 'link_over' });
    expect(await ownAccount(sql, mine)).toMatchObject({ email: 'between@example.jp' });
  });

  test('only the case of the own address may change too', async () => {
    const mine = await makeAccount('case@example.jp');
    await ask(mine, 'Case@example.jp');
    const done = await transaction(actorOf(mine), async (tx) => confirmEmailChange(tx, { accountId: mine, sessionId: 'x' }, await newest(tx), START));
    expect(done).toEqual({ ok: true, email: 'Case@example.jp' });
    async function newest(tx: typeof sql) {
      const [mail] = await tx<{ body: string }[]>`select body from mail_outbox where template = 'email_change_confirm'`;
      return linkIn(mail!.body);
    }
  });
});

test('a name is kept as typed and its change is recorded', async () => {
  const accountId = await makeAccount('name@example.jp', { name: '渡辺 花子' });
  expect(await transaction(actorOf(accountId), (tx) => renameAccount(tx, accountId, { name: '渡邉\u{E0101} 花子', kana: null }))).toEqual({ ok: true });
  expect(await ownAccount(sql, accountId)).toMatchObject({ name: '渡邉\u{E0101} 花子' });
  const [entry] = await sql<{ before: string; after: string }[]>`select before, after from audit_entry where action = 'account.rename' and subject_id = ${accountId}`;
  expect(entry!.before).toContain('渡辺 花子');
});

test('no secret stands in the audit trail, and no link in the clear where it is checked', async () => {
  const bodies = (await database.ownerSql`select token_hash from account_token`).map((row) => row.token_hash as string);
  expect(bodies.length).toBeGreaterThan(5);
  const trail = JSON.stringify(await sql`select action, before, after, subject_id from audit_entry`);
  expect(trail).not.toMatch(/argon2|token_hash|password_hash/);
  for (const word of [PASSWORD, OTHER_PASSWORD, ...bodies]) expect(trail).not.toContain(word);
});
