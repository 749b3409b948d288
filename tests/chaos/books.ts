import { Client } from '../../src/lib/db/client.ts';
import { auditSql, type Books, type Tables } from './money.ts';

export type Verdict = { acknowledged: number; half: number; lost: number; double: number; ghosts: number };

/** In memory, what every caller was told. */
export class Memory implements Books {
  readonly acknowledged = new Set<string>();
  readonly never = new Set<string>();
  readonly byKey = new Map<string, string>();
  /** Callers with the same key who were told different transfers. */
  contradictions = 0;

  told(event: 'acknowledged' | 'never', transfer: string): void {
    this[event].add(transfer);
  }

  keyDone(key: string, transfer: string): void {
    const before = this.byKey.get(key);
    if (before !== undefined && before !== transfer) this.contradictions += 1;
    this.byKey.set(key, transfer);
  }

  /** Compares with what the database holds, asked by its owner. */
  async compare(ownerUrl: string, tables: Tables): Promise<Verdict> {
    const client = await openOwner(ownerUrl);
    try {
      const [counts] = await client.send((sql) => sql.unsafe(auditSql(tables)));
      const rows = await client.send((sql) => sql`select distinct transfer from ${sql(tables.leg)}`);
      const present = new Set(rows.map((row) => row.transfer as string));
      const lost = [...this.acknowledged].filter((id) => !present.has(id)).length;
      // Told “refused” or replaced by another attempt, and yet there. What was acknowledged is no ghost.
      const ghosts = [...this.never].filter((id) => present.has(id) && !this.acknowledged.has(id)).length;
      return { acknowledged: this.acknowledged.size, half: counts!.half as number, lost, double: (counts!.double as number) + this.contradictions, ghosts };
    } finally {
      await client.close();
    }
  }
}

/** A connection of the owner's that does not break the run when it breaks. */
export function openOwner(ownerUrl: string): Promise<Client> {
  return Client.open({ url: ownerUrl, connectMs: 10_000, answerMs: 60_000 });
}

/** Runs several statements as the owner in one transaction (making tables). */
export async function doAsOwner(ownerUrl: string, text: string): Promise<void> {
  const client = await openOwner(ownerUrl);
  try {
    await client.send((sql) => sql.unsafe(`begin read write; set local portal.actor = 'system:chaos'; ${text}; commit`).simple());
  } finally {
    await client.close();
  }
}
