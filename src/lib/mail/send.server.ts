import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { mailAddress } from './address.ts';
import { plainWords } from './templates.ts';

/** Speaks SMTP. One mail per call, one recipient per mail; everything in the header is ours. */

export type Outgoing = { to: string; subject: string; body: string; dedupeKey: string };
/** Who the portal writes as; the city's settings hold it. */
export type From = { name: string; address: string };
export type Sent =
  | { ok: true }
  /** `refused`: this mail will never be taken. `later`: the server could not take it now. `away`: nothing can be sent now. */
  | { ok: false; reason: 'refused' | 'later' | 'away'; error: string };
export type Send = (mail: Outgoing, from: From) => Promise<Sent>;

const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 20_000, dnsTimeout: 8_000 };
/** Longer than any one step above, shorter than the time until the mail may be tried again (`FIRST_PAUSE_MINUTES`). */
const MAX_SEND_MS = 45_000;
const MAX_ERROR_CHARS = 300;

/**
 * A sender for `smtp://user:password@host:587` or `smtps://host:465`. Over a network the connection must be encrypted;
 * `?tls=optional` allows a city's own relay that cannot. Throws when the address is not one.
 */
export function smtpSender(smtp_url: string): Send {
  const url = new URL(smtp_url);
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw new TypeError('SMTP_URL は smtp:// か smtps:// で始めてください / must begin with smtp:// or smtps://');
  const secure = url.protocol === 'smtps:';
  const on_this_machine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const connection = {
    host: url.hostname.replace(/^\[|\]$/gu, ''), port: Number(url.port) || (secure ? 465 : 587), secure,
    requireTLS: !secure && !on_this_machine && url.searchParams.get('tls') !== 'optional',
    ...(url.username ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } } : {}),
    allowInternalNetworkInterfaces: on_this_machine
  };
  return async (mail, from) => {
    const to = mailAddress(mail.to);
    const sender = mailAddress(from.address);
    if (!to) return { ok: false, reason: 'refused', error: 'not a mail address' };
    if (!sender) return { ok: false, reason: 'away', error: 'mail_sender_address is not a mail address' };
    const transport = createTransport({
      ...connection, ...TIMEOUTS, name: domainOf(sender), disableFileAccess: true, disableUrlAccess: true, logger: false
    });
    const deadline = new Promise<never>((_, reject) => {
      setTimeout(() => reject(Object.assign(new Error('sending took too long'), { code: 'ETIMEDOUT' })), MAX_SEND_MS).unref();
    });
    try {
      await Promise.race([transport.sendMail(message(mail, to, { name: from.name, address: sender })), deadline]);
      return { ok: true };
    } catch (error) {
      return failure(error);
    } finally {
      transport.close();
    }
  };
}

/** The same key gives the same Message-ID, so a mail that had to be sent twice is recognised as one. */
export function messageId(dedupe_key: string, from_address: string): string {
  return `<${createHash('sha256').update(dedupe_key).digest('hex').slice(0, 40)}@${domainOf(from_address)}>`;
}

function message(mail: Outgoing, to: string, from: From) {
  return {
    from: { name: senderName(from.name), address: from.address },
    to: { name: '', address: to },
    // Given apart from the header, so that nothing in a header can add a recipient.
    envelope: { from: from.address, to: [to] },
    subject: plainWords(mail.subject),
    text: mail.body,
    textEncoding: 'base64' as const,
    messageId: messageId(mail.dedupeKey, from.address),
    xMailer: false as const,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'ja' },
    disableFileAccess: true,
    disableUrlAccess: true
  };
}

function senderName(name: string): string {
  return plainWords(name).replace(/[",;<>@\\()[\]:]/gu, ' ').replace(/\s+/gu, ' ').trim();
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** An answer about this recipient or message is about this mail; everything else is about the server. */
function failure(error: unknown): Sent {
  const { code = '', responseCode = 0, response, message: words } = (error ?? {}) as { code?: string; responseCode?: number; response?: string; message?: string };
  const text = [code, response ?? words ?? 'unknown error'].join(' ').replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const about_this = code === 'EENVELOPE' || code === 'EMESSAGE';
  const reason = !about_this ? 'away' : responseCode >= 500 && responseCode <= 599 ? 'refused' : 'later';
  return { ok: false, reason, error: [...text].slice(0, MAX_ERROR_CHARS).join('') };
}
