/** Which characters a first visit shows: the public pages of a portal with the demo's data, read in Chromium. */
import { chromium, type Browser } from '@playwright/test';
import setUp from '../../tests/journeys/support/global.ts';
import { startPortal } from '../../tests/journeys/support/portal.ts';
import { PUBLIC_PAGES, publicAddress } from '../../tests/weight/public-pages.ts';
import { findChromium, LAUNCH_ARGUMENTS } from '../chromium.ts';
import { buildIfStale } from '../start/build.ts';
import type { Pages } from './slices.ts';

/** What is said where there is nothing is a page like any other. */
const NOWHERE = '/no-such-page';
export const FAMILY = 'Portal Sans';

/** By weight. */
export async function shownOnPublicPages(say: (line: string) => void): Promise<Record<400 | 700, Pages>> {
  await buildIfStale(say);
  const stop = await setUp();
  try {
    const portal = await startPortal('fonts');
    const browser = await chromium.launch({ executablePath: findChromium(say), args: LAUNCH_ARGUMENTS });
    try {
      const paths = [...(await Promise.all(PUBLIC_PAGES.map((id) => publicAddress(id, portal.sql)))), NOWHERE];
      return await readAll(browser, portal.url, paths);
    } finally {
      await browser.close();
      await portal.stop();
    }
  } finally {
    await stop();
  }
}

async function readAll(browser: Browser, origin: string, paths: string[]): Promise<Record<400 | 700, Pages>> {
  const shown = { 400: new Map<string, Set<string>>(), 700: new Map<string, Set<string>>() };
  const page = await browser.newPage({ baseURL: origin, locale: 'ja-JP' });
  for (const path of paths) {
    await page.goto(path, { waitUntil: 'networkidle' });
    const { regular, bold } = await page.evaluate(charactersShown, FAMILY);
    shown[400].set(path, new Set(regular));
    shown[700].set(path, new Set(bold));
  }
  return shown;
}

/** Runs in the page: every character drawn in the given family, by the face a browser takes for its weight. */
function charactersShown(family: string): { regular: string; bold: string } {
  const shown = { regular: '', bold: '' };
  const add = (text: string, { fontFamily, fontWeight }: CSSStyleDeclaration) => {
    if (fontFamily.includes(family)) shown[Number(fontWeight) > 500 ? 'bold' : 'regular'] += text.replaceAll(/\s+/g, ' ');
  };
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (!element.checkVisibility() || element.matches('script, style')) continue;
    const style = getComputedStyle(element);
    for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) add(child.textContent ?? '', style);
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) add(element.value + element.placeholder, style);
    for (const pseudo of ['::before', '::after', '::marker']) {
      const drawn = getComputedStyle(element, pseudo);
      if (drawn.content.startsWith('"')) add(drawn.content.slice(1, -1), drawn);
    }
    // The numbers of a list are drawn like its items.
    if (element.localName === 'li') add('0123456789.', style);
  }
  return shown;
}
