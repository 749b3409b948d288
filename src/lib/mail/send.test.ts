import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chance } from '../files/samples/chance.ts';
import { mailAddress } from './address.ts';
import { decodeWords, startMailServer, type MailServer } from './samples/mail-server.ts';
import { messageId, smtpSender } from './send.server.ts';
import { compose, plainWords, type Sender } from './templates.ts';

const HEADERS = ['auto-submitted', 'content-language', 'content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'];
const FROM = { name: '高萩 協働ポータル', address: 'portal@city.example.jp' };
const CITY: Sender = { portal_name: '高萩 協働ポータル', city_name: '架空市', section_name: '協働課', phone: '0293-00-0000', office_hours: '平日 8時30分から17時15分' };
const ORIGIN = 'https://kyodo.example.jp';

/** Dots at the ends or in a row need quotes around the part before the @ (RFC 5321 4.1.2). */
const onTheWire = (address: string): string => address.replace(/^(\..*|.*\.\..*|.*\.)@/u, '"$1"@');

let server: MailServer;
beforeAll(async () => { server = await startMailServer({ refuse: (address) => (address.startsWith('gone') ? 550 : address.startsWith('full') ? 452 : null) }); });
afterAll(() => server.stop());

describe('a mail on the wire', () => {
  it('has one recipient and exactly the intended headers', async () => {
    const { subject, body } = compose('application_receipt', { receiptNumber: 'R8-0012', url: '/my/applications/1' }, CITY, ORIGIN);
    expect(await smtpSender(server.url)({ to: 'hanako@example.jp', subject, body, dedupeKey: 'receipt:1' }, FROM)).toEqual({ ok: true });
    const [mail] = server.received.splice(0);
    expect(mail).toMatchObject({ from: FROM.address, to: ['hanako@example.jp'] });
    expect([...mail!.headers.keys()].sort()).toEqual(HEADERS);
    expect(mail!.headers.get('to')).toEqual(['hanako@example.jp']);
    expect(decodeWords(mail!.headers.get('from')![0]!)).toMatch(/^"?高萩 協働ポータル"? <portal@city\.example\.jp>$/u);
    expect(decodeWords(mail!.headers.get('subject')![0]!)).toBe('【高萩 協働ポータル】申請を受け付けました');
    expect(mail!.headers.get('message-id')).toEqual([messageId('receipt:1', FROM.address)]);
    expect(mail!.headers.get('content-type')).toEqual(['text/plain; charset=utf-8']);
    expect(mail!.headers.get('auto-submitted')).toEqual(['auto-generated']);
    expect(mail!.text.replaceAll('\r\n', '\n')).toBe(body);
    expect(mail!.text).toContain('受付番号：R8-0012');
    expect(mail!.text).toContain('https://kyodo.example.jp/my/applications/1');
  });

  it('keeps addresses that carriers have given out', async () => {
    await smtpSender(server.url)({ to: 'foo..bar.@docomo.ne.jp', subject: 'x', body: 'y', dedupeKey: 'carrier:1' }, FROM);
    const [mail] = server.received.splice(0);
    expect(mail!.to).toEqual(['"foo..bar."@docomo.ne.jp']);
    expect(mail!.headers.get('to')).toEqual(['<"foo..bar."@docomo.ne.jp>']);
  });

  it('tells what is wrong with this mail from what is wrong with the server', async () => {
    const send = smtpSender(server.url);
    const mail = { subject: 'x', body: 'y', dedupeKey: 'refusal:1' };
    expect(await send({ ...mail, to: 'gone@example.jp' }, FROM)).toMatchObject({ ok: false, reason: 'refused', error: expect.stringContaining('550') });
    expect(await send({ ...mail, to: 'full@example.jp' }, FROM)).toMatchObject({ ok: false, reason: 'later', error: expect.stringContaining('452') });
    expect(await send({ ...mail, to: 'a@b.jp, c@d.jp' }, FROM)).toMatchObject({ ok: false, reason: 'refused' });
    expect(await send({ ...mail, to: 'a@b.jp' }, { name: 'x', address: 'none' })).toMatchObject({ ok: false, reason: 'away' });
    expect(await smtpSender('smtp://127.0.0.1:1')({ ...mail, to: 'a@b.jp' }, FROM)).toMatchObject({ ok: false, reason: 'away' });
    expect(server.received).toEqual([]);
    expect(() => smtpSender('http://example.jp')).toThrow(TypeError);
  });

  it('is never sent in the open over a network', async () => {
    const other_name = new URL(server.url);
    other_name.hostname = '127.0.0.2';
    const mail = { to: 'a@b.jp', subject: 'x', body: 'y', dedupeKey: 'open:1' };
    expect(await smtpSender(other_name.href)(mail, FROM)).toMatchObject({ ok: false, reason: 'away' });
    expect(server.received).toEqual([]);
  });

  it('cannot be bent by 1,000 hostile names, subjects and addresses', { timeout: 240_000 }, async () => {
    const below = chance(1_000);
    const bits = ['\r\n', '\n', '\r', '\0', 'Bcc: evil@example.com', ',', ';', '<', '>', '"', '@', ' ', '.', '=?utf-8?b?DQo=?=', 'a', '高', '𠮷', '\u202E', '\u2028',
      'evil@example.com', '%0d%0a', '\\', '(', ')', ':', 'x@example.jp', '\ud800', '\t', 'RCPT TO:', '\r\n.\r\n', 'http://evil.example/'];
    const text = (most: number): string => Array.from({ length: below(most) }, () => bits[below(bits.length)]).join('');
    const send = smtpSender(server.url);
    let sent = 0;
    const one = async (round: number): Promise<void> => {
      const { body } = compose('organisation_invitation', { organisationName: text(12), url: '/x', expiresAt: new Date('2026-12-01T00:00:00Z') }, CITY, ORIGIN);
      const to = below(2) === 0 ? `user${round}@example.jp` : text(6);
      const result = await send({ to, subject: text(10), body, dedupeKey: `fuzz:${round}` }, { name: text(8), address: FROM.address });
      const found = server.received.filter((mail) => mail.headers.get('message-id')?.includes(messageId(`fuzz:${round}`, FROM.address)));
      if (mailAddress(to) === null) {
        expect(result).toMatchObject({ ok: false, reason: 'refused' });
        expect(found).toEqual([]);
        return;
      }
      sent += 1;
      expect(result).toEqual({ ok: true });
      expect(found).toHaveLength(1);
      const mail = found[0]!;
      expect(mail).toMatchObject({ from: FROM.address, to: [onTheWire(to)] });
      expect([...mail.headers.keys()].sort().filter((name) => name !== 'subject')).toEqual(HEADERS.filter((name) => name !== 'subject'));
      expect([...mail.headers.values()].every((values) => values.length === 1)).toBe(true);
      expect(mail.headers.get('from')![0]).toMatch(/<?portal@city\.example\.jp>?$/u);
      expect(mail.text.replaceAll('\r\n', '\n')).toBe(body);
    };
    for (let round = 0; round < 1_000; round += 40) await Promise.all(Array.from({ length: 40 }, (_, i) => one(round + i)));
    expect(server.received.splice(0)).toHaveLength(sent);
    expect(sent).toBeGreaterThan(490);
  });
});

describe('words in a mail', () => {
  it('stay on one line, lose what is invisible, and are no links', () => {
    expect(plainWords('花の会\r\n\r\nhttps://evil.example/ をご覧ください')).toBe('花の会 https：／／evil．example/ をご覧ください');
    expect(plainWords('髙橋﨑𠮷\u202E')).toBe('髙橋﨑𠮷');
    expect([...plainWords('あ'.repeat(500))]).toHaveLength(100);
  });

  it('lead to this portal whatever host was named', () => {
    for (const url of ['https://evil.example/my/1?a=b#c', '//evil.example/my/1?a=b#c', '/my/1?a=b#c']) {
      const { body } = compose('result_released', { receiptNumber: 'R8-1', url }, CITY, ORIGIN);
      expect(body).toContain('https://kyodo.example.jp/my/1?a=b#c\n');
      expect(body).not.toContain('evil');
    }
    expect(() => compose('result_released', { receiptNumber: '1', url: 'javascript:alert(1)' }, CITY, ORIGIN)).toThrow();
    expect(compose('committee_assignment', { url: '/panel' }, CITY, `${ORIGIN}/`).body).toContain('https://kyodo.example.jp/panel\n');
  });

  it('say until when a secret works', () => {
    const expiresAt = new Date('2026-11-23T02:10:00Z');
    const mail = compose('password_reset_link', { url: '/reset/abc', expiresAt }, CITY, ORIGIN);
    expect(mail.secret_until).toEqual(expiresAt);
    expect(mail.body).toContain('令和8年11月23日 11時10分');
    expect(compose('password_changed', { at: expiresAt }, CITY, ORIGIN).secret_until).toBeNull();
  });
});

describe('addresses', () => {
  it.each(['a@b.jp', 'A.b+c@sub.example.co.jp', 'x_y-z@xn--eckwd4c7c.xn--zckzah', '.foo..bar.@docomo.ne.jp'])('takes %s', (address) => {
    expect(mailAddress(address)).toBe(address);
  });
  it.each(['', 'a', '@b.jp', 'a@', 'a@b', 'a@b.', 'a@.jp', 'a@-b.jp', 'a@b-.jp', 'a@b..jp', 'a b@c.jp', 'a@b.jp ', 'a@b.jp\n', 'a@b.jp\r\nBcc: x@y.jp', '"a"@b.jp',
    'a,b@c.jp', 'a;b@c.jp', '<a@b.jp>', 'あ@b.jp', 'a@日本.jp', 'a@[127.0.0.1]', 'a@127.0.0.1', 'a@@b.jp', 'a\0@b.jp', `${'a'.repeat(65)}@b.jp`, `a@${'b'.repeat(64)}.jp`,
    `a@${'b.'.repeat(126)}jp`])('refuses %j', (address) => {
    expect(mailAddress(address)).toBeNull();
  });
});
