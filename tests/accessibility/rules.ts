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

async function axe(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
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
  const expected = await page.evaluate(() => {
    const acts = 'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
    const groups = new Set<string>();
    const reachable = [...document.querySelectorAll<HTMLElement>(acts)].filter((one) => {
      if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('[inert]')) return false;
      if (!(one instanceof HTMLInputElement) || one.type !== 'radio') return true;
      // Tab stops once per group of radio buttons; the arrow keys do the rest.
      const key = `${one.form?.id ?? ''} ${one.name}`;
      const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
      if (groups.has(key) || (chosen && chosen !== one)) return false;
      groups.add(key);
      return true;
    });
    reachable.forEach((one, at) => one.setAttribute('data-tab-check', String(at)));
    (document.activeElement as HTMLElement | null)?.blur();
    window.scrollTo(0, 0);
    return reachable.map((one) => `<${one.tagName.toLowerCase()}> ${(one.textContent?.trim() || one.getAttribute('aria-label') || one.getAttribute('name') || '').slice(0, 30)}`);
  });
  const reached = new Set<number>();
  const faults = new Set<string>();
  for (let step = 0; step < Math.min(expected.length + 5, TAB_LIMIT); step += 1) {
    await page.keyboard.press('Tab');
    const { mark, fault } = await page.evaluate(focusState);
    if (mark !== null) reached.add(mark);
    if (fault) faults.add(`${shortPath(page)}: ${fault}`);
    if (reached.size === expected.length) break;
  }
  const missed = expected.length > TAB_LIMIT ? [] : expected.filter((_, at) => !reached.has(at)).map((what) => `${shortPath(page)}: the keyboard does not reach ${what}`);
  return [...missed, ...faults];
}

/** Runs in the page: which marked element has the focus, and what is wrong with how it shows. */
function focusState(): { mark: number | null; fault: string | null } {
  const active = document.activeElement as HTMLElement | null;
  const mark = active?.getAttribute('data-tab-check') ?? null;
  if (!active || active === document.body || mark === null) return { mark: null, fault: null };
  const what = `<${active.tagName.toLowerCase()}> ${(active.textContent?.trim() || active.getAttribute('name') || '').slice(0, 30)}`;
  // A control that is drawn by its label shows the focus there.
  const drawn = [active, active.parentElement, active.nextElementSibling].filter((one) => one instanceof HTMLElement);
  const shown = drawn.some((one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
  if (!shown) return { mark: Number(mark), fault: `the focus does not show on ${what}` };
  const box = active.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2);
  const covered = top && box.width > 1 && !active.contains(top) && !top.contains(active) && getComputedStyle(top).position !== 'static';
  return { mark: Number(mark), fault: covered ? `${what} is hidden under <${top.tagName.toLowerCase()}> while focused` : null };
}
