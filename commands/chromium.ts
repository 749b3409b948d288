/**
 * `npm run chromium`: prints the Chromium the browser tests use, fetching one where it can.
 * In order: CHROMIUM_PATH, the system's, Playwright's own, `playwright install`, Debian's package when root.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { chromium } from '@playwright/test';

const ROOT = resolve(import.meta.dirname, '..');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'google-chrome-for-testing', 'chrome'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/snap/bin/chromium'];
const VERSION_LIMIT_MS = 20_000;
const DOWNLOAD_LIMIT_MS = 300_000;

/** Quiet on the network (closed networks, and the test that counts foreign requests) and able to run as root in a container. */
export const LAUNCH_ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-dev-shm-usage'
];

/** Takes a place to tell what is going on; answers the path of a Chromium that starts. Refuses with what to install. */
export function findChromium(say: (line: string) => void = () => {}): string {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(`CHROMIUM_PATH の Chromium が動きません: ${named} / CHROMIUM_PATH does not start`);
  }
  const found = [...onPath(), ...PLACES, chromium.executablePath()].find(starts);
  if (found) return found;
  say('Chromium がないため、Playwright から取り寄せます');
  run(process.execPath, [join(ROOT, 'node_modules/@playwright/test/cli.js'), 'install', '--no-shell', 'chromium']);
  if (starts(chromium.executablePath())) return chromium.executablePath();
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Playwright から取り寄せられないため、apt で Chromium を入れます');
    if (run('apt-get', ['update', '-qq'])) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    const installed = [...onPath(), chromium.executablePath()].find(starts);
    if (installed) return installed;
  }
  throw new Error('Chromium が見つかりません。chromium か google-chrome を入れるか、CHROMIUM_PATH で場所を指定してください / no Chromium: install one or set CHROMIUM_PATH');
}

function onPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
}

/** A file alone is not enough: Ubuntu's `chromium-browser` is a note about snap, and a download may lack its libraries. */
function starts(path: string): boolean {
  if (!existsSync(path)) return false;
  const { status, stdout } = spawnSync(path, ['--version', '--no-sandbox'], { encoding: 'utf8', timeout: VERSION_LIMIT_MS });
  return status === 0 && /chrom/i.test(stdout);
}

function run(file: string, args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' };
  // What these say goes to stderr, so that a caller of the command reads only the path.
  return spawnSync(file, args, { cwd: ROOT, stdio: ['ignore', 2, 2], timeout: DOWNLOAD_LIMIT_MS, env }).status === 0;
}

// `run.mjs` puts this file where a directly started one would be.
if (process.argv[1] === import.meta.filename) {
  try {
    console.log(findChromium((line) => console.error(line)));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
