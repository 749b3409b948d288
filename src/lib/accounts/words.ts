/** What the account pages say when something is refused: one wording, one status for each reason. */
import type { Problem } from '../forms/problems.ts';

export type Refusal =
  | { reason: 'wrong' | 'reset_required' | 'taken' | 'same' | 'link_over' }
  | { reason: 'wrong_code' | 'wrong_recovery_code' | 'code_closed' | 'over' | 'offer_over' | 'already' | 'required' | 'missing' }
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
    case 'wrong_code': return { status: 422, problem: { field, message: '確認コードが違うか、もう使ったコードです。認証アプリに次のコードが出てから、入力してください。' } };
    case 'wrong_recovery_code': return { status: 422, problem: { field, message: '回復コードが違うか、もう使ったコードです。控えと見くらべて、まだ使っていないものを入力してください。' } };
    case 'code_closed': return { status: 429, problem: { field, message: 'まちがいが続いたため、確認コードでは進めません。回復コードを使うか、管理者に設定の取消しを頼んでください。' } };
    case 'over': return { status: 409, problem: { field: '', message: '時間がたったか、設定が変わったため、続けられません。もう一度ログインしてください。' } };
    case 'offer_over': return { status: 409, problem: { field: '', message: 'この画面を開いてから時間がたちました。新しい内容に変えたので、もう一度初めから操作してください。' } };
    case 'already': return { status: 409, problem: { field: '', message: '2段階認証は、もう設定されています。もう一度ログインして、確認コードを入力してください。' } };
    case 'required': return { status: 409, problem: { field: '', message: '市の役割がある人は、2段階認証を使わないようにはできません。' } };
    case 'missing': return { status: 409, problem: { field: '', message: '2段階認証は設定されていません。画面を開き直して確かめてください。' } };
    case 'reset_required': return { status: 429, problem: { field, message: 'まちがいが続いたため、このままでは進めません。「パスワードを忘れたとき」から、メールでパスワードを決め直してください。' } };
    case 'busy': return { status: 429, problem: { field: '', message: `ただいま混み合っています。${waitInWords(refusal.retryAfterSeconds)}ほど待ってから、もう一度押してください。` }, retryAfterSeconds: refusal.retryAfterSeconds };
    case 'throttled': return { status: 429, problem: { field: '', message: `短い間に何度も試されたため、いまは受け付けていません。${waitInWords(refusal.retryAfterSeconds)}ほど待ってから、もう一度お試しください。` }, retryAfterSeconds: refusal.retryAfterSeconds };
  }
}

/** A wait, rounded up: 30秒, 3分. */
export function waitInWords(seconds: number): string {
  return seconds < 60 ? `${seconds}秒` : `${Math.ceil(seconds / 60)}分`;
}
