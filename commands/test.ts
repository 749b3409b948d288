/**
 * `npm test`: every check and every test; the last line is exactly `N passed, N failed`.
 * `npm test -- --only unit,http` runs a part; further words filter by file name.
 */
import { parseArgs } from 'node:util';
import { findChromium } from './chromium.ts';
import { build, isBuildFresh } from './start/build.ts';
import { check, playwright, runNode, vitest, type Outcome } from './test/steps.ts';

/** The parts in the order they run, and for Vitest the folders each stands for. */
const VITEST = { unit: ['src/', 'db/', 'commands/'], house: ['tests/house/'], http: ['tests/http/'], security: ['tests/security/'] } as const;
const BROWSER = ['journeys', 'accessibility', 'weight'] as const;
const PARTS = ['types', 'lint', 'build', ...Object.keys(VITEST), ...BROWSER] as const;

function readArguments(): { wanted: Set<string>; filters: string[] } {
  const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
  const names = values.only?.split(',').map((name) => name.trim()) ?? [...PARTS];
  const unknown = names.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    console.error(`知らない部分です: ${unknown.join(', ')}（${PARTS.join(', ')} から選んでください）`);
    process.exit(1);
  }
  return { wanted: new Set(names), filters: positionals };
}

const svelteKit = (args: string[]) => runNode('node_modules/@sveltejs/kit/svelte-kit.js', args, { show: false });

async function types(): Promise<Outcome> {
  return check('types', [() => runNode('node_modules/svelte-check/bin/svelte-check', ['--tsconfig', './tsconfig.json', '--threshold', 'warning'], { show: false })]);
}

async function lint(): Promise<Outcome> {
  return check('lint', [() => runNode('node_modules/eslint/bin/eslint.js', ['.'], { show: false })]);
}

async function assemble(): Promise<Outcome> {
  return check('build', [async () => {
    if (isBuildFresh()) return { code: 0, output: '' };
    return build().then(() => ({ code: 0, output: '' }), (error: Error) => ({ code: 1, output: error.message }));
  }]);
}

/** Types and lint beside the build: on two cores that saves the time of the longer one. */
async function checks(wanted: Set<string>): Promise<Outcome[]> {
  const needsBuild = ['build', 'http', 'security', ...BROWSER].some((part) => wanted.has(part));
  // Both the type check and the build read what this writes.
  const sync = await svelteKit(['sync']);
  if (sync.code !== 0) console.log(sync.output);
  const beside = async () => [...(wanted.has('types') ? [await types()] : []), ...(wanted.has('lint') ? [await lint()] : [])];
  const [found, built] = await Promise.all([beside(), needsBuild ? assemble() : undefined]);
  return built ? [...found, built] : found;
}

async function tests(wanted: Set<string>, filters: string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const folders = Object.entries(VITEST).filter(([part]) => wanted.has(part)).flatMap(([, paths]) => paths);
  if (folders.length > 0) outcomes.push(await vitest('vitest', filters.length > 0 ? filters : folders));
  const projects = BROWSER.filter((part) => wanted.has(part));
  if (projects.length > 0) outcomes.push(await browser(projects, filters));
  return outcomes;
}

async function browser(projects: string[], filters: string[]): Promise<Outcome> {
  try {
    return await playwright('playwright', projects, filters, findChromium(console.log));
  } catch (error) {
    console.log(`\n== playwright ==\n${(error as Error).message}`);
    return { step: 'playwright', passed: 0, failed: 1, skipped: 0, seconds: 0, failures: [(error as Error).message] };
  }
}

function summarise(outcomes: Outcome[], seconds: number): void {
  const sum = (key: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  console.log('\n== summary ==');
  for (const { step, passed, failed, skipped, seconds: took } of outcomes) {
    console.log(`${step.padEnd(11)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped ${took.toFixed(1).padStart(7)} s`);
  }
  console.log(`total ${seconds.toFixed(0)} s`);
  for (const failure of failures) console.log(`failed: ${failure}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

const { wanted, filters } = readArguments();
const start = Date.now();
const outcomes = await checks(wanted);
// Tests of a portal that cannot be built would only repeat that one failure a hundred times.
if (!outcomes.some(({ step, failed }) => step === 'build' && failed > 0)) outcomes.push(...(await tests(wanted, filters)));
summarise(outcomes, (Date.now() - start) / 1000);
