import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyring, readKeyring } from '../../src/lib/settings/sealing.server.ts';
import { ask, dataFolder, type Mode, type PortalDatabase } from './database.ts';

const keyFile = () => join(dataFolder(), 'portal.key');

/**
 * Makes sure that PORTAL_KEYS has the keys for secrets at rest, for this process and the server it starts. A demo without
 * them gets a key of its own, made once in a file beside its data. Production gets none made: a key nobody put away is a
 * key that is lost with the machine. Throws one line when they are missing or malformed.
 */
export function preparePortalKeys(mode: Mode): void {
  const given = process.env.PORTAL_KEYS?.trim() || null;
  const text = given ?? (mode === 'demo' ? ownKey() : null);
  readKeyring(text);
  process.env.PORTAL_KEYS = text!;
}

function ownKey(): string {
  mkdirSync(dataFolder(), { recursive: true });
  try {
    writeFileSync(keyFile(), `demo:${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(keyFile(), 'utf8').trim();
}

/**
 * Refuses to start without a key that something in the database is sealed with: it could be opened by nobody. Columns
 * with sealed values are known by their type, `portal.sealed`.
 */
export async function refuseMissingKeys(db: Pick<PortalDatabase, 'ownerUrl'>): Promise<void> {
  const { keys } = keyring();
  const needed = await ask(db.ownerUrl, async (sql) => {
    const columns = await sql<{ table: string; column: string }[]>`
      select table_name as table, column_name as column from information_schema.columns where domain_schema = 'portal' and domain_name = 'sealed'`;
    const found = await Promise.all(columns.map(({ table, column }) => sql<{ id: string }[]>`select distinct split_part(${sql(column)}, '.', 2) as id from ${sql(table)}`));
    return found.flat().map(({ id }) => id);
  });
  const missing = [...new Set(needed)].filter((id) => !keys.has(id)).sort();
  if (missing.length > 0) throw new Error(`PORTAL_KEYS に「${missing.join('」「')}」の鍵がありません。その鍵で封をした値が残っているため、起動できません / a key that the database still needs is missing`);
}
