/**
 * Every page, as everybody who may see it: axe without a violation, one heading, no sideways scrolling, all by keyboard,
 * no foreign request, no CSP violation. Pages are found by following links, so a page nobody links to is found missing.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { DEMO_ACCOUNTS, expect, test } from '../journeys/support/index.ts';
import { keyboardProblems, violations } from './rules.ts';
import { pageRoutes, routeOf, type PageRoute } from './routes.ts';

const VISITED = resolve(import.meta.dirname, '../../.tmp/accessibility');
const STARTS = ['/', '/my', '/panel', '/office', '/login', '/sign-up', '/password-reset', '/account', '/logout', '/office/ui'];
const INSTANCES_PER_ROUTE = 8;
const PAGES_PER_ROLE = 250;

/** Pages no link leads to, each with its reason; journeys pass through them. */
const NOT_BY_LINK: Record<string, string> = {
  '/(account)/sign-up/[token]': 'only the link in a mail leads there',
  '/(account)/password-reset/[token]': 'only the link in a mail leads there',
  '/(account)/account/email/[token]': 'only the link in a mail leads there',
  '/(group)/my/invitations/[token]': 'only the link in a mail leads there',
  '/(account)/confirm-password': 'shown when a password must be given again'
};

const routes = pageRoutes();
/** Kinds of pages checked so far, for whomever. In a file, because Playwright gives a new worker after each failure. */
const CHECKED = join(VISITED, 'checked.txt');

/** Breadth first from the usual doors, a few pages of each kind, because their states differ (a draft, a decided one). */
async function crawl(page: Page, check: () => Promise<void>): Promise<Set<string>> {
  const seen = new Map<string, number>();
  const queue = [...STARTS];
  const queued = new Set(queue);
  const isEnough = (route: PageRoute) => (seen.get(route.id) ?? 0) >= INSTANCES_PER_ROUTE;
  for (let pages = 0; queue.length > 0 && pages < PAGES_PER_ROLE; pages += 1) {
    const path = queue.shift()!;
    const planned = routeOf(routes, path.split('?')[0]!);
    if (!planned || isEnough(planned)) continue;
    const response = await page.goto(path);
    const route = routeOf(routes, new URL(page.url()).pathname);
    // The log-in page instead, or a refusal: that this person may not is tested elsewhere.
    if (!route || !response?.ok() || isEnough(route)) continue;
    seen.set(route.id, (seen.get(route.id) ?? 0) + 1);
    if (isNew(`${route.id} ${await structure(page)}`)) await check();
    for (const link of await links(page)) {
      if (queued.has(link)) continue;
      queued.add(link);
      queue.push(link);
    }
  }
  return new Set(seen.keys());
}

function isNew(kind: string): boolean {
  const line = createHash('sha256').update(kind).digest('hex');
  if (existsSync(CHECKED) && readFileSync(CHECKED, 'utf8').includes(line)) return false;
  mkdirSync(VISITED, { recursive: true });
  appendFileSync(CHECKED, `${line}\n`);
  return true;
}

/** Which kinds of elements the page has. Pages alike in this differ only in words and numbers, and are checked once. */
async function structure(page: Page): Promise<string> {
  return page.evaluate(() => {
    const kinds = [...document.querySelectorAll('body *')].map((one) => `${one.parentElement?.tagName}>${one.tagName}.${one.getAttribute('class')}[${one.getAttribute('type')},${one.getAttribute('role')}]`);
    return [...new Set(kinds)].sort().join(' ');
  });
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
    const seen = await crawl(page, async () => {
      problems.push(...(await violations(page)), ...(await keyboardProblems(page)));
    });
    expect(seen.size, 'pages found').toBeGreaterThan(2);
    mkdirSync(VISITED, { recursive: true });
    writeFileSync(join(VISITED, `${account.email ?? 'visitor'}.json`), JSON.stringify([...seen]));
  });
}

test('every page of the portal was reached by somebody', () => {
  const files = existsSync(VISITED) ? readdirSync(VISITED).filter((file) => file.endsWith('.json')) : [];
  const visited = new Set(files.flatMap((file) => JSON.parse(readFileSync(join(VISITED, file), 'utf8')) as string[]));
  const missed = routes.map(({ id }) => id).filter((id) => !visited.has(id) && !(id in NOT_BY_LINK));
  expect(missed, 'link to it, or say in NOT_BY_LINK why not').toEqual([]);
});
