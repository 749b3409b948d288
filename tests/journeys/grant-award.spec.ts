/** From application to 交付決定通知書: the whole main job as five people, then once more with JavaScript off for the applicant. */
import { textOf } from '../read-pdf.ts';
import { check, confirmPassword, declareConflict, issueLetters, openFromWorklist, release, score } from './office-steps.ts';
import { answerBudget, answerSections, beginApplication, fill, press, registerGroup } from './steps.ts';
import { expect, test } from './support/index.ts';

for (const javaScript of [true, false]) {
  test(`まちづくり支援金: 申請から交付決定通知書まで（申請者の JavaScript ${javaScript ? 'あり' : 'なし'}）`, async ({ portal, person }) => {
    test.setTimeout(300_000);
    const title = javaScript ? '駅前の花いっぱい（架空）髙﨑' : '通学路の花いっぱい（架空）𠮷';
    const group = javaScript ? { name: '花と緑の会（架空）', representative: '髙﨑 花子' } : { name: 'みどりの通学路（架空）', representative: '𠮷田 太郎' };
    const hana = await person(javaScript ? 'hana@demo.example' : 'taro@demo.example', { javaScript, phone: true });
    // Without a script somebody also registers the group first, on the same phone.
    if (!javaScript) await registerGroup(hana, group);

    // 1–3: the group applies
    const address = await beginApplication(hana, group.name);
    await answerSections(hana, title);
    await answerBudget(hana);
    await hana.getByRole('link', { name: '内容を確認する' }).click();
    await press(hana, '申請を提出する');
    await expect(hana.getByRole('heading', { name: '申請を受け付けました' })).toBeVisible();
    const receipt = /\d{4}-\d{4}/.exec(await hana.getByRole('heading', { name: /受付番号/ }).innerText())![0];
    const paper = await textOf(await (await hana.request.get(`${address}/receipt.pdf`)).body());
    for (const words of [title, group.representative.replace(/ /g, ''), receipt, '63,000', '事業計画書', '収支予算書']) expect(paper).toContain(words);
    expect((await portal.mails('taro@demo.example')).some((mail) => mail.body?.includes(receipt))).toBe(true);

    // 4: the officer asks for a correction, the group answers, the officer accepts
    const officer = await person('officer@demo.example');
    const office = await openFromWorklist(officer, title);
    await officer.goto(`${office}/correction`);
    await officer.getByRole('checkbox', { name: '日程と場所' }).check();
    await officer.getByRole('textbox', { name: /「日程と場所」を直してもらう理由/ }).fill('雨の日の場所を書き足してください。');
    await press(officer, '補正を依頼する');
    await hana.goto(address);
    await expect(hana.getByText('雨の日の場所を書き足してください。')).toBeVisible();
    await hana.goto(`${address}/project`);
    await expect(hana.getByRole('button', { name: '保存する', exact: true })).toHaveCount(0);
    await hana.goto(`${address}/schedule`);
    await fill(hana, '場所', '駅前広場（架空）。雨の日は市民センター（架空）');
    await press(hana, '保存する');
    await hana.goto(`${address}/check`);
    await press(hana, '補正した内容を提出する');
    await officer.goto(office);
    await expect(officer.getByText('雨の日は市民センター（架空）').first()).toBeVisible();
    await officer.goto(`${office}/screening`);
    await check(officer);
    await officer.goto(`${office}/acceptance`);
    await press(officer, '申請を受理する');

    // 5: the committee
    const edition = `/office/editions/${(await portal.sql`select edition_id from application where receipt_number = ${receipt}`)[0]!.edition_id}`;
    await officer.goto(`${edition}/panel`);
    for (const name of ['審査 六実', '審査 七海', '審査 八雲']) await officer.getByRole('checkbox', { name, exact: true }).check();
    await press(officer, '審査委員を割り当てる');
    await declareConflict(await person('panel3@demo.example'), title.slice(0, 8));
    await score(await person('panel1@demo.example', { phone: true }), title.slice(0, 8), 5);
    await officer.goto(`${edition}/ranking`);
    await expect(officer.getByRole('row').filter({ hasText: title })).toContainText('100.00');
    await score(await person('panel2@demo.example', { javaScript: false }), title.slice(0, 8), 4);
    await officer.goto(`${edition}/ranking`);
    await expect(officer.getByRole('row').filter({ hasText: title })).toContainText('90.00');

    // 6: the officer drafts, another person approves
    await officer.goto(`${office}/proposal`);
    await officer.getByRole('radio', { name: /^一部採択/ }).check();
    await officer.getByRole('textbox', { name: /交付する額/ }).fill('５０，０００');
    await officer.getByRole('textbox', { name: /^理由/ }).fill('予算の範囲で、花の苗と講師の費用を支援します。');
    await officer.getByRole('textbox', { name: /付け加える条件/ }).fill('花だんに、支援金を使ったことを示す札を立てること。');
    await press(officer, 'この内容で起案する');
    const approver = await person('approver@demo.example');
    // Ten minutes at the desk later the password is asked for again before money moves.
    await portal.sql.begin(async (owner) => {
      await owner`select set_config('portal.actor', 'system:test', true)`;
      await owner`update session set fresh_auth_at = fresh_auth_at - interval '10 minutes' where account_id = (select id from account where email = 'approver@demo.example')`;
    });
    await approver.goto('/office/decisions');
    await approver.getByRole('row').filter({ hasText: title }).getByRole('link').click();
    await confirmPassword(approver);
    await expect(approver.getByText('50,000円').first()).toBeVisible();
    await press(approver, 'この内容で決裁する');
    await expect(approver.getByRole('heading', { name: /決裁しました/ })).toBeVisible();

    // 7: the letter; nobody outside sees anything before the release
    await issueLetters(officer, edition);
    const [round] = await portal.sql`select id, results_release_at from scheme_edition where id = ${edition.split('/').at(-1)!}`;
    if (round!.results_release_at === null) {
      await release(officer, edition, new Date(Date.now() + 86_400_000));
      await hana.goto(address);
      await expect(hana.getByText('50,000円')).toHaveCount(0);
      expect((await hana.request.get('/projects')).status()).toBe(200);
      // The day comes.
      await portal.sql.begin(async (owner) => {
        await owner`select set_config('portal.actor', 'system:test', true)`;
        await owner`update scheme_edition set results_release_at = now() where id = ${round!.id}`;
      });
    }
    await hana.goto(address);
    await expect(hana.getByRole('heading', { name: /結果: 一部採択/ })).toBeVisible();
    const link = await hana.getByRole('link', { name: /交付決定通知書/ }).getAttribute('href');
    const file = await hana.request.get(link!);
    expect(file.headers()['content-disposition']).toContain('attachment');
    const letter = (await textOf(await file.body())).replace(/\s+/g, '');
    for (const words of ['環協第', group.name, group.representative.replace(/ /g, ''), '様', '（公印省略）', '50,000円', title.replace(/\s/g, ''), '花だんに、支援金を使ったことを示す札を立てること。', '第7条第1項', '令和8年']) {
      expect(letter).toContain(words);
    }

    // 8: everybody sees the project, nobody its people
    const visitor = await person(null, { javaScript: false });
    await visitor.goto('/projects');
    const row = visitor.getByRole('row').filter({ hasText: title });
    await expect(row).toContainText('50,000円');
    await expect(visitor.getByText(group.representative)).toHaveCount(0);
  });
}
