import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { as, completeDraft, demoDatabase, send, type Demo } from '../../../tests/database/demo.ts';
import { sql, transaction } from '../db/db.server.ts';
import * as files from '../files/store.server.ts';
import { deliver } from '../mail/delivery.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { decodeWords, startMailServer } from '../mail/samples/mail-server.ts';
import { smtpSender } from '../mail/send.server.ts';
import { invite } from '../organisations/invitations.server.ts';
import { NOTICE_DAYS } from '../applications/old-drafts.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import { PREVIEW_DAYS, RULES, runsDry, type RuleName } from './retention.ts';
import { overview, runDue, runs, type Run } from './store.server.ts';

const TODAY = dayOf(new Date());
const ACTOR = { name: 'system:test' } as const;
let demo: Demo;
beforeAll(async () => { demo = await demoDatabase(); });
beforeEach(() => tamper((owner) => owner`delete from retention_run`));
afterEach(() => { for (const name of ['MAIL_KEEP_DAYS', 'FILE_KEEP_DAYS', 'DRAFT_KEEP_DAYS']) delete process.env[name]; });

type Owner = Demo['db']['ownerSql'];
/** The owner writes past every guard but one: a row that never changes may, for once, be given a past. */
async function tamper(work: (owner: Owner) => PromiseLike<unknown>) {
  await demo.db.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await owner`set local session_replication_role = replica`;
    await work(owner as unknown as Owner);
  });
}

/** As if today's runs had been yesterday's; by way of a far past, because no two may share a day even for a moment. */
async function nextDay(): Promise<void> {
  await tamper((owner) => owner`update retention_run set ran_on = ran_on - 5000`);
  await tamper((owner) => owner`update retention_run set ran_on = ran_on + 4999, started_at = started_at - interval '1 day'`);
}
/** The first run counts; the second, a day later, acts. */
async function twoDays(): Promise<void> {
  await runDue();
  await nextDay();
  await runDue();
}
const found = async (rule: RuleName) => (await overview(sql)).find((one) => one.rule === rule)!;
const latest = async (rule: RuleName): Promise<Run> => (await runs(sql, null)).rows.find((run) => run.rule === rule && run.ran_on === TODAY)!;
const day = (count: number) => addDays(TODAY, count);

const mailed = (key: string) => transaction(ACTOR, (tx) => enqueue(tx, { to: 'hana@demo.example', template: 'application_receipt', dedupeKey: `retention:${key}`, data: { receiptNumber: 'R8-0001', url: '/my' } }));
const age = (id: string, column: 'sent_at' | 'gave_up_at', days: number) => tamper((owner) => owner`update mail_outbox set ${owner(column)} = now() - make_interval(days => ${days}) where id = ${id}`);

describe('dry run first', () => {
  test('a rule acts only on what it counted with the same days a little while ago', () => {
    expect(runsDry(90, null)).toBe(true);
    expect(runsDry(90, { keep_days: 90, days_ago: 1 })).toBe(false);
    expect(runsDry(30, { keep_days: 90, days_ago: 1 })).toBe(true);
    expect(runsDry(90, { keep_days: 90, days_ago: PREVIEW_DAYS })).toBe(false);
    expect(runsDry(90, { keep_days: 90, days_ago: PREVIEW_DAYS + 1 })).toBe(true);
  });

  test('the first day counts, the next one acts, once a day however often it is asked and by how many', async () => {
    const id = (await mailed('dry'))!;
    await age(id, 'sent_at', 91);
    expect(await found('mail')).toMatchObject({ keep_days: 90, found: { n: 1 }, dry: true });
    await Promise.all([runDue(), runDue(), runDue()]);
    expect(await latest('mail')).toMatchObject({ dry: true, found: 1, removed: 0, finished_at: expect.any(Date) });
    expect((await runs(sql, null)).rows).toHaveLength(RULES.length);
    await runDue();
    expect((await found('mail')).found!.n).toBe(1);
    await nextDay();
    expect(await found('mail')).toMatchObject({ dry: false });
    expect(await runDue()).toBeGreaterThanOrEqual(1);
    expect(await latest('mail')).toMatchObject({ dry: false, found: 1, removed: 1 });
    expect((await found('mail')).found).toMatchObject({ n: 0, oldest_at: null });
  });

  test('a changed setting is shown before it bites, and one that cannot be read stops its rule', async () => {
    const id = (await mailed('setting'))!;
    await age(id, 'gave_up_at', 40);
    await twoDays();
    expect(await latest('mail')).toMatchObject({ dry: false, removed: 0 });
    process.env.MAIL_KEEP_DAYS = '30';
    await nextDay();
    await runDue();
    expect(await latest('mail')).toMatchObject({ dry: true, found: 1, removed: 0, keep_days: 30 });
    for (const wrong of ['9O', '0', '-1', '1', '99999999', 'ninety', '30.5']) {
      process.env.MAIL_KEEP_DAYS = wrong;
      await tamper((owner) => owner`delete from retention_run`);
      expect(await found('mail')).toEqual({ rule: 'mail', keep_days: null, found: null, dry: true });
      await twoDays();
      expect((await runs(sql, null)).rows.some((run) => run.rule === 'mail' || run.rule === 'invitations')).toBe(false);
    }
    const [row] = await sql`select to_address from mail_outbox where id = ${id}`;
    expect(row!.to_address).toBe('hana@demo.example');
  });
});

describe('mail', () => {
  test('that was sent or given up long ago loses whom and what, and is never written again', async () => {
    const ids = { old: (await mailed('old'))!, gone: (await mailed('gone'))!, young: (await mailed('young'))!, waiting: (await mailed('waiting'))! };
    await age(ids.old, 'sent_at', 91);
    await age(ids.gone, 'gave_up_at', 400);
    await age(ids.young, 'sent_at', 89);
    await tamper((owner) => owner`update mail_outbox set created_at = now() - interval '400 days', last_error = 'hana@demo.example は受け取れません' where id in (${ids.gone}, ${ids.waiting})`);
    await twoDays();
    const rows = new Map((await sql<{ id: string; whole: string; erased: boolean }[]>`select id, m::text as whole, erased_at is not null as erased from mail_outbox m`).map((row) => [row.id, row]));
    for (const id of [ids.old, ids.gone]) {
      expect(rows.get(id)!.erased).toBe(true);
      expect(rows.get(id)!.whole).not.toMatch(/demo\.example|R8-0001/);
    }
    for (const id of [ids.young, ids.waiting]) expect(rows.get(id)!.whole).toContain('hana@demo.example');
    expect(await mailed('old')).toBeNull();
    const [entry] = await sql`select actor, after from audit_entry where action = 'retention.mail' order by seq desc limit 1`;
    expect(entry).toMatchObject({ actor: 'system:retention', after: expect.stringContaining('"removed":2') });
  });

  test('cannot be half erased', async () => {
    const id = (await mailed('half'))!;
    for (const change of [sql`to_address = null`, sql`erased_at = now()`, sql`erased_at = now(), to_address = null, body = null`]) {
      await expect(transaction(ACTOR, (tx) => tx`update mail_outbox set ${change} where id = ${id}`)).rejects.toMatchObject({ constraint_name: 'mail_outbox_content' });
    }
  });
});

test('invitations that are over go with their addresses; open ones and young ones stay', async () => {
  const { hana } = demo.people as { hana: string };
  const group = demo.groups.hana!;
  const asked = async (email: string) => {
    const made = await transaction(as(hana, group), (tx) => invite(tx, hana, group, { email, role: 'member' }, email));
    if (!made.ok) throw new Error(made.reason);
    return made.id;
  };
  const [expired, cancelled, young] = [await asked('expired@example.jp'), await asked('cancelled@example.jp'), await asked('young@example.jp')];
  await tamper((owner) => owner`update organisation_invitation set expires_at = now() - interval '91 days' where id = ${expired}`);
  await tamper((owner) => owner`update organisation_invitation set cancelled_at = now() - interval '91 days' where id = ${cancelled}`);
  await twoDays();
  const left = (await sql<{ id: string }[]>`select id from organisation_invitation`).map((row) => row.id);
  expect([expired, cancelled, young].map((id) => left.includes(id))).toEqual([false, false, true]);
  const [entry] = await sql`select after from audit_entry where action = 'retention.invitations' order by seq desc limit 1`;
  expect(entry!.after).toContain(expired);
  expect(entry!.after).not.toContain('@example.jp');
});

describe('files', () => {
  const keep = async (name: string, days: number, organisation_id: string | null = null) => {
    const { id } = await transaction(ACTOR, (tx) => files.keep(tx, files.prepareOwn(Buffer.from(`%PDF-1.7\n% ${name}\n%%EOF`), `${name}.pdf`, 1), { organisation_id, purpose: 'application' }));
    await tamper((owner) => owner`update stored_file set created_at = now() - make_interval(days => ${days}) where id = ${id}`);
    return id;
  };
  const exists = async (id: string) => (await sql`select 1 from stored_file where id = ${id}`).length === 1;

  test('that nothing refers to go after their days, with their bytes; whatever a table refers to stays', async () => {
    const everything = async () => (await sql<{ id: string }[]>`select distinct file_id as id from (
      select file_id from application_file union all select file_id from submission_file union all select file_id from submission_document
      union all select file_id from organisation_paper union all select file_id from letter) linked order by 1`).map((row) => row.id);
    const before = await everything();
    expect(before.length).toBeGreaterThan(3);
    await tamper((owner) => owner`update stored_file set created_at = now() - interval '4000 days'`);
    const [old, young] = [await keep('old', 31), await keep('young', 29)];
    await twoDays();
    expect([await exists(old), await exists(young)]).toEqual([false, true]);
    expect(await sql`select 1 from file_content where file_id = ${old}`).toHaveLength(0);
    expect(await everything()).toEqual(before);
    for (const id of before) expect(await exists(id)).toBe(true);
    const [entry] = await sql`select after from audit_entry where action = 'retention.files' order by seq desc limit 1`;
    expect(entry!.after).toMatch(new RegExp(`"id":"${old}"[^}]*"sha256":"[0-9a-f]{64}"`));
  });

  test('a table of tomorrow is a reference without anybody naming it here, cascading, composite and unreadable ones too', async () => {
    const owner = demo.db.ownerSql;
    await owner`create table planted_photo (id uuid primary key default uuidv7(), shot uuid references stored_file on delete cascade)`;
    await owner`create unique index planted_key on stored_file (id, purpose)`;
    await owner`create table planted_pair (a text, b uuid, foreign key (b, a) references stored_file (id, purpose) on delete set null)`;
    const [photo, pair, free] = [await keep('photo', 500), await keep('pair', 500), await keep('free', 500)];
    await owner`insert into planted_photo (shot) values (${photo})`;
    await owner`insert into planted_pair (a, b) values ('application', ${pair})`;
    expect((await found('files')).found!.n).toBe(1);
    await twoDays();
    expect([await exists(photo), await exists(pair), await exists(free)]).toEqual([true, true, false]);
    await owner`drop table planted_photo, planted_pair`;
    await owner`drop index planted_key`;
    expect((await found('files')).found!.n).toBe(2);
  });

  test('a file that is being attached at this moment stays', async () => {
    const id = await keep('attached now', 500, demo.groups.hana!);
    await runDue();
    await nextDay();
    const { hana } = demo.people as { hana: string };
    const draft = await completeDraft(demo, 'hana');
    let release!: () => void;
    const held = new Promise<void>((done) => { release = done; });
    const attaching = transaction(as(hana, demo.groups.hana!), async (tx) => {
      const [paper] = await tx<{ id: string }[]>`select id from required_paper limit 1`;
      await tx`insert into application_file (application_id, file_id, paper_id, added_by) values (${draft}, ${id}, ${paper!.id}, ${hana})`;
      await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'application', ${draft})`;
      await held;
    });
    await new Promise((done) => setTimeout(done, 100));
    const ran = runDue();
    // The audit chain has one head: a run that had to record something waits for the attaching, one that skipped it does not.
    setTimeout(release, 300);
    await Promise.all([attaching, ran]);
    expect(await exists(id)).toBe(true);
    await tamper((owner) => owner`delete from application_file where file_id = ${id}`);
  });
});

describe('drafts', () => {
  const close = (days: number) => tamper((owner) => owner`update scheme_edition set opens_at = now() - make_interval(days => ${days + 30}), closes_at = now() - make_interval(days => ${days})`);
  const reopen = () => tamper((owner) => owner`update scheme_edition set opens_at = now() - interval '1 day', closes_at = now() + interval '30 days'`);
  const exists = async (id: string) => (await sql`select 1 from application where id = ${id}`).length === 1;
  beforeEach(async () => {
    await reopen();
    await tamper((owner) => owner`delete from draft_notice`);
    await tamper((owner) => owner`delete from application_file where application_id in (select id from application where submitted_at is null)`);
    await tamper((owner) => owner`delete from application where submitted_at is null`);
    await tamper((owner) => owner`update application set withdrawn_at = now() where decided_at is null and withdrawn_at is null`);
  });

  test('are told of a month ahead, by mail, and go a month later; what was submitted stays', async () => {
    const draft = await completeDraft(demo, 'hana');
    const sent = await completeDraft(demo, 'npo');
    if (!(await send(demo, 'npo', sent)).ok) throw new Error('not sent');
    await close(336);
    expect([(await found('draft_notices')).found!.n, (await found('drafts')).found!.n]).toEqual([1, 0]);
    await twoDays();
    expect(await latest('draft_notices')).toMatchObject({ removed: 1 });
    const [notice] = await sql<{ told: number; remove_on: string }[]>`select told, remove_on from draft_notice where application_id = ${draft}`;
    expect(notice).toEqual({ told: 2, remove_on: day(NOTICE_DAYS + 1) });

    const server = await startMailServer();
    await deliver(smtpSender(server.url));
    await server.stop();
    const mails = server.received.filter((mail) => decodeWords(mail.headers.get('subject')![0]!).includes('下書き'));
    expect(mails.map((mail) => mail.to[0]).sort()).toEqual(['hana@demo.example', 'taro@demo.example']);
    for (const mail of mails) {
      expect(mail.text).toContain(`/my/applications/${draft}`);
      expect(mail.text).not.toMatch(/花子|太郎/);
    }

    await close(400);
    await tamper((owner) => owner`update draft_notice set closes_at = (select closes_at from scheme_edition limit 1)`);
    expect((await found('drafts')).found!.n).toBe(0);
    await tamper((owner) => owner`update draft_notice set remove_on = current_date`);
    expect((await found('drafts')).found!.n).toBe(1);
    await nextDay();
    await runDue();
    expect([await exists(draft), await exists(sent)]).toEqual([false, true]);
    for (const table of ['application_section', 'budget_line', 'application_file', 'draft_notice']) {
      expect((await demo.db.ownerSql`select 1 from ${demo.db.ownerSql(table)} where application_id = ${draft}`)).toHaveLength(0);
    }
    const [entry] = await sql`select actor, after from audit_entry where action = 'retention.drafts' order by seq desc limit 1`;
    expect(entry).toMatchObject({ actor: 'system:retention', after: expect.stringContaining(draft) });
  });

  test('of a round that opens again stay, and are told of anew when it closes again', async () => {
    const draft = await completeDraft(demo, 'hana');
    await close(400);
    await twoDays();
    await tamper((owner) => owner`update draft_notice set remove_on = current_date`);
    await reopen();
    expect((await found('drafts')).found!.n).toBe(0);
    await close(401);
    expect([(await found('draft_notices')).found!.n, (await found('drafts')).found!.n]).toEqual([1, 0]);
    await nextDay();
    await runDue();
    expect(await exists(draft)).toBe(true);
    expect(await sql`select remove_on from draft_notice where application_id = ${draft}`).toEqual([{ remove_on: day(NOTICE_DAYS + 1) }]);
  });

  test('that another table refers to are held, and counted as such', async () => {
    const draft = await completeDraft(demo, 'hana');
    await close(400);
    await twoDays();
    await tamper((owner) => owner`update draft_notice set remove_on = current_date`);
    await demo.db.ownerSql`create table planted_note (application_id uuid references application)`;
    await demo.db.ownerSql`insert into planted_note values (${draft})`;
    expect((await found('drafts')).found).toMatchObject({ n: 0, held: 1 });
    await nextDay();
    await runDue();
    expect([await exists(draft), await latest('drafts')]).toMatchObject([true, { removed: 0, failed_at: null }]);
    await demo.db.ownerSql`drop table planted_note`;
    expect((await found('drafts')).found).toMatchObject({ n: 1, held: 0 });
  });

  test('of a group with nobody left go too, with nobody told', async () => {
    const draft = await completeDraft(demo, 'hana');
    await close(400);
    await tamper((owner) => owner`update organisation_member set to_on = current_date where organisation_id = ${demo.groups.hana!}`);
    await twoDays();
    expect(await sql`select told from draft_notice where application_id = ${draft}`).toEqual([{ told: 0 }]);
    await tamper((owner) => owner`update organisation_member set to_on = null where organisation_id = ${demo.groups.hana!}`);
  });
});

test('a rule that fails is noted and stops nobody', async () => {
  const id = (await mailed('failing'))!;
  await age(id, 'sent_at', 91);
  await runDue();
  await nextDay();
  await demo.db.ownerSql`create function refuse_erasing() returns trigger language plpgsql as $$ begin if new.erased_at is not null then raise exception 'planted'; end if; return new; end $$`;
  await demo.db.ownerSql`create trigger planted before update on mail_outbox for each row execute function refuse_erasing()`;
  await runDue();
  expect(await latest('mail')).toMatchObject({ removed: 0, finished_at: null, failed_at: expect.any(Date) });
  expect(await latest('drafts')).toMatchObject({ finished_at: expect.any(Date) });
  await demo.db.ownerSql`drop trigger planted on mail_outbox`;
});
