import { Agent, request as send } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** One request as bytes, nothing added by a client that means well: `fetch` would normalise headers, bodies and addresses. */
export interface Question {
  method?: string;
  path: string;
  cookie?: string | undefined;
  /** Replace or remove (undefined) the headers a browser of ours would send. */
  headers?: Record<string, string | undefined>;
  body?: Buffer | string | undefined;
  /** In pieces without a length, as a slow or hostile sender does. */
  chunked?: boolean;
}
export interface Answer { status: number; headers: IncomingHttpHeaders; body: Buffer; text: string }

const agent = new Agent({ keepAlive: true, maxSockets: 60 });
const LIMIT_MS = 60_000;

/** Asks the portal at `origin`. A POST carries what our own pages' forms carry: Origin, Sec-Fetch-Site and a form's type. */
export function ask(origin: string, question: Question): Promise<Answer> {
  const { hostname, port, host } = new URL(origin);
  const { method = 'GET', path, cookie, body, chunked = false } = question;
  const changing = method !== 'GET' && method !== 'HEAD';
  const length = body === undefined || chunked ? undefined : String(Buffer.byteLength(body));
  const headers: Record<string, string | undefined> = {
    host, accept: 'text/html', cookie, ...(changing ? { origin, 'sec-fetch-site': 'same-origin' } : {}),
    ...(body === undefined ? (changing ? { 'content-length': '0' } : {}) : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': length }),
    ...question.headers
  };
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<string, string>;
  return new Promise((answered, failed) => {
    const outgoing = send({ hostname: hostname === 'localhost' ? '127.0.0.1' : hostname, port, method, path, headers: given, agent, setHost: false, timeout: LIMIT_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', failed);
      response.on('end', () => {
        const whole = Buffer.concat(parts);
        answered({ status: response.statusCode!, headers: response.headers, body: whole, text: whole.toString('utf8') });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer: ${method} ${path}`)));
    outgoing.on('error', failed);
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

export type Fields = Record<string, string | string[]>;

/** A form's body as browsers write it without files. */
export function encode(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]));
  return new URLSearchParams(pairs).toString();
}

export interface Upload { field: string; name: string; type: string; bytes: Uint8Array }

/** The same with files. */
export function multipart(fields: Fields, uploads: Upload[] = []): { body: Buffer; headers: { 'content-type': string } } {
  const edge = 'portal-test-7d3f1c';
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) parts.push(Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${one}\r\n`));
  }
  for (const { field, name, type, bytes } of uploads) {
    parts.push(Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${edge}--\r\n`));
  return { body: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${edge}` } };
}
