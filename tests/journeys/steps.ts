/** What people do in the main job, in their own words: used by several journeys. Japanese labels only, as a newcomer sees them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

/** The button of the page's own form, by its exact words. */
export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Fills a text field by its label (the mark ※必須 or ※任意 stands inside the label). */
export async function fill(page: Page, label: string, value: string): Promise<void> {
  await page.getByRole('textbox', { name: new RegExp(`^${label}\\s*※`) }).fill(value);
}

/** Fills a day's three boxes in the group with this legend; the year as people write it. */
export async function fillDay(page: Page, legend: string, [year, month, day]: [string, string, string]): Promise<void> {
  const group = page.getByRole('group', { name: new RegExp(legend) });
  await group.getByRole('textbox', { name: '年' }).fill(year);
  await group.getByRole('textbox', { name: '月' }).fill(month);
  await group.getByRole('textbox', { name: '日' }).fill(day);
}

/** A row of the budget: the n-th (from 1) of 収入 or 支出. */
export async function fillLine(page: Page, side: '収入' | '支出', n: number, line: { category: string; item: string; amount: string; basis?: string }): Promise<void> {
  const row = page.getByRole('group', { name: `${side} ${n}行目`, exact: true });
  await row.getByLabel('区分').selectOption({ label: line.category });
  await row.getByLabel('内容').fill(line.item);
  await row.getByLabel('金額').fill(line.amount);
  await row.getByLabel('積算の根拠').fill(line.basis ?? '');
}

/** A new group with its rules and member list, registered by its representative. */
export async function registerGroup(page: Page, group: { name: string; representative: string }): Promise<void> {
  await page.goto('/my');
  await page.getByRole('link', { name: /団体を登録する/ }).click();
  await page.getByRole('radio', { name: '市民活動団体' }).check();
  await fill(page, '団体の名前', group.name);
  await fill(page, '団体の名前（フリガナ）', 'みどりのつうがくろ');
  await fill(page, '代表者の役職', '会長');
  await fill(page, '代表者の氏名', group.representative);
  await fill(page, '郵便番号', '３１８ー００００');
  await fill(page, '所在地', '高萩市架空町9番地');
  await fill(page, '活動の目的', '通学路に花と緑をふやす。');
  await fillDay(page, '設立日', ['平成30', '4', '1']);
  await fill(page, '会員の数', '１２');
  await fill(page, '市内に住む会員の数', '10');
  await fill(page, '市外に住み、市内で働く会員の数', '2');
  await fill(page, '市外に住み、市内の学校に通う会員の数', '0');
  await page.getByRole('radio', { name: /^代表者/ }).check();
  await press(page, '団体を登録する');
  await expect(page).toHaveURL(/\/my\/organisations\/[0-9a-f-]{36}/);
  const home = new URL(page.url()).pathname;
  for (const [word, file] of [['会則', 'rules.pdf'], ['会員名簿', 'member-list.pdf']]) {
    await page.goto(`${home}/papers`);
    await page.getByLabel(`${word}のファイル`).setInputFiles({ name: file!, mimeType: 'application/pdf', buffer: PAPER });
    await press(page, `${word}を登録する`);
    await expect(page.getByRole('heading', { name: /書類を登録しました/ })).toBeVisible();
  }
}

const PAPER = readFileSync(join(import.meta.dirname, '../../db/demo/sample.pdf'));

/** From the scheme's page to an empty task list; answers the application's address. */
export async function beginApplication(page: Page, group: string): Promise<string> {
  await page.goto('/schemes');
  await page.getByRole('link', { name: '高萩まちづくり支援金（設定例）' }).click();
  await page.getByRole('link', { name: '申請を始める' }).click();
  await page.getByRole('radio', { name: group }).check();
  await press(page, '申請書を作り始める');
  await expect(page).toHaveURL(/\/my\/applications\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** Answers every section but the budget and the papers. */
export async function answerSections(page: Page, title: string): Promise<void> {
  const open = async (name: string) => { await page.getByRole('link', { name, exact: true }).click(); };
  await open('連絡先');
  await fill(page, '連絡先の氏名', '𠮷田 太郎');
  await fill(page, '連絡先のフリガナ', 'よしだ ﾀﾛｳ');
  await fill(page, '連絡先の電話番号', '０２９３－００－０００１');
  await fill(page, '連絡先のメールアドレス', 'taro@demo.example');
  await press(page, '保存する');
  await open('事業の目的と内容');
  await fill(page, '事業名', title);
  await fill(page, '事業の目的', '駅前の花だんを、世代をこえて手入れする。');
  await fill(page, '事業の内容', '毎月1回、花だんの植えかえと水やりの講習を行う。');
  await fill(page, '期待できる効果', '駅前で会う人どうしが、あいさつをするようになる。');
  await press(page, '保存する');
  await open('日程と場所');
  await fillDay(page, '事業を始める日', ['令和9', '１', '10']);
  await fillDay(page, '事業を終える日', ['2027', '3', '20']);
  await fill(page, '場所', '駅前広場（架空）');
  await fill(page, '日程', '1月 準備\n2月 植えかえ\n3月 まとめ');
  await press(page, '保存する');
  await open('実施体制');
  await fill(page, '運営に関わる人数', '１２人');
  await fill(page, '参加を見込む人数', '80');
  await fill(page, '役割分担', '代表が全体、担当が会計と連絡を受け持つ。');
  await press(page, '保存する');
}

/** A budget that does not balance at first, then does: 126,543 yen of eligible cost at one half, rounded down, is 63,000 yen. */
export async function answerBudget(page: Page): Promise<void> {
  await page.getByRole('link', { name: '収支予算', exact: true }).click();
  await fillLine(page, '支出', 1, { category: '消耗品費', item: '花の苗、土', amount: '９６，５４３円', basis: '苗 200株' });
  await fillLine(page, '支出', 2, { category: '報償費', item: '講師への謝礼', amount: '30000', basis: '10,000円×3回' });
  await fillLine(page, '支出', 3, { category: '食糧費（対象外）', item: '昼の弁当', amount: '5,000' });
  await fillLine(page, '収入', 1, { category: '会費・自己資金', item: '会費', amount: '60,000' });
  await press(page, '保存して計算する');
  await expect(page.getByText('収入が支出より 8,543円 少なくなっています')).toBeVisible();
  await fillLine(page, '収入', 1, { category: '会費・自己資金', item: '会費', amount: '68,543' });
  await press(page, '保存して計算する');
  await expect(page.getByRole('heading', { name: /収入と支出が合っています/ })).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: '63,000円' }).first()).toBeVisible();
  await press(page, '保存して一覧に戻る');
}
