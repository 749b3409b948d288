import { MAX_FILE_BYTES, MAX_PIXELS } from './limits.ts';

/** Why a file is not taken, in words that say what to do next (no jargon: many readers use a computer once a year). */
const MESSAGES = {
  empty: 'ファイルの中身が空です。もう一度ファイルを選んでください。',
  too_large: `ファイルが大きすぎます。1つのファイルは ${MAX_FILE_BYTES / 1024 / 1024}MB までです。写真は小さくするか、PDF は分けてください。`,
  kind_not_accepted: '受け付けられるのは PDF・JPEG・PNG・HEIC（iPhone の写真）です。',
  lies_about_type: 'ファイル名の末尾と中身の種類が違います。',
  polyglot: 'ほかの種類のデータが混ざったファイルは受け付けられません。元の書類から PDF または写真を作り直してください。',
  damaged: 'ファイルが壊れているか、途中で切れています。元のファイルを開けるか確かめ、もう一度保存してから選んでください。',
  too_many_pixels: `画像の大きさ（画素数）が大きすぎます。${MAX_PIXELS / 10_000}万画素までの画像にしてください。`,
  pdf_encrypted: 'パスワードや印刷制限のかかった PDF は、審査する人が読めないため受け付けられません。制限を外して保存し直してください。',
  pdf_script: 'プログラム（JavaScript）を含む PDF は受け付けられません。「印刷」から「PDF に保存」を選んで作り直してください。',
  pdf_launch: 'ほかのプログラムを起動する設定を含む PDF は受け付けられません。「印刷」から「PDF に保存」を選んで作り直してください。',
  pdf_attachment: '別のファイルが添付された PDF は受け付けられません。添付を外すか、「印刷」から「PDF に保存」を選んで作り直してください。',
  pdf_form: '特別な入力フォーム（XFA）の PDF は、ほかの人の画面で表示できないことがあるため受け付けられません。「印刷」から「PDF に保存」を選んで作り直してください。',
  pdf_unreadable: 'この PDF は安全かどうかを確認できませんでした。「印刷」から「PDF に保存」を選んで作り直してください。',
  took_too_long: 'ファイルの確認に時間がかかりすぎたため、中止しました。画像を小さくするか、PDF を作り直してください。',
  busy: '今、ファイルの確認が混み合っています。1分ほど待ってから、もう一度お試しください。'
} as const;

export type Reason = keyof typeof MESSAGES;
export type Refusal = { ok: false; reason: Reason; message: string };

/** `hint` comes before the standing sentence and never contains text typed by the user. */
export function refuse(reason: Reason, hint = ''): Refusal {
  return { ok: false, reason, message: hint + MESSAGES[reason] };
}

export function isReason(text: unknown): text is Reason {
  return typeof text === 'string' && Object.hasOwn(MESSAGES, text);
}
