import { fail, redirect } from '@sveltejs/kit';
import { QUESTIONS, SECTION_TITLES, type AnswerSection } from '$lib/applications/application';
import { answerText } from '$lib/applications/answer-text';
import * as corrections from '$lib/applications/corrections.server';
import * as drafts from '$lib/applications/drafts.server';
import { parseAnswers } from '$lib/applications/form';
import { latestSubmission } from '$lib/applications/submission.server';
import { snapshotView } from '$lib/applications/view';
import { sql, transaction } from '$lib/db/db.server';
import { echo } from '$lib/forms/echo';
import { keyOf, newKey } from '$lib/forms/ids';
import { actingFor, mine, SAVE_REFUSALS } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const section = event.params.section as AnswerSection;
  const saved = (await drafts.sections(sql, row.id)).find((one) => one.section === section);
  const open = await drafts.openSections(sql, row.id, row.state);
  const correction = row.state === 'correction' ? await corrections.open(sql, row.id) : null;
  const isOpen = open === 'all' || open.includes(section);
  // What is closed is shown as it was submitted; a draft left over from a correction taken back is not.
  const submitted = isOpen ? null : await latestSubmission(sql, row.id);
  return {
    id: row.id, section, title: SECTION_TITLES[section], questions: QUESTIONS[section], key: newKey(), application: row.project_title,
    open: isOpen, rows: submitted ? snapshotView(submitted.snapshot).parts.find((part) => part.section === section)!.rows
      : QUESTIONS[section].map((question) => ({ label: question.label, value: answerText(question, saved?.content[question.name] ?? null) })),
    reason: correction?.items.find((item) => item.section === section)?.reason ?? null,
    saved: saved ? { version: saved.version, content: saved.content, saved_at: saved.saved_at, by: saved.saved_by_name } : null
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await mine(event);
    const section = event.params.section as AnswerSection;
    const form = await event.request.formData();
    const parsed = parseAnswers(section, form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems, seen: seenOf(form) });
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event.locals, row), (tx) => drafts.saveAnswers(tx, accountId, row.id, section, parsed.value, parsed.version),
      { action: 'application.save', key: keyOf(form) });
    if (!result.ok) {
      // The stored version is shown beside what was typed; saving again after looking is a conscious choice.
      const seen = result.reason === 'stale' ? result.current.version : seenOf(form);
      const current = result.reason === 'stale' ? result.current.content : null;
      return fail(result.reason === 'not_found' ? 404 : 409, { values: echo(form), problems: [{ field: '', message: SAVE_REFUSALS[result.reason] }], seen, current });
    }
    if (form.get('_then') === 'auto') return { version: result.version, values: null, problems: [], seen: result.version };
    redirect(303, `/my/applications/${row.id}`);
  }
};

const seenOf = (form: FormData): number => Number(form.get('_version')) || 0;
