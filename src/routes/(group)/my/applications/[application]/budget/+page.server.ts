import { fail, redirect } from '@sveltejs/kit';
import * as corrections from '$lib/applications/corrections.server';
import * as drafts from '$lib/applications/drafts.server';
import { parseBudget } from '$lib/applications/form';
import { draftWhole, latestSubmission, takeSnapshot } from '$lib/applications/submission.server';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import * as schemes from '$lib/schemes/store.server';
import { actingFor, mine, SAVE_REFUSALS } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

/** Empty rows offered below the filled ones; saving offers more. */
const SPARE_ROWS = 3;

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const whole = await draftWhole(sql, row);
  const open = await drafts.openSections(sql, row.id, row.state);
  const correction = row.state === 'correction' ? await corrections.open(sql, row.id) : null;
  const { reckoning, edition } = whole;
  const asked = whole.answers.get('budget')?.content.asked_yen ?? null;
  const isOpen = open === 'all' || open.includes('budget');
  const submitted = isOpen ? null : await latestSubmission(sql, row.id);
  return {
    id: row.id, application: row.project_title, key: newKey(), version: whole.answers.get('budget')?.version ?? 0, spare: SPARE_ROWS,
    open: isOpen, submitted: submitted?.snapshot.budget ?? null, stored: takeSnapshot({ ...whole, correction: null }).budget, reason: correction?.items.find((item) => item.section === 'budget')?.reason ?? null,
    categories: edition.categories.map(({ id, side, name, hint, eligible, is_grant, reason }) => ({ id, side, name, hint, eligible, is_grant, reason })),
    rule: { rate_numerator: edition.rate_numerator, rate_denominator: edition.rate_denominator, cap_yen: edition.cap_yen },
    reckoning, asked: typeof asked === 'number' ? asked : null
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const edition = await schemes.edition(sql, row.edition_id);
    const parsed = parseBudget(edition!.categories, form);
    const seen = Number(form.get('_version')) || 0;
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems, seen });
    const { accountId } = event.locals.viewer!;
    const { lines, asked_yen } = parsed.value;
    const result = await transaction(actingFor(event.locals, row), (tx) => drafts.saveBudget(tx, accountId, row.id, lines, asked_yen, parsed.version),
      { action: 'application.save', key: keyOf(form) });
    if (!result.ok) {
      const stale = result.reason === 'stale';
      return fail(result.reason === 'not_found' ? 404 : 409, { values: echo(form), problems: [{ field: '', message: SAVE_REFUSALS[result.reason] }], seen: stale ? result.current.version : seen, stale });
    }
    if (form.get('_then') === 'auto') return { version: result.version, values: null, problems: [], seen: result.version };
    redirect(303, form.get('_then') === 'stay' ? `/my/applications/${row.id}/budget#reckoning` : `/my/applications/${row.id}`);
  }
};
