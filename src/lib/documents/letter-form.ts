/** What the letters' forms may hold. */
import { choice, day, readForm, text, type Typed } from '../forms/read.ts';
import { messages, type Problem } from '../forms/problems.ts';
import type { Day } from '../time/day.ts';

type Refusal = { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

/** The day the letters bear. */
export function parseIssue(form: FormData): { ok: true; value: { issued_on: Day } } | Refusal {
  return readForm(form, { issued_on: day({ label: '通知書の日付', required: true }) });
}

const SUBSTITUTION_MAX = 20;

export type LetterStep = { step: 'issue'; issued_on: Day } | { step: 'substitute'; from: string; to: string; reason: string };

/** One letter's page has two forms: issuing it, and allowing a character to be printed in another form. */
export function parseLetter(form: FormData): { ok: true; value: LetterStep } | Refusal {
  const read = readForm(form, {
    step: choice(['issue', 'substitute'], { label: '操作', required: true }),
    issued_on: day({ label: '通知書の日付' }),
    from: text({ label: '元の文字', max: SUBSTITUTION_MAX }), to: text({ label: '印刷する文字', max: SUBSTITUTION_MAX }), reason: text({ label: '置き換える理由', max: 500 })
  });
  if (!read.ok) return read;
  const { step, issued_on, from, to, reason } = read.value;
  if (step === 'issue') {
    return issued_on !== null ? { ok: true, value: { step, issued_on } } : { ok: false, status: 422, values: {}, problems: [{ field: 'issued_on', message: messages.required('通知書の日付') }] };
  }
  const problems: Problem[] = ([['from', '元の文字', from], ['to', '印刷する文字', to], ['reason', '置き換える理由', reason]] as const)
    .filter(([, , value]) => value === null).map(([field, label]) => ({ field, message: messages.required(label) }));
  if (from !== null && from === to) problems.push({ field: 'to', message: '印刷する文字には、元の文字とは別の文字を入力してください。' });
  if (problems.length > 0) return { ok: false, status: 422, values: { from: from ?? '', to: to ?? '', reason: reason ?? '' }, problems };
  return { ok: true, value: { step, from: from!, to: to!, reason: reason! } };
}
