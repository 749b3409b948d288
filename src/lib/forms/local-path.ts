/**
 * A path inside this site, from text a visitor can choose (`next`, a form's return). Returns it as a browser will read it,
 * or null. Refuses everything a browser might take elsewhere (IN-10): '//evil', '/\evil', 'https:', control characters and
 * spaces (raw or percent-encoded), backslashes, '/.//evil', non-ASCII, more than 2,000 characters.
 */
export function safeLocalPath(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 2000) return null;
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || /[\\<>"`^{}|]|%(?:0|1|5c|7f|(?![0-9a-f]{2}))/i.test(text)) return null;
  if (/^\/(?:%2e|\.)*(?:%2f|\/)/i.test(text)) return null;
  const here = 'http://portal.invalid';
  const url = URL.canParse(text, here) ? new URL(text, here) : null;
  if (!url || url.origin !== here || /^\/(?:\/|%2f)/i.test(url.pathname)) return null;
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Whether `safeLocalPath` would take it. */
export function isSafePath(text: string): boolean {
  return safeLocalPath(text) !== null;
}
