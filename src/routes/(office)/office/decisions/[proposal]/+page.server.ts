import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { latestSubmission } from '$lib/applications/submission.server';
import { parseDecision } from '$lib/awards/form';
import { budgetLeft } from '$lib/awards/round.server';
import * as awards from '$lib/awards/store.server';
import { sql, transaction } from '$lib/db/db.server';
import { previewDraft } from '$lib/documents/decision-letter.server';
import { echo } from '$lib/forms/echo';
import { isUuid, keyOf, newKey } from '$lib/forms/ids';
import * as schemes from '$lib/schemes/store.server';
import { standingOf } from '$lib/screening/ranking.server';
import * as screening from '$lib/screening/store.server';
import { dayOf } from '$lib/time/day';
import type { Actions, PageServerLoad } from './$types';

const OVER_BUDGET = [409, '残っている予算をこえるため、決裁できません。ほかの決裁で予算が減りました。差し戻して、額を直してもらってください。'] as const;
const REFUSALS = {
  not_found: [404, 'この起案は見つかりません。'],
  own_draft: [403, '自分が起案したものは、決裁も差戻しもできません。別の決裁者に頼んでください。'],
  already_decided: [409, 'この起案は、すでに決裁されたか差し戻されています。下の新しい状態を確かめてください。'],
  changed: [409, '見ていた内容と、いまの起案の内容が違います。下の内容をもう一度確かめてから、決裁してください。'],
  over_budget: OVER_BUDGET
} as const;

async function find(event: Pick<RequestEvent, 'params' | 'locals'>): Promise<awards.Proposal> {
  const id = event.params.proposal;
  const found = isUuid(id) ? await awards.proposal(sql, id, event.locals.viewer!.accountId) : null;
  if (!found) error(404, 'この起案は見つかりません。');
  return found;
}

export const load: PageServerLoad = async (event) => {
  const { seen_hash, drafted_by, ...proposal } = await find(event);
  const { accountId, roles } = event.locals.viewer!;
  const row = (await screening.forOffice(sql, proposal.application_id, accountId))!;
  const edition = (await schemes.edition(sql, row.edition_id))!;
  const today = dayOf(await schemes.now(sql));
  const preview = await previewDraft(sql, proposal.id, today);
  const submission = (await latestSubmission(sql, row.id))!;
  const open = proposal.result === null && row.state === 'proposed';
  return {
    proposal, seen: seen_hash, open, own: drafted_by === accountId, approver: roles.includes('approver'), key: newKey(),
    application: { id: row.id, title: row.project_title, receipt_number: row.receipt_number, organisation: row.organisation_name },
    edition: { id: edition.id, name: edition.name, cap_yen: edition.cap_yen }, budget: submission.snapshot.budget,
    purpose: submission.snapshot.sections.find((part) => part.section === 'project')?.answers.filter((answer) => ['purpose', 'content'].includes(answer.name)).map(({ label, value }) => ({ label, value: String(value ?? '') })) ?? [],
    standing: await standingOf(sql, row.id, edition.criteria), left: await budgetLeft(sql, row.edition_id),
    letter: preview ? { kind: preview.kind, document: preview.document } : null,
    missing: preview?.check.ok === false && preview.check.reason === 'missing_glyph' ? preview.check.characters.map((one) => `${one.text}（${one.codePoints.join(' ')}）`) : []
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { id } = await find(event);
    const form = await event.request.formData();
    const parsed = parseDecision(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { decision, seen, comment } = parsed.value;
    const { accountId } = event.locals.viewer!;
    const verb = decision === 'approve' ? awards.approve : awards.sendBack;
    const refuse = ([status, message]: readonly [number, string]) => fail(status, { values: echo(form), problems: [{ field: '', message }] });
    try {
      const result = await transaction(event.locals.actor, (tx) => verb(tx, accountId, id, seen, comment), { action: `award.${decision}`, key: keyOf(form) });
      if (!result.ok) return refuse(REFUSALS[result.reason]);
    } catch (problem) {
      // The check above reads first; the database's own rule is the one that can't be passed.
      if (awards.isOverBudget(problem)) return refuse(OVER_BUDGET);
      throw problem;
    }
    redirect(303, `/office/decisions/${id}?done=${decision}`);
  }
};
