import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { sourceHash } from '../../commands/start/build.ts';
import { loadDemoData } from '../../commands/start/demo.ts';
import { cookieName, signIn } from '../../src/lib/accounts/session.server.ts';
import { closePool, configureDatabase, sql, transaction } from '../../src/lib/db/db.server.ts';
import { readFilter, writeCursor, type Cursor } from '../../src/lib/screening/screening.ts';
import { startTestServer, type TestServer } from '../database/server.ts';
import { startPortal } from '../journeys/support/portal.ts';
import { atLeast, atMost, median, ratio, type Verdict } from './figures.ts';
import { fill, TEN_YEARS } from './fill.ts';
import { buildFloor, pageData, startFloor } from './floor.ts';
import type { Burst, Landed } from './load.ts';
import { worklistPlans } from './plans.ts';

const LIST = '/office/applications';
const CONNECTIONS = 8;
const WARM_UP_SECONDS = 6;
/** Many short bursts in turns: what else runs on the machine then meets both alike. */
const DUEL_ROUNDS = 15;
const PLACE_ROUNDS = 9;
const BURST_SECONDS = 2;
const DEEP = 0.9;
const FLOOR = 'floor';

type Addresses = Record<string, string>;
type Rounds = Record<string, Landed[]>;
type Say = (line: string) => void;

/** The office's work list against a page of plain SvelteKit that says the same: requests per second, in turns. */
export async function pages(say: Say): Promise<Verdict[]> {
  const server = await startTestServer();
  const closing: (() => unknown)[] = [() => server.stop()];
  try {
    say(`pages: ${TEN_YEARS.applications} applications, ${TEN_YEARS.organisations} organisations`);
    await loadDemoData({ mode: 'demo', appUrl: server.appUrl });
    await fill(server.ownerUrl);
    const { me, cookie, deep } = await prepare(server);
    const plans = await explainAll(server, me, deep);
    const portal = await startPortal('bench');
    closing.unshift(() => portal.stop());
    await buildFloor(sourceHash());
    const floor = await startFloor(await pageData(portal.url + LIST, cookie));
    closing.unshift(() => floor.stop());
    const addresses: Addresses = {
      [FLOOR]: floor.url + LIST, list: portal.url + LIST, deep: `${portal.url}${LIST}?after=${encodeURIComponent(writeCursor(deep))}`,
      state: `${portal.url}${LIST}?state=accepted`, mine: `${portal.url}${LIST}?assigned=me`, waiting: `${portal.url}${LIST}?waiting=officer`
    };
    const bytes = await sizes(addresses, cookie);
    say(`pages: ${Object.entries(bytes).map(([name, size]) => `${name} ${size} bytes`).join(', ')}`);
    return [...plans, ...judge(await compete(addresses, cookie, say))];
  } finally {
    for (const close of closing) await close();
  }
}

/** Signs the demo's officer in, and finds a place far down the list. */
async function prepare({ appUrl }: TestServer): Promise<{ me: string; cookie: string; deep: Cursor }> {
  configureDatabase(appUrl, { connectMs: 10_000 });
  try {
    const [officer] = await sql<{ id: string }[]>`select id from account where email = 'officer@demo.example'`;
    const secret = await transaction({ name: 'system:bench' }, (tx) => signIn(tx, officer!.id, 'bench', new Date()));
    const [deep] = await sql<Cursor[]>`
      select to_char(submitted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as submitted_at, id from application
      where submitted_at is not null order by application.submitted_at desc, id desc offset ${TEN_YEARS.applications * DEEP} limit 1`;
    return { me: officer!.id, cookie: `${cookieName('http://localhost')}=${secret}`, deep: deep! };
  } finally {
    await closePool();
  }
}

async function explainAll({ appUrl }: TestServer, me: string, deep: Cursor): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const query of ['', 'state=accepted', 'state=decided', 'assigned=me', 'assigned=nobody', 'waiting=officer']) {
    for (const place of [null, { side: 'after' as const, cursor: deep }]) {
      const scans = (await worklistPlans(appUrl, readFilter(new URLSearchParams(query)), me, place)).flatMap((plan) => plan.scans);
      const sequential = scans.filter((scan) => scan.startsWith('Seq')).length;
      verdicts.push({ bench: 'pages', what: `plan of ?${query}${place ? '&after=…' : ''} (${[...new Set(scans)].join(', ')})`, measured: `${sequential} sequential scans`, bound: '0', ok: sequential === 0 && scans.length > 0 });
    }
  }
  return verdicts;
}

/** Every contender must answer with a whole page of 50 rows before anything is measured. */
async function sizes(addresses: Addresses, cookie: string): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const [name, address] of Object.entries(addresses)) {
    const answer = await fetch(address, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    const text = await answer.text();
    const rows = text.split('<tbody').at(-1)!.split('<tr').length - 1;
    if (answer.status !== 200 || rows !== 50) throw new Error(`${name} answered ${answer.status} with ${rows} rows`);
    bytes[name] = Buffer.byteLength(text);
  }
  // The same words in the same markup: the nonces and the portal's policy are all that may differ.
  if (Math.abs(bytes.list! / bytes[FLOOR]! - 1) > 0.05) throw new Error(`the floor is another page: ${bytes[FLOOR]} bytes beside ${bytes.list}`);
  return bytes;
}

/** First the list against the floor, then its other pages and filters against it. */
async function compete(addresses: Addresses, cookie: string, say: Say): Promise<{ duel: Rounds; places: Rounds }> {
  const visitors = fork(join(import.meta.dirname, 'load.ts'), [], { execArgv: [] });
  const visit = (name: string, seconds: number) => burst(visitors, { url: addresses[name]!, cookie, connections: CONNECTIONS, seconds });
  try {
    for (const name of Object.keys(addresses)) await visit(name, WARM_UP_SECONDS);
    const { [FLOOR]: _floor, ...places } = addresses;
    return { duel: await inTurns([FLOOR, 'list'], DUEL_ROUNDS, visit, say), places: await inTurns(Object.keys(places), PLACE_ROUNDS, visit, say) };
  } finally {
    visitors.disconnect();
  }
}

async function inTurns(names: string[], rounds: number, visit: (name: string, seconds: number) => Promise<Landed>, say: Say): Promise<Rounds> {
  const results: Rounds = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Forth and back, so that nobody always comes after the same neighbour.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const landed = await visit(name, BURST_SECONDS);
      if (landed.failed > 0) throw new Error(`${name}: ${landed.failed} requests failed`);
      results[name]!.push(landed);
    }
    say(`pages: round ${round + 1}: ${names.map((name) => `${name} ${results[name]!.at(-1)!.perSecond.toFixed(0)}/s`).join(', ')}`);
  }
  return results;
}

function burst(visitors: ChildProcess, wanted: Burst): Promise<Landed> {
  return new Promise((landed) => {
    visitors.once('message', landed as (message: unknown) => void);
    visitors.send(wanted);
  });
}

function judge({ duel, places }: { duel: Rounds; places: Rounds }): Verdict[] {
  const rate = (rounds: Rounds, name: string) => rounds[name]!.map((landed) => landed.perSecond);
  const words = `${median(rate(duel, 'list')).toFixed(0)}/s beside ${median(rate(duel, FLOOR)).toFixed(0)}/s`;
  const cost = (name: string, what: string) => atMost('pages', `${what}, times the cost of the first page`, ratio(rate(places, 'list'), rate(places, name)), 1.5);
  return [
    atLeast('pages', `work list ÷ floor, requests per second (${words})`, ratio(rate(duel, 'list'), rate(duel, FLOOR)), 0.5),
    cost('deep', 'a page at nine tenths of the list'),
    cost('state', 'filter 受理'), cost('mine', 'filter 自分の担当'), cost('waiting', 'filter 担当者待ち')
  ];
}
