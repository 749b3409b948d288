/**
 * What every journey starts from:
 *
 *   import { test, expect } from './support/index.ts';
 *   test('…', async ({ portal, person }) => {
 *     const officer = await person('officer@…');                       // signed in, its own browser context
 *     const visitor = await person(null, { javaScript: false, phone: true });
 *     await visitor.goto('/schemes');
 *   });
 *
 * `portal` is one a worker; after each test nothing foreign may have been asked and nothing may have broken.
 */
import { expect, test as base, type Page } from '@playwright/test';
import { DEMO_ACCOUNTS } from '../../../db/demo/load.ts';
import { startPortal, type Portal } from './portal.ts';
import { watch } from './watch.ts';

export { expect } from '@playwright/test';
export { DEMO_ACCOUNTS };
export type { Portal };

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

export type PersonOptions = { javaScript?: boolean; phone?: boolean };
/** Opens a page as somebody: a demo account's address, or null for a visitor. */
export type Person = (email: string | null, options?: PersonOptions) => Promise<Page>;

/** Signs in through the page, as a person would; works without JavaScript. */
export async function signIn(page: Page, email: string, password = passwordOf(email)): Promise<void> {
  await page.goto('/login');
  // By name: the demo's log-in page also offers a button for each invented person.
  await page.locator('input[name=email]:not([type=hidden])').fill(email);
  await page.locator('input[name=password]:not([type=hidden])').fill(password);
  await page.getByRole('button', { name: 'ログインする', exact: true }).click();
  await expect(page, `${email} could not sign in`).not.toHaveURL(/\/login/);
}

function passwordOf(email: string): string {
  const account = DEMO_ACCOUNTS.find((one) => one.email === email);
  if (!account) throw new Error(`no demo account ${email}: ${DEMO_ACCOUNTS.map((one) => one.email).join(', ')}`);
  return account.password;
}

export const test = base.extend<{ person: Person; problems: string[] }, { portal: Portal }>({
  portal: [async ({ browserName: _browserName }, use, worker) => {
    const portal = await startPortal(`worker-${worker.workerIndex}`);
    await use(portal);
    await portal.stop();
  }, { scope: 'worker', timeout: 60_000 }],

  baseURL: async ({ portal }, use) => use(portal.url),

  /** What went wrong beside the test's own steps; a test that provokes a 5xx empties it. */
  problems: async ({ browserName: _browserName }, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },

  person: async ({ browser, portal, problems }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (email, { javaScript = true, phone = false } = {}) => {
      const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: javaScript, viewport: phone ? PHONE : DESKTOP, hasTouch: phone, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
      contexts.push(context);
      watch(context, portal.url, problems);
      const page = await context.newPage();
      if (email) await signIn(page, email);
      return page;
    });
    for (const context of contexts) await context.close();
  }
});
