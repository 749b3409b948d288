/**
 * What a first visit costs: every page that anybody may open, with an empty cache, over the real server, counted by the
 * browser as the bytes that came over the line (headers included, compressed as they were sent). No page may pass the bound.
 */
import { DESKTOP, PHONE, expect, test, type Person } from '../journeys/support/index.ts';
import { PUBLIC_PAGES, publicAddress } from './public-pages.ts';

/** Kilobytes of a thousand bytes: the stricter reading. */
const FIRST_LOAD_MAX_BYTES = 150_000;

interface Weight { total: number; byKind: Map<string, number> }

/** Opens the page as somebody who never was here and adds up what arrived until nothing more came. */
async function weigh(person: Person, path: string, phone: boolean): Promise<Weight> {
  const page = await person(null, { phone });
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  const kinds = new Map<string, string>();
  const weight: Weight = { total: 0, byKind: new Map() };
  line.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    weight.total += encodedDataLength;
    weight.byKind.set(kind, (weight.byKind.get(kind) ?? 0) + encodedDataLength);
  });
  const response = await page.goto(path, { waitUntil: 'networkidle' });
  expect(response?.status(), path).toBe(200);
  // The swap of a font may come after the network was quiet.
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForLoadState('networkidle');
  await page.context().close();
  return weight;
}

test('public pages are found in the policy', () => {
  expect(PUBLIC_PAGES).toEqual(expect.arrayContaining(['/(public)', '/(account)/login', '/(account)/sign-up']));
});

for (const id of PUBLIC_PAGES) {
  test(`first load of ${id}`, async ({ portal, person }) => {
    const path = await publicAddress(id, portal.sql);
    for (const [name, { width }] of [['phone', PHONE], ['desktop', DESKTOP]] as const) {
      const { total, byKind } = await weigh(person, path, name === 'phone');
      const parts = [...byKind].sort(([, a], [, b]) => b - a).map(([kind, bytes]) => `${kind} ${(bytes / 1000).toFixed(1)}`).join(', ');
      console.log(`${id} at ${width} px: ${(total / 1000).toFixed(1)} KB (${parts})`);
      expect(total, `${id} at ${width} px in bytes: ${parts}`).toBeLessThanOrEqual(FIRST_LOAD_MAX_BYTES);
    }
  });
}
