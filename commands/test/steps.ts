import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
const REPORTS = join(ROOT, '.tmp/test');

/** What one step came to. A check counts as one case, a test runner as many as it ran. */
export type Outcome = { step: string; passed: number; failed: number; skipped: number; seconds: number; failures: string[] };

type Finished = { code: number | null; output: string };

/** Runs a Node program of node_modules. Its output is either shown at once or handed back. */
export function runNode(file: string, args: string[], options: { show: boolean; env?: NodeJS.ProcessEnv }): Promise<Finished> {
  return new Promise((done, failed) => {
    const output: string[] = [];
    const child = spawn(process.execPath, [file.startsWith('node_modules') ? join(ROOT, file) : file, ...args], {
      cwd: ROOT, env: { ...process.env, ...options.env }, stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe']
    });
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) => done({ code, output: output.join('') }));
  });
}

const since = (start: number) => Math.round((Date.now() - start) / 100) / 10;

/** A check: one case, which passes when every one of its programs does. Shows their words only when one fails. */
export async function check(step: string, programs: (() => Promise<Finished>)[]): Promise<Outcome> {
  const start = Date.now();
  for (const program of programs) {
    const { code, output } = await program();
    if (code !== 0) {
      console.log(`\n== ${step} ==\n${output.trim()}`);
      return { step, passed: 0, failed: 1, skipped: 0, seconds: since(start), failures: [step] };
    }
  }
  console.log(`\n== ${step} == ok (${since(start)} s)`);
  return { step, passed: 1, failed: 0, skipped: 0, seconds: since(start), failures: [] };
}

/** A test runner that writes a JSON report, which is read for the counts. No report means one failure: it never began. */
async function runner(step: string, go: (report: string) => Promise<Finished>, read: (report: unknown) => Omit<Outcome, 'step' | 'seconds'>): Promise<Outcome> {
  const start = Date.now();
  const report = join(REPORTS, `${step}.json`);
  mkdirSync(REPORTS, { recursive: true });
  rmSync(report, { force: true });
  console.log(`\n== ${step} ==`);
  const { code } = await go(report);
  const counted = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (code !== 0 && counted.failed === 0) {
    // An error outside of any test (a set-up, an unhandled rejection) must not look like a success.
    counted.failed = 1;
    counted.failures.push(`${step}: ended with ${code} outside of a test`);
  }
  return { step, seconds: since(start), ...counted };
}

type VitestReport = {
  numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number;
  testResults: { name: string; status: string; message: string; assertionResults: { fullName: string; status: string }[] }[];
};

/** Vitest over the given filters (folders or file names). */
export function vitest(step: string, filters: string[]): Promise<Outcome> {
  const go = (report: string) => runNode('node_modules/vitest/vitest.mjs', ['run', '--allowOnly=false', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], { show: true });
  return runner(step, go, (raw) => {
    const report = raw as VitestReport;
    const cases = report.testResults.flatMap((file) => file.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${file.name.slice(ROOT.length + 1)}: ${fullName}`));
    // A file that could not be loaded has no cases of its own.
    const files = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed')).map(({ name, message }) => `${name.slice(ROOT.length + 1)}: ${message.split('\n')[0]}`);
    return { passed: report.numPassedTests, failed: report.numFailedTests + files.length, skipped: report.numPendingTests + report.numTodoTests, failures: [...cases, ...files] };
  });
}

type PlaywrightSuite = { title: string; file: string; suites?: PlaywrightSuite[]; specs: { title: string; ok: boolean; file: string; line: number }[] };
type PlaywrightReport = { stats: { expected: number; unexpected: number; flaky: number; skipped: number }; suites: PlaywrightSuite[]; errors: unknown[] };

/** Playwright over the given projects. A test that passed only when tried again is a failure: it will fail somebody else. */
export function playwright(step: string, projects: string[], filters: string[], chromium: string): Promise<Outcome> {
  const go = (report: string) => runNode('node_modules/@playwright/test/cli.js', ['test', '--forbid-only', '--reporter=list,json', ...projects.map((name) => `--project=${name}`), ...filters], {
    show: true, env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report }
  });
  return runner(step, go, (raw) => {
    const { stats, suites } = raw as PlaywrightReport;
    const failures = suites.flatMap(specsOf).filter(({ ok }) => !ok).map(({ file, line, title }) => `${file}:${line}: ${title}`);
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped, failures };
  });
}

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}
