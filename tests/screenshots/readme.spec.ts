/** Takes the pictures of README.md (`npm run docs:screenshots`): the real pages, with the demo's invented data. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { check, issueLetters, openFromWorklist } from '../journeys/office-steps.ts';
import { answerBudget, answerSections, beginApplication, press } from '../journeys/steps.ts';
import { expect, test } from '../journeys/support/index.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/screenshots');
const SIZE = { width: 1280, height: 960 };
const PDFTOPPM = '/usr/bin/pdftoppm';

/** One picture of the window as somebody sees it, from this element down, in few colours so that the repository stays small. */
async function picture(page: Page, name: string, from?: Locator): Promise<void> {
  await page.setViewportSize(SIZE);
  await from?.first().evaluate((one) => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 64));
  await page.evaluate(() => document.fonts.ready);
  await keep(await page.screenshot({ animations: 'disabled' }), name);
}

async function keep(png: Buffer, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.png`), await sharp(png).png({ palette: true, colours: 128, compressionLevel: 9 }).toBuffer());
}

test('pictures of the applicant', async ({ person }) => {
  const hana = await person('hana@demo.example');
  const address = await beginApplication(hana, '花と緑の会（架空）');
  await answerSections(hana, '駅前の花いっぱい運動（架空）');
  await answerBudget(hana);
  await hana.goto(`${address}/budget`);
  await picture(hana, 'budget', hana.getByRole('heading', { name: '申請する額' }));
  await hana.goto(address);
  await picture(hana, 'task-list');
  const visitor = await person(null);
  await visitor.goto('/schemes/machizukuri');
  await picture(visitor, 'scheme');
});

test('pictures of the office', async ({ portal, person }) => {
  test.setTimeout(300_000);
  const officer = await person('officer@demo.example');
  const edition = `/office/editions/${(await portal.sql`select id from scheme_edition order by fiscal_year desc`)[0]!.id}`;
  await officer.goto('/office/applications');
  await picture(officer, 'work-list');
  const title = '海辺の生きもの教室（架空）';
  const office = await openFromWorklist(officer, title);
  await officer.goto(`${office}/screening`);
  await check(officer);
  await officer.goto(`${office}/acceptance`);
  await press(officer, '申請を受理する');
  await expect(officer).toHaveURL(new RegExp(`${office}$`));
  await officer.goto(`${edition}/panel`);
  for (const name of ['審査 六実', '審査 七海', '審査 八雲']) await officer.getByRole('checkbox', { name, exact: true }).check();
  await press(officer, '審査委員を割り当てる');
  await expect(officer).toHaveURL(/done=/);
  for (const [index, email] of ['panel1@demo.example', 'panel2@demo.example', 'panel3@demo.example'].entries()) {
    await scoreAll(await person(email), index === 0 ? 5 : 4, index);
  }
  await officer.goto(`${edition}/ranking`);
  await picture(officer, 'ranking', officer.getByRole('heading', { level: 1 }));
  await officer.goto(`${office}/proposal`);
  await officer.getByRole('radio', { name: /^採択/ }).check();
  await officer.getByRole('textbox', { name: /^理由/ }).fill('子どもたちが地域の海に学ぶ機会を広げるため。');
  await press(officer, 'この内容で起案する');
  await expect(officer.getByRole('button', { name: 'この内容で起案する' })).toHaveCount(0);
  const approver = await person('approver@demo.example');
  await approver.goto('/office/decisions');
  await approver.getByRole('row').filter({ hasText: title }).getByRole('link').click();
  await press(approver, 'この内容で決裁する');
  await expect(approver).toHaveURL(/done=/);
  await issueLetters(officer, edition);
  const [letter] = await portal.sql`select id from letter order by number desc`;
  await letterPicture(await (await officer.request.get(`/office/letters/${letter!.id}`)).body());
});

/** Each application this member was given, one after the other. */
async function scoreAll(page: Page, points: number, nth: number): Promise<void> {
  await page.goto('/panel');
  await expect(page.getByRole('main').getByRole('link', { name: /架空/ }).first()).toBeVisible();
  const links = await page.getByRole('main').getByRole('link', { name: /架空/ }).evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).pathname));
  for (const [index, path] of [...new Set(links)].entries()) {
    await page.goto(path);
    await page.getByRole('radio', { name: 'ない', exact: true }).check();
    await press(page, '利害関係を申告する');
    await page.getByRole('link', { name: '採点する' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('採点票');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('採点票');
    const boxes = page.getByRole('radio', { name: `${nth === 2 ? points - index : points}点`, exact: true });
    for (let at = 0; at < await boxes.count(); at += 1) await boxes.nth(at).check();
    const reasons = page.getByRole('textbox', { name: /の理由/ });
    for (let at = 0; at < await reasons.count(); at += 1) await reasons.nth(at).fill('計画が具体的で、続ける工夫がある。');
    await page.getByRole('checkbox', { name: /提出したあとは変更できない/ }).check();
    await press(page, '採点票を提出する');
    await expect(page.getByRole('heading', { name: /提出しました/ })).toBeVisible();
  }
}

/** The first page of the PDF, drawn by poppler: Chromium shows no PDF without a window. */
async function letterPicture(pdf: Buffer): Promise<void> {
  if (!existsSync(PDFTOPPM)) throw new Error('poppler-utils (pdftoppm) is needed for the picture of the letter');
  const folder = mkdtempSync(join(tmpdir(), 'letter-'));
  try {
    writeFileSync(join(folder, 'letter.pdf'), pdf);
    execFileSync(PDFTOPPM, ['-png', '-r', '90', '-f', '1', '-l', '1', '-singlefile', join(folder, 'letter.pdf'), join(folder, 'letter')]);
    await keep(await sharp(join(folder, 'letter.png')).flatten({ background: '#fff' }).toBuffer(), 'letter');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
