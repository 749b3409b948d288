import { createHash } from 'node:crypto';
import { keyOf } from '../forms/ids.ts';

/**
 * The idempotency key of one sending: the page's key together with what was sent. Sent twice it is done once; but going
 * back, changing an answer and sending again is another act, which must not be answered with the first one's result.
 * `more` stands for what the texts don't show, such as a file's hash.
 */
export function onceKey(form: FormData, more = ''): string {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== '_key');
  return `${keyOf(form)}:${createHash('sha256').update(JSON.stringify([texts, more])).digest('hex').slice(0, 32)}`;
}
