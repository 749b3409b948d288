import { packKept, type Kept, type LostFile } from '../forms/keep.ts';
import { escapeHtml, safeLocalPath } from '../forms/pages.ts';
import type { Owed } from './account.ts';

type Typed = { kept: readonly Kept[]; files: readonly LostFile[] };

const KEPT = '<p><strong>まだ保存されていません。入力した内容は残っています。</strong></p>';

/**
 * 401: an action needs a freshly given password (AN-10). Asks for it and carries the typed form along, so that nothing
 * typed is lost: /confirm-password offers to send it again. `action` is the path the form was posted to, with its query.
 */
export function reconfirmPage(action: string, typed: Typed): Response {
  return page('パスワードをもう一度入力してください', `<p>大切な操作なので、本人であることを確かめます。</p>
${KEPT}
<form method="post" action="/confirm-password" enctype="multipart/form-data">
${carried(action, typed)}
<p><label for="password">パスワード</label><br><input id="password" name="password" type="password" autocomplete="current-password" size="40" required></p>
<p><button type="submit">確かめて続ける</button></p>
</form>`);
}

/** 401: a form sent before the second step of the log-in was made. Leads there with what was typed; afterwards it can be sent again. */
export function secondStepPage(owes: Owed, action: string, typed: Typed): Response {
  const asked = owes === 'code'
    ? `<p>ログインの途中です。認証アプリに出ている6けたの確認コードを入力してください。</p>
${KEPT}
<form method="post" action="/second-step" enctype="multipart/form-data">
${carried(action, typed)}
<p><label for="one_time_code">確認コード</label><br><input id="one_time_code" name="one_time_code" inputmode="numeric" autocomplete="one-time-code" size="10"></p>
<p>認証アプリを使えないときは、空のまま進むと、回復コードを入力する画面が出ます。</p>
<p><button type="submit">確かめて続ける</button></p>
</form>`
    : `<p>ログインの途中です。続けるには、はじめに2段階認証を設定してください。</p>
${KEPT}
<form method="post" action="/second-step/set-up?/begin" enctype="multipart/form-data">
${carried(action, typed)}
<p><button type="submit">設定を始める</button></p>
</form>`;
  return page('2段階認証', asked);
}

/** Hidden inputs: where to go on, and everything that was typed. */
function carried(action: string, typed: Typed): string {
  const path = safeLocalPath(action) ?? '/';
  const kept = packKept({ action: path, kept: [...typed.kept], files: [...typed.files] });
  return `<input type="hidden" name="kept" value="${escapeHtml(kept)}">
<input type="hidden" name="next" value="${escapeHtml(path.split('?')[0] ?? '/')}">`;
}

function page(title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return new Response(html, {
    status: 401,
    headers: {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }
  });
}
