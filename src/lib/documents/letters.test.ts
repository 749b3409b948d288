import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../../tests/read-pdf.ts';
import { acceptedCopies, as, decidedAs, demoRound, editionWith, type Round } from '../awards/fixtures.ts';
import { sql, transaction } from '../db/db.server.ts';
import * as files from '../files/store.server.ts';
import { addDays, dayOf } from '../time/day.ts';
import { fiscalYearOf } from '../time/fiscal-year.ts';
import * as batches from './batch.server.ts';
import { approveSubstitution, documentOf, preview, type StoredLetter } from './decision-letter.server.ts';
import * as letters from './letters.server.ts';
import { closeRenderer, renderPdf } from './pdf.server.ts';

let round: Round;
const today = dayOf(new Date());
const later = addDays(today, 400);
beforeAll(async () => {
  round = await demoRound();
});
afterAll(closeRenderer);

const issue = (id: string, day = today) => letters.issue(as(round.people.officer), round.people.officer, id, day, null);
const numbers = async (fiscalYear: number) => (await sql<{ number: number }[]>`select number from letter where fiscal_year = ${fiscalYear} order by number`).map((row) => row.number);
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

/** Decided applications of a round of their own, so that tests do not share letters waiting. */
async function decidedCopies(n: number, year: number): Promise<{ edition: string; ids: string[] }> {
  const edition = await editionWith(round, 10_000_000, year);
  const ids = await acceptedCopies(round, n, 10_000, edition);
  for (const [index, id] of ids.entries()) await decidedAs(round, id, index % 3 === 2 ? { outcome: 'declined', amount_yen: 0 } : {});
  return { edition, ids };
}

/** Another server on the same database: a process that runs `code` with the letters' modules at hand. */
function otherServer(code: string) {
  const base = new URL('./', import.meta.url).href;
  const script = `
    const { configureDatabase, closePool } = await import(${JSON.stringify(new URL('../db/db.server.ts', import.meta.url).href)});
    configureDatabase(process.env.DATABASE_URL, { connectMs: 10000, waitMs: 10000 });
    const letters = await import(${JSON.stringify(`${base}letters.server.ts`)});
    const batches = await import(${JSON.stringify(`${base}batch.server.ts`)});
    ${code}
    await closePool();
    process.exit(0);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, DATABASE_URL: round.db.appUrl, NODE_OPTIONS: '' }, stdio: ['ignore', 'ignore', 'inherit'] });
}

test('20 letters from two servers at once: numbers without a gap, none twice; a failed one leaves no hole', async () => {
  const { ids } = await decidedCopies(22, 2110);
  const [broken, ...rest] = ids;
  await round.db.ownerSql.unsafe(`create function break_letter() returns trigger language plpgsql as $$ begin if new.application_id = '${broken}' then raise exception 'broken'; end if; return new; end $$;
    create trigger break_letter before insert on letter for each row execute function break_letter()`);
  const child = otherServer(`await Promise.all(${JSON.stringify(rest.slice(0, 10))}.map((id) => letters.issue({ name: 'account:${round.people.officer}' }, '${round.people.officer}', id, '${today}', null)));`);
  const gone = once(child, 'exit');
  const here = await Promise.all([issue(broken!).catch(() => 'broken'), ...rest.slice(10, 20).map((id) => issue(id))]);
  const [code] = await gone as [number];
  expect(code).toBe(0);
  expect(here[0]).toBe('broken');
  expect(here.slice(1).every((one) => typeof one === 'object' && one.ok)).toBe(true);
  expect(await numbers(fiscalYearOf(today))).toEqual(upTo(20));
  await round.db.ownerSql.unsafe('drop trigger break_letter on letter; drop function break_letter()');
  expect(await issue(broken!)).toMatchObject({ ok: true, document_number: '環協第21号' });
  expect(await issue(broken!)).toEqual({ ok: false, reason: 'already_issued' });
  // The same letter asked for many times at once is one letter and one number.
  const same = await Promise.all(upTo(5).map(() => issue(rest[20]!)));
  expect(same.filter((one) => one.ok)).toHaveLength(1);
  expect(await numbers(fiscalYearOf(today))).toEqual(upTo(22));
}, 180_000);

test('the issued bytes and their hash are kept, and the snapshot alone makes the same bytes again', async () => {
  const rows = await sql<{ id: string; file_id: string; sha256: string; snapshot: string; document_number: string; kind: string; pages: number }[]>`select id, file_id, sha256, snapshot, document_number, kind, pages from letter order by number limit 3`;
  expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['award_notice', 'rejection_notice']));
  for (const row of rows) {
    const opened = await files.open(sql, row.file_id);
    if (!opened.ok) throw new Error(opened.reason);
    expect(createHash('sha256').update(opened.bytes).digest('hex')).toBe(row.sha256);
    const text = await textOf(opened.bytes);
    for (const part of [row.document_number, '架空第一自治会', '様', '（公印省略）', row.kind === 'award_notice' ? '交付決定通知書' : '不交付決定通知書']) expect(text).toContain(part.replace(/\s/g, ''));
    const stored = JSON.parse(row.snapshot) as StoredLetter;
    const again = await renderPdf(documentOf(stored), { approvedSubstitutions: stored.substitutions });
    expect(again.ok && again.sha256).toBe(row.sha256);
  }
  // Settings changed afterwards change no letter that went out.
  await transaction({ name: 'system:test' }, async (tx) => {
    await tx`update city_settings set mayor_name = '別の人'`;
    await tx`insert into audit_entry (actor, action, subject_kind, subject_id) values ('system:test', 'test', 'test', '1')`;
  });
  const opened = await files.open(sql, rows[0]!.file_id);
  expect(opened.ok && (await textOf(opened.bytes)).includes('別の人')).toBe(false);
});

test('a character no font has stops the letter and is named; an officer’s decision lets it go, on record', async () => {
  const { edition, ids } = await decidedCopies(2, 2111);
  await round.db.ownerSql.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await tx`update application set project_title = 'まつり\u{E0B0}の日' where id = ${ids[0]!}`;
  });
  expect((await preview(sql, ids[0]!, today))?.check).toMatchObject({ ok: false, reason: 'missing_glyph', characters: [{ codePoints: ['U+E0B0'] }] });
  const begun = await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, today));
  if (!begun.ok) throw new Error(begun.reason);
  expect(await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, today))).toEqual({ ok: false, reason: 'under_way' });
  await batches.run(begun.id);
  expect(await batches.batch(sql, begun.id)).toMatchObject({ total: 2, done: 2, issued: 1, problems: 1 });
  const [problem] = await batches.problems(sql, begun.id, round.people.officer);
  expect(problem).toMatchObject({ application_id: ids[0], issued: false });
  expect(problem!.problem).toContain('U+E0B0');
  const allow = () => transaction(as(round.people.officer), (tx) => approveSubstitution(tx, round.people.officer, ids[0]!, { from: '\u{E0B0}', to: '祭', reason: '本人に電話で確かめた' }));
  expect(await allow()).toEqual({ ok: true });
  expect((await preview(sql, ids[0]!, today))?.check.ok).toBe(true);
  const issued = await issue(ids[0]!);
  if (!issued.ok) throw new Error(issued.reason);
  const row = (await letters.letter(sql, issued.id))!;
  const opened = await files.open(sql, row.file_id);
  expect(opened.ok && (await textOf(opened.bytes)).includes('まつり祭の日')).toBe(true);
  expect(await allow()).toEqual({ ok: false, reason: 'already_issued' });
  expect((await batches.problems(sql, begun.id, round.people.officer))[0]).toMatchObject({ issued: true });
  const [entry] = await sql<{ after: string }[]>`select after from audit_entry where action = 'letter.issue' order by seq desc limit 1`;
  expect(entry!.after).toContain('祭');
});

test('a letter is not dated before its decision, and a new fiscal year begins at 1', async () => {
  const { edition, ids } = await decidedCopies(2, 2112);
  expect(await issue(ids[0]!, addDays(today, -1))).toEqual({ ok: false, reason: 'before_decision' });
  expect(await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, addDays(today, -1)))).toEqual({ ok: false, reason: 'before_decision' });
  expect(await issue(ids[0]!, later)).toMatchObject({ document_number: '環協第1号' });
  expect(await issue(round.accepted, later)).toEqual({ ok: false, reason: 'not_decided' });
});

test('a server killed in the middle of a batch: the next one goes on, nothing twice, no gap, the first letters untouched', async () => {
  const TOTAL = 14;
  const { edition } = await decidedCopies(TOTAL, 2113);
  const begun = await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, later));
  if (!begun.ok) throw new Error(begun.reason);
  const child = otherServer(`await batches.run('${begun.id}');`);
  const gone = once(child, 'exit');
  const issued = async () => (await batches.batch(sql, begun.id))!.issued;
  while ((await issued()) < 3) await sleep(20);
  child.kill('SIGKILL');
  await gone;
  const before = await sql<{ id: string; sha256: string }[]>`select id, sha256 from letter where batch_id = ${begun.id} order by number`;
  expect(before.length).toBeLessThan(TOTAL);
  // Its lease still stands: two servers never work on one batch.
  expect(await batches.unfinished(sql)).not.toContain(begun.id);
  await batches.run(begun.id);
  expect(await issued()).toBe(before.length);
  await transaction({ name: 'system:test' }, (tx) => tx`update letter_batch set leased_until = now() - interval '1 second' where id = ${begun.id}`);
  expect(await batches.unfinished(sql)).toContain(begun.id);
  // A server that is asked to stop ends between two letters and gives the lease back.
  const stop = new AbortController();
  const stopped = batches.run(begun.id, stop.signal);
  while ((await issued()) < before.length + 2) await sleep(10);
  stop.abort();
  await stopped;
  expect(await batches.unfinished(sql)).toContain(begun.id);
  await batches.run(begun.id);
  expect(await batches.batch(sql, begun.id)).toMatchObject({ total: TOTAL, done: TOTAL, issued: TOTAL, problems: 0, finished_at: expect.any(Date) as Date });
  expect(await sql`select id, sha256 from letter where batch_id = ${begun.id} order by number limit ${before.length}`).toEqual(before);
  expect(await numbers(fiscalYearOf(later))).toEqual(upTo(TOTAL + 1));
  expect(await transaction(as(round.people.officer), (tx) => batches.begin(tx, round.people.officer, edition, later))).toEqual({ ok: false, reason: 'nothing_to_issue' });
}, 180_000);
