import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { deliver } from '../mail/delivery.server.ts';
import { decodeWords, startMailServer } from '../mail/samples/mail-server.ts';
import { smtpSender } from '../mail/send.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import { acceptInvitation, cancelInvitation, invite, openInvitations, readInvitation } from './invitations.server.ts';
import { changeRepresentative } from './members.server.ts';
import { currentMembership } from './membership.server.ts';
import { forOffice, groupTimeline, invitations, listGroups, terms } from './office.server.ts';
import type { EndingValue, SuccessionValue } from './office-form.ts';
import { MAX_INVITATIONS_PER_DAY, type MemberRole } from './organisation.ts';
import { as, groupOf, person } from './sample.ts';
import { SUCCESSION_DAYS_MAX } from './succession.ts';
import { beginSuccession, cancelSuccession, endByOffice, pending } from './succession.server.ts';

const TODAY = dayOf(new Date());
let database: FreshDatabase;
let officer: string;
let numbers = 0;
beforeAll(async () => {
  database = await freshDatabase();
  officer = await person('担当 一郎');
});

async function tamper(work: (owner: FreshDatabase['ownerSql']) => PromiseLike<unknown>) {
  await database.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await work(owner as unknown as FreshDatabase['ownerSql']);
  });
}

const ground = { reason: 'deceased', reason_note: '', proof: 'assembly_minutes', proof_note: '総会の議事録（架空）を見た。' } as const;
const succession = (email: string, more: Partial<SuccessionValue> = {}): SuccessionValue => ({ ...ground, email, effective_on: TODAY, ...more });
/** Each from another machine, so that the throttle of machines stays out of the way. */
const begin = (group: string, value: SuccessionValue, by = officer) => transaction(as(by), (tx) => beginSuccession(tx, by, group, value, `machine-${(numbers += 1)}`));
const cancel = (group: string, seen: string, by = officer) => transaction(as(by), (tx) => cancelSuccession(tx, by, group, seen));
const end = (group: string, member: string, value: Partial<EndingValue> = {}, by = officer) => transaction(as(by), (tx) => endByOffice(tx, by, group, member, { ...ground, to_on: TODAY, ...value }));
const accept = (account: string, token: string) => transaction(as(account), (tx) => acceptInvitation(tx, account, token));
const emailOf = async (account: string): Promise<string> => (await database.ownerSql<{ email: string }[]>`select email from account where id = ${account}`)[0]!.email;
const fresh = (): string => `next${(numbers += 1)}@example.jp`;
const linkTo = async (email: string): Promise<string> =>
  /\/my\/invitations\/([\w-]{43})/.exec((await database.ownerSql<{ body: string }[]>`select body from mail_outbox where to_address = ${email} and template = 'organisation_invitation' order by id desc limit 1`)[0]!.body)![1]!;
const told = async (account: string): Promise<string[]> =>
  (await database.ownerSql<{ template: string }[]>`select template from mail_outbox where to_address = ${await emailOf(account)} order by id`).map((row) => row.template);

/** A person who acts for the group, put there without an invitation. */
async function member(group: string, role: MemberRole = 'member'): Promise<string> {
  const account = await person('担当する人');
  await tamper((owner) => owner`insert into organisation_member (organisation_id, account_id, role, from_on) values (${group}, ${account}, ${role}, current_date - 30)`);
  return account;
}
const termOf = async (group: string, account: string) => (await terms(sql, group, officer)).find((one) => one.account_id === account && one.state !== 'over');

describe('another representative', () => {
  test('the former one acts no more, the new one by mail, everybody concerned is told, nobody and no reason is named', async () => {
    const boss = await person('旧山 前子');
    const group = await groupOf(boss);
    const helper = await member(group);
    const [next, email] = [await person('新川 次郎'), fresh()];
    const begun = await begin(group, succession(email, { reason: 'other', reason_note: 'とても言いにくい事情' }));
    expect(begun).toMatchObject({ ok: true });
    expect(await currentMembership(sql, group, boss)).toBeNull();
    expect(await currentMembership(sql, group, helper)).toMatchObject({ role: 'member' });

    const server = await startMailServer();
    await deliver(smtpSender(server.url));
    await server.stop();
    const mails = server.received.map((mail) => ({ to: mail.to[0]!, subject: decodeWords(mail.headers.get('subject')![0]!), text: mail.text }));
    const [former, stays, invited] = [await emailOf(boss), await emailOf(helper), email].map((to) => mails.find((mail) => mail.to === to)!);
    expect([former!.subject, stays!.subject]).toEqual(['【協働ポータル】団体の代表者の交代について', '【協働ポータル】団体の代表者の交代について']);
    expect(former!.text).toContain('終わりました');
    expect(stays!.text).toContain(`/my/organisations/${group}`);
    for (const mail of mails) expect(mail.subject + mail.text).not.toMatch(/事情|議事録|旧山|新川|担当 一郎|逝去/);

    const token = /\/my\/invitations\/([\w-]{43})/.exec(invited!.text)![1]!;
    expect(await readInvitation(sql, token)).toMatchObject({ role: 'representative', state: 'open', effective_on: TODAY, invited_by_name: expect.stringContaining('担当課') });
    expect(await accept(next, token)).toEqual({ ok: true, organisation_id: group });
    expect(await currentMembership(sql, group, next)).toMatchObject({ role: 'representative', from_on: TODAY, to_on: null });
    expect(await pending(sql, group, officer)).toBeNull();
    const [entry] = await database.ownerSql`select actor, before, after from audit_entry where subject_id = ${group} and action = 'organisation.begin_succession'`;
    expect(entry).toMatchObject({ actor: `account:${officer}`, before: expect.stringContaining(boss), after: expect.stringContaining('とても言いにくい事情') });
    expect((await groupTimeline(sql, group, officer)).slice(0, 3).map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ['organisation.accept_succession', '新川 次郎'], ['organisation.begin_succession', '担当 一郎'], ['organisation.create', '旧山 前子']
    ]);
  });

  test('from a day to come: the former one until then, a member of the group becomes it without a gap', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const helper = await member(group);
    const day = addDays(TODAY, 10);
    expect(await begin(group, succession(await emailOf(helper), { effective_on: day }))).toMatchObject({ ok: true });
    expect(await currentMembership(sql, group, boss)).toMatchObject({ role: 'representative', to_on: day });
    expect(await told(boss)).toEqual(['representative_ended']);
    expect(await accept(helper, await linkTo(await emailOf(helper)))).toMatchObject({ ok: true });
    expect(await currentMembership(sql, group, helper)).toMatchObject({ role: 'member', to_on: day });
    expect((await terms(sql, group, officer)).map(({ account_id, role, state, from_on }) => [account_id, role, state, from_on === day])).toEqual([
      [boss, 'representative', 'current', false], [helper, 'member', 'current', false], [helper, 'representative', 'coming', true]
    ]);
    expect(await pending(sql, group, officer)).toMatchObject({ kind: 'coming', who: '担当する人', effective_on: day });
    expect(await begin(group, succession(fresh()))).toMatchObject({ ok: false, reason: 'pending' });
    const coming = (await terms(sql, group, officer)).find((one) => one.state === 'coming')!;
    expect(await cancel(group, coming.id)).toEqual({ ok: false, reason: 'coming' });
    expect(await end(group, coming.id)).toEqual({ ok: true });
    expect(await pending(sql, group, officer)).toBeNull();
    expect(await end(group, coming.id)).toEqual({ ok: false, reason: 'over' });
  });

  test('refuses in turn: nobody ever there, the past, too far, the same person, the officer, a change under way, a stranger’s id', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    expect(await begin(group, succession(fresh(), { effective_on: addDays(TODAY, -1) }))).toEqual({ ok: false, reason: 'past' });
    expect(await begin(group, succession(fresh(), { effective_on: addDays(TODAY, SUCCESSION_DAYS_MAX + 1) }))).toEqual({ ok: false, reason: 'too_far' });
    expect(await begin(group, succession((await emailOf(boss)).toUpperCase()))).toEqual({ ok: false, reason: 'same_person' });
    expect(await begin(group, succession(await emailOf(officer)))).toEqual({ ok: false, reason: 'own_address' });
    for (const id of ['', 'x', "';--", '019ab000-0000-7000-8000-000000000000']) {
      expect(await begin(id, succession(fresh()))).toEqual({ ok: false, reason: 'not_found' });
      expect(await cancel(id, id)).toEqual({ ok: false, reason: 'not_found' });
      expect(await end(id, id)).toEqual({ ok: false, reason: 'not_found' });
      expect(await end(group, id)).toEqual({ ok: false, reason: 'not_found' });
      expect([await forOffice(sql, id, officer), await pending(sql, id, officer), (await terms(sql, id, officer)).length]).toEqual([null, null, 0]);
    }
    const empty = await groupOf(await person());
    await tamper((owner) => owner`delete from organisation_member where organisation_id = ${empty}`);
    expect(await begin(empty, succession(fresh()))).toEqual({ ok: false, reason: 'no_members' });
    expect(await currentMembership(sql, group, boss)).toMatchObject({ role: 'representative', to_on: null });
    expect(await told(boss)).toEqual([]);
  });

  test('two officers at once: one change, the other one learns of it; posted twice it is begun once', async () => {
    const group = await groupOf(await person());
    const other = await person('担当 二郎');
    const answers = await Promise.all([begin(group, succession(fresh())), begin(group, succession(fresh()), other)]);
    expect(answers.map((answer) => (answer.ok ? 'begun' : answer.reason)).sort()).toEqual(['begun', 'pending']);
    const again = await groupOf(await person());
    const value = succession(fresh());
    const twice = () => transaction(as(officer), (tx) => beginSuccession(tx, officer, again, value, 'twice'), { action: 'organisation.begin_succession', key: `key-${again}` });
    const [first, second] = await Promise.all([twice(), twice()]);
    expect(second).toEqual(first);
    expect(await database.ownerSql`select 1 from representative_succession where organisation_id = ${again}`).toHaveLength(1);
  });

  test('taken back before its day gives the former term back; after it the term stays ended', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const email = fresh();
    const begun = await begin(group, succession(email, { effective_on: addDays(TODAY, 5) }));
    const stale = await cancel(group, '019ab000-0000-7000-8000-000000000000');
    expect(stale).toEqual({ ok: false, reason: 'changed' });
    expect(await cancel(group, begun.ok ? begun.id : '')).toEqual({ ok: true });
    expect(await currentMembership(sql, group, boss)).toMatchObject({ role: 'representative', to_on: null });
    expect(await accept(await person(), await linkTo(email))).toEqual({ ok: false, reason: 'over' });
    expect(await told(boss)).toEqual(['representative_ended', 'succession_cancelled']);

    const at_once = await begin(group, succession(fresh()));
    expect(await cancel(group, at_once.ok ? at_once.id : '')).toEqual({ ok: true });
    expect(await currentMembership(sql, group, boss)).toBeNull();
    // Nobody acts for the group any more, and the office can still help it.
    expect(await begin(group, succession(fresh()))).toMatchObject({ ok: true });
  });

  test('what nobody answered lapses and makes room for another', async () => {
    const group = await groupOf(await person());
    const email = fresh();
    await begin(group, succession(email));
    expect(await begin(group, succession(fresh()))).toMatchObject({ ok: false, reason: 'pending', pending: { kind: 'office', who: email, by: '担当 一郎' } });
    await tamper((owner) => owner`update representative_succession set requested_at = now() - interval '15 days', open_until = now() - interval '1 day' where organisation_id = ${group}`);
    await tamper((owner) => owner`update organisation_invitation set expires_at = now() - interval '1 day' where organisation_id = ${group}`);
    expect(await pending(sql, group, officer)).toBeNull();
    expect(await accept(await person(), await linkTo(email))).toEqual({ ok: false, reason: 'over' });
    expect(await begin(group, succession(fresh()))).toMatchObject({ ok: true });
  });

  test('an invitation of the group’s own to be its representative stands in the way until the office takes it back', async () => {
    const founder = await person();
    const group = await groupOf(founder, 'member');
    await transaction(as(founder, group), (tx) => invite(tx, founder, group, { email: fresh(), role: 'representative' }, 'm'));
    const refused = await begin(group, succession(fresh()));
    expect(refused).toMatchObject({ ok: false, reason: 'pending', pending: { kind: 'group', by: '高萩　花子' } });
    if (refused.ok || refused.reason !== 'pending') throw new Error('not pending');
    expect(await cancel(group, refused.pending.id)).toEqual({ ok: true });
    expect(await begin(group, succession(fresh()))).toMatchObject({ ok: true });
  });

  test('while the office waits, the group names nobody itself and cannot undo the office’s invitation', async () => {
    const group = await groupOf(await person());
    const [helper, second] = [await member(group), await member(group)];
    const email = fresh();
    await begin(group, succession(email));
    const own = (await termOf(group, helper))!.id;
    expect(await transaction(as(helper, group), (tx) => changeRepresentative(tx, helper, group, { successor: own, afterwards: 'stay' }))).toEqual({ ok: false, reason: 'office_acting' });
    expect(await transaction(as(helper, group), (tx) => invite(tx, helper, group, { email: fresh(), role: 'representative' }, 'm2'))).toEqual({ ok: false, reason: 'office_acting' });
    const [open] = await openInvitations(sql, group, helper);
    expect(open).toMatchObject({ by_office: true, role: 'representative' });
    expect(open!.invited_by_name).not.toContain('一郎');
    expect(await transaction(as(helper, group), (tx) => cancelInvitation(tx, helper, group, open!.id))).toEqual({ ok: false, reason: 'over' });
    // The same address invited as a member does not cancel the office's link either.
    expect(await transaction(as(second, group), (tx) => invite(tx, second, group, { email, role: 'member' }, 'm3'))).toMatchObject({ ok: true });
    expect((await invitations(sql, group, officer)).map((one) => one.by_office).sort()).toEqual([false, true]);
  });

  test('is not answered by the former representative nor by the officer who asked', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const email = fresh();
    await begin(group, succession(email));
    const token = await linkTo(email);
    expect(await accept(boss, token)).toEqual({ ok: false, reason: 'former' });
    expect(await accept(officer, token)).toEqual({ ok: false, reason: 'own_act' });
    const people = await Promise.all([person(), person(), person()]);
    const answers = await Promise.all(people.map((account) => accept(account, token)));
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
  });

  test('takes the former representative’s open invitations along, and stops at the day’s number', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const back = fresh();
    await transaction(as(boss, group), (tx) => invite(tx, boss, group, { email: back, role: 'member' }, 'm4'));
    const busy = await person('忙しい担当');
    await tamper((owner) => owner`
      insert into organisation_invitation (organisation_id, email, role, token_hash, invited_by, expires_at, cancelled_at)
      select ${group}, 'b' || n || '@example.jp', 'member', 'busy' || n, ${busy}, now(), now() from generate_series(1, ${MAX_INVITATIONS_PER_DAY}::int) n`);
    expect(await begin(group, succession(fresh()), busy)).toEqual({ ok: false, reason: 'too_many_today' });
    await begin(group, succession(fresh()));
    expect(await accept(await person(), await linkTo(back))).toEqual({ ok: false, reason: 'over' });
  });
});

describe('the end of a term by the office', () => {
  test('of anybody, the last one and the representative too, with its reason on record', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const helper = await member(group);
    expect(await end(group, (await termOf(group, helper))!.id, { reason: 'moved', to_on: addDays(TODAY, 4) })).toEqual({ ok: true });
    expect(await currentMembership(sql, group, helper)).toMatchObject({ to_on: addDays(TODAY, 4) });
    expect(await end(group, (await termOf(group, helper))!.id)).toEqual({ ok: true });
    expect(await currentMembership(sql, group, helper)).toBeNull();
    const over = (await terms(sql, group, officer)).find((one) => one.account_id === helper)!;
    expect(over).toMatchObject({ state: 'over', ending: { reason: 'deceased', proof: 'assembly_minutes', ended_by_name: '担当 一郎' } });
    expect(await end(group, over.id)).toEqual({ ok: false, reason: 'over' });
    expect(await end(group, (await termOf(group, boss))!.id)).toEqual({ ok: true });
    expect(await told(boss)).toEqual(['member_ended', 'member_ended', 'membership_ended']);
    await expect(tamper((owner) => owner`update membership_ending set reason = 'moved'`)).rejects.toThrow(/append-only/);
  });

  test('is not another group’s to be reached from here', async () => {
    const [group, other] = [await groupOf(await person()), await groupOf(await person())];
    const [term] = await terms(sql, other, officer);
    expect(await end(group, term!.id)).toEqual({ ok: false, reason: 'not_found' });
  });
});

describe('an officer who acts for the group', () => {
  test('does not find it in the office, to read or to act', async () => {
    const boss = await person();
    const group = await groupOf(boss, 'representative', { name: '自分の会' });
    const own = await member(group);
    expect((await listGroups(sql, own, { search: '自分の会', after: null })).rows).toEqual([]);
    expect([await forOffice(sql, group, own), await terms(sql, group, own), await invitations(sql, group, own), await groupTimeline(sql, group, own), await pending(sql, group, own)]).toEqual([null, [], [], [], null]);
    expect(await begin(group, succession(fresh()), own)).toEqual({ ok: false, reason: 'not_found' });
    expect(await end(group, (await termOf(group, boss))!.id, {}, own)).toEqual({ ok: false, reason: 'not_found' });
    const begun = await begin(group, succession(fresh()));
    expect(await cancel(group, begun.ok ? begun.id : '', own)).toEqual({ ok: false, reason: 'not_found' });
  });
});
