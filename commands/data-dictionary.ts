/** `npm run docs:dictionary`: writes docs/data-dictionary.md from the comments in the migrated database's catalogue. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freshDatabase } from '../tests/database/harness.ts';
import { dictionary, faults, readCatalogue } from './data-dictionary/catalogue.ts';

const FILE = join(resolve(import.meta.dirname, '..'), 'docs/data-dictionary.md');

const database = await freshDatabase();
try {
  const tables = await readCatalogue(database.ownerSql);
  const wrong = faults(tables);
  if (wrong.length > 0) {
    console.error(wrong.join('\n'));
    process.exitCode = 1;
  }
  writeFileSync(FILE, dictionary(tables));
  console.log(`${FILE}: ${tables.length} tables`);
} finally {
  await database.drop();
}
