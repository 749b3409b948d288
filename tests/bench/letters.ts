import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { findChromium, LAUNCH_ARGUMENTS } from '../../commands/chromium.ts';
import { loadDemoData } from '../../commands/start/demo.ts';
import { awardNotice } from '../../src/lib/documents/award-notice.ts';
import type { OfficialDocument } from '../../src/lib/documents/document.ts';
import { createRenderer, type Renderer } from '../../src/lib/documents/pdf.server.ts';
import { sampleAward } from '../../src/lib/documents/samples.ts';
import { copyDatabase, startTestServer } from '../database/server.ts';
import { atLeast, atMost, median, ratio, type Verdict } from './figures.ts';
import { fillAwards } from './fill-awards.ts';
import type { Told } from './letter-batch.ts';
import { htmlOf } from './letter-html.ts';

const LETTERS = 1_000;
const WARM_UP = 40;
const ROUNDS = 15;
/** So many of ours for each of Chromium's, so that both take about as long. */
const OURS_PER_ROUND = 12;

type Say = (line: string) => void;

export async function letters(say: Say): Promise<Verdict[]> {
  return [...(await besideChromium(say)), ...(await batch(say))];
}

/** No two letters alike: a number, a group and a project of its own. */
function letter(n: number): OfficialDocument {
  const receiver = { ...sampleAward.receiver, organisation: `${sampleAward.receiver.organisation}第${n}部会` };
  return awardNotice({ ...sampleAward, receiver, document_number: `環協第${n}号`, receipt_number: `R8-${n}`, project_title: `${sampleAward.project_title}　その${n}` });
}

/** One letter by the portal's renderer and the same text printed by Chromium, both warm, in turns. */
async function besideChromium(say: Say): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kyodo-portal-bench-'));
  const renderer = createRenderer();
  const browser = await chromium.launch({ executablePath: findChromium(say), args: LAUNCH_ARGUMENTS });
  try {
    const page = await browser.newPage();
    // From a file: only such a page may read the font files.
    writeFileSync(join(folder, 'letter.html'), htmlOf(letter(0)));
    await page.goto(pathToFileURL(join(folder, 'letter.html')).href);
    await expectFonts(page);
    for (let n = 1; n <= WARM_UP; n += 1) await draw(renderer, n);
    for (let n = 1; n <= 3; n += 1) await printed(page, n);
    const rounds = { ours: [] as number[], theirs: [] as number[], whole: [] as number[] };
    for (let round = 1; round <= ROUNDS; round += 1) {
      const started = performance.now();
      for (let n = 0; n < OURS_PER_ROUND; n += 1) await draw(renderer, round * 100 + n);
      rounds.ours.push((performance.now() - started) / OURS_PER_ROUND);
      const { print, whole } = await printed(page, round * 100);
      rounds.theirs.push(print);
      rounds.whole.push(whole);
    }
    const times = `${median(rounds.ours).toFixed(1)} ms beside ${median(rounds.theirs).toFixed(0)} ms, ${median(rounds.whole).toFixed(0)} ms with loading the page`;
    say(`letters: a letter: ${times}`);
    return [atLeast('letters', `Chromium's print alone ÷ a letter of ours (${times})`, ratio(rounds.theirs, rounds.ours), 15)];
  } finally {
    await browser.close();
    await renderer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function draw(renderer: Renderer, n: number): Promise<void> {
  const result = await renderer.render(letter(n));
  if (!result.ok || result.pages !== 2) throw new Error(`letter ${n}: ${result.ok ? `${result.pages} pages` : result.reason}`);
}

/** Chromium's time for the print alone, and with taking in the page. */
async function printed(page: Page, n: number): Promise<{ print: number; whole: number }> {
  const started = performance.now();
  await page.setContent(htmlOf(letter(n)));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const ready = performance.now();
  const bytes = await page.pdf({ preferCSSPageSize: true });
  if (bytes.length < 20_000) throw new Error('Chromium printed hardly anything');
  return { print: performance.now() - ready, whole: performance.now() - started };
}

async function expectFonts(page: Page): Promise<void> {
  const loaded = await page.evaluate(() => document.fonts.ready.then(() => [...document.fonts].filter((font) => font.status === 'loaded').length));
  if (loaded !== 3) throw new Error(`Chromium loaded ${loaded} of the 3 fonts`);
}

/** All letters of a round as the portal's own job issues them, in a process that is watched. */
async function batch(say: Say): Promise<Verdict[]> {
  const server = await startTestServer();
  try {
    await loadDemoData({ mode: 'demo', appUrl: server.appUrl });
    const { ownerUrl, appUrl } = await copyDatabase(server);
    const { edition, officer } = await fillAwards(ownerUrl, LETTERS);
    const child = fork(join(import.meta.dirname, 'letter-batch.ts'), [appUrl, edition, officer], { execArgv: [] });
    const told = await new Promise<Told>((done, failed) => {
      child.once('message', (message) => done(message as Told));
      child.once('exit', (code) => failed(new Error(`the batch ended with ${code}`)));
    });
    if (told.letters !== LETTERS) throw new Error(`${told.letters} of ${LETTERS} letters were issued`);
    say(`letters: ${LETTERS} in one batch: ${(told.milliseconds / LETTERS).toFixed(1)} ms each with number, file and audit entry; the zip has ${(told.zipBytes / 1e6).toFixed(0)} MB`);
    return [atMost('letters', `${LETTERS} letters in one batch, peak memory (RSS)`, told.peakMegabytes, 300, ' MB')];
  } finally {
    await server.stop();
  }
}
