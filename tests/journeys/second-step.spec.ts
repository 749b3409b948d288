/** The second step of a log-in: set up with an authenticator, used on a telephone without a script, made up for by paper, given up. */
import { codeAt, stepAt } from '../../src/lib/accounts/totp.server.ts';
import { keyboardProblems, violations } from '../accessibility/rules.ts';
import { press } from './steps.ts';
import { expect, signIn, test } from './support/index.ts';

const EMAIL = 'accountant@demo.example';
const code = (secret: string, steps = 0) => codeAt(secret, stepAt(new Date()) + steps);

test('2段階認証を設定し、認証アプリでも回復コードでもログインし、やめる', async ({ person }) => {
  const accountant = await person(EMAIL);
  const check = async () => expect([...(await violations(accountant)), ...(await keyboardProblems(accountant))]).toEqual([]);
  await accountant.goto('/account');
  await accountant.getByRole('link', { name: '2段階認証を設定する' }).click();
  await expect(accountant.getByRole('img', { name: /QRコード/ })).toBeVisible();
  const secret = (await accountant.locator('code').textContent())!.replaceAll(' ', '');
  await accountant.getByLabel('確認コード').fill('１２３');
  await press(accountant, '確かめて設定する');
  await expect(accountant.getByRole('alert')).toContainText('6けたの数字');
  await check();
  // The same picture as before: what was scanned still holds.
  await expect(accountant.locator('code')).toHaveText(secret.match(/.{4}/g)!.join(' '));
  await accountant.getByLabel('確認コード').fill(code(secret));
  await press(accountant, '確かめて設定する');
  await expect(accountant.getByRole('heading', { level: 1 })).toHaveText('回復コードを控えてください');
  const codes = await accountant.locator('li code').allTextContents();
  expect(codes).toHaveLength(10);
  await expect(accountant.getByRole('button', { name: '印刷する' })).toBeVisible();
  await check();
  await accountant.getByRole('link', { name: /控えたので/ }).click();
  await expect(accountant.getByText('残りの回復コード：10個')).toBeVisible();

  // On a telephone, without a script, with the code in full width.
  const phone = await person(null, { javaScript: false, phone: true });
  await signIn(phone, EMAIL);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('2段階認証');
  await phone.goto('/office');
  await expect(phone).toHaveURL(/\/second-step\?next=%2Foffice$/);
  await phone.getByLabel('確認コード').fill([...code(secret, 1)].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(''));
  await press(phone, '確かめて続ける');
  await expect(phone).toHaveURL(/\/office$/);

  // The telephone is at home.
  const elsewhere = await person(null);
  await signIn(elsewhere, EMAIL);
  await elsewhere.getByLabel('回復コード').fill(codes[4]!.toLowerCase());
  await press(elsewhere, '回復コードで続ける');
  await expect(elsewhere).toHaveURL(/\/office/);

  // A new telephone, then none at all.
  await elsewhere.goto('/account/second-step');
  await expect(elsewhere.getByText('9個')).toBeVisible();
  await elsewhere.getByRole('link', { name: '認証アプリを設定し直す' }).click();
  const renewed = (await elsewhere.locator('code').textContent())!.replaceAll(' ', '');
  expect(renewed).not.toBe(secret);
  await elsewhere.getByLabel('確認コード').fill(code(renewed));
  await press(elsewhere, '確かめて設定する');
  await elsewhere.getByRole('link', { name: /控えたので/ }).click();
  await elsewhere.getByRole('link', { name: '2段階認証の設定を見る' }).click();
  await press(elsewhere, '2段階認証をやめる');
  await expect(elsewhere.getByRole('status')).toContainText('2段階認証を使わない設定にしました');
  await person(EMAIL);
});
