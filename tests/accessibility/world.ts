import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import type { TestServer } from '../database/server.ts';
import { watch } from '../journeys/support/watch.ts';
import { addressOf, type Persona } from '../security/personas.ts';
import { startPortal } from '../security/portal.ts';
import { makeWorld } from '../security/world/world.ts';

export const FOLDER = resolve(import.meta.dirname, '../../.tmp/accessibility');
const COOKIES = join(FOLDER, 'cookies.json');

type Cookies = Partial<Record<Persona, string>>;
/** The portal over the database in which an application stands in every state, and everybody's session in it. */
export type WorldPortal = { url: string; cookies: Cookies };

/**
 * Fills the database that the global set-up left blank; the first worker does it, later ones find it done.
 * It is only read from: the pages are opened, never sent.
 */
async function world(): Promise<{ urls: TestServer; cookies: Cookies }> {
  const blank = process.env.PORTAL_TEST_BLANK;
  if (!blank) throw new Error('run through Playwright: its global set-up prepares the database');
  const urls = JSON.parse(blank) as TestServer;
  if (!existsSync(COOKIES)) {
    const { cookies } = await makeWorld(urls);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(COOKIES, JSON.stringify(cookies));
  }
  return { urls, cookies: JSON.parse(readFileSync(COOKIES, 'utf8')) as Cookies };
}

export const test = base.extend<{ problems: string[]; pageAs: (persona: Persona) => Promise<Page> }, { portal: WorldPortal }>({
  portal: [async ({ browserName: _browserName }, use, worker) => {
    const { urls, cookies } = await world();
    const { origin, stop } = await startPortal({ name: `accessibility-${worker.workerIndex}`, appUrl: urls.appUrl, env: { STAFF_SECOND_STEP: 'required' } });
    await use({ url: origin, cookies });
    await stop();
  }, { scope: 'worker', timeout: 120_000 }],

  baseURL: async ({ portal }, use) => use(portal.url),

  problems: async ({ browserName: _browserName }, use) => {
    const problems: string[] = [];
    await use(problems);
    expect([...new Set(problems)]).toEqual([]);
  },

  /** A page already signed in as this person. */
  pageAs: async ({ context, portal, problems }, use) => {
    watch(context, portal.url, problems);
    await use(async (persona) => {
      const cookie = portal.cookies[persona];
      if (persona !== 'visitor' && !cookie) throw new Error(`no session for ${addressOf(persona)}`);
      if (cookie) await context.addCookies([{ name: 'sid', value: cookie.slice('sid='.length), url: portal.url }]);
      return context.newPage();
    });
  }
});
