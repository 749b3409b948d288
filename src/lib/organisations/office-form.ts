/** Reads the office's forms about a group: another representative, the end of a term, a search. */
import { messages, type Problem } from '../forms/problems.ts';
import { choice, day, email, multiline, readForm, type Typed } from '../forms/read.ts';
import { cleanText } from '../forms/text.ts';
import { mailAddress } from '../mail/address.ts';
import { addDays, type Day } from '../time/day.ts';
import { typedOf, type Parsed } from './form.ts';
import { NOTE_MAX, PROOFS, REASONS, SUCCESSION_DAYS_MAX, type Ground } from './succession.ts';

export const SEARCH_MAX = 100;

const groundSpec = {
  reason: choice(REASONS, { label: '理由', required: true }),
  reason_note: multiline({ label: '理由の説明', max: NOTE_MAX }),
  proof: choice(PROOFS, { label: '確かめた方法', required: true }),
  proof_note: multiline({ label: '確かめた内容', max: NOTE_MAX, required: true })
};

const NEEDS_NOTE: Problem = { field: 'reason_note', message: '「そのほか」を選んだときは、理由の説明を入力してください。' };

interface GroundRead { reason: Ground['reason']; reason_note: string | null; proof: Ground['proof']; proof_note: string }
const groundOf = ({ reason, reason_note, proof, proof_note }: GroundRead): Ground => ({ reason, reason_note: reason_note ?? '', proof, proof_note });

function refuse(form: FormData, problems: Problem[]): { ok: false; status: 422; values: Typed; problems: Problem[] } {
  return { ok: false, status: 422, values: typedOf(form), problems };
}

export type SuccessionValue = Ground & { email: string; effective_on: Day };

/** Another representative: from today to SUCCESSION_DAYS_MAX days ahead. */
export function parseSuccession(form: FormData, today: Day): Parsed<SuccessionValue> {
  const label = '新しい代表者のメールアドレス';
  const read = readForm(form, {
    ...groundSpec,
    email: email({ label, required: true }),
    effective_on: day({ label: '交代する日', required: true, min: today, max: addDays(today, SUCCESSION_DAYS_MAX) })
  });
  if (!read.ok) return read;
  const value = { ...groundOf(read.value), email: read.value.email, effective_on: read.value.effective_on };
  const problems = [
    ...(value.reason === 'other' && value.reason_note === '' ? [NEEDS_NOTE] : []),
    ...(mailAddress(value.email) ? [] : [{ field: 'email', message: messages.notEmail(label) }])
  ];
  return problems.length > 0 ? refuse(form, problems) : { ok: true, value };
}

export type EndingValue = Ground & { to_on: Day };

/** The end of a term. `to_on` is the first day without the right to act: today when no day was typed, else the day after the last one. */
export function parseEnding(form: FormData, today: Day): Parsed<EndingValue> {
  const read = readForm(form, { ...groundSpec, last_on: day({ label: '手続きをする最後の日', min: today, max: addDays(today, SUCCESSION_DAYS_MAX) }) });
  if (!read.ok) return read;
  const { last_on } = read.value;
  const value = { ...groundOf(read.value), to_on: last_on === null ? today : addDays(last_on, 1) };
  return value.reason === 'other' && value.reason_note === '' ? refuse(form, [NEEDS_NOTE]) : { ok: true, value };
}

/** What is searched for, as far as it can be: hostile characters and length are cut, never an error. */
export function readSearch(params: URLSearchParams): string {
  const cleaned = cleanText([...(params.get('search') ?? '')].slice(0, SEARCH_MAX).join(''));
  return cleaned.ok ? cleaned.value : '';
}
