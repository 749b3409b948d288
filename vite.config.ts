import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  server: { host: '127.0.0.1' },
  test: {
    include: ['src/**/*.test.ts', 'db/**/*.test.ts', 'commands/**/*.test.ts', 'tests/http/**/*.test.ts', 'tests/security/**/*.test.ts', 'tests/house/**/*.test.ts'],
    globalSetup: ['tests/database/global.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
});
