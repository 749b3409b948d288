import { fail, redirect } from '@sveltejs/kit';
import * as awards from '$lib/awards/store.server';
import { sql, transaction } from '$lib/db/db.server';
import * as decisions from '$lib/documents/decision-letter.server';
import { parseLetter } from '$lib/documents/letter-form';
import * as letters from '$lib/documents/letters.server';
import { problemWords } from '$lib/documents/batch.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import * as schemes from '$lib/schemes/store.server';
import { dayOf } from '$lib/time/day';
import { found, headOf, mayAct, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

const STATUS: Record<string, number> = { missing_glyph: 422, before_decision: 422, too_long: 422, busy: 503, too_slow: 503, number_contended: 503, failed: 503, too_much_memory: 503 };

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const today = dayOf(await schemes.now(sql));
  const issued = await letters.ofApplication(sql, row.id);
  const preview = issued.length === 0 ? await decisions.preview(sql, row.id, today) : null;
  const award = await awards.award(sql, row.id);
  return {
    ...headOf(row), edition_id: row.edition_id, may: mayAct(event.locals, 'letter'), key: newKey(), today, released: award?.released ?? false,
    issued: issued.map(({ id, kind, document_number, issued_on, issued_at, sha256, pages }) => ({ id, kind, document_number, issued_on, issued_at, sha256, pages })),
    preview: preview ? { kind: preview.kind, document: preview.document } : null,
    missing: preview?.check.ok === false && preview.check.reason === 'missing_glyph' ? preview.check.characters : [],
    trouble: preview?.check.ok === false && preview.check.reason !== 'missing_glyph' ? problemWords(preview.check) : null,
    substitutions: await decisions.substitutions(sql, row.id)
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const parsed = parseLetter(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { accountId } = event.locals.viewer!;
    const { value } = parsed;
    if (value.step === 'substitute') {
      const { from, to, reason } = value;
      const result = await transaction(event.locals.actor, (tx) => decisions.approveSubstitution(tx, accountId, row.id, { from, to, reason }),
        { action: 'letter.substitute', key: keyOf(form) });
      if (!result.ok) return refused('already_issued', { already_issued: [409, '通知書はすでに発行されています。'] }, echo(form));
      redirect(303, `/office/applications/${row.id}/letter`);
    }
    // Issuing is once only by itself: a second post finds the letter and says so.
    const result = await letters.issue(event.locals.actor, accountId, row.id, value.issued_on, null);
    if (!result.ok) return refused(result.reason, { [result.reason]: [STATUS[result.reason] ?? 409, problemWords(result)] }, echo(form), result.reason === 'before_decision' ? 'issued_on' : '');
    nudgeMail();
    redirect(303, `/office/applications/${row.id}/letter`);
  }
};
