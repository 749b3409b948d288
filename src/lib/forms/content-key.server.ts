import { createHash } from 'node:crypto';
import { keyOf } from './ids.ts';

/**
 * The key of one showing of a form together with what was sent: the same page posted twice has one effect, while a page
 * reached again with the browser's Back and changed is judged anew instead of being taken for the first post.
 */
export function contentKeyOf(form: FormData, value: unknown): string {
  return `${keyOf(form)}.${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24)}`;
}
