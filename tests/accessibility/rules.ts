import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { shortPath } from '../journeys/support/watch.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** 360 px is a small telephone; 320 px is 1280 px at 400 % zoom (WCAG 1.4.10). */
const NARROW = [360, 320];
const TAB_LIMIT = 200;

/** All rules on the page as it stands, one sentence per violation; none when it is fine. Needs JavaScript on. */
export async function violations(page: Page): Promise<string[]> {
  return [...(await axe(page)), ...(await headings(page)), ...(await overflow(page))];
}

/** Legacy mode reads one document, which is all our pages have, and spares opening a second page for the result. */
async function axe(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(TAGS).analyze();
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${shortPath(page)}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary?.split('\n').slice(1, 3).join(' ').trim()}`));
}

async function headings(page: Page): Promise<string[]> {
  const [title, count, lang] = [await page.title(), await page.locator('h1').count(), await page.locator('html').getAttribute('lang')];
  return [
    ...(title.trim() === '' ? [`${shortPath(page)}: no title`] : []),
    ...(count !== 1 ? [`${shortPath(page)}: ${count} h1`] : []),
    ...(lang !== 'ja' ? [`${shortPath(page)}: lang is ${lang}`] : [])
  ];
}

/** No sideways scrolling; wide tables scroll inside their own region. */
async function overflow(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const width of NARROW) {
    await page.setViewportSize({ width, height: 740 });
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return null;
      const culprit = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1).at(-1);
      return `${scrollWidth} px at <${culprit?.tagName.toLowerCase()} class="${culprit?.getAttribute('class')}"> ${culprit?.textContent?.trim().slice(0, 30)}`;
    });
    if (wide) found.push(`${shortPath(page)}: scrolls sideways at ${width} px: ${wide}`);
  }
  if (before) await page.setViewportSize(before);
  return found;
}

/**
 * Walks the page with the Tab key alone: everything that acts must be reached, show where the focus is,
 * and not hide under something else (WCAG 2.1.1, 2.4.7, 2.4.11).
 */
export async function keyboardProblems(page: Page): Promise<string[]> {
  const count = await page.evaluate(prepareWalk);
  // A page with more than that many stops is a long list; its first stops stand for the rest.
  for (let step = 0; step < Math.min(count + 2, TAB_LIMIT); step += 1) await page.keyboard.press('Tab');
  const found = await page.evaluate(() => (window as unknown as Walk).walk);
  const missed = count > TAB_LIMIT ? [] : found.expected.filter((_, at) => !found.reached.includes(at)).map((what) => `the keyboard does not reach ${what}`);
  return [...new Set([...missed, ...found.faults])].map((fault) => `${shortPath(page)}: ${fault}`);
}

type Walk = { walk: { expected: string[]; reached: number[]; faults: string[] } };

/** Runs in the page: finds what acts, and listens to where the focus goes. Answers how many stops there are. */
function prepareWalk(): number {
  const acts = 'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
  const groups = new Set<string>();
  const reachable = [...document.querySelectorAll<HTMLElement>(acts)].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('[inert]')) return false;
    if (!(one instanceof HTMLInputElement) || one.type !== 'radio') return true;
    // Tab stops once per group of radio buttons; the arrow keys do the rest.
    const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
    if (groups.has(one.name) || (chosen && chosen !== one)) return false;
    groups.add(one.name);
    return true;
  });
  const nameOf = (one: HTMLElement) => `<${one.tagName.toLowerCase()}> ${(one.textContent?.trim() || one.getAttribute('aria-label') || one.getAttribute('name') || '').slice(0, 30)}`;
  // A control that is drawn by its label shows the focus there.
  const shows = (one: HTMLElement) => [one, one.parentElement, one.nextElementSibling].some((drawn) => {
    if (!(drawn instanceof HTMLElement)) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(drawn);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
  const covering = (one: HTMLElement) => {
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2);
    return top && box.width > 1 && !one.contains(top) && !top.contains(one) && getComputedStyle(top).position !== 'static' ? top : null;
  };
  const walk: Walk['walk'] = { expected: reachable.map(nameOf), reached: [], faults: [] };
  (window as unknown as Walk).walk = walk;
  document.addEventListener('focusin', ({ target }) => {
    const at = reachable.indexOf(target as HTMLElement);
    if (at < 0) return;
    walk.reached.push(at);
    const one = reachable[at]!;
    // The next frame has scrolled to it and drawn its outline.
    requestAnimationFrame(() => {
      if (document.activeElement !== one) return;
      if (!shows(one)) walk.faults.push(`the focus does not show on ${nameOf(one)}`);
      const top = covering(one);
      if (top) walk.faults.push(`${nameOf(one)} is hidden under <${top.tagName.toLowerCase()}> while focused`);
    });
  });
  (document.activeElement as HTMLElement | null)?.blur();
  window.scrollTo(0, 0);
  return reachable.length;
}
