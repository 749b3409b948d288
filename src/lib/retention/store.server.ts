/** The daily run: count, note, and, from the second day on, remove in small batches; and what the administrator sees of it. */
import * as audit from '../audit/audit.server.ts';
import { sql as reads, transaction, type Sql } from '../db/db.server.ts';
import { log } from '../settings/log.server.ts';
import type { Day } from '../time/day.ts';
import { RULES, runsDry, type RuleName } from './retention.ts';
import { RULE_ACTS, type Found, type Rule } from './rules.server.ts';

const RETENTION = { name: 'system:retention' } as const;
/** A rule goes on tomorrow after this many batches, so that one day's run always ends. */
const BATCHES_MAX = 50;

export interface Run {
  id: string; rule: RuleName; ran_on: Day; keep_days: number; dry: boolean; found: number; oldest_at: Date | null; removed: number;
  started_at: Date; finished_at: Date | null; failed_at: Date | null;
}

/**
 * Runs every rule that has not run today; two servers share the day by the run's unique row. A rule that fails is noted
 * and leaves the others alone. Answers how many things were dealt with.
 */
export async function runDue(signal?: AbortSignal): Promise<number> {
  let dealt = 0;
  for (const name of RULES) {
    if (signal?.aborted) break;
    dealt += await runOne(name, RULE_ACTS[name], signal);
  }
  return dealt;
}

async function runOne(name: RuleName, rule: Rule, signal: AbortSignal | undefined): Promise<number> {
  const days = rule.keepDays();
  if (days === null) {
    log('warning', { event: 'retention.unset', rule: name });
    return 0;
  }
  if (await ranToday(reads, name)) return 0;
  const run = await begin(name, days, await rule.find(reads, days));
  if (!run) return 0;
  let removed = 0;
  try {
    for (let batch = 0; !run.dry && batch < BATCHES_MAX && !signal?.aborted; batch += 1) {
      const n = await oneBatch(run.id, name, rule, days);
      if (n === 0) break;
      removed += n;
    }
    await transaction(RETENTION, (tx) => tx`update retention_run set finished_at = now() where id = ${run.id}`);
  } catch (error) {
    log('error', { event: 'retention.failed', rule: name, error });
    await transaction(RETENTION, (tx) => tx`update retention_run set failed_at = now() where id = ${run.id} and finished_at is null`);
  }
  if (removed > 0) log('info', { event: 'retention.removed', rule: name, removed });
  return removed;
}

async function ranToday(sql: Sql, name: RuleName): Promise<boolean> {
  const rows = await sql`select 1 as ran from retention_run where rule = ${name} and ran_on = current_date`;
  return rows.length > 0;
}

/** Notes what was found before anything goes; null when another server has begun today's run. */
async function begin(name: RuleName, days: number, found: Found): Promise<{ id: string; dry: boolean } | null> {
  return transaction(RETENTION, async (tx) => {
    const dry = runsDry(days, await lastRun(tx, name));
    const [row] = await tx<{ id: string; dry: boolean }[]>`
      insert into retention_run (rule, keep_days, dry, found, oldest_at) values (${name}, ${days}, ${dry}, ${found.n}, ${found.oldest_at})
      on conflict (rule, ran_on) do nothing returning id, dry`;
    return row ?? null;
  });
}

async function lastRun(sql: Sql, name: RuleName): Promise<{ keep_days: number; days_ago: number } | null> {
  const [row] = await sql<{ keep_days: number; days_ago: number }[]>`
    select keep_days, current_date - ran_on as days_ago from retention_run where rule = ${name} order by ran_on desc limit 1`;
  return row ?? null;
}

/** One batch, its record and the run's sum in one transaction: what is gone is always accounted for. */
function oneBatch(runId: string, name: RuleName, rule: Rule, days: number): Promise<number> {
  return transaction(RETENTION, async (tx) => {
    const { n, record } = await rule.run(tx, days);
    if (n === 0) return 0;
    await tx`update retention_run set removed = removed + ${n} where id = ${runId}`;
    await audit.record(tx, { action: `retention.${name}`, subject: ['retention_run', runId], after: { keep_days: days, removed: n, ...(record as object) } });
    return n;
  });
}

export interface Overview { rule: RuleName; keep_days: number | null; found: Found | null; /** The next run counts and removes nothing. */ dry: boolean }

/** What the next run of each rule will do, counted now. */
export async function overview(sql: Sql): Promise<Overview[]> {
  return Promise.all(RULES.map(async (rule): Promise<Overview> => {
    const keep_days = RULE_ACTS[rule].keepDays();
    if (keep_days === null) return { rule, keep_days, found: null, dry: true };
    return { rule, keep_days, found: await RULE_ACTS[rule].find(sql, keep_days), dry: runsDry(keep_days, await lastRun(sql, rule)) };
  }));
}

export const RUNS_PER_PAGE = 30;

/** Runs, newest first, after the one with the id `before`. */
export async function runs(sql: Sql, before: string | null): Promise<{ rows: Run[]; next: string | null }> {
  const rows = await sql<Run[]>`
    select id, rule, ran_on, keep_days, dry, found, oldest_at, removed, started_at, finished_at, failed_at from retention_run
    ${before ? sql`where id < ${before}` : sql``} order by id desc limit ${RUNS_PER_PAGE + 1}`;
  return { rows: rows.slice(0, RUNS_PER_PAGE), next: rows.length > RUNS_PER_PAGE ? rows[RUNS_PER_PAGE - 1]!.id : null };
}
