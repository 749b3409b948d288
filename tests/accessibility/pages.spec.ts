/**
 * Every page in every state, as everybody who may see it: axe without a violation, one heading, no sideways scrolling at
 * 360 px and at 400 % zoom, all by keyboard, no foreign request, no CSP violation. Pages are found by following links,
 * so a page nobody links to is found missing.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type APIRequestContext } from '@playwright/test';
import type { Persona } from '../security/personas.ts';
import { keyboardProblems, violations } from './rules.ts';
import { pageRoutes, routeOf } from './routes.ts';
import { FOLDER, test } from './world.ts';

const PEOPLE: Persona[] = ['visitor', 'representativeA', 'memberA', 'panel', 'panelUndeclared', 'panelConflict', 'officer', 'approver', 'accountant', 'administrator', 'auditor', 'officerHalfway', 'officerNew'];
const STARTS = ['/', '/my', '/panel', '/office', '/login', '/sign-up', '/password-reset', '/account', '/logout', '/office/ui', '/no-such-page'];
/** Of pages that differ only in what they are about, this many are read for each person. */
const INSTANCES_PER_ROUTE = 12;

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
const CHECKED = join(FOLDER, 'checked.txt');

/** Reads pages breadth first without a browser, which takes milliseconds; hands on those of a kind not seen before. */
async function crawl(request: APIRequestContext, check: (path: string) => Promise<void>): Promise<Set<string>> {
  const seen = new Map<string, number>();
  const queue = [...STARTS];
  const queued = new Set(queue);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const planned = routeOf(routes, path.split('?')[0]!);
    if (planned && (seen.get(planned.id) ?? 0) >= INSTANCES_PER_ROUTE) continue;
    const response = await request.get(path);
    if (!response.headers()['content-type']?.startsWith('text/html')) continue;
    const landed = new URL(response.url());
    const route = response.ok() ? routeOf(routes, landed.pathname) : undefined;
    if (route) seen.set(route.id, (seen.get(route.id) ?? 0) + 1);
    const html = await response.text();
    // Refusals (403, 404) are pages too.
    if (isNew(`${route?.id ?? response.status()} ${structure(html)}`)) await check(landed.pathname + landed.search);
    for (const link of links(html, landed)) {
      if (queued.has(link)) continue;
      queued.add(link);
      queue.push(link);
    }
  }
  return new Set(seen.keys());
}

/** Which kinds of elements the page has. Pages alike in this differ only in words and numbers, and are checked once. */
function structure(html: string): string {
  const kinds = [...html.matchAll(/<([a-z][a-z0-9-]*)([^>]*)>/g)].map(([, name, rest]) => {
    const marks = [...rest!.matchAll(/\b(?:class|type|role)="[^"]*"|\baria-[a-z]+(?==)/g)].map(([mark]) => mark);
    return `${name} ${marks.join(' ')}`;
  });
  return [...new Set(kinds)].sort().join('\n');
}

function isNew(kind: string): boolean {
  const line = createHash('sha256').update(kind).digest('hex');
  if (existsSync(CHECKED) && readFileSync(CHECKED, 'utf8').includes(line)) return false;
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(CHECKED, `${line}\n`);
  return true;
}

/** Addresses of the portal the page links to; files to download are none of our business. */
function links(html: string, page: URL): string[] {
  const found = [...html.matchAll(/<a\s[^>]*?href="([^"]*)"[^>]*>/g)].filter(([tag]) => !/\sdownload\b/.test(tag)).map(([, href]) => href!.replaceAll('&amp;', '&'));
  return found.flatMap((href) => {
    const url = URL.canParse(href, page) ? new URL(href, page) : null;
    return url?.origin === page.origin && routeOf(routes, url.pathname) ? [url.pathname + url.search] : [];
  });
}

for (const persona of PEOPLE) {
  test(`every page as ${persona}`, async ({ pageAs, problems }) => {
    test.setTimeout(900_000);
    const page = await pageAs(persona);
    const seen = await crawl(page.request, async (path) => {
      await page.goto(path);
      problems.push(...(await violations(page)), ...(await keyboardProblems(page)));
    });
    expect(seen.size, 'pages found').toBeGreaterThan(2);
    writeFileSync(join(FOLDER, `${persona}.json`), JSON.stringify([...seen]));
  });
}

test('every page of the portal was reached by somebody', () => {
  const files = PEOPLE.map((persona) => join(FOLDER, `${persona}.json`)).filter((file) => existsSync(file));
  const visited = new Set(files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as string[]));
  const missed = routes.map(({ id }) => id).filter((id) => !visited.has(id) && !(id in NOT_BY_LINK));
  expect(missed, 'link to it, or say in NOT_BY_LINK why not').toEqual([]);
});
