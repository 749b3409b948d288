import { defineConfig } from '@playwright/test';
import { findChromium, LAUNCH_ARGUMENTS } from './commands/chromium.ts';

// Workers read this file again; the search is done once and handed down.
process.env.CHROMIUM_PATH ??= findChromium(console.error);

export default defineConfig({
  testDir: 'tests',
  outputDir: '.tmp/playwright',
  globalSetup: './tests/journeys/support/global.ts',
  // One portal and one Chromium a worker: two of each is what two cores carry.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: LAUNCH_ARGUMENTS }
  },
  projects: [
    { name: 'journeys', testMatch: 'journeys/**/*.spec.ts' },
    { name: 'accessibility', testMatch: 'accessibility/**/*.spec.ts' },
    { name: 'weight', testMatch: 'weight/**/*.spec.ts' },
    // Not part of npm test: the pictures of README.md.
    { name: 'screenshots', testMatch: 'screenshots/**/*.spec.ts' }
  ]
});
