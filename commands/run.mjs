/**
 * `node commands/run.mjs start …` runs `commands/start.ts` with the Node this project brings along.
 * Plain JavaScript for old versions, because an old Node cannot even read the .ts file that would explain the trouble.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const [name, ...given] = process.argv.slice(2);
const own = join(here, '../node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  const file = join(here, `${name}.ts`);
  process.argv.splice(1, 2, file);
  await import(pathToFileURL(file).href);
} else if (!existsSync(join(here, '../node_modules'))) {
  leave('先に npm ci を実行してください。 / Run npm ci first.');
} else if (versionOf(own) >= NEEDED) {
  // Called without npm, so that the older Node of the machine came first.
  const { status, signal } = spawnSync(own, [fileURLToPath(import.meta.url), name, ...given], { stdio: 'inherit' });
  process.exit(signal ? 1 : (status ?? 1));
} else {
  leave(`Node.js ${NEEDED} 以上が必要です（いまは ${process.versions.node}）。npm ci をやり直し、npm start のように npm から実行してください。 / Node ${NEEDED} is needed: run npm ci again, then use npm.`);
}

/** @param {string} program */
function versionOf(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
}

/** @param {string} line */
function leave(line) {
  console.error(line);
  process.exit(1);
}
