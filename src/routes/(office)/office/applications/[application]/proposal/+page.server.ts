import { fail, redirect } from '@sveltejs/kit';
import { latestSubmission } from '$lib/applications/submission.server';
import { AMOUNT_WORDS, parseProposal } from '$lib/awards/form';
import { budgetLeft } from '$lib/awards/round.server';
import * as awards from '$lib/awards/store.server';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import * as schemes from '$lib/schemes/store.server';
import { standingOf } from '$lib/screening/ranking.server';
import { found, headOf, mayAct, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  wrong_state: [409, 'この申請は、いまは起案できません。ほかの人が先に起案したか、審査の対象でなくなりました。'],
  over_budget: [409, '交付する額が、残っている予算をこえています。下の「予算の残り」を確かめて、額を直してください。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const edition = (await schemes.edition(sql, row.edition_id))!;
  const submission = (await latestSubmission(sql, row.id))!;
  const history = await awards.proposals(sql, row.id);
  const returned = history[0]?.result === 'returned' ? history[0] : null;
  return {
    ...headOf(row), edition: { id: edition.id, name: edition.name, cap_yen: edition.cap_yen, pass_mark_percent: edition.pass_mark_percent, standard_conditions: edition.standard_conditions },
    submission: submission.id, budget: submission.snapshot.budget, left: await budgetLeft(sql, row.edition_id), standing: await standingOf(sql, row.id, edition.criteria),
    history: history.map(({ seen_hash: _seen, drafted_by: _by, ...one }) => one), may: mayAct(event.locals, 'proposal') && row.state === 'accepted', key: newKey(),
    // A returned draft is mended, not typed again.
    start: returned
      ? { outcome: returned.outcome, amount: returned.amount_yen, reason: returned.reason, conditions: returned.conditions.filter((one) => !edition.standard_conditions.includes(one)).join('\n') }
      : { outcome: null, amount: null, reason: '', conditions: '' }
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const parsed = parseProposal(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const { submission_id, value } = parsed;
    const result = await transaction(event.locals.actor, (tx) => awards.draft(tx, accountId, row.id, submission_id, value),
      { action: 'award.draft', key: keyOf(form) });
    if (result.ok) redirect(303, `/office/applications/${row.id}/proposal`);
    if (result.reason === 'amount') return refused('amount', { amount: [422, AMOUNT_WORDS[result.refusal]] }, echo(form), 'amount');
    return refused(result.reason, REFUSALS, echo(form), result.reason === 'over_budget' ? 'amount' : '');
  }
};
