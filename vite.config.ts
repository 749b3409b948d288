import { sveltekit } from '@sveltejs/kit/vite';
import type { UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { TEST_KEYS } from './tests/keys.ts';

/**
 * Kit's own page-change announcer is hidden by an inline style, which our content security policy rightly refuses and the
 * console would report on every page. The same rules stand in app.css; the attribute is taken off while building.
 */
const announcerWithoutInlineStyle = {
  name: 'announcer-without-inline-style',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!id.endsWith('/generated/root.svelte')) return undefined;
    return code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
  }
};

/**
 * The components every page is made of are one script and one style sheet: as a dozen small files each they weigh less than
 * the headers they come with, and every page takes most of them.
 */
const uiInOneChunk = {
  name: 'ui-in-one-chunk',
  // After Kit, which says whether it builds for the browser or for the server.
  enforce: 'post' as const,
  config: ({ build }: UserConfig) => (build?.ssr === false ? { build: { rollupOptions: { output: { codeSplitting: { groups: [{ name: 'ui', test: /src\/lib\/(?:ui|forms)\// }] } } } } } : {})
};

export default defineConfig({
  plugins: [announcerWithoutInlineStyle, sveltekit(), uiInOneChunk],
  server: { host: '127.0.0.1' },
  test: {
    include: ['src/**/*.test.ts', 'db/**/*.test.ts', 'commands/**/*.test.ts', 'tests/http/**/*.test.ts', 'tests/security/**/*.test.ts', 'tests/house/**/*.test.ts'],
    globalSetup: ['tests/database/global.ts'],
    environment: 'node',
    // Most tests are about something else than the second step of a log-in; those about it say `required` themselves.
    env: { PORTAL_KEYS: TEST_KEYS, STAFF_SECOND_STEP: 'optional' },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000
  }
});
