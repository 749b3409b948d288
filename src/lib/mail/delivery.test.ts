import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { deliver, forgetExpired, MAX_ATTEMPTS } from './delivery.server.ts';
import { countOutbox, enqueue, listOutbox, outboxState, retry, type OutboxRow } from './outbox.server.ts';
import { startMailServer } from './samples/mail-server.ts';
import { messageId, smtpSender, type Send } from './send.server.ts';

const actor = { name: 'system:test' } as const;
let database: FreshDatabase;
let number = 0;
beforeAll(async () => { database = await freshDatabase(); });
beforeEach(() => database.ownerSql`truncate mail_outbox`);

const key = (): string => `receipt:test:${(number += 1)}`;
const receipt = (to = 'hanako@example.jp', dedupeKey = key()) =>
  transaction(actor, (tx) => enqueue(tx, { to, template: 'application_receipt', dedupeKey, data: { receiptNumber: 'R8-0001', url: '/my/applications/1' } }));
const reset = (expiresAt: Date) =>
  transaction(actor, (tx) => enqueue(tx, { to: 'hanako@example.jp', template: 'password_reset_link', dedupeKey: key(), data: { url: '/reset/SECRET', expiresAt } }));
const rows = (): Promise<OutboxRow[]> => listOutbox(sql, { limit: 100 });
/** As if the pause before the next attempt were over. */
const wait = () => transaction(actor, (tx) => tx`update mail_outbox set next_attempt_at = now() - interval '1 second'`);
const away: Send = async () => ({ ok: false, reason: 'away', error: 'ECONNECTION down' });

describe('the outbox', () => {
  it('holds a mail only when its event was committed, and only once', async () => {
    await expect(transaction(actor, async (tx) => {
      await enqueue(tx, { to: 'a@b.jp', template: 'committee_assignment', dedupeKey: key(), data: { url: '/panel' } });
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    expect(await rows()).toEqual([]);
    const same = key();
    expect(await receipt('a@b.jp', same)).toMatch(/^[0-9a-f-]{36}$/u);
    expect(await receipt('a@b.jp', same)).toBeNull();
    expect(await rows()).toMatchObject([{ to_address: 'a@b.jp', subject: '【協働ポータル】申請を受け付けました', attempts: 0, sent_at: null }]);
    await expect(receipt('a@b.jp\r\nBcc: c@d.jp')).rejects.toThrow(TypeError);
  });

  it('is read page by page, newest first', async () => {
    for (let i = 0; i < 5; i += 1) await receipt(`user${i}@example.jp`);
    const first = await listOutbox(sql, { limit: 2 });
    const second = await listOutbox(sql, { before: first[1]!.id, limit: 2 });
    expect([...first, ...second].map((row) => row.to_address)).toEqual(['user4@example.jp', 'user3@example.jp', 'user2@example.jp', 'user1@example.jp']);
    expect(await countOutbox(sql)).toMatchObject({ waiting: 5, sent: 0, given_up: 0, oldest_waiting_at: expect.any(Date) });
  });
});

describe('delivery', () => {
  it('brings a mail once, and says so only then', async () => {
    const server = await startMailServer();
    await receipt();
    expect(await deliver(smtpSender(server.url))).toEqual({ sent: 1, failed: 0, expired: 0 });
    expect(await deliver(smtpSender(server.url))).toEqual({ sent: 0, failed: 0, expired: 0 });
    await server.stop();
    expect(server.received).toMatchObject([{ from: 'portal@localhost.invalid', to: ['hanako@example.jp'] }]);
    const [row] = await rows();
    expect(outboxState(row!)).toBe('sent');
    expect(row!.body).toContain('R8-0001');
  });

  it('waits for a server that is down, and delivers when it is up', async () => {
    const first = await startMailServer();
    const send = smtpSender(first.url);
    await first.stop();
    await receipt();
    expect(await deliver(send)).toEqual({ sent: 0, failed: 1, expired: 0 });
    const [row] = await rows();
    expect(row).toMatchObject({ attempts: 1, sent_at: null, last_error: expect.stringMatching(/ECONNREFUSED|ESOCKET|ECONNECTION/u) });
    expect(row!.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 30_000);
    const second = await startMailServer({ port: first.port });
    expect(await deliver(send)).toEqual({ sent: 0, failed: 0, expired: 0 });
    await wait();
    expect(await deliver(send)).toEqual({ sent: 1, failed: 0, expired: 0 });
    await second.stop();
    expect(second.received).toHaveLength(1);
  });

  it('sends again after a crash between the server\'s yes and our note, with the same Message-ID', async () => {
    const server = await startMailServer();
    const send = smtpSender(server.url);
    const dedupe_key = key();
    await receipt('hanako@example.jp', dedupe_key);
    const crash: Send = async (mail, from) => { await send(mail, from); throw new Error('killed'); };
    await expect(deliver(crash)).rejects.toThrow('killed');
    expect(await deliver(send)).toMatchObject({ sent: 0 });
    await wait();
    expect(await deliver(send)).toMatchObject({ sent: 1 });
    await server.stop();
    expect(server.received.map((mail) => mail.headers.get('message-id'))).toEqual(Array.from({ length: 2 }, () => [messageId(dedupe_key, 'portal@localhost.invalid')]));
  });

  it('gives up on an address that is refused, and after many attempts; a person may try again', async () => {
    const server = await startMailServer({ refuse: (address) => (address.startsWith('gone') ? 550 : null) });
    const gone = await receipt('gone@example.jp');
    await receipt('here@example.jp');
    expect(await deliver(smtpSender(server.url))).toEqual({ sent: 1, failed: 1, expired: 0 });
    expect((await rows()).find((row) => row.id === gone)).toMatchObject({ gave_up_at: expect.any(Date), last_error: expect.stringContaining('550') });
    expect(await transaction(actor, (tx) => retry(tx, gone!))).toBe(true);
    expect(await transaction(actor, (tx) => retry(tx, gone!))).toBe(false);
    await transaction(actor, (tx) => tx`update mail_outbox set attempts = ${MAX_ATTEMPTS - 2} where id = ${gone}`);
    for (const state of ['waiting', 'given_up', 'given_up']) {
      await deliver(away);
      expect(outboxState((await rows()).find((row) => row.id === gone)!)).toBe(state);
      await wait();
    }
    await server.stop();
  });

  it('stops a run when the server is away, so that one outage costs one attempt', async () => {
    await receipt();
    await receipt();
    expect(await deliver(away)).toEqual({ sent: 0, failed: 1, expired: 0 });
    expect((await rows()).map((row) => row.attempts).sort()).toEqual([0, 1]);
  });

  it('never takes one mail twice at the same time', async () => {
    for (let i = 0; i < 30; i += 1) await receipt();
    const taken: string[] = [];
    const slow: Send = async (mail) => { taken.push(mail.dedupeKey); await new Promise((done) => setTimeout(done, 3)); return { ok: true }; };
    await Promise.all([deliver(slow), deliver(slow), deliver(slow)]);
    expect(taken).toHaveLength(30);
    expect(new Set(taken).size).toBe(30);
  });

  it('ends soon when it is told to stop', async () => {
    for (let i = 0; i < 3; i += 1) await receipt();
    const stop = new AbortController();
    expect(await deliver(async () => { stop.abort(); return { ok: true }; }, stop.signal)).toMatchObject({ sent: 1 });
  });
});

describe('secret links', () => {
  it('are gone once sent', async () => {
    await reset(new Date(Date.now() + 60_000));
    let sent = '';
    await deliver(async (mail) => { sent = mail.body; return { ok: true }; });
    expect(sent).toContain('/reset/SECRET');
    expect(await rows()).toMatchObject([{ body: null, sent_at: expect.any(Date) }]);
  });

  it('are not sent after their time, and not kept', async () => {
    await reset(new Date(Date.now() - 1_000));
    expect(await deliver(async () => { throw new Error('must not be sent'); })).toEqual({ sent: 0, failed: 0, expired: 1 });
    const [row] = await rows();
    expect(row).toMatchObject({ body: null, sent_at: null, gave_up_at: expect.any(Date), last_error: expect.stringContaining('期限') });
    expect(await forgetExpired()).toBe(0);
    expect(await transaction(actor, (tx) => retry(tx, row!.id))).toBe(false);
  });
});
