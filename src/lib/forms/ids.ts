import { randomUUID } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID, as the database writes them. Anything else never reaches a query. */
export const isUuid = (text: unknown): text is string => typeof text === 'string' && UUID.test(text);

/** A fresh key for one showing of a form: posting it twice has one effect (IN-9). */
export const newKey = (): string => randomUUID();

/** The key a form came with. A form without one (an old bookmark, a script) gets its own, and so no protection. */
export function keyOf(form: FormData): string {
  const key = form.get('_key');
  return isUuid(key) ? key : randomUUID();
}
