import postgres from 'postgres';
import { makeSql, toQuery } from '../../src/lib/db/statement.ts';
import { clientTypes } from '../../src/lib/db/values.ts';
import type { Sql } from '../../src/lib/db/db.server.ts';
import { worklist, worklistSides } from '../../src/lib/screening/worklist.server.ts';
import type { Place, WorklistFilter } from '../../src/lib/screening/screening.ts';

interface Node { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Node[] }
export interface Plan { kind: 'custom' | 'generic'; scans: string[] }

/**
 * How the server finds the rows of the work list, as PostgreSQL itself explains the very statements the page sends:
 * once with their values, and once as the plan a long-lived connection may fall back to, which knows no values.
 */
export async function worklistPlans(appUrl: string, filter: WorklistFilter, me: string, place: Place | null): Promise<Plan[]> {
  const plans: Plan[] = [];
  const raw = postgres(appUrl, { max: 1, fetch_types: false, types: clientTypes() }) as unknown as postgres.Sql;
  const explain = (kind: Plan['kind']): Sql => makeSql(async (statement) => {
    const query = toQuery(raw, statement);
    const [row] = kind === 'custom' ? await raw`explain (format json) ${query}` : await explainGeneric(raw, query);
    plans.push({ kind, scans: scansOf((row!['QUERY PLAN'] as { Plan: Node }[])[0]!.Plan) });
    return [];
  });
  try {
    for (const kind of ['custom', 'generic'] as const) {
      await worklist(explain(kind), filter, me, place);
      await worklistSides(explain(kind), filter, me);
    }
  } finally {
    await raw.end({ timeout: 1 });
  }
  return plans;
}

async function explainGeneric(raw: postgres.Sql, query: ReturnType<typeof toQuery>) {
  const { string, types } = await query.describe();
  await raw`set plan_cache_mode = force_generic_plan`;
  await raw.unsafe(`prepare bench as ${string}`);
  const rows = await raw.unsafe(`explain (format json) execute bench (${types.map(() => 'null').join(', ')})`);
  await raw`deallocate bench`;
  return rows;
}

/** Every scan over the applications: `Index Scan application_worklist`, `Seq Scan`. */
function scansOf(node: Node): string[] {
  const own = node['Relation Name'] === 'application' ? [[node['Node Type'], node['Index Name']].filter(Boolean).join(' ')] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
