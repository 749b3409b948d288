import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDemo } from '../../db/demo/load.ts';
import { DEMO_PASSWORD } from '../../db/demo/people.ts';
import { sql } from '../../src/lib/db/db.server.ts';
import { freshDatabase } from '../database/harness.ts';
import { startPortal, type RunningPortal } from '../security/portal.ts';
import { Browser } from './browser.ts';

/** The database is taken away from a running portal by closing the port it is reached at, and given back. */
let portal: RunningPortal;
let door: ReturnType<typeof makeDoor>;
let hana: Browser;

beforeAll(async () => {
  const database = await freshDatabase();
  await loadDemo();
  door = makeDoor(database.appUrl);
  await door.open();
  portal = await startPortal({ name: 'database-away', appUrl: door.url() });
  hana = await new Browser(portal.origin).signIn('hana@demo.example', DEMO_PASSWORD);
});
afterAll(async () => {
  await portal?.stop();
  await door?.close();
});

/** A door in front of the server: closed, every connection through it ends and none can be made. */
function makeDoor(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<net.Socket>();
  let server: net.Server | undefined;
  let number = 0;
  return {
    url: () => { const url = new URL(target); url.port = String(number); return url.href; },
    open: () => new Promise<void>((ready) => {
      server = net.createServer((client) => {
        const upstream = net.connect({ host: hostname, port: Number(port) });
        for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
          sockets.add(one);
          one.on('error', () => {}).on('close', () => { sockets.delete(one); other.destroy(); });
        }
        client.pipe(upstream).pipe(client);
      }).listen(number, '127.0.0.1', () => { number = (server!.address() as net.AddressInfo).port; ready(); });
    }),
    close: async () => {
      const closed = new Promise((done) => server?.close(done) ?? done(undefined));
      for (const socket of sockets) socket.destroy();
      await closed;
    }
  };
}

test('a 503 in Japanese within a second keeps what was typed, and the portal is back by itself', async () => {
  const page = await hana.open('/my/organisations/new');
  const typed = { name: '消えてはいけない会（架空）', purpose: '書きかけの目的。' };
  await door.close();

  const started = performance.now();
  const answer = await hana.send('/my/organisations/new', { ...page.hidden(), ...typed });
  const took = performance.now() - started;
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('lang="ja"');
  expect(answer.text).toContain(typed.name);
  expect(answer.text).toContain(typed.purpose);
  expect(answer.text).toContain('もう一度送る');
  // One second is the promise; a machine busy with other tests gets half of another.
  expect(took).toBeLessThan(1_500);
  const read = await hana.open('/schemes');
  expect(read.status).toBe(503);
  expect(read.text).toContain('つながりません');

  await door.open();
  const returned = performance.now();
  let status = 503;
  while (status === 503 && performance.now() - returned < 5_000) status = (await hana.open('/schemes')).status;
  expect(status).toBe(200);
  expect(performance.now() - returned).toBeLessThan(3_000);
  const resent = await hana.send('/my/organisations/new', { ...page.hidden(), ...typed });
  // Incomplete on purpose: the form is judged again, with everything typed still there.
  expect(resent.status).toBe(422);
  expect(resent.text).toContain(typed.name);
  expect((await sql<{ n: number }[]>`select count(*) as n from organisation where name = ${typed.name}`)[0]!.n).toBe(0);
});
