import postgres from 'postgres';
import { policy } from '../../src/lib/policy/policy.ts';
import type { DatabaseCopy } from '../database/server.ts';
import { EXPECTED } from './expectations.ts';
import { manifest, type Route } from './manifest.ts';
import { runMatrix, type Matrix } from './matrix.ts';
import { ROOT, startPortal } from './portal.ts';
import type { World } from './world/world.ts';

/** Where manifest, policy and expectations do not name the same routes and actions. */
export function gaps(routes: readonly Route[]): string[] {
  const ids = new Set(routes.map((route) => route.id));
  const names = (table: Record<string, { post?: object }>, id: string) => Object.keys(table[id]?.post ?? {}).sort();
  const same = (a: readonly string[], b: readonly string[]) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
  return [
    ...[...ids].filter((id) => !Object.hasOwn(policy, id)).map((id) => `${id}: no line in policy.ts, so nobody can open it`),
    ...[...ids].filter((id) => !Object.hasOwn(EXPECTED, id)).map((id) => `${id}: no line in expectations.ts`),
    ...Object.keys(EXPECTED).filter((id) => !ids.has(id)).map((id) => `${id}: expectations.ts has a line for a route that is not there`),
    ...Object.keys(policy).filter((id) => !ids.has(id)).map((id) => `${id}: policy.ts has a line for a route that is not there`),
    ...routes.filter((route) => route.kind === 'page').flatMap(({ id, actions }) => [
      ...(same(actions, names(policy, id)) ? [] : [`${id}: its actions are ${actions.join(', ') || 'none'}, policy.ts names ${names(policy, id).join(', ') || 'none'}`]),
      ...(same(actions, names(EXPECTED, id)) ? [] : [`${id}: its actions are ${actions.join(', ') || 'none'}, expectations.ts names ${names(EXPECTED, id).join(', ') || 'none'}`])
    ]),
    ...routes.filter((route) => route.kind === 'endpoint').flatMap(({ id, methods }) => (same(methods, ['GET']) ? [] : [`${id}: an endpoint with ${methods.join(', ')}; the matrix asks GET alone`]))
  ];
}

/** Routes asked last: what happens there would change what the others answer. */
const LAST = /withdrawal$|\/staff\/|\(account\)\/(account|logout)$/;

/** The routes whose id contains one of the words (all without words), the ones that change something last. */
export function chosen(words: readonly string[], root = ROOT): Route[] {
  const routes = manifest(root).filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)));
  return [...routes.filter(({ id }) => !LAST.test(id)), ...routes.filter(({ id }) => LAST.test(id))];
}

/** Starts the portal of `root` over the database, as strict as in production, and asks the matrix. */
export async function runOver(database: Pick<DatabaseCopy, 'appUrl' | 'ownerUrl'>, world: World, routes: readonly Route[], options: { name: string; root?: string; first?: boolean; quick?: boolean; env?: Record<string, string> }): Promise<Matrix> {
  const portal = await startPortal({ appUrl: database.appUrl, ...options, env: { STAFF_SECOND_STEP: 'required', ...options.env } });
  const owner = postgres(database.ownerUrl, { max: 2, onnotice: () => {} });
  try {
    return await runMatrix({ origin: portal.origin, world, routes, owner, ...(options.first ? { first: true } : {}), ...(options.quick ? { quick: true } : {}) });
  } finally {
    await owner.end({ timeout: 1 });
    await portal.stop();
  }
}
