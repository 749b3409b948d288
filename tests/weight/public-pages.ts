/** The pages that anybody may open, out of the policy and the routes, each with an address at which it can be read. */
import type postgres from 'postgres';
import type { TokenPurpose } from '../../src/lib/accounts/account.ts';
import { hashSecret, newSecret } from '../../src/lib/accounts/secret.server.ts';
import { policy } from '../../src/lib/policy/policy.ts';
import { manifest, paramsOf, pathOf } from '../security/manifest.ts';
import { ROOT } from '../security/portal.ts';

export const PUBLIC_PAGES: readonly string[] = manifest(ROOT).filter(({ id, kind }) => kind === 'page' && policy[id]?.get === 'anyone').map(({ id }) => id);

/** The pages behind a link in a mail. */
const PURPOSES: Record<string, TokenPurpose> = { '/(account)/sign-up/[token]': 'sign_up', '/(account)/password-reset/[token]': 'reset' };

/** Where the page is in a portal with the demo's data. Throws for a page whose address nobody described here. */
export async function publicAddress(id: string, owner: postgres.Sql): Promise<string> {
  const purpose = PURPOSES[id];
  const values: Record<string, string> = { scheme: 'machizukuri', ...(purpose ? { token: await tokenFor(purpose, owner) } : {}) };
  const unknown = paramsOf(id).filter((name) => values[name] === undefined);
  if (unknown.length > 0) throw new Error(`${id}: say in tests/weight/public-pages.ts which address stands for it`);
  return pathOf(id, values);
}

async function tokenFor(purpose: TokenPurpose, owner: postgres.Sql): Promise<string> {
  const token = newSecret();
  await owner.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    const [account] = await tx<{ id: string; email: string }[]>`select id, email from account order by id limit 1`;
    const { id, email } = purpose === 'sign_up' ? { id: null, email: 'hajimete@kanaria.example' } : account!;
    await tx`
      insert into account_token (token_hash, purpose, account_id, email, created_at, expires_at)
      values (${hashSecret(token)}, ${purpose}, ${id}, ${email}, now(), now() + interval '10 minutes')`;
  });
  return token;
}
