import type { Tx } from '../db/db.server.ts';
import { canonical } from './canonical.ts';

export { NotRecordable } from './canonical.ts';

export type Entry = {
  /** What was done, `application.submit`. */
  action: string;
  /** To what: kind and id. */
  subject: readonly [kind: string, id: string];
  before?: unknown;
  after?: unknown;
};

/**
 * Records a change in the same transaction as the change itself; the last statement of a verb, because from here to
 * COMMIT other records wait (the chain has one head). Actor, organisation and request come from `tx.actor`.
 * Refuses keys that name secrets.
 */
export async function record(tx: Tx, { action, subject: [kind, id], before, after }: Entry): Promise<void> {
  const { name, onBehalfOf = null, requestId = null } = tx.actor;
  await tx`
    insert into audit_entry (actor, on_behalf_of, request_id, action, subject_kind, subject_id, before, after)
    values (${name}, ${onBehalfOf}, ${requestId}, ${action}, ${kind}, ${id}, ${textOf(before)}, ${textOf(after)})`;
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : canonical(value);
}
