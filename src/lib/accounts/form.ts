/** How the account pages' forms are read. Passwords are taken verbatim; names are never normalised. */
import { unpackKept, type Envelope } from '../forms/keep.ts';
import { safeLocalPath } from '../forms/local-path.ts';
import { messages } from '../forms/problems.ts';
import { oneBox, type Field } from '../forms/field.ts';
import { email, kana, readForm, secret, text } from '../forms/read.ts';
import { foldDigits } from '../forms/text.ts';
import { mailAddress } from '../mail/address.ts';
import { KANA_MAX, NAME_MAX } from './account.ts';
import { PASSWORD_MAX } from './password.ts';
import { foldRecoveryCode, GAPS } from './recovery-code.server.ts';

const anyEmail = email({ label: 'メールアドレス', required: true });
/** An address the portal can also write to; what the mail would refuse later is refused where it is typed. */
const emailField: typeof anyEmail = {
  ...anyEmail,
  read(name, from) {
    const address = anyEmail.read(name, from);
    if (address === undefined || mailAddress(address)) return address;
    from.refuse(name, messages.notEmail(anyEmail.label));
    return undefined;
  }
};
const nameField = text({ label: '氏名', max: NAME_MAX, required: true });
const kanaField = kana({ label: 'フリガナ', max: KANA_MAX });
const passwordField = secret({ label: 'パスワード', max: PASSWORD_MAX });
const currentField = secret({ label: 'いまのパスワード', max: PASSWORD_MAX });
const newField = secret({ label: '新しいパスワード', max: PASSWORD_MAX });

export const readEmail = (form: FormData) => readForm(form, { email: emailField });
export const readLogin = (form: FormData) => readForm(form, { email: emailField, password: passwordField });
export const readSignUp = (form: FormData) => readForm(form, { name: nameField, kana: kanaField, password: passwordField });
export const readReset = (form: FormData) => readForm(form, { password: passwordField });
export const readName = (form: FormData) => readForm(form, { name: nameField, kana: kanaField });
export const readPasswordChange = (form: FormData) => readForm(form, { current_password: currentField, new_password: newField });
export const readEmailChange = (form: FormData) => readForm(form, { email: emailField, email_password: currentField });
export const readSession = (form: FormData) => readForm(form, { session: text({ label: '端末', max: 64, required: true }) });
export const readConfirm = (form: FormData) => readForm(form, { password: passwordField });

/** What an authenticator shows, in full or half width, with or without a space in the middle. Never shown again. */
const codeField: Field<string> = {
  ...oneBox<string, true>({ label: '確認コード', required: true }, (typed, label) => {
    const code = foldDigits(typed).replaceAll(GAPS, '');
    return /^[0-9]{6}$/.test(code) ? { value: code } : { problem: `${label}は、認証アプリに出ている6けたの数字を入力してください。` };
  }),
  secret: true
};
const recoveryField: Field<string> = {
  ...oneBox<string, true>({ label: '回復コード', required: true }, (typed, label) => {
    const code = foldRecoveryCode(typed);
    return code ? { value: code } : { problem: `${label}は、控えたとおりに24文字の英数字を入力してください。区切りの「-」はなくてもかまいません。` };
  }),
  secret: true
};

export const readCode = (form: FormData) => readForm(form, { one_time_code: codeField });
export const readRecoveryCode = (form: FormData) => readForm(form, { recovery_code: recoveryField });

/** Where to go next (a path inside this site or nothing), and what a form left behind when its session had ended. */
export type Carried = { next: string | null; kept: Envelope | null };

/** Takes `next` and `kept` out of a form; whatever is off in them is dropped, for nobody typed it. */
export function readCarried(form: FormData): Carried & { rest: FormData } {
  const rest = new FormData();
  for (const [name, value] of form) if (name !== 'next' && name !== 'kept') rest.append(name, value);
  const kept = form.get('kept');
  return { rest, next: safeLocalPath(form.get('next')), kept: typeof kept === 'string' ? unpackKept(kept) : null };
}
