import { escapeHtml } from '../forms/pages.ts';

const WORDS: Record<number, { title: string; text: string }> = {
  403: { title: 'この画面は利用できません', text: 'この画面を開いたり操作したりする権限がありません。ログインしている人を確認してください。' },
  405: { title: 'この操作はできません', text: 'この画面ではその操作を受け付けていません。前の画面に戻って、もう一度お試しください。' },
  411: { title: '受け付けられません', text: '' },
  413: { title: '大きすぎます', text: '' },
  415: { title: '受け付けられません', text: '' },
  503: { title: 'ただいまつながりません', text: '' }
};

/** A plain page for a request that was turned away before any page of the portal ran. */
export function refusePage(status: number, requestId: string, text?: string): Response {
  const words = WORDS[status] ?? { title: '受け付けられません', text: '' };
  const html = `<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title}</title></head>
<body><main><h1>${words.title}</h1><p>${escapeHtml(text ?? words.text)}</p><p>問い合わせ番号: ${escapeHtml(requestId.slice(0, 8))}</p><p><a href="/">はじめの画面へ</a></p></main></body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '5' } : {}),
      'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }
  });
}
