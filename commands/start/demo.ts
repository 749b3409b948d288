import { DEMO_ACCOUNTS, loadDemo } from '../../db/demo/load.ts';
import { closePool, configureDatabase } from '../../src/lib/db/db.server.ts';
import type { PortalDatabase } from './database.ts';

/** Fills an empty database with invented data. Refuses outside demo mode. */
export async function loadDemoData(db: Pick<PortalDatabase, 'mode' | 'appUrl'>): Promise<void> {
  if (db.mode !== 'demo') throw new Error('見本データは見本（PORTAL_MODE=demo）にしか入れられません');
  configureDatabase(db.appUrl, { connectMs: 10_000, waitMs: 10_000 });
  try {
    await loadDemo();
  } finally {
    await closePool();
  }
}

/** Prints who can sign in, one line each, aligned also where a letter is two columns wide. */
export function printDemoAccounts(say: (line: string) => void): void {
  const rows = DEMO_ACCOUNTS.map(({ duty, name, email, password }) => [duty, name, email, password]);
  const table = [['役割', '氏名（架空）', 'メールアドレス', 'パスワード'], ...rows];
  const widths = table[0]!.map((_, at) => Math.max(...table.map((row) => columnsOf(row[at]!))));
  say('');
  say('見本の利用者 / demo accounts:');
  for (const row of table) say(`  ${row.map((cell, at) => cell + ' '.repeat(widths[at]! - columnsOf(cell))).join('  ').trimEnd()}`);
}

/** Terminal columns: Japanese letters take two. */
function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0)! >= 0x1100 ? 2 : 1), 0);
}
