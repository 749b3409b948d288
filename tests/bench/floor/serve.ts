/** The floor's server: adapter-node's handler in a bare Node server, like commands/serve.ts without what that adds. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const HANDLER = join(resolve(import.meta.dirname, '../../..'), '.tmp/bench/floor/build/handler.js');

const { handler } = (await import(pathToFileURL(HANDLER).href)) as { handler: (request: IncomingMessage, response: ServerResponse) => void };
const server = createServer((request, response) => handler(request, response));
server.listen(0, '127.0.0.1', () => process.send?.({ event: 'listening', origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
for (const reason of ['disconnect', 'SIGTERM']) process.on(reason, () => process.exit(0));
