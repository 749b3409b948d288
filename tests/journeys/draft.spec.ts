/** A draft survives: saved while typing, continued on another device, kept beside a colleague's, and through an ended session. */
import { beginApplication, fill, press } from './steps.ts';
import { expect, test } from './support/index.ts';

test('下書きは、自動保存・別の機器・同時の編集・ログイン切れでも残る', async ({ portal, person }) => {
  const hana = await person('hana@demo.example');
  const address = await beginApplication(hana, '花と緑の会（架空）');
  await hana.goto(`${address}/project`);
  await fill(hana, '事業名', '書きかけの花だん（架空）');
  await expect(hana.getByText('自動で保存しました。')).toBeVisible({ timeout: 20_000 });

  // Another member, another device, no script: everything is there, and may be changed.
  const taro = await person('taro@demo.example', { javaScript: false, phone: true });
  await taro.goto(`${address}/project`);
  await expect(taro.getByRole('textbox', { name: /^事業名/ })).toHaveValue('書きかけの花だん（架空）');
  await fill(taro, '事業の目的', '太郎が書いた目的。');
  await press(taro, '保存する');

  // The first member saves an older page: nobody's words are lost, both are shown.
  await fill(hana, '事業の目的', '花子が書いた目的。');
  await press(hana, '保存する');
  await expect(hana.getByRole('alert').first()).toContainText('ほかの人が先に');
  await expect(hana.getByText('太郎が書いた目的。')).toBeVisible();
  await expect(hana.getByRole('textbox', { name: /^事業の目的/ })).toHaveValue('花子が書いた目的。');
  await press(hana, '保存する');
  await expect(hana).toHaveURL(new RegExp(`${address}$`));

  // The session ends in the middle of typing; after signing in again the same words are sent.
  await taro.goto(`${address}/team`);
  await fill(taro, '役割分担', '消えてはいけない役割分担。');
  await portal.sql.begin(async (owner) => {
    await owner`select set_config('portal.actor', 'system:test', true)`;
    await owner`delete from session where account_id = (select id from account where email = 'taro@demo.example')`;
  });
  await press(taro, '保存する');
  await expect(taro.getByRole('heading', { level: 1 })).toHaveText('もう一度ログインしてください');
  await expect(taro.getByText('消えてはいけない役割分担。')).toBeVisible();
  await taro.locator('input[name=email]').fill('taro@demo.example');
  await taro.locator('input[name=password]').fill('takahagi-demo-2026');
  await press(taro, 'ログインして続ける');
  await press(taro, '続ける');
  await expect(taro).toHaveURL(new RegExp(`${address}$`));
  await taro.goto(`${address}/team`);
  await expect(taro.getByRole('textbox', { name: /^役割分担/ })).toHaveValue('消えてはいけない役割分担。');
});
