/** What the account pages say when something is refused: one wording, one status for each reason. */
import type { Problem } from '../forms/problems.ts';

export type Refusal =
  | { reason: 'wrong' | 'reset_required' | 'taken' | 'same' | 'link_over' }
  | { reason: 'weak'; message: string }
  | { reason: 'busy' | 'throttled'; retryAfterSeconds: number };

export type Answer = { status: 409 | 410 | 422 | 429; problem: Problem; retryAfterSeconds?: number };

/** The words for a log-in. The same for an unknown address, a wrong password and an account that was stopped (AN-4). */
export function loginAnswer(refusal: Refusal): Answer {
  if (refusal.reason === 'wrong') return { status: 422, problem: { field: 'email', message: 'メールアドレスかパスワードが違います。大文字と小文字も見直して、もう一度入力してください。' } };
  return answer(refusal, 'password');
}

/** The words elsewhere; `field` is where a wrong or weak password was typed. */
export function answer(refusal: Refusal, field: string): Answer {
  switch (refusal.reason) {
    case 'wrong': return { status: 422, problem: { field, message: 'いまのパスワードが違います。もう一度入力してください。' } };
    case 'weak': return { status: 422, problem: { field, message: refusal.message } };
    case 'same': return { status: 422, problem: { field: 'email', message: 'いまと同じメールアドレスです。新しいメールアドレスを入力してください。' } };
    case 'taken': return { status: 409, problem: { field: '', message: 'このメールアドレスの登録は、もう済んでいます。ログインしてください。' } };
    case 'link_over': return { status: 410, problem: { field: '', message: 'このリンクは使い終わったか、期限が過ぎています。もう一度、メールを受け取るところから始めてください。' } };
    case 'reset_required': return { status: 429, problem: { field, message: 'まちがいが続いたため、このままでは進めません。「パスワードを忘れたとき」から、メールでパスワードを決め直してください。' } };
    case 'busy': return { status: 429, problem: { field: '', message: `ただいま混み合っています。${waitInWords(refusal.retryAfterSeconds)}ほど待ってから、もう一度押してください。` }, retryAfterSeconds: refusal.retryAfterSeconds };
    case 'throttled': return { status: 429, problem: { field: '', message: `短い間に何度も試されたため、いまは受け付けていません。${waitInWords(refusal.retryAfterSeconds)}ほど待ってから、もう一度お試しください。` }, retryAfterSeconds: refusal.retryAfterSeconds };
  }
}

/** A wait, rounded up: 30秒, 3分. */
export function waitInWords(seconds: number): string {
  return seconds < 60 ? `${seconds}秒` : `${Math.ceil(seconds / 60)}分`;
}
