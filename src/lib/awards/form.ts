/** What the forms of 起案, 決裁 and the release may hold. */
import { choice, day, integer, multiline, readForm, uuid, yen, type Typed } from '../forms/read.ts';
import type { Problem } from '../forms/problems.ts';
import { startOfDay } from '../time/day.ts';
import { OUTCOMES, type ProposalRefusal, type ProposalValue } from './award.ts';

type Refusal = { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

export const REASON_MAX = 1000;
export const CONDITIONS_MAX = 20;
export const CONDITION_MAX = 300;

/** A draft of a decision on the submission the officer saw. */
export function parseProposal(form: FormData): { ok: true; value: ProposalValue; submission_id: string } | Refusal {
  const read = readForm(form, {
    submission: uuid({ label: '提出', required: true }),
    outcome: choice(OUTCOMES, { label: '結果', required: true }),
    amount: yen({ label: '交付する額' }),
    reason: multiline({ label: '理由', max: REASON_MAX, required: true }),
    conditions: multiline({ label: '付け加える条件', max: CONDITIONS_MAX * CONDITION_MAX })
  });
  if (!read.ok) return read;
  const { submission, outcome, amount, reason } = read.value;
  const conditions = (read.value.conditions ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const problems: Problem[] = [];
  if (outcome !== 'declined' && amount === null) problems.push({ field: 'amount', message: '交付する額を入力してください。' });
  if (conditions.length > CONDITIONS_MAX) problems.push({ field: 'conditions', message: `条件は${CONDITIONS_MAX}個までにしてください。1行に1つ書きます。` });
  if (conditions.some((line) => [...line].length > CONDITION_MAX)) problems.push({ field: 'conditions', message: `条件は1つ${CONDITION_MAX}文字までにしてください。` });
  if (problems.length > 0) {
    return { ok: false, status: 422, values: { submission, outcome, amount: amount === null ? '' : String(amount), reason, conditions: conditions.join('\n') }, problems };
  }
  return { ok: true, submission_id: submission, value: { outcome, amount_yen: amount ?? 0, reason, conditions } };
}

/** Why an amount was refused, and how to put it right. */
export const AMOUNT_WORDS: Record<ProposalRefusal, string> = {
  amount_zero: '交付する額は1円以上にしてください。交付しないときは「不採択」を選んでください。',
  amount_above_request: '交付する額が申請額より大きくなっています。申請額以下にしてください。',
  amount_above_cap: '交付する額がこの制度の上限額をこえています。上限額以下にしてください。',
  partly_must_be_less: '「一部採択」では、交付する額を申請額より少なくしてください。申請額どおりなら「採択」を選んでください。',
  whole_must_be_equal: '「採択」では、交付する額を申請額と同じにしてください。少なくするときは「一部採択」を選んでください。',
  declined_has_amount: '「不採択」では、交付する額を空にするか、0円にしてください。'
};

/** 決裁 or 差戻し of the draft whose mark was shown. */
export function parseDecision(form: FormData): { ok: true; value: { decision: 'approve' | 'return'; seen: string; comment: string } } | Refusal {
  const read = readForm(form, {
    decision: choice(['approve', 'return'], { label: '決裁するか差し戻すか', required: true }),
    seen: seenMark,
    comment: multiline({ label: '意見', max: REASON_MAX })
  });
  if (!read.ok) return read;
  const { decision, seen, comment } = read.value;
  if (decision === 'return' && comment === null) {
    return { ok: false, status: 422, values: { comment: '' }, problems: [{ field: 'comment', message: '差し戻すときは、直してほしいことを「意見」に書いてください。' }] };
  }
  return { ok: true, value: { decision, seen, comment: comment ?? '' } };
}

/** The hidden mark of what was shown: any text; what is not the right one is answered as stale. */
const seenMark = {
  label: '見た内容',
  names: (name: string) => [name],
  read: (name: string, from: { one(name: string): string }) => from.one(name).slice(0, 64)
};

/** The instant of release: a day and a time of day in Japan, or none. */
export function parseRelease(form: FormData): { ok: true; value: { release_at: Date | null } } | Refusal {
  const read = readForm(form, {
    step: choice(['set', 'clear'], { label: '公開日時を決めるか消すか', required: true }),
    on: day({ label: '公開する日' }),
    hour: integer({ label: '時', min: 0, max: 23 }),
    minute: integer({ label: '分', min: 0, max: 59 })
  });
  if (!read.ok) return read;
  const { step, on, hour, minute } = read.value;
  if (step === 'clear') return { ok: true, value: { release_at: null } };
  if (on === null) {
    return { ok: false, status: 422, values: { hour: String(hour ?? ''), minute: String(minute ?? '') }, problems: [{ field: 'on', message: '公開する日を入力してください。' }] };
  }
  return { ok: true, value: { release_at: new Date(startOfDay(on).getTime() + ((hour ?? 0) * 60 + (minute ?? 0)) * 60_000) } };
}
