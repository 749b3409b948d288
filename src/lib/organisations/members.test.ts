import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import { acceptInvitation, cancelInvitation, invite, openInvitations, readInvitation } from './invitations.server.ts';
import { changeRepresentative, endMembership, members } from './members.server.ts';
import { currentMembership, ofViewer } from './membership.server.ts';
import { MAX_INVITATIONS_PER_DAY, type MemberRole } from './organisation.ts';
import { as, groupOf, person } from './sample.ts';

const TODAY = dayOf(new Date());
let database: FreshDatabase;
beforeAll(async () => void (database = await freshDatabase()));

let machines = 0;
/** Invites from a new machine each time, so that the throttle of machines stays out of the way. */
function ask(account: string, group: string, email: string, role: MemberRole = 'member') {
  machines += 1;
  const machine = `machine-${machines}`;
  return transaction(as(account, group), (tx) => invite(tx, account, group, { email, role }, machine));
}

/** The secret of the newest invitation to an address, as its mail brought it. */
async function linkTo(email: string): Promise<string> {
  const [mail] = await database.ownerSql`select body from mail_outbox where to_address = ${email} order by id desc limit 1`;
  return /\/my\/invitations\/([\w-]{43})/.exec(mail!.body as string)![1]!;
}

const accept = (account: string, token: string) => transaction(as(account), (tx) => acceptInvitation(tx, account, token));
const end = (account: string, group: string, member: string, to_on = TODAY) => transaction(as(account, group), (tx) => endMembership(tx, account, group, { member, to_on }));
const handOver = (account: string, group: string, successor: string, afterwards: 'stay' | 'leave' = 'stay') =>
  transaction(as(account, group), (tx) => changeRepresentative(tx, account, group, { successor, afterwards }));
const termOf = async (group: string, account: string) => (await currentMembership(sql, group, account))?.id ?? '';

async function tamper(work: (owner: FreshDatabase['ownerSql']) => PromiseLike<unknown>) {
  await database.ownerSql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await work(owner as unknown as FreshDatabase['ownerSql']);
  });
}

let mails = 0;
/** A person who has joined the group by invitation. */
async function joined(group: string, by: string, role: MemberRole = 'member'): Promise<string> {
  mails += 1;
  const [account, email] = [await person(), `joined${mails}@example.jp`];
  expect(await ask(by, group, email, role)).toMatchObject({ ok: true });
  expect(await accept(account, await linkTo(email))).toEqual({ ok: true, organisation_id: group });
  return account;
}

describe('an invitation', () => {
  test('brings a person in, once, whatever address their account has; both addresses are recorded', async () => {
    const [boss, friend] = [await person(), await person('友')];
    const group = await groupOf(boss);
    expect(await ask(boss, group, 'Tomo@example.jp')).toMatchObject({ ok: true });
    const token = await linkTo('Tomo@example.jp');
    expect(await readInvitation(sql, token)).toMatchObject({ organisation_id: group, role: 'member', state: 'open', invited_by_name: '高萩　花子' });
    expect(await accept(friend, token)).toEqual({ ok: true, organisation_id: group });
    expect(await accept(await person(), token)).toEqual({ ok: false, reason: 'over' });
    expect(await ofViewer(sql, friend)).toMatchObject([{ id: group, role: 'member' }]);
    expect((await members(sql, group, friend)).map(({ name, current }) => [name, current])).toEqual([['高萩　花子', true], ['友', true]]);
    const [entry] = await database.ownerSql`select after from audit_entry where subject_id = ${group} order by seq desc limit 1`;
    expect(entry!.after).toContain('Tomo@example.jp');
    expect(entry!.after).toMatch(/person\d+@example\.jp/);
  });

  test('leaves its secret in the mail alone', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    await transaction(as(boss, group), (tx) => invite(tx, boss, group, { email: 'himitsu@example.jp', role: 'member' }, 'm'), { action: 'organisation.invite', key: 'key-of-the-page' });
    const token = await linkTo('himitsu@example.jp');
    const [kept] = await database.ownerSql`
      select (select count(*)::int from organisation_invitation i where i::text like ${`%${token}%`}) +
        (select count(*)::int from audit_entry e where e::text like ${`%${token}%`}) +
        (select count(*)::int from idempotency_key k where k::text like ${`%${token}%`}) as places`;
    expect(kept!.places).toBe(0);
  });

  test('accepted by many at once lets exactly one in', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    await ask(boss, group, 'hayai@example.jp');
    const token = await linkTo('hayai@example.jp');
    const people = await Promise.all([1, 2, 3, 4, 5].map(() => person()));
    const answers = await Promise.all(people.map((account) => accept(account, token)));
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    expect(answers.filter((one) => !one.ok && one.reason === 'over')).toHaveLength(4);
    expect(await members(sql, group, boss)).toHaveLength(2);
  });

  test('two for one person, accepted at once, make one term', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    await ask(boss, group, 'a1@example.jp');
    await ask(boss, group, 'a2@example.jp');
    const [one, two] = [await linkTo('a1@example.jp'), await linkTo('a2@example.jp')];
    const friend = await person();
    const answers = await Promise.all([accept(friend, one), accept(friend, two)]);
    expect(answers.map((answer) => (answer.ok ? 'in' : answer.reason)).sort()).toEqual(['already_member', 'in']);
  });

  test('ends after seven days, when cancelled, and when a newer one goes to the same address', async () => {
    const [boss, friend] = [await person(), await person()];
    const group = await groupOf(boss);
    await ask(boss, group, 'old@example.jp');
    const first = await linkTo('old@example.jp');
    await ask(boss, group, 'OLD@example.jp');
    expect(await accept(friend, first)).toEqual({ ok: false, reason: 'over' });
    expect(await readInvitation(sql, first)).toMatchObject({ state: 'cancelled' });
    const second = await linkTo('OLD@example.jp');
    const [open] = await openInvitations(sql, group, boss);
    expect(Math.round((open!.expires_at.getTime() - Date.now()) / 86_400_000)).toBe(7);
    await tamper((owner) => owner`update organisation_invitation set expires_at = now() where id = ${open!.id}`);
    expect(await accept(friend, second)).toEqual({ ok: false, reason: 'over' });
    expect(await openInvitations(sql, group, boss)).toEqual([]);
    await ask(boss, group, 'third@example.jp');
    const [third] = await openInvitations(sql, group, boss);
    const cancel = () => transaction(as(boss, group), (tx) => cancelInvitation(tx, boss, group, third!.id));
    expect(await cancel()).toEqual({ ok: true });
    expect(await cancel()).toEqual({ ok: false, reason: 'over' });
    expect(await accept(friend, await linkTo('third@example.jp'))).toEqual({ ok: false, reason: 'over' });
  });

  test('is for strangers’ eyes nothing, and for strangers’ hands neither', async () => {
    const [boss, stranger] = [await person(), await person()];
    const [group, other] = [await groupOf(boss), await groupOf(stranger)];
    await ask(boss, group, 'mine@example.jp');
    const [open] = await openInvitations(sql, group, boss);
    expect(await openInvitations(sql, group, stranger)).toEqual([]);
    expect(await members(sql, group, stranger)).toEqual([]);
    expect(await ask(stranger, group, 'x@example.jp')).toEqual({ ok: false, reason: 'not_found' });
    expect(await transaction(as(stranger, other), (tx) => cancelInvitation(tx, stranger, other, open!.id))).toEqual({ ok: false, reason: 'over' });
    expect(await end(stranger, other, await termOf(group, boss))).toEqual({ ok: false, reason: 'not_found' });
    for (const token of ['', 'x', 'a'.repeat(43), "' or 1=1 --", '\u0000']) {
      expect(await readInvitation(sql, token)).toBeNull();
      expect(await accept(stranger, token)).toEqual({ ok: false, reason: 'not_found' });
    }
  });

  test('is refused for members, for a second representative, and past the day’s number', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const friend = await joined(group, boss);
    const [{ email }] = (await database.ownerSql`select email from account where id = ${friend}`) as unknown as [{ email: string }];
    expect(await ask(boss, group, email.toUpperCase())).toEqual({ ok: false, reason: 'already_member' });
    expect(await ask(boss, group, 'rep@example.jp', 'representative')).toEqual({ ok: false, reason: 'has_representative' });
    expect(await ask(friend, group, 'y@example.jp')).toEqual({ ok: false, reason: 'not_allowed' });
    await tamper((owner) => owner`
      insert into organisation_invitation (organisation_id, email, role, token_hash, invited_by, expires_at, cancelled_at)
      select ${group}, 'n' || n || '@example.jp', 'member', 'hash' || n, ${boss}, now(), now() from generate_series(2, ${MAX_INVITATIONS_PER_DAY}::int) n`);
    expect(await ask(boss, group, 'z@example.jp')).toEqual({ ok: false, reason: 'too_many_today' });
    expect(await ask(boss, await groupOf(boss), 'z@example.jp')).toEqual({ ok: false, reason: 'too_many_today' });
  });

  test('as representative waits for nobody else: the second one stays out, and the link stays open', async () => {
    const founder = await person();
    const group = await groupOf(founder, 'member');
    await ask(founder, group, 'r1@example.jp', 'representative');
    await ask(founder, group, 'r2@example.jp', 'representative');
    const [one, two] = [await linkTo('r1@example.jp'), await linkTo('r2@example.jp')];
    const answers = await Promise.all([person().then((a) => accept(a, one)), person().then((a) => accept(a, two))]);
    expect(answers.map((answer) => (answer.ok ? 'in' : answer.reason)).sort()).toEqual(['has_representative', 'in']);
    expect(await openInvitations(sql, group, founder)).toHaveLength(1);
  });
});

describe('the end of a term', () => {
  test('bites at once, or on the day that was set; an end may be moved', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const [friend, helper] = [await joined(group, boss), await joined(group, boss)];
    expect(await end(boss, group, await termOf(group, friend))).toEqual({ ok: true });
    expect(await currentMembership(sql, group, friend)).toBeNull();
    expect(await end(helper, group, await termOf(group, helper), addDays(TODAY, 30))).toEqual({ ok: true });
    expect(await currentMembership(sql, group, helper)).toMatchObject({ to_on: addDays(TODAY, 30) });
    expect(await end(boss, group, await termOf(group, helper), addDays(TODAY, -30))).toEqual({ ok: true });
    expect(await currentMembership(sql, group, helper)).toBeNull();
  });

  test('is not for members to set for each other while there is a representative, nor for the representative', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const [friend, helper] = [await joined(group, boss), await joined(group, boss)];
    expect(await end(friend, group, await termOf(group, helper))).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await end(friend, group, await termOf(group, boss))).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await end(boss, group, await termOf(group, boss))).toEqual({ ok: false, reason: 'representative' });
    for (const junk of ['', 'x', '019ab000-0000-7000-8000-000000000000', "';--"]) expect(await end(boss, group, junk)).toEqual({ ok: false, reason: 'not_found' });
  });

  test('never leaves a group without anybody, even when the last two leave at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = await person();
      const group = await groupOf(one, 'member');
      const two = await joined(group, one);
      const [a, b] = [await termOf(group, one), await termOf(group, two)];
      const answers = await Promise.all([end(one, group, a, addDays(TODAY, 1)), end(two, group, b, addDays(TODAY, 5))]);
      expect(answers.map((answer) => (answer.ok ? 'gone' : answer.reason)).sort()).toEqual(['gone', 'last_member']);
    }
  });

  test('does not count people whose account is stopped as remaining', async () => {
    const one = await person();
    const group = await groupOf(one, 'member');
    const two = await joined(group, one);
    await tamper((owner) => owner`update account set disabled_at = now() where id = ${two}`);
    expect(await end(one, group, await termOf(group, one))).toEqual({ ok: false, reason: 'last_member' });
  });

  test('takes the open invitations of whoever is sent away along', async () => {
    const one = await person();
    const group = await groupOf(one, 'member');
    const two = await joined(group, one);
    await ask(two, group, 'backdoor@example.jp');
    expect(await end(one, group, await termOf(group, two))).toEqual({ ok: true });
    expect(await accept(two, await linkTo('backdoor@example.jp'))).toEqual({ ok: false, reason: 'over' });
  });
});

describe('the hand-over', () => {
  test('names a new representative today; the old one stays as a member or leaves', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const [next, last] = [await joined(group, boss), await joined(group, boss)];
    expect(await handOver(next, group, await termOf(group, last))).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await handOver(boss, group, await termOf(group, boss))).toEqual({ ok: false, reason: 'same_person' });
    expect(await handOver(boss, group, await termOf(group, next))).toEqual({ ok: true });
    expect(await currentMembership(sql, group, next)).toMatchObject({ role: 'representative', from_on: TODAY, to_on: null });
    expect(await currentMembership(sql, group, boss)).toMatchObject({ role: 'member' });
    expect(await handOver(next, group, await termOf(group, last), 'leave')).toEqual({ ok: true });
    expect(await currentMembership(sql, group, next)).toBeNull();
    expect((await members(sql, group, last)).filter((one) => one.current && one.role === 'representative').map((one) => one.account_id)).toEqual([last]);
  });

  test('happens once when two are named at the same time', async () => {
    const boss = await person();
    const group = await groupOf(boss);
    const [one, two] = [await joined(group, boss), await joined(group, boss)];
    const [a, b] = [await termOf(group, one), await termOf(group, two)];
    const answers = await Promise.all([handOver(boss, group, a, 'leave'), handOver(boss, group, b, 'leave')]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect((await members(sql, group, one)).filter((member) => member.current && member.role === 'representative')).toHaveLength(1);
  });

  test('is for any member while the group has no representative, and not to somebody who is leaving', async () => {
    const one = await person();
    const group = await groupOf(one, 'member');
    const two = await joined(group, one);
    await end(two, group, await termOf(group, two), addDays(TODAY, 9));
    expect(await handOver(one, group, await termOf(group, two))).toEqual({ ok: false, reason: 'ending' });
    expect(await handOver(one, group, await termOf(group, one))).toEqual({ ok: true });
    expect(await currentMembership(sql, group, one)).toMatchObject({ role: 'representative' });
  });
});

test('the database refuses overlapping terms and two representatives, whoever writes', async () => {
  const boss = await person();
  const group = await groupOf(boss);
  const term = (account: string, role: MemberRole, from: string, to: string | null) => tamper((owner) => owner`
    insert into organisation_member (organisation_id, account_id, role, from_on, to_on) values (${group}, ${account}, ${role}, ${from}, ${to})`);
  const other = await person();
  await expect(term(boss, 'member', addDays(TODAY, 10), null)).rejects.toMatchObject({ constraint_name: 'organisation_member_once' });
  await expect(term(other, 'representative', addDays(TODAY, -9), addDays(TODAY, 9))).rejects.toMatchObject({ constraint_name: 'organisation_one_representative' });
  await expect(term(other, 'member', TODAY, addDays(TODAY, -1))).rejects.toThrow();
  await term(other, 'representative', addDays(TODAY, -9), TODAY);
});
