import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What every answer carries, whoever writes it: the page renderer, the static file server or Node itself (SE-7).
 * Pages replace the Content-Security-Policy with their own, which has a nonce; all else gets the strictest one.
 */
export function securityHeaders(origin: string): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Not no-referrer: with it browsers send `Origin: null` also to ourselves, and no form would pass the check of its origin.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=()',
    'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    // On plain HTTP browsers ignore it, and a developer's localhost must not be pinned to HTTPS for a year.
    ...(origin.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {})
  };
}

/** Puts the headers on before anybody else writes, and a charset on every text at the moment it leaves. */
export function prepare(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    const given = rest.findLast((part) => typeof part === 'object' && part !== null && !Array.isArray(part)) as Record<string, unknown> | undefined;
    const name = Object.keys(given ?? {}).find((key) => key.toLowerCase() === 'content-type');
    const type = String((name ? given![name] : response.getHeader('content-type')) ?? '');
    const typed = type === '' && status >= 400 ? 'text/plain; charset=utf-8' : withCharset(type);
    if (typed !== type) {
      if (name) given![name] = typed;
      else response.setHeader('Content-Type', typed);
    }
    return writeHead(status, ...rest);
  }) as typeof response.writeHead;
}

function withCharset(type: string): string {
  return /^(text\/|image\/svg\+xml)/i.test(type) && !/charset=/i.test(type) ? `${type};charset=utf-8` : type;
}

/** A short answer in words, for what is refused before the portal sees it. */
export function refuse(response: ServerResponse, status: number, words: string): void {
  const body = `${words}\n`;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  response.end(body);
}

const UNREADABLE: Record<string, [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, '通信に時間がかかりすぎました。もう一度送ってください。'],
  HPE_HEADER_OVERFLOW: [431, '送られた情報が大きすぎます。']
};

/** The same as bytes: when Node could not even read the request there is no response object. */
export function rawRefusal(code: string | undefined, headers: Record<string, string>): string {
  const [status, words] = UNREADABLE[code ?? ''] ?? [400, '要求を読み取れませんでした。'];
  const reasons: Record<number, string> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };
  const body = `${words}\n`;
  const lines = Object.entries({ ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' });
  return `HTTP/1.1 ${status} ${reasons[status]}\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Why the request is refused before the portal reads it, or null.
 * Node checks some of these itself, but then answers without our headers.
 */
export function refusalOf(request: IncomingMessage): [number, string] | null {
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && request.httpVersion !== '1.0')) return [400, '要求を読み取れませんでした。'];
  if (!request.url?.startsWith('/')) return [400, '要求を読み取れませんでした。'];
  if (!METHODS.has(request.method ?? '')) return [405, 'この方法では受け付けていません。'];
  return null;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where a browser should go that opened this machine by its other name, or null. `localhost` and `127.0.0.1` are two
 * origins: pages would show, but every form would be refused as coming from another site.
 */
export function properAddress(request: IncomingMessage, origin: string): string | null {
  if (request.method !== 'GET' || request.headers['sec-fetch-mode'] !== 'navigate' || !URL.canParse(origin)) return null;
  const asked = `http://${request.headers.host ?? ''}`;
  if (!URL.canParse(asked)) return null;
  const [here, there] = [new URL(asked), new URL(origin)];
  const isOtherName = here.hostname !== there.hostname && here.port === there.port && LOOPBACK.has(here.hostname) && LOOPBACK.has(there.hostname);
  return isOtherName ? there.origin + request.url! : null;
}
