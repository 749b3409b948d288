import { STATE_WORDS, WAITING_WORDS } from '$lib/applications/application';
import { differences } from '$lib/applications/snapshot';
import { submissions } from '$lib/applications/submission.server';
import { STATE_TONES } from '$lib/applications/tones';
import { snapshotView } from '$lib/applications/view';
import * as awards from '$lib/awards/store.server';
import { sql } from '$lib/db/db.server';
import { nextSteps } from '$lib/screening/next-steps';
import { EVENT_WORDS } from '$lib/screening/screening';
import * as screening from '$lib/screening/store.server';
import { timeline } from '$lib/screening/timeline.server';
import { found, headOf } from './office.server';
import { inWords } from './correction-words.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const [sent, checks, requests, outcome, award, events] = await Promise.all([
    submissions(sql, row.id), screening.checks(sql, row), screening.corrections(sql, row.id), screening.outcome(sql, row.id), awards.award(sql, row.id), timeline(sql, row.id)
  ]);
  const latest = sent.at(-1)!;
  const ready = checks.every((check) => check.result === 'met' && !check.outdated);
  // What the group changed in answer to a request: the submission that answered it beside the one before.
  const changes = (round: number | null) => {
    const [before, after] = [sent.find((one) => one.round === (round ?? 0) - 1), sent.find((one) => one.round === round)];
    return before && after ? differences(before.snapshot, after.snapshot) : [];
  };
  return {
    ...headOf(row), organisation_id: row.organisation_id, edition: row.edition_name, word: STATE_WORDS[row.state], tone: STATE_TONES[row.state], waiting: WAITING_WORDS[row.waiting_for],
    requested_yen: row.requested_yen, assigned: row.assigned_name, submitted_at: row.submitted_at, round: latest.round, latest_at: latest.submitted_at,
    steps: nextSteps(row.state, event.locals.viewer!.roles, ready),
    checks, requests: requests.map((request) => ({ ...inWords(request), changes: changes(request.answered_round) })), outcome,
    award: award ? { outcome: award.outcome, amount_yen: award.amount_yen, reason: award.reason, decided_at: award.decided_at, released: award.released } : null,
    events: events.map((one) => ({ at: one.at, words: EVENT_WORDS[one.action] ?? one.action, who: one.actor_name })),
    view: snapshotView(latest.snapshot)
  };
};
