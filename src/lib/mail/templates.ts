import { formatPlainDay, formatInstant } from '../time/wareki.ts';
import type { Day } from '../time/day.ts';

/**
 * Every mail the portal can write. Subjects are fixed words: a subject is shown on locked screens and kept in logs.
 * Bodies are plain text and lead to a page behind the sign-in; they carry no personal data and no reasons.
 */

/** What each template needs. `url` is a page of the portal; its origin is replaced by the portal's own. */
export type MailData = {
  sign_up_link: { url: string; expiresAt: Date };
  already_registered: { signInUrl: string; resetUrl: string };
  password_reset_link: { url: string; expiresAt: Date };
  password_changed: { at: Date };
  email_change_confirm: { url: string; expiresAt: Date };
  email_change_notice: { at: Date };
  second_step_notice: { what: 'set_up' | 'codes' | 'off' | 'reset'; at: Date } | { what: 'recovery_code'; codesLeft: number; at: Date };
  organisation_invitation: { organisationName: string; url: string; expiresAt: Date };
  /** To the former representative; `lastOn` is the last day, null when it is over. */
  representative_ended: { organisationName: string; lastOn: Day | null };
  succession_begun: { organisationName: string; effectiveOn: Day; url: string };
  succession_cancelled: { organisationName: string; url: string };
  membership_ended: { organisationName: string; lastOn: Day | null };
  member_ended: { organisationName: string; url: string };
  /** `lastOn`: the last day on which the draft can still be read. */
  draft_expiring: { lastOn: Day; url: string };
  application_receipt: { receiptNumber: string; url: string };
  correction_request: { receiptNumber: string; dueOn: Day; url: string };
  correction_cancelled: { receiptNumber: string; url: string };
  application_withdrawn: { receiptNumber: string; url: string };
  application_dismissed: { receiptNumber: string; url: string };
  committee_assignment: { url: string };
  result_released: { receiptNumber: string; url: string };
  letter_issued: { receiptNumber: string; url: string };
};
export type MailTemplate = keyof MailData;

/** What a mail says of its sender; the city's settings hold it. */
export type Sender = { portal_name: string; city_name: string; section_name: string; phone: string; office_hours: string };
export type Composed = { subject: string; body: string; secret_until: Date | null };
type Written = { subject: string; lines: string[]; secret_until?: Date };
type Writer<T extends MailTemplate> = (data: MailData[T], page: (url: string) => string) => Written;

const NOT_YOU = '心当たりがない場合は、このメールを削除してください。何も変わりません。';
const URGENT = '心当たりがない場合は、だれかがあなたになりすましている恐れがあります。すぐに下の連絡先へお電話ください。';
const CALL_US = '心当たりがないときや、まちがいと思うときは、下の連絡先へお電話ください。';
const KEEP_SECRET = 'このリンクは、ほかの人に教えないでください。';

const WRITERS: { [T in MailTemplate]: Writer<T> } = {
  sign_up_link: ({ url, expiresAt }, page) => secret('利用者登録の続き', expiresAt, [
    '利用者登録のお申し込みを受け付けました。', '次のページを開いて、登録を終えてください。', '', page(url)
  ], NOT_YOU),
  already_registered: ({ signInUrl, resetUrl }, page) => ({
    subject: '利用者登録について',
    lines: ['このメールアドレスは、すでに登録されています。', '次のページからログインしてください。', '', page(signInUrl), '',
      'パスワードを忘れたときは、次のページで新しく決められます。', '', page(resetUrl), '', NOT_YOU]
  }),
  password_reset_link: ({ url, expiresAt }, page) => secret('パスワードの再設定', expiresAt, [
    'パスワードを新しく決めるお申し込みを受け付けました。', '次のページを開いて、新しいパスワードを決めてください。', '', page(url)
  ], NOT_YOU),
  password_changed: ({ at }) => ({
    subject: 'パスワードを変更しました', lines: ['パスワードが変更されました。', `変更した日時：${formatInstant(at)}`, '', URGENT]
  }),
  email_change_confirm: ({ url, expiresAt }, page) => secret('メールアドレスの確認', expiresAt, [
    'メールアドレスをこのアドレスに変えるお申し込みを受け付けました。', '次のページを開くと、変更が終わります。', '', page(url)
  ], NOT_YOU),
  email_change_notice: ({ at }) => ({
    subject: 'メールアドレスの変更について',
    lines: ['登録のメールアドレスを、別のアドレスに変えるお申し込みがありました。', `お申し込みの日時：${formatInstant(at)}`, '', URGENT]
  }),
  second_step_notice: (data) => ({
    subject: '2段階認証について', lines: [...secondStepWords(data), `日時：${formatInstant(data.at)}`, '', URGENT]
  }),
  organisation_invitation: ({ organisationName, url, expiresAt }, page) => secret('団体への招待', expiresAt, [
    `「${plainWords(organisationName)}」の一員として、招待されています。`, '次のページを開いて、参加するかどうかを選んでください。', '', page(url)
  ], NOT_YOU),
  representative_ended: ({ organisationName, lastOn }) => ({
    subject: '団体の代表者の交代について',
    lines: [`「${plainWords(organisationName)}」の代表者の交代の手続きを、市が進めています。`, endOf('代表者としての手続き', lastOn), '', CALL_US]
  }),
  succession_begun: ({ organisationName, effectiveOn, url }, page) => ({
    subject: '団体の代表者の交代について',
    lines: [`「${plainWords(organisationName)}」の代表者の交代の手続きを、市が進めています。`, '次の代表者になる人に、招待のメールを送りました。', `交代する日：${formatPlainDay(effectiveOn)}`, '',
      '団体の情報は、次のページで見られます。', '', page(url), '', CALL_US]
  }),
  succession_cancelled: ({ organisationName, url }, page) => ({
    subject: '団体の代表者の交代の取りやめについて',
    lines: [`「${plainWords(organisationName)}」の代表者の交代の手続きを、市が取りやめました。`, '団体の情報は、次のページで見られます。', '', page(url)]
  }),
  membership_ended: ({ organisationName, lastOn }) => ({
    subject: '団体の手続きをする人について',
    lines: [`市が、「${plainWords(organisationName)}」の手続きをする人を変更しました。`, endOf('この団体での手続き', lastOn), '', CALL_US]
  }),
  member_ended: ({ organisationName, url }, page) => ({
    subject: '団体の手続きをする人について',
    lines: [`市が、「${plainWords(organisationName)}」の手続きをする人を変更しました。`, '今の手続きをする人は、次のページで見られます。', '', page(url), '', CALL_US]
  }),
  draft_expiring: ({ lastOn, url }, page) => ({
    subject: '提出していない申請の下書きについて',
    lines: ['受付が終わった補助金の、提出していない下書きが残っています。', `${formatPlainDay(lastOn)}を過ぎると、この下書きは消えます。消えると、元に戻せません。`, '残したい文章や書類があれば、それまでに次のページを開いて、控えを取ってください。', '', page(url), '',
      '下書きがいらないときは、何もしなくてかまいません。']
  }),
  application_receipt: (data, page) => aboutApplication('申請を受け付けました', data, page,
    ['申請を受け付けました。', 'この後、市が内容を確認します。', '控えと今の状況は、次のページで見られます。']),
  correction_request: (data, page) => aboutApplication('申請の補正のお願い', data, page,
    ['申請の内容について、直していただきたい所があります。', `期限：${formatPlainDay(data.dueOn)}`, '直す所と理由は、次のページで見られます。']),
  correction_cancelled: (data, page) => aboutApplication('補正のお願いの取消しについて', data, page,
    ['先にお知らせした補正のお願いを、市が取り消しました。', '申請を直す必要はありません。今の内容のまま、市が確認を続けます。', '書きかけの内容は、提出されていません。', '今の状況は、次のページで見られます。']),
  application_withdrawn: (data, page) => aboutApplication('申請の取下げについて', data, page,
    ['申請の取下げを受け付けました。', '内容は、次のページで見られます。']),
  application_dismissed: (data, page) => aboutApplication('申請の取扱いについて', data, page,
    ['申請の取扱いについて、お知らせがあります。', '内容と理由は、次のページで見られます。']),
  committee_assignment: ({ url }, page) => ({
    subject: '審査のお願い', lines: ['審査していただく申請があります。', '次のページにログインして、ご覧ください。', '', page(url)]
  }),
  result_released: (data, page) => aboutApplication('審査の結果について', data, page,
    ['審査の結果が出ました。', '結果は、次のページで見られます。']),
  letter_issued: (data, page) => aboutApplication('通知書の発行について', data, page,
    ['通知書を発行しました。', '通知書は、次のページで見られます。'])
};

function secondStepWords(data: MailData['second_step_notice']): string[] {
  switch (data.what) {
    case 'set_up': return ['2段階認証を設定しました。', '次のログインから、パスワードのほかに確認コードもお聞きします。'];
    case 'codes': return ['新しい回復コードを作りました。', '前の回復コードは、もう使えません。'];
    case 'off': return ['2段階認証を使わない設定にしました。'];
    case 'reset': return ['管理者が、あなたの2段階認証の設定を取り消しました。', '次のログインのときに、もう一度設定してください。'];
    case 'recovery_code': return ['回復コードを使ったログインがありました。', `残りの回復コード：${data.codesLeft}個`];
  }
}

/** Writes the mail. `origin` is the portal's configured address and never comes from a request. */
export function compose<T extends MailTemplate>(template: T, data: MailData[T], sender: Sender, origin: string): Composed {
  const writer = WRITERS[template] as Writer<T>;
  const { subject, lines, secret_until } = writer(data, (url) => pageOf(url, origin));
  const portal = plainWords(sender.portal_name);
  const foot = ['', '――――――――――――――――', portal, [sender.city_name, sender.section_name].map(plainWords).join(' '),
    `電話：${plainWords(sender.phone)}（${plainWords(sender.office_hours)}）`, 'このメールは送信専用です。返信しても届きません。'];
  return { subject: `【${portal}】${subject}`, body: [...lines, ...foot].join('\n') + '\n', secret_until: secret_until ?? null };
}

export function isMailTemplate(name: string): name is MailTemplate {
  return Object.hasOwn(WRITERS, name);
}

/** When a right to act ends: `lastOn` is the last day, null when it is over. */
const endOf = (what: string, lastOn: Day | null): string => (lastOn === null ? `${what}は、終わりました。` : `${what}ができるのは、${formatPlainDay(lastOn)}までです。`);

function aboutApplication(subject: string, data: { receiptNumber: string; url: string }, page: (url: string) => string, words: string[]): Written {
  return { subject, lines: [`受付番号：${plainWords(data.receiptNumber)}`, '', ...words, '', page(data.url)] };
}

function secret(subject: string, expiresAt: Date, lines: string[], closing: string): Written {
  return { subject, lines: [...lines, '', `このページを開ける期限：${formatInstant(expiresAt)}`, KEEP_SECRET, '', closing], secret_until: expiresAt };
}

/** A page of this portal whatever host the caller named; refuses what is not a web address or a path. */
function pageOf(url: string, origin: string): string {
  const { protocol, pathname, search, hash } = new URL(url, origin);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('a mail links to web pages only');
  // A path of two slashes would be read as another host.
  return origin.replace(/\/+$/u, '') + pathname.replace(/^\/+/u, '/') + search + hash;
}

/** Text typed by someone, as one line that can neither start another line nor become a link in a mail program. */
export function plainWords(text: string): string {
  const line = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').replace(/\s+/gu, ' ').trim();
  return [...line.replace(/:\/\//gu, '：／／').replace(/(?<=[\p{L}\p{N}])\.(?=\p{L})/gu, '．')].slice(0, 100).join('');
}
