import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../../src/lib/db/db.server.ts';

const PURSES = 40;
const START_YEN = 1_000_000;

/** The tables of one run. The portal's are guarded and audited; the naive driver's stand bare, as it would have them. */
export type Tables = { purse: string; leg: string };
export const PORTAL: Tables = { purse: 'chaos_purse', leg: 'chaos_leg' };
export const NAIVE: Tables = { purse: 'naive_purse', leg: 'naive_leg' };

/** SQL that makes the tables of a run, for the owner. */
export function tablesSql({ purse, leg }: Tables, guarded: boolean): string {
  return `
    create table ${purse} (id int primary key, yen bigint not null check (yen >= 0));
    create table ${leg} (transfer uuid not null, side int not null, key text, purse int not null references ${purse}, yen bigint not null, primary key (transfer, side));
    insert into ${purse} select g, ${START_YEN} from generate_series(1, ${PURSES}) g;
    ${guarded ? `select portal.guard('${purse}'); select portal.guard('${leg}', false);` : `grant select, insert, update on ${purse}, ${leg} to portal_app;`}`;
}

export type Result = { ok: true; transfer: string } | { ok: false; reason: string };
/** Runs `work` in a transaction of some driver: commits `{ ok: true }`, keeps nothing otherwise. */
export type Driver = (work: (tx: Sql) => Promise<Result>, key: string | undefined) => Promise<Result>;

/** What the callers were told, to be compared with what the database holds. */
export type Books = {
  told: (event: 'acknowledged' | 'never', transfer: string) => void;
  keyDone: (key: string, transfer: string) => void;
};

export class PlannedFailure extends Error {}

/** A small generator of repeatable randomness (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Traffic = {
  driver: Driver;
  tables: Tables;
  books: Books;
  seconds: number;
  seed: number;
  clients: number;
  /** `unknown`: it may have been committed; `away`: it was not, the database is unreachable or busy; `refused`: it was not. */
  judge: (error: unknown) => 'unknown' | 'away' | 'refused';
  useKeys: boolean;
};

/** Moves money until the time is up. Callers with a key ask again until they know; every told outcome goes to the books. */
export async function moveMoney(traffic: Traffic): Promise<void> {
  const until = Date.now() + traffic.seconds * 1000;
  await Promise.all(
    Array.from({ length: traffic.clients }, async (_, index) => {
      const random = randomFrom(traffic.seed + index * 7919);
      while (Date.now() < until) await oneTransfer(traffic, random);
    })
  );
}

async function oneTransfer(traffic: Traffic, random: () => number): Promise<void> {
  const key = traffic.useKeys && random() < 0.6 ? `chaos-${randomUUID()}` : undefined;
  const fate = random();
  const from = 1 + Math.floor(random() * PURSES);
  const plan = { from, to: 1 + ((from + Math.floor(random() * (PURSES - 1))) % PURSES), yen: 1 + Math.floor(random() * 100), fate: fate < 0.08 ? 'refuse' : fate < 0.12 ? 'throw' : 'move', random } as const;
  const tried: string[] = [];
  let open = false;
  for (let ask = 0; ; ask += 1) {
    try {
      const result = await traffic.driver((tx) => transferOnce(tx, traffic.tables, plan, key, tried), key);
      open = false;
      if (result.ok) settleSuccess(traffic.books, result.transfer, tried, key);
      else tried.forEach((id) => traffic.books.told('never', id));
      // A citizen who presses the button again.
      if (!(result.ok && key && ask === 0 && random() < 0.2)) return;
    } catch (error) {
      const judgement = traffic.judge(error);
      if (judgement === 'unknown') open = true;
      if (judgement !== 'refused') await sleep(5 + random() * 50);
      // What one call left open only an answer to the same key can close; “away” is none.
      if (open && key && judgement !== 'refused') continue;
      if (judgement !== 'unknown') tried.forEach((id) => traffic.books.told('never', id));
      return;
    }
  }
}

function settleSuccess(books: Books, transfer: string, tried: string[], key: string | undefined): void {
  books.told('acknowledged', transfer);
  if (key) books.keyDone(key, transfer);
  for (const id of tried) if (id !== transfer) books.told('never', id);
}

type Plan = { from: number; to: number; yen: number; fate: 'move' | 'refuse' | 'throw'; random: () => number };

async function transferOnce(tx: Sql, { purse, leg }: Tables, plan: Plan, key: string | undefined, tried: string[]): Promise<Result> {
  const transfer = randomUUID();
  tried.push(transfer);
  // Always in the order of numbers, so that two transfers never wait for each other.
  const sides = [{ id: plan.from, yen: -plan.yen }, { id: plan.to, yen: plan.yen }].sort((a, b) => a.id - b.id);
  for (const [side, { id, yen }] of sides.entries()) {
    const [paid] = await tx`update ${tx(purse)} set yen = yen + ${yen}::bigint where id = ${id} and yen + ${yen}::bigint >= 0 returning id`;
    if (!paid) return { ok: false, reason: 'poor' };
    await think(plan.random);
    await tx`insert into ${tx(leg)} ${tx({ transfer, side, key: key ?? null, purse: id, yen })}`;
    await think(plan.random);
  }
  if (plan.fate === 'refuse') return { ok: false, reason: 'closed' };
  if (plan.fate === 'throw') throw new PlannedFailure('planned');
  return { ok: true, transfer };
}

/** Mostly short; sometimes long enough for a driver to have reconnected behind the transaction's back. */
function think(random: () => number): Promise<void> {
  return sleep(random() < 0.2 ? random() * 60 : random() * 3);
}

/** SQL whose one row counts what must be zero: transfers with one leg, money that does not add up, keys used twice. */
export function auditSql({ purse, leg }: Tables): string {
  return `select
    (select count(*) from (select transfer from ${leg} group by transfer having count(*) <> 2 or sum(yen) <> 0) t)::int
      + (select count(*) from ${purse} p where yen <> ${START_YEN} + coalesce((select sum(yen) from ${leg} l where l.purse = p.id), 0))::int as half,
    (select count(*) from (select key from ${leg} where key is not null group by key having count(distinct transfer) > 1) k)::int as double`;
}
