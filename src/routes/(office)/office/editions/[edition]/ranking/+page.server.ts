import { sql } from '$lib/db/db.server';
import { isAllowed, policy } from '$lib/policy/policy';
import { LARGE_SPREAD } from '$lib/screening/panel';
import { ranking } from '$lib/screening/ranking.server';
import { round } from '../round.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  const viewer = event.locals.viewer!;
  const rows = await ranking(sql, edition, viewer.accountId);
  const within = rows.filter((row) => row.within_budget);
  return {
    edition: { id: edition.id, name: edition.name, budget_yen: edition.budget_yen, pass_mark_percent: edition.pass_mark_percent },
    may: isAllowed(policy['/(office)/office/applications/[application]/proposal']?.post?.default, viewer.roles),
    // Single totals stay here: the page shows the mean, how many it rests on, and how far apart they are.
    rows: rows.map(({ totals, conflicted: _conflicted, ...row }) => ({ ...row, counted: totals.length, far_apart: row.spread !== null && row.spread >= LARGE_SPREAD })),
    line: { within: within.length, sum_yen: within.at(-1)?.cumulative_yen ?? 0, beyond: rows.some((row) => row.within_budget === false) },
    waiting: rows.reduce((sum, row) => sum + row.waiting, 0)
  };
};
