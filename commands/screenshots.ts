/** `npm run docs:screenshots`: takes the pictures in docs/screenshots anew, from the real pages with the demo's data. */
import { findChromium } from './chromium.ts';
import { buildIfStale } from './start/build.ts';
import { runNode } from './test/steps.ts';

try {
  await buildIfStale((line) => console.log(line));
  const env = { CHROMIUM_PATH: findChromium((line) => console.log(line)) };
  const { code } = await runNode('node_modules/@playwright/test/cli.js', ['test', '--project=screenshots', '--workers=1'], { show: true, env });
  process.exit(code ?? 1);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
