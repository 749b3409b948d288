/** `npm run test:journey -- grant-award`: walks one journey of tests/journeys in Chromium, building first when needed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.ts';
import { buildIfStale } from './start/build.ts';
import { ROOT, runNode } from './test/steps.ts';

const [name, ...rest] = process.argv.slice(2);
const folder = join(ROOT, 'tests/journeys');
const known = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.spec.ts')).map((file) => file.replace('.spec.ts', '')) : [];

if (!name || !known.includes(name)) {
  console.error(`使い方: npm run test:journey -- 名前\n名前: ${known.join(', ')}`);
  process.exit(1);
}
try {
  await buildIfStale((line) => console.log(line));
  const env = { CHROMIUM_PATH: findChromium((line) => console.log(line)) };
  const { code } = await runNode('node_modules/@playwright/test/cli.js', ['test', '--project=journeys', `journeys/${name}.spec.ts`, ...rest], { show: true, env });
  process.exit(code ?? 1);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
