/**
 * `npm run admin:create -- --email a@example.jp [--name 氏名]`: the first administrator of a production portal.
 * No password is ever typed on a command line: a link, good for one use and 15 minutes, lets the person choose one.
 * Run it again for a new link.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { foldEmail } from '../src/lib/accounts/account.ts';
import { hashPassword } from '../src/lib/accounts/password.server.ts';
import { grantRole } from '../src/lib/accounts/staff.server.ts';
import { createAccount } from '../src/lib/accounts/store.server.ts';
import { cancelTokens, issueToken } from '../src/lib/accounts/token.server.ts';
import { closePool, configureDatabase, transaction, type Tx } from '../src/lib/db/db.server.ts';
import { publicOrigin } from '../src/lib/settings/environment.server.ts';
import { dayOf } from '../src/lib/time/day.ts';
import { chooseMode, openDatabase, refuseMixedModes } from './start/database.ts';

function readArguments(): { email: string; name: string } {
  const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } });
  const email = values.email?.trim() ?? '';
  if (!/^[!-~]+@[!-~]+\.[!-~]+$/.test(email) || email.length > 254) throw new Error('使い方: npm run admin:create -- --email メールアドレス [--name 氏名]');
  return { email, name: values.name?.trim() || '管理者' };
}

/** The account, made with a password nobody knows when there is none yet. */
async function accountId(tx: Tx, email: string, name: string, unguessable: string): Promise<string> {
  const [known] = await tx<{ id: string; disabled_at: Date | null }[]>`select id, disabled_at from account where email_folded = ${foldEmail(email)}`;
  if (known?.disabled_at) throw new Error('この利用者は利用を止められています / this account is disabled');
  if (known) return known.id;
  const made = await createAccount(tx, { email, name, kana: null, passwordHash: unguessable });
  if (!made.ok) throw new Error('もう一度実行してください / somebody has just signed up with this address, try again');
  return made.accountId;
}

async function createAdministrator(email: string, name: string): Promise<string> {
  const hashed = await hashPassword(randomBytes(48).toString('base64url'));
  if (!hashed.ok) throw new Error('もう一度実行してください / busy, try again');
  const now = new Date();
  return transaction({ name: 'system:admin-create' }, async (tx) => {
    const id = await accountId(tx, email, name, hashed.hash);
    const granted = await grantRole(tx, null, { accountId: id, role: 'administrator', fromOn: dayOf(now), lastOn: null }, now);
    if (!granted.ok && granted.reason !== 'already_held') throw new Error(`管理者にできません: ${granted.reason}`);
    await cancelTokens(tx, id, now);
    const { token } = await issueToken(tx, 'reset', { email, accountId: id }, now);
    return `${publicOrigin()}/password-reset/${token}`;
  });
}

try {
  const { email, name } = readArguments();
  process.env.ORIGIN ??= `http://localhost:${process.env.PORT ?? '3000'}`;
  if (chooseMode() === 'demo') throw new Error('見本（demo）には管理者の見本がいます。本番は PORTAL_MODE=production を付けて実行してください / demo mode has a demo administrator');
  const db = await openDatabase(() => {});
  try {
    await refuseMixedModes(db);
    configureDatabase(db.appUrl);
    const link = await createAdministrator(email, name);
    console.log(`管理者を用意しました: ${email}\n15分以内に次のアドレスを開いて、パスワードを決めてください（一度だけ使えます）。\n${link}`);
  } finally {
    await closePool();
    await db.close();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
