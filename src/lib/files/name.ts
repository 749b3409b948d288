import { MAX_NAME_CODE_POINTS } from './limits.ts';

/** Names come from strangers' computers: they are shown and offered for download, and never used as a path. */

// Path separators, C0/C1 controls, and everything invisible that can turn or hide letters (Trojan Source).
const UNWANTED = /[/\\\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu;

/** A Macintosh writes ガ as カ and a mark. Only kana are joined: NFC would turn 﨑 and 神 in their registered forms into others. */
const SPLIT_KANA = /[\u3041-\u30ff][\u3099\u309a]/gu;

/** The name as typed without what cannot be shown safely, at most 255 code points with its ending kept. */
export function cleanName(typed: string): string {
  const last = typed.toWellFormed().split(/[/\\]/u).at(-1) ?? '';
  const name = last.replace(SPLIT_KANA, (pair) => pair.normalize('NFC')).replaceAll('\uFFFD', '').replace(UNWANTED, '').replace(/\s+/gu, ' ').replace(/^[\s.]+|[\s.]+$/gu, '');
  const points = [...name];
  if (points.length === 0) return '名称なし';
  if (points.length <= MAX_NAME_CODE_POINTS) return name;
  const ending = endingOf(name);
  const tail = ending === '' ? [] : [...`.${ending}`];
  return points.slice(0, MAX_NAME_CODE_POINTS - tail.length).join('') + tail.join('');
}

/** The ending in lower case without its dot, '' when there is none; full-width letters count as their narrow twins. */
export function endingOf(name: string): string {
  const match = /[.．]([^.．]{1,8})$/u.exec(name.normalize('NFKC').trim());
  return match ? match[1]!.toLowerCase() : '';
}

/** The name with the ending of what the file really is now (a HEIC that became a JPEG must not be saved as .heic). */
export function withEnding(name: string, ending: string): string {
  const old = endingOf(name);
  if (old === ending || (ending === 'jpg' && old === 'jpeg')) return name;
  const stem = old === '' ? name : name.replace(/[.．][^.．]{1,8}\s*$/u, '');
  return `${[...stem].slice(0, MAX_NAME_CODE_POINTS - ending.length - 1).join('')}.${ending}`;
}

/** RFC 6266 with an ASCII twin for old programs. Nothing but letters, digits and %XX of the name reaches the header. */
export function contentDisposition(name: string): string {
  const clean = cleanName(name);
  const ascii = clean.replace(/[^A-Za-z0-9._-]/gu, '_').replace(/_{2,}/gu, '_').slice(-100);
  const encoded = encodeURIComponent(clean).replace(/['()*!~]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
