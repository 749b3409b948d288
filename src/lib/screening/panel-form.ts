/** What the committee's forms may hold. */
import { echo } from '../forms/echo.ts';
import { checkbox, choice, choices, multiline, readForm, type Spec, type Typed } from '../forms/read.ts';
import { messages, type Problem } from '../forms/problems.ts';
import type { Criterion } from '../schemes/scheme.ts';
import type { Declaration } from './panel.server.ts';
import { pointOptions, scoreNames } from './panel.ts';
import type { ScoreValue, SheetValue } from './scores.server.ts';

type Refusal = { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

export const REASON_MAX = 1000;
export const NOTE_MAX = 500;

/** Committee members for all or some accepted applications of a round. */
export function parseAssignment(form: FormData, memberIds: string[], applicationIds: string[]): { ok: true; value: { members: string[]; applications: string[] } } | Refusal {
  const read = readForm(form, {
    members: choices(memberIds, { label: '審査委員', required: true }),
    scope: choice(['all', 'some'], { label: '割り当てる申請', required: true }),
    applications: choices(applicationIds, { label: '申請' })
  });
  if (!read.ok) return read;
  const { members, scope, applications } = read.value;
  if (scope === 'some' && applications.length === 0) {
    return { ok: false, status: 422, values: { members, scope, applications }, problems: [{ field: 'applications', message: '割り当てる申請を1件以上選んでください。' }] };
  }
  return { ok: true, value: { members, applications: scope === 'all' ? applicationIds : applications } };
}

/** Whether the member has an interest, and which. */
export function parseDeclaration(form: FormData): { ok: true; value: Declaration } | Refusal {
  const read = readForm(form, {
    interest: choice(['none', 'conflict'], { label: '利害関係があるかどうか', required: true }),
    note: multiline({ label: '利害関係の内容', max: NOTE_MAX })
  });
  if (!read.ok) return read;
  const { interest, note } = read.value;
  if (interest === 'conflict' && note === null) {
    return { ok: false, status: 422, values: { interest, note: '' }, problems: [{ field: 'note', message: '利害関係の内容を、短く書いてください。例：団体の会員です。' }] };
  }
  return { ok: true, value: { conflicted: interest === 'conflict', note: interest === 'conflict' ? note! : '' } };
}

/** A sheet. While saving, gaps are fine; `submit` asks for points and a reason on each criterion, and for the confirmation. */
export function parseSheet(form: FormData, criteria: Criterion[]): { ok: true; value: SheetValue; version: number; submit: boolean } | Refusal {
  const spec: Spec = { comment: multiline({ label: '全体の意見', max: REASON_MAX }), step: choice(['save', 'submit'], { label: '保存か提出か' }), sure: checkbox({ label: '提出したあとは変更できないことを確かめました' }) };
  for (const criterion of criteria) {
    const names = scoreNames(criterion.id);
    spec[names.points] = choice(pointOptions(criterion.max_points), { label: `「${criterion.name}」の点` });
    spec[names.reason] = multiline({ label: `「${criterion.name}」の理由`, max: REASON_MAX });
  }
  const read = readForm(form, spec);
  if (!read.ok) return read;
  const typed = read.value as Record<string, string | boolean | null>;
  const scores: ScoreValue[] = criteria.map(({ id }) => {
    const names = scoreNames(id);
    return { criterion_id: id, points: typed[names.points] === null ? null : Number(typed[names.points]), reason: (typed[names.reason] as string | null) ?? '' };
  });
  const submit = typed.step === 'submit';
  const problems = submit ? gaps(criteria, scores, typed.sure === true) : [];
  if (problems.length > 0) return { ok: false, status: 422, values: echo(form), problems };
  const version = form.get('_version');
  return { ok: true, value: { comment: (typed.comment as string | null) ?? '', scores }, version: typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : -1, submit };
}

function gaps(criteria: Criterion[], scores: ScoreValue[], sure: boolean): Problem[] {
  const problems = criteria.flatMap((criterion, index): Problem[] => {
    const names = scoreNames(criterion.id);
    return [
      ...(scores[index]!.points === null ? [{ field: names.points, message: messages.requiredChoice(`「${criterion.name}」の点`) }] : []),
      ...(scores[index]!.reason === '' ? [{ field: names.reason, message: messages.required(`「${criterion.name}」の理由`) }] : [])
    ];
  });
  return sure ? problems : [...problems, { field: 'sure', message: messages.requiredCheck('提出したあとは変更できないことを確かめました') }];
}
