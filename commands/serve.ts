/**
 * The production server: Node's HTTP around the built portal.
 * Adapter-node's own server is not used because static files and errors would leave it without security headers.
 *
 * Needs `npm run build` and `DATABASE_URL`. `npm start` runs this file and restarts it should it ever crash.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { log } from '../src/lib/settings/log.server.ts';
import { keyring } from '../src/lib/settings/sealing.server.ts';
import { compressPages } from './serve/compress.ts';
import { prepare, properAddress, rawRefusal, refusalOf, refuse, securityHeaders } from './serve/headers.ts';

const ROOT = resolve(import.meta.dirname, '..');
const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 60_000;
/** Longer than the 60 s for which common proxies keep their side open, so that they never write into a closed line. */
const KEEP_ALIVE_MS = 65_000;
const DRAIN_LIMIT_MS = 10_000;
/** A mail or a letter under way may take its few seconds; then the pool is closed. */
const GOODBYE_LIMIT_MS = 12_000;
/** For the rest of a body that nobody wants any more. */
const UNREAD_LIMIT_MS = 10_000;
const CONNECTION_LIMIT = 2_000;
const BODY_LIMIT = '12M';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => unknown;

function portOf(value: string | undefined): number {
  const port = Number(value ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT が番号ではありません: ${value} / PORT is not a port number`);
  return port;
}

/** Listens first and learns the port, because the portal needs its own address (ORIGIN) before it is loaded. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((ready, failed) => server.once('error', failed).listen({ port, host }, ready));
  return (server.address() as AddressInfo).port;
}

function createPortalServer(portal: Promise<Handler>, headers: () => Record<string, string>): Server {
  const server = createServer({ requireHostHeader: false, headersTimeout: HEADERS_LIMIT_MS, requestTimeout: REQUEST_LIMIT_MS, keepAliveTimeout: KEEP_ALIVE_MS });
  server.maxConnections = CONNECTION_LIMIT;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    prepare(response, headers());
    response.once('finish', () => takeAway(request));
    const refusal = refusalOf(request);
    if (refusal) return refuse(response, ...refusal);
    const elsewhere = properAddress(request, process.env.ORIGIN ?? '');
    if (elsewhere) return void response.writeHead(307, { Location: elsewhere, 'Cache-Control': 'no-store' }).end();
    compressPages(request, response);
    try {
      await (await portal)(request, response, () => refuse(response, 404, 'ページが見つかりません。'));
    } catch (error) {
      log('error', { event: 'unanswered', error });
      if (response.headersSent) response.destroy();
      else refuse(response, 500, '処理できませんでした。しばらくしてから、もう一度お試しください。');
    }
  };
  server.on('request', (request, response) => void answer(request, response));
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    prepare(response, headers());
    refuse(response, 417, '要求を読み取れませんでした。');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(rawRefusal(error.code, headers()));
  });
  return server;
}

/**
 * What was refused before it was read is still on the line: taken away, so that the next request of the same connection
 * does not wait behind it. Node does so itself, but not once the portal has begun to listen to the body.
 */
function takeAway(request: IncomingMessage): void {
  if (request.readableEnded) return;
  const limit = setTimeout(() => request.socket.destroy(), UNREAD_LIMIT_MS);
  for (const over of ['end', 'close']) request.once(over, () => clearTimeout(limit));
  request.removeAllListeners('data');
  request.resume();
}

/** Stops accepting, lets what is under way finish, and lets the portal close its pool and its jobs. */
async function shutDown(server: Server, reason: string): Promise<void> {
  log('info', { event: 'stopping', reason });
  const closed = new Promise((done) => server.close(done));
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // A kept-alive connection that becomes idle meanwhile would otherwise hold the door open for a minute.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const limit = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
  const goodbyes = process.listeners('sveltekit:shutdown' as never).map(async (listener) => (listener as unknown as (reason: string) => unknown)(reason));
  await Promise.race([Promise.allSettled(goodbyes), new Promise((late) => setTimeout(late, GOODBYE_LIMIT_MS).unref())]);
  log('info', { event: 'stopped' });
}

function stopOnRequest(server: Server): void {
  let stopping: Promise<void> | undefined;
  const stop = (reason: string) => {
    stopping ??= shutDown(server, reason).then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by `npm start`: when that process is killed, nobody else would stop this one.
  if (process.channel) process.on('disconnect', () => stop('disconnect'));
}

function exitOnTheUnexpected(): void {
  // After an exception nobody caught, memory may hold half a change: log, leave, and be started anew (CR-2).
  const leave = (error: unknown) => {
    log('error', { event: 'uncaught', error });
    process.exit(1);
  };
  process.on('uncaughtException', leave);
  process.on('unhandledRejection', leave);
}

async function main(): Promise<void> {
  exitOnTheUnexpected();
  const built = join(ROOT, 'build/handler.js');
  if (!existsSync(built)) return fail('先に npm run build を実行してください。 / build/ is missing: run npm run build first');
  const unfit = settingFault();
  if (unfit) return fail(unfit);
  const wanted = portOf(process.env.PORT);
  let loaded!: (handler: Promise<Handler>) => void;
  const portal = new Promise<Handler>((resolve_) => (loaded = resolve_));
  let headers = securityHeaders(process.env.ORIGIN ?? '');
  const server = createPortalServer(portal, () => headers);
  let port: number;
  try {
    port = await listen(server, wanted, process.env.HOST ?? '127.0.0.1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return fail(`ポート ${wanted} は使われています。PORT=${wanted + 1} npm start のように別の番号を指定してください。`);
    if (code === 'EACCES') return fail(`ポート ${wanted} を使う権限がありません。PORT=3000 npm start のように 1024 以上の番号を指定してください。`);
    throw error;
  }
  process.env.NODE_ENV ??= 'production';
  process.env.PORTAL_ROOT ??= ROOT;
  process.env.ORIGIN ??= `http://localhost:${port}`;
  process.env.BODY_SIZE_LIMIT ??= BODY_LIMIT;
  headers = securityHeaders(process.env.ORIGIN);
  stopOnRequest(server);
  const { handler } = (await import(pathToFileURL(built).href)) as { handler: Handler };
  loaded(Promise.resolve(handler));
  log('info', { event: 'listening', port, origin: process.env.ORIGIN });
  process.send?.({ event: 'listening', port, origin: process.env.ORIGIN });
}

/** Settings without which nothing may be served; one line, or null. A typing error must not switch the second step off. */
function settingFault(): string | null {
  const said = process.env.STAFF_SECOND_STEP?.trim();
  if (said && said !== 'required' && said !== 'optional') return `STAFF_SECOND_STEP は required か optional です（いまは ${said}） / STAFF_SECOND_STEP must be required or optional`;
  try {
    keyring();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function fail(line: string): never {
  console.error(line);
  // A code of its own: the supervisor must not try again what will fail again.
  process.exit(2);
}

await main();
