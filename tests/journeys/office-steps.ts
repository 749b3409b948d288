/** What the city and the committee do in the main job, by the words on their pages. */
import { expect, type Page } from '@playwright/test';
import { DEMO_ACCOUNTS } from './support/index.ts';
import { fillDay, press } from './steps.ts';

/** Opens an application from the work list by its title. */
export async function openFromWorklist(page: Page, title: string): Promise<string> {
  await page.goto('/office/applications');
  await page.getByRole('row').filter({ hasText: title }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  return new URL(page.url()).pathname;
}

/** Says "met" to every requirement, but the last as `last` with its reason. */
export async function check(page: Page, last: '適合' | '確認が必要' = '適合', reason = ''): Promise<void> {
  const radios = page.getByRole('radio', { name: '適合', exact: true });
  await expect(radios.first()).toBeVisible();
  const count = await radios.count();
  for (let index = 0; index < count; index += 1) await radios.nth(index).check();
  if (last !== '適合') {
    await page.getByRole('radio', { name: last, exact: true }).nth(count - 1).check();
    await page.getByLabel(/理由/).last().fill(reason);
  }
  await press(page, '形式審査を保存する');
}

export async function confirmPassword(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'パスワード' }).fill(DEMO_ACCOUNTS[0]!.password);
  await press(page, '確かめて続ける');
}

/** A committee member declares no interest, reads, scores every criterion, and hands the sheet in. */
export async function score(page: Page, title: string, points: number): Promise<void> {
  await page.goto('/panel');
  await page.getByRole('link', { name: new RegExp(title) }).click();
  await page.getByRole('radio', { name: 'ない', exact: true }).check();
  await press(page, '利害関係を申告する');
  await page.getByRole('link', { name: '採点する' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('採点票');
  const boxes = page.getByRole('radio', { name: `${points}点`, exact: true });
  for (let index = 0; index < await boxes.count(); index += 1) await boxes.nth(index).check();
  // Handing in with a reason missing is refused, and keeps what was typed.
  const reasons = page.getByRole('textbox', { name: /の理由/ });
  const count = await reasons.count();
  for (let index = 0; index < count - 1; index += 1) await reasons.nth(index).fill(`理由その${index + 1}`);
  await page.getByRole('checkbox', { name: /提出したあとは変更できない/ }).check();
  await press(page, '採点票を提出する');
  await expect(page.getByRole('alert')).toContainText('理由');
  await expect(reasons.first()).toHaveValue('理由その1');
  await reasons.nth(count - 1).fill('最後の理由');
  await page.getByRole('checkbox', { name: /提出したあとは変更できない/ }).check();
  await press(page, '採点票を提出する');
  await expect(page.getByRole('heading', { name: /提出しました/ })).toBeVisible();
}

export async function declareConflict(page: Page, title: string): Promise<void> {
  await page.goto('/panel');
  await page.getByRole('link', { name: new RegExp(title) }).click();
  await page.getByRole('radio', { name: 'ある', exact: true }).check();
  await page.getByRole('textbox', { name: /その内容/ }).fill('団体の役員の家族です。');
  const address = page.url();
  await press(page, '利害関係を申告する');
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('この申請は閉じています');
  await expect(page.getByText(title)).toHaveCount(0);
}

export async function issueLetters(page: Page, edition: string): Promise<void> {
  await page.goto(`${edition}/letters`);
  await page.getByRole('button', { name: /件の通知書をまとめて発行する/ }).click();
  await expect(page.getByText(/件を発行しました/)).toBeVisible({ timeout: 60_000 });
}

/** Sets the instant from which results are public, which must lie ahead. */
export async function release(page: Page, edition: string, at: Date): Promise<void> {
  await page.goto(`${edition}/release`);
  const clock = new Date(at.getTime() + 9 * 3_600_000).toISOString();
  await fillDay(page, '公開する日', [clock.slice(0, 4), String(Number(clock.slice(5, 7))), String(Number(clock.slice(8, 10)))]);
  await page.getByLabel(/^時/).fill(String(Number(clock.slice(11, 13))));
  await page.getByLabel(/^分/).fill(String(Number(clock.slice(14, 16))));
  await press(page, '公開日時を決める');
  await expect(page.getByRole('heading', { name: /に公開します/ })).toBeVisible();
}
