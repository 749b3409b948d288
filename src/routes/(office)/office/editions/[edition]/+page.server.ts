import { STATE_WORDS } from '$lib/applications/application';
import { releaseSummary } from '$lib/awards/release.server';
import * as rounds from '$lib/awards/round.server';
import { sql } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { isAllowed, policy } from '$lib/policy/policy';
import { round } from './round.server';
import type { PageServerLoad } from './$types';

const ORDER = ['submitted', 'correction', 'accepted', 'proposed', 'decided', 'dismissed', 'withdrawn'] as const;

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  const { roles } = event.locals.viewer!;
  const counts = new Map((await rounds.countsByState(sql, edition.id)).map((row) => [row.state, row]));
  const base = `/office/editions/${edition.id}`;
  const steps = [
    { page: 'panel', title: '審査委員を割り当てる' }, { page: 'ranking', title: '審査の順位を見る' },
    { page: 'letters', title: '通知書を発行する' }, { page: 'release', title: '結果の公開日時を決める' }
  ].filter((step) => isAllowed(policy[`/(office)/office/editions/[edition]/${step.page}`]?.get, roles));
  return {
    edition: {
      id: edition.id, name: edition.name, fiscal_year: edition.fiscal_year, is_example: edition.is_example, opens_at: edition.opens_at, closes_at: edition.closes_at,
      results_release_at: edition.results_release_at, budget_yen: edition.budget_yen, committed_yen: edition.committed_yen, code: edition.scheme_code, published: edition.published_at !== null
    },
    funding: edition.funding,
    counts: ORDER.map((state) => ({ state, word: STATE_WORDS[state], n: counts.get(state)?.n ?? 0, requested_yen: counts.get(state)?.requested_yen ?? 0 })),
    panel: await rounds.panelCounts(sql, edition.id), summary: await releaseSummary(sql, edition.id), waiting_letters: (await batches.waiting(sql, edition.id)).length,
    steps: steps.map((step) => ({ ...step, href: `${base}/${step.page}` })),
    decisions: isAllowed(policy['/(office)/office/decisions']?.get, roles)
  };
};
