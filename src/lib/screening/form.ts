/** What the office's screening forms send, read once: the checklist, a correction request, a reason, a filter's name. */
import { SECTIONS, SECTION_TITLES, type Section } from '../applications/application.ts';
import { choice, choices, day, multiline, readForm, text, uuid, type Spec, type Typed } from '../forms/read.ts';
import type { Problem } from '../forms/problems.ts';
import type { Day } from '../time/day.ts';
import { CHECK_RESULTS, CHECK_WORDS, readFilter, writeFilter, type CheckResult } from './screening.ts';

export type Parsed<V> = { ok: true; value: V } | { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

export const REASON_MAX = 1000;
export const FILTER_NAME_MAX = 40;
/** A correction asked for later than this is a slip of the year. */
export const CORRECTION_DAYS_MAX = 366;
/** In the choice of an officer: nobody. */
export const NOBODY = 'nobody';

/** Everything typed as text, by name, for showing a refused form again. */
export const typedOf = (form: FormData): Typed => {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string' || name.startsWith('_')) continue;
    const before = values[name];
    values[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return values;
};

/** The mark or id a form was made from (`_seen`): what the person looked at. An absent one matches nothing. */
export const seenOf = (form: FormData): string => {
  const seen = form.get('_seen');
  return typeof seen === 'string' ? seen : '';
};

/** An officer among those shown, or nobody (null). */
export function parseAssignment(officerIds: string[], form: FormData): Parsed<{ officer: string | null }> {
  const read = readForm(form, { officer: choice([...officerIds, NOBODY], { label: '担当者', required: true }) });
  if (!read.ok) return read;
  return { ok: true, value: { officer: read.value.officer === NOBODY ? null : read.value.officer } };
}

export const resultField = (requirementId: string): string => `result_${requirementId}`;
export const reasonField = (requirementId: string): string => `reason_${requirementId}`;

export interface CheckAnswer { requirement_id: string; result: CheckResult; reason: string }

/** The checklist. A line may be left for later; one that is not 適合 says why. */
export function parseChecks(requirements: { requirement_id: string; name: string }[], form: FormData): Parsed<CheckAnswer[]> {
  const spec: Spec = Object.fromEntries(requirements.flatMap(({ requirement_id, name }) => [
    [resultField(requirement_id), choice(CHECK_RESULTS, { label: `「${name}」の結果` })],
    [reasonField(requirement_id), multiline({ label: `「${name}」の理由`, max: REASON_MAX })]
  ]));
  const read = readForm(form, spec);
  if (!read.ok) return read;
  const value = read.value as Record<string, string | null>;
  const problems: Problem[] = [];
  const answers = requirements.flatMap(({ requirement_id, name }): CheckAnswer[] => {
    const result = value[resultField(requirement_id)] as CheckResult | null;
    const reason = value[reasonField(requirement_id)] ?? '';
    if (result === null && reason !== '') problems.push({ field: resultField(requirement_id), message: `「${name}」の結果を選んでください。理由だけでは保存できません。` });
    if (result !== null && result !== 'met' && reason === '') problems.push({ field: reasonField(requirement_id), message: `「${name}」を「${CHECK_WORDS[result]}」にする理由を入力してください。` });
    return result === null ? [] : [{ requirement_id, result, reason }];
  });
  const first = requirements[0];
  if (problems.length === 0 && answers.length === 0 && first) problems.push({ field: resultField(first.requirement_id), message: '確認した結果を1つ以上選んでください。' });
  if (problems.length > 0) return { ok: false, status: 422, values: typedOf(form), problems };
  return { ok: true, value: answers };
}

export const sectionReasonField = (section: Section): string => `reason_${section}`;

export interface CorrectionValue { due_on: Day; message: string; items: { section: Section; reason: string }[] }

/** A correction request: the ticked sections, each with its reason; what is typed beside an unticked one does not count. */
export function parseCorrection(today: Day, latest: Day, form: FormData): Parsed<CorrectionValue> {
  const reasons: Spec = Object.fromEntries(SECTIONS.map((section) => [sectionReasonField(section), multiline({ label: `「${SECTION_TITLES[section]}」の理由`, max: REASON_MAX })]));
  const read = readForm(form, {
    ...reasons,
    section: choices(SECTIONS, { label: '直してもらう区分', required: true }),
    due_on: day({ label: '補正の期限', required: true, min: today, max: latest }),
    message: multiline({ label: '全体への説明', max: REASON_MAX })
  });
  if (!read.ok) return read;
  const value = read.value as { section: Section[]; due_on: Day; message: string | null } & Record<string, unknown>;
  const items = value.section.map((section) => ({ section, reason: (value[sectionReasonField(section)] as string | null) ?? '' }));
  const problems = items.filter((item) => item.reason === '')
    .map(({ section }): Problem => ({ field: sectionReasonField(section), message: `「${SECTION_TITLES[section]}」を直してもらう理由を入力してください。` }));
  if (problems.length > 0) return { ok: false, status: 422, values: typedOf(form), problems };
  return { ok: true, value: { due_on: value.due_on, message: value.message ?? '', items } };
}

/** 却下 with the reason the group reads. */
export function parseDismissal(form: FormData): Parsed<{ reason: string }> {
  return readForm(form, { reason: multiline({ label: '却下の理由', max: REASON_MAX, required: true }) });
}

/** A name for the filter the list shows now. */
export function parseSaveFilter(form: FormData): Parsed<{ name: string; query: string }> {
  const read = readForm(form, { name: text({ label: '絞り込みの名前', max: FILTER_NAME_MAX, required: true }), query: text({ label: '条件', max: 500 }) });
  if (!read.ok) return read;
  // Only what the list itself understands is kept.
  return { ok: true, value: { name: read.value.name, query: writeFilter(readFilter(new URLSearchParams(read.value.query ?? ''))) } };
}

export function parseForgetFilter(form: FormData): Parsed<{ id: string }> {
  return readForm(form, { id: uuid({ label: '保存した絞り込み', required: true }) });
}
