import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A real mail server on this machine for tests; it keeps what it was told and what it received. */

export type Received = { from: string; to: string[]; headers: Map<string, string[]>; raw: string; text: string };
export type MailServer = { url: string; port: number; received: Received[]; stop(): Promise<void> };

/** `refuse` may answer an SMTP code for a recipient. `port` 0 takes any free one. */
export async function startMailServer({ port = 0, refuse }: { port?: number; refuse?: (address: string) => number | null } = {}): Promise<MailServer> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 100,
    // Strict, it refuses dots in a row even between quotes.
    lenientAddressParsing: true,
    onRcptTo(address, _session, done) {
      const code = refuse?.(address.address) ?? null;
      done(code === null ? null : Object.assign(new Error('no such mailbox'), { responseCode: code }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map((one) => one.address), ...read(Buffer.concat(parts).toString('latin1')) });
        done();
      });
    }
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => { server.listen(port, '127.0.0.1', listening); });
  const bound = (server.server.address() as AddressInfo).port;
  return { url: `smtp://127.0.0.1:${bound}`, port: bound, received, stop: () => new Promise((stopped) => { server.close(() => stopped()); }) };
}

function read(raw: string): Pick<Received, 'headers' | 'raw' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  for (const line of raw.slice(0, end).replace(/\r\n[ \t]+/gu, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { headers, raw, text: Buffer.from(raw.slice(end + 4), 'base64').toString('utf8') };
}

/** A header's words as a mail program shows them (RFC 2047, B and Q). */
export function decodeWords(value: string): string {
  return value.replace(/\?=\s+=\?/gu, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/giu, (_, kind: string, text: string) =>
    (kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64')
      : Buffer.from(text.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')).toString('latin1'))
    .replace(/[\x80-\xff]+/gu, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}
