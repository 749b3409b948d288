/**
 * Every page, as everybody who may see it: axe without a violation, one heading, no sideways scrolling, all by keyboard,
 * no foreign request, no CSP violation. Pages are found by following links, so a page nobody links to is found missing.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { DEMO_ACCOUNTS, expect, test } from '../journeys/support/index.ts';
import { keyboardProblems, violations } from './rules.ts';
import { pageRoutes, routeOf, type PageRoute } from './routes.ts';

const VISITED = resolve(import.meta.dirname, '../../.tmp/accessibility');
const STARTS = ['/', '/my', '/panel', '/office', '/login', '/sign-up', '/password-reset', '/account'];
const INSTANCES_PER_ROUTE = 2;
const PAGES_PER_ROLE = 120;

/** Pages no link leads to, each with its reason; journeys pass through them. */
const NOT_BY_LINK: Record<string, string> = {
  '/(account)/sign-up/[token]': 'only the link in a mail leads there',
  '/(account)/password-reset/[token]': 'only the link in a mail leads there',
  '/(account)/account/email/[token]': 'only the link in a mail leads there',
  '/(group)/my/invitations/[token]': 'only the link in a mail leads there',
  '/(account)/confirm-password': 'shown when a password must be given again'
};

const routes = pageRoutes();

/** Breadth first from the usual doors, at most two pages of each kind. */
async function crawl(page: Page, check: (route: PageRoute, first: boolean) => Promise<void>): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const queue = [...STARTS];
  const queued = new Set(queue);
  let pages = 0;
  while (queue.length > 0 && pages < PAGES_PER_ROLE) {
    const path = queue.shift()!;
    const planned = routeOf(routes, path.split('?')[0]!);
    if (!planned || (seen.get(planned.id) ?? 0) >= INSTANCES_PER_ROUTE) continue;
    const response = await page.goto(path);
    const landed = new URL(page.url());
    const route = routeOf(routes, landed.pathname);
    // The log-in page instead, or a refusal: that this person may not is tested elsewhere.
    if (!route || !response?.ok() || (seen.get(route.id) ?? 0) >= INSTANCES_PER_ROUTE) continue;
    seen.set(route.id, (seen.get(route.id) ?? 0) + 1);
    pages += 1;
    await check(route, seen.get(route.id) === 1);
    for (const link of await links(page)) {
      if (queued.has(link)) continue;
      queued.add(link);
      queue.push(link);
    }
  }
  return seen;
}

async function links(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
    .filter((one) => one.origin === location.origin && !one.hasAttribute('download'))
    .map((one) => one.pathname + one.search));
}

for (const account of [{ email: null, duty: '訪問者' }, ...DEMO_ACCOUNTS]) {
  test(`every page as ${account.duty}${account.email ? ` (${account.email})` : ''}`, async ({ person, problems }) => {
    test.setTimeout(600_000);
    const page = await person(account.email);
    const seen = await crawl(page, async (_route, first) => {
      problems.push(...(await violations(page)));
      if (first) problems.push(...(await keyboardProblems(page)));
    });
    expect(seen.size, 'pages found').toBeGreaterThan(2);
    mkdirSync(VISITED, { recursive: true });
    writeFileSync(join(VISITED, `${account.email ?? 'visitor'}.json`), JSON.stringify([...seen.keys()]));
  });
}

test('every page of the portal was reached by somebody', () => {
  const files = existsSync(VISITED) ? readdirSync(VISITED) : [];
  const visited = new Set(files.flatMap((file) => JSON.parse(readFileSync(join(VISITED, file), 'utf8')) as string[]));
  const missed = routes.map(({ id }) => id).filter((id) => !visited.has(id) && !(id in NOT_BY_LINK));
  expect(missed, 'link to it, or say in NOT_BY_LINK why not').toEqual([]);
});
