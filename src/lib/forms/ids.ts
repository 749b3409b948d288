import { createHash, randomUUID } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID, as the database writes them. Anything else never reaches a query. */
export const isUuid = (text: unknown): text is string => typeof text === 'string' && UUID.test(text);

/** A fresh key for one showing of a form: posting it twice has one effect (IN-9). */
export const newKey = (): string => randomUUID();

/**
 * The idempotency key of one sending: the page's key together with what was sent. Sent twice it is done once; but going
 * back, changing an answer and sending again is another act, which must not be answered with the first one's result.
 * `more` stands for what the texts don't show, such as a file's hash. A form without a key gets its own, and so no protection.
 */
export function keyOf(form: FormData, more = ''): string {
  const key = form.get('_key');
  const sent = [...form].filter(([name]) => name !== '_key')
    .map(([name, value]) => [name, typeof value === 'string' ? value : `${value.name}:${value.size}`]);
  const content = createHash('sha256').update(JSON.stringify([sent, more])).digest('hex').slice(0, 32);
  return `${isUuid(key) ? key : randomUUID()}:${content}`;
}
