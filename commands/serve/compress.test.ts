import { createServer, get, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compressPages } from './compress.ts';

const PAGE = `<p>${'補助金を探す。'.repeat(40_000)}</p>`;
const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  '/page': (response) => {
    response.setHeader('Content-Type', 'text/html');
    response.setHeader('Content-Length', Buffer.byteLength(PAGE));
    response.setHeader('ETag', '"abc"');
    response.writeHead(200);
    // In pieces, waiting when told to, as pages leave the portal.
    const pieces = PAGE.match(/[\s\S]{1,5000}/g)!;
    const next = () => {
      for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) if (!response.write(piece)) return void response.once('drain', next);
      response.end();
    };
    next();
  },
  '/file': (response) => response.writeHead(200, { 'Content-Type': 'application/pdf' }).end('%PDF'),
  '/sent': (response) => response.writeHead(303, { Location: '/page' }).end()
};

const server = createServer((request, response) => {
  compressPages(request, response);
  ANSWERS[request.url!]!(response);
});
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
afterAll(() => void server.close());

const ask = (path: string, headers: OutgoingHttpHeaders) => new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((answered, failed) => {
  get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, path, headers }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => answered({ headers: response.headers, body: Buffer.concat(parts) }));
  }).on('error', failed);
});

test.each([['br, gzip', 'br', brotliDecompressSync], ['gzip, deflate', 'gzip', gunzipSync], ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync]] as const)('a page for a visitor who takes %s', async (accepts, encoding, open) => {
  const { headers, body } = await ask('/page', { 'accept-encoding': accepts });
  expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding', etag: 'W/"abc"' });
  expect(headers['content-length']).toBeUndefined();
  expect(body.length).toBeLessThan(PAGE.length / 10);
  expect(open(body).toString()).toBe(PAGE);
});

test.each([['who takes none', {}], ['who refuses both', { 'accept-encoding': 'br;q=0, gzip;q=0.0' }], ['with a cookie', { 'accept-encoding': 'br', cookie: 'sid=x' }]])('a page for somebody %s leaves as it is', async (_who, asked) => {
  const { headers, body } = await ask('/page', asked);
  expect(headers).toMatchObject({ vary: 'Accept-Encoding', etag: '"abc"', 'content-length': String(Buffer.byteLength(PAGE)) });
  expect(headers['content-encoding']).toBeUndefined();
  expect(body.toString()).toBe(PAGE);
});

test('files and redirects leave as they are', async () => {
  const file = await ask('/file', { 'accept-encoding': 'br' });
  expect([file.headers['content-encoding'], file.headers.vary, file.body.toString()]).toEqual([undefined, undefined, '%PDF']);
  expect((await ask('/sent', { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
});
