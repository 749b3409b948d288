import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { as, completeDraft, demoDatabase, ORIGIN, send, type Demo } from '../../../tests/database/demo.ts';
import { sql, transaction } from '../db/db.server.ts';
import * as files from '../files/store.server.ts';
import * as drafts from './drafts.server.ts';
import { draftWhole, latestSubmission, seenMark, submissions, submit, withdraw } from './submission.server.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await demoDatabase();
});

const row = async (id: string) => (await sql<Record<string, unknown>[]>`select * from application where id = ${id}`)[0]!;
const forget = async (id: string) => {
  await transaction(as(demo.people.hana!, demo.groups.hana!), (tx) => withdraw(tx, demo.people.hana!, id, ORIGIN));
};
/** The owner moves the window, past every guard, as a clock would. */
const closeAt = async (instant: string) => {
  await demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update scheme_edition set closes_at = ${instant}`);
};

describe('a submission', () => {
  test('freezes everything: receipt number, copy with its hash, files, mail to all members, audit row', async () => {
    const id = await completeDraft(demo, 'hana');
    const sent = await send(demo, 'hana', id);
    if (!sent.ok) throw new Error(sent.reason);
    expect(sent.receipt_number).toMatch(/^\d{4}-0003$/);
    const submission = (await latestSubmission(sql, id))!;
    expect(submission).toMatchObject({ round: 1, id: sent.submission_id });
    expect(submission.snapshot.receipt_number).toBe(sent.receipt_number);
    expect(submission.snapshot.organisation.name).toBe('花と緑の会（架空）');
    expect(submission.snapshot.files.map((file) => file.paper)).toEqual(['会則', '会員名簿']);
    const [stored] = await sql<{ snapshot: string; snapshot_sha256: string; same: boolean }[]>`
      select snapshot, snapshot_sha256, encode(sha256(convert_to(snapshot, 'UTF8')), 'hex') = snapshot_sha256 as same from submission where application_id = ${id}`;
    expect(stored!.same).toBe(true);
    const kept = await sql`select file_id from submission_file where submission_id = ${sent.submission_id}`;
    expect(kept.length).toBe(2);
    expect(await row(id)).toMatchObject({ state: 'submitted', waiting_for: 'officer', receipt_number: sent.receipt_number, eligible_yen: 180_000, computed_yen: 90_000, requested_yen: 90_000 });
    const mails = await sql<{ to_address: string }[]>`select to_address from mail_outbox where dedupe_key like ${`receipt:${sent.submission_id}:%`} order by 1`;
    expect(mails.map((mail) => mail.to_address)).toEqual(['hana@demo.example', 'taro@demo.example']);
    const [entry] = await sql<{ action: string }[]>`select action from audit_entry where subject_id = ${id} order by seq desc limit 1`;
    expect(entry!.action).toBe('application.submit');
    // Later changes of the dossier do not reach what was submitted.
    await demo.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`update organisation set name = '別の名前（架空）' where id = ${demo.groups.hana!}`;
    });
    expect((await latestSubmission(sql, id))!.snapshot.organisation.name).toBe('花と緑の会（架空）');
    await demo.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('portal.actor', 'system:test', true)`;
      await tx`update organisation set name = '花と緑の会（架空）' where id = ${demo.groups.hana!}`;
    });
    await forget(id);
  });

  test('sent twice with one key is one submission; sent again without it is refused', async () => {
    const id = await completeDraft(demo, 'hana');
    const key = { action: 'application.submit', key: randomUUID() };
    const accountId = demo.people.hana!;
    const seen = seenMark(await draftWhole(sql, (await drafts.forMember(sql, id, accountId))!));
    const once = () => transaction(as(accountId, demo.groups.hana!), (tx) => submit(tx, accountId, id, seen, ORIGIN), key);
    const [first, second] = await Promise.all([once(), once()]);
    expect(first.ok).toBe(true);
    expect(second).toEqual(first);
    expect((await submissions(sql, id)).length).toBe(1);
    expect(await send(demo, 'hana', id)).toEqual({ ok: false, reason: 'already_submitted' });
    await forget(id);
  });

  test('of what is no longer what was shown is refused, and nothing is lost', async () => {
    const id = await completeDraft(demo, 'hana');
    const { hana, taro } = demo.people;
    const seen = seenMark(await draftWhole(sql, (await drafts.forMember(sql, id, hana!))!));
    await transaction(as(taro!, demo.groups.hana!), (tx) => drafts.saveAnswers(tx, taro!, id, 'team', { staff_count: 9, participants: 61, structure: '変えた役割' }, 1));
    expect(await transaction(as(hana!, demo.groups.hana!), (tx) => submit(tx, hana!, id, seen, ORIGIN))).toEqual({ ok: false, reason: 'changed' });
    expect((await row(id)).state).toBe('draft');
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    expect((await latestSubmission(sql, id))!.snapshot.sections.find((part) => part.section === 'team')!.answers[0]!.value).toBe(9);
    await forget(id);
  });

  test('is the representative’s alone, of the own group', async () => {
    const id = await completeDraft(demo, 'hana');
    expect(await send(demo, 'taro', id)).toEqual({ ok: false, reason: 'not_representative' });
    const stranger = demo.people.npo!;
    expect(await drafts.forMember(sql, id, stranger)).toBeNull();
    expect(await transaction(as(stranger), (tx) => submit(tx, stranger, id, '', ORIGIN))).toEqual({ ok: false, reason: 'not_found' });
    await forget(id);
  });

  test('after the end by the database’s clock is refused with everything kept', async () => {
    const id = await completeDraft(demo, 'hana');
    await closeAt(`now() + interval '300 milliseconds'`);
    await new Promise((later) => setTimeout(later, 350));
    const late = await send(demo, 'hana', id);
    expect(late).toMatchObject({ ok: false, reason: 'closed' });
    expect((await row(id)).state).toBe('draft');
    expect((await drafts.sections(sql, id)).length).toBe(5);
    expect((await drafts.budgetLines(sql, id)).length).toBe(7);
    expect(await submissions(sql, id)).toEqual([]);
    // A draft of the closed round is still the group's to read, and no number was used up.
    await closeAt(`now() + interval '30 days'`);
    const sent = await send(demo, 'hana', id);
    expect(sent.ok && sent.receipt_number.endsWith('-0006')).toBe(true);
    await forget(id);
  });

  test('once for each group, also when two drafts are sent at the same moment', async () => {
    const [a, b] = [await completeDraft(demo, 'hana'), await completeDraft(demo, 'hana')];
    const results = await Promise.all([send(demo, 'hana', a), send(demo, 'hana', b)]);
    expect(results.filter((result) => result.ok).length).toBe(1);
    expect(results.find((result) => !result.ok)).toEqual({ ok: false, reason: 'already_applied' });
    // Taken back, it makes room for the other.
    const [sent, other] = results[0]!.ok ? [a, b] : [b, a];
    await forget(sent);
    expect((await send(demo, 'hana', other)).ok).toBe(true);
    await forget(other);
  });

  test('of an incomplete draft names every gap', async () => {
    const begun = await transaction(as(demo.people.hana!, demo.groups.hana!), (tx) => drafts.begin(tx, demo.people.hana!, demo.groups.hana!, demo.edition.id));
    const result = await send(demo, 'hana', (begun as { id: string }).id);
    if (result.ok || result.reason !== 'incomplete') throw new Error('expected gaps');
    expect(new Set(result.missing.map((one) => one.section))).toEqual(new Set(['contact', 'project', 'schedule', 'team', 'budget']));
  });

  test('with a file whose bytes were damaged or lost is refused with the file’s name', async () => {
    const id = await completeDraft(demo, 'hana');
    const [file] = await sql<{ file_id: string }[]>`select p.file_id from organisation_paper p where p.organisation_id = ${demo.groups.hana!} and kind = 'rules' and replaced_at is null`;
    const { ownerSql } = demo.db;
    const harm = (statement: string) => ownerSql.unsafe(`set session_replication_role = replica; ${statement}; set session_replication_role = origin`);
    const [before] = await ownerSql<{ bytes: Buffer }[]>`select bytes from file_content where file_id = ${file!.file_id}`;
    await harm(`update file_content set bytes = set_byte(bytes, 100, (get_byte(bytes, 100) + 1) % 256) where file_id = '${file!.file_id}'`);
    expect(await send(demo, 'hana', id)).toEqual({ ok: false, reason: 'files_not_stored', names: ['会則（架空）.pdf'] });
    expect((await row(id)).receipt_number).toBeNull();
    await harm(`update file_content set bytes = '\\x${before!.bytes.toString('hex')}' where file_id = '${file!.file_id}'`);
    expect(await transaction({ name: 'system:test' }, async (tx) => files.proveStored(tx, [file!.file_id]))).toEqual({ ok: true });
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    await forget(id);
  });
});

describe('withdrawing', () => {
  test('is told to the group, closes an open correction, and is refused once decided on', async () => {
    const id = await completeDraft(demo, 'hana');
    expect((await send(demo, 'hana', id)).ok).toBe(true);
    const { taro, hana } = demo.people;
    expect(await transaction(as(taro!, demo.groups.hana!), (tx) => withdraw(tx, taro!, id, ORIGIN))).toEqual({ ok: false, reason: 'not_representative' });
    const key = { action: 'application.withdraw', key: randomUUID() };
    const once = () => transaction(as(hana!, demo.groups.hana!), (tx) => withdraw(tx, hana!, id, ORIGIN), key);
    expect(await once()).toEqual({ ok: true });
    expect(await once()).toEqual({ ok: true });
    expect(await row(id)).toMatchObject({ state: 'withdrawn', waiting_for: 'nobody' });
    const mails = await sql`select from mail_outbox where dedupe_key like ${`withdrawn:${id}:%`} and template = 'application_withdrawn'`;
    expect(mails.length).toBe(2);
    expect(await transaction(as(hana!, demo.groups.hana!), (tx) => withdraw(tx, hana!, id, ORIGIN))).toEqual({ ok: false, reason: 'too_late' });
  });
});

test('submissions cannot be changed, not even by the owner of the tables', async () => {
  await expect(demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; update submission set round = 9`)).rejects.toThrow(/append-only/);
  await expect(demo.db.ownerSql.unsafe(`set portal.actor = 'system:test'; delete from submission_file`)).rejects.toThrow(/append-only/);
});
