import { sveltekit } from '@sveltejs/kit/vite';
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

export default defineConfig({
  plugins: [announcerWithoutInlineStyle, sveltekit()],
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
