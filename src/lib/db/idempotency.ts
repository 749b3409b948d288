import { KeyMisuse } from './errors.ts';
import type { Sql } from './statement.ts';

export type Key = { action: string; key: string };

/**
 * Claims the key inside the transaction. A second call with the same key waits here, on the unique index, until the
 * first has ended. Answers the first result when there is one, else undefined. Refuses a key claimed by another actor.
 */
export async function claim(tx: Sql, { action, key }: Key, actor: string): Promise<{ result: unknown } | undefined> {
  const [claimed] = await tx`
    insert into idempotency_key (action, key, actor) values (${action}, ${key}, ${actor})
    on conflict do nothing returning 1 as claimed`;
  if (claimed) return undefined;
  const [first] = await tx<{ actor: string; result: string | null }[]>`
    select actor, result from idempotency_key where action = ${action} and key = ${key}`;
  if (!first) throw new Error('the idempotency key vanished between two statements');
  if (first.actor !== actor) throw new KeyMisuse(`the key of ${action} belongs to another actor`);
  return { result: first.result === null ? undefined : (JSON.parse(first.result) as unknown) };
}

/** Stores the result with the key. Answers it as every later call will see it: what JSON keeps of it. */
export async function keep<R>(tx: Sql, { action, key }: Key, result: R): Promise<R> {
  const text = (JSON.stringify(result) as string | undefined) ?? null;
  await tx`update idempotency_key set result = ${text} where action = ${action} and key = ${key}`;
  return (text === null ? undefined : JSON.parse(text)) as R;
}
