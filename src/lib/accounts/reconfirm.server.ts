import { packKept, type Kept, type LostFile } from '../forms/keep.ts';
import { escapeHtml, safeLocalPath } from '../forms/pages.ts';

/**
 * 401: an action needs a freshly given password (AN-10). Asks for it and carries the typed form along, so that nothing
 * typed is lost: /confirm-password offers to send it again. `action` is the path the form was posted to, with its query.
 */
export function reconfirmPage(action: string, typed: { kept: readonly Kept[]; files: readonly LostFile[] }): Response {
  const path = safeLocalPath(action) ?? '/';
  const kept = packKept({ action: path, kept: [...typed.kept], files: [...typed.files] });
  const html = `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>パスワードをもう一度入力してください</title>
</head>
<body>
<main>
<h1>パスワードをもう一度入力してください</h1>
<p>大切な操作なので、本人であることを確かめます。</p>
<p><strong>まだ保存されていません。入力した内容は残っています。</strong></p>
<form method="post" action="/confirm-password" enctype="multipart/form-data">
<input type="hidden" name="kept" value="${escapeHtml(kept)}">
<input type="hidden" name="next" value="${escapeHtml(path.split('?')[0] ?? '/')}">
<p><label for="password">パスワード</label><br><input id="password" name="password" type="password" autocomplete="current-password" size="40" required></p>
<p><button type="submit">確かめて続ける</button></p>
</form>
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
