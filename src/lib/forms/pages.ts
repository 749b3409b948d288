import { packKept, type Envelope, type Kept, type LostFile } from './keep.ts';
import { safeLocalPath } from './local-path.ts';

export { safeLocalPath };

/**
 * Pages for the moments when nothing else may work: whole documents from plain strings, no script, no style, no link to a
 * file, so the strictest CSP and a dead database leave them readable (CR-3, ux F19).
 */
interface Resent {
  /** The path the form was posted to, with its query ('/my/applications/new?/save'). Must be local; '/' is taken otherwise. */
  action: string;
  kept: readonly Kept[];
  /** File inputs whose choice was lost (`lostFiles`). */
  files?: readonly LostFile[];
  /** What people know the inputs as, by name; values without one are shown without a heading. */
  labels?: Readonly<Record<string, string>>;
}

/** Escapes text for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** 503: the database can't be reached. Shows what was typed and offers to send it again to the same place. */
export function databaseAwayPage(page: Resent & { reference: string }): string {
  return document('ただいま保存できません', `
<p>申し訳ありません。ポータルの保存先につながりません。</p>
<p><strong>まだ保存されていません。入力した内容はこの画面に残っています。</strong>この画面を閉じずに、1分ほど待ってから「もう一度送る」を押してください。</p>
${page.kept.some(([name]) => name === '_key') ? '<p>同じ内容を2回送っても、受け付けは1回だけです。</p>\n' : ''}${resendForm(page, 'もう一度送る')}
${typedList(page)}
<p>何度送っても保存できないときは、この画面を印刷するか、写真に撮って、市役所の担当課に連絡してください。</p>
<p>問い合わせ番号：${escapeHtml(page.reference)}</p>`);
}

/**
 * 401: the session ended while a form was being filled in. Asks for e-mail and password, posts them to /login with
 * `kept` (JSON of `packKept`) and `next`; after log-in the route answers with `continuePage(unpackKept(kept))`.
 */
export function sessionExpiredPage(page: Resent & { next: string }): string {
  const envelope: Envelope = { action: local(page.action), kept: [...page.kept], files: [...(page.files ?? [])] };
  return document('もう一度ログインしてください', `
<p>しばらく操作がなかったため、安全のためにログアウトしました。</p>
<p><strong>まだ保存されていません。入力した内容はこの画面に残っています。</strong>ログインすると、続きから送れます。</p>
<form method="post" action="/login" enctype="multipart/form-data">
${hidden([['kept', packKept(envelope)], ['next', local(page.next)]])}
<p><label for="email">メールアドレス</label><br><input id="email" name="email" type="email" autocomplete="username" size="40" required></p>
<p><label for="password">パスワード</label><br><input id="password" name="password" type="password" autocomplete="current-password" size="40" required></p>
<p><button type="submit">ログインして続ける</button></p>
</form>
${typedList(page)}${filesNotice(page.files)}`);
}

/** 200, right after log-in: one button that posts the kept fields to where they were going. Nothing is sent without it. */
export function continuePage(page: Resent): string {
  return document('続きから送れます', `
<p>ログインしました。</p>
<p><strong>まだ保存されていません。</strong>下の内容でよければ「続ける」を押してください。いまログインしている人が送ったことになります。</p>
<p>自分が入力した内容でないときは、押さずにこの画面を閉じてください。</p>
${resendForm(page, '続ける')}
${typedList(page)}`);
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}｜協働ポータル</title>
</head>
<body>
<main>
<h1>${title}</h1>${body}
</main>
</body>
</html>
`;
}

/** multipart, because Japanese text is three times smaller in it than percent-encoded. */
function resendForm(page: Resent, button: string): string {
  const inputs = (page.files ?? []).map((file, at) => `<p><label for="file-${at}">${escapeHtml(page.labels?.[file.name] ?? `ファイル${at + 1}`)}</label><br>`
    + `<input id="file-${at}" name="${escapeHtml(file.name)}" type="file"${file.multiple ? ' multiple' : ''}></p>`);
  return `<form method="post" action="${escapeHtml(local(page.action))}" enctype="multipart/form-data">
${hidden(page.kept)}${filesNotice(page.files)}${inputs.join('\n')}
<p><button type="submit">${button}</button></p>
</form>`;
}

function filesNotice(files: readonly LostFile[] | undefined): string {
  return files && files.length > 0 ? '\n<p>選んだファイルだけは残っていません。お手数ですが、もう一度選んでください。</p>\n' : '';
}

function hidden(pairs: readonly Kept[]): string {
  return pairs.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`).join('\n');
}

/** The typed values for reading, printing and copying; the portal's own fields ('_key', ids) are left out. */
function typedList(page: Resent): string {
  const shown = page.kept.filter(([name, value]) => !name.startsWith('_') && value.trim() !== ''
    && !/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value));
  if (shown.length === 0) return '';
  const items = shown.map(([name, value]) => {
    const label = page.labels?.[name];
    // Line breaks as <br>: <pre> would not wrap on a telephone, and there is no style sheet to ask for it.
    return `<li>${label === undefined ? '' : `${escapeHtml(label)}：<br>`}${escapeHtml(value.trim()).replace(/\r\n?|\n/g, '<br>')}</li>`;
  });
  return `<h2>入力した内容</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function local(path: string): string {
  return safeLocalPath(path) ?? '/';
}
