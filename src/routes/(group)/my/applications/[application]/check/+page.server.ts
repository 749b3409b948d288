import { fail, redirect } from '@sveltejs/kit';
import { ANSWER_SECTIONS, QUESTIONS, SECTION_TITLES } from '$lib/applications/application';
import { answerText } from '$lib/applications/answer-text';
import { organisationRows } from '$lib/applications/snapshot';
import { draftWhole, seenMark, submit } from '$lib/applications/submission.server';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { formatInstant } from '$lib/time/wareki';
import { actingFor, mine } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  not_found: [404, 'この申請は見つかりません。'],
  not_representative: [403, '提出できるのは代表者だけです。代表者にログインして提出するよう伝えてください。入力した内容は保存されています。'],
  already_submitted: [409, 'この申請はすでに提出されています。'],
  not_open: [409, 'いまは受付期間ではありません。入力した内容は保存されています。'],
  already_applied: [409, 'この制度には、同じ団体から今年度の申請がすでに出ています。1団体1事業までです。入力した内容は保存されています。'],
  changed: [409, '確認している間に、内容が変わりました。下の内容をもう一度確かめてから、提出してください。'],
  incomplete: [422, 'まだ足りないところがあります。']
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const whole = await draftWhole(sql, row);
  const { reckoning, edition } = whole;
  const category = new Map(edition.categories.map((one) => [one.id, one]));
  const line = (one: (typeof reckoning.lines)[number]) => ({ ...one, category: category.get(one.category_id)?.name ?? '', eligible: category.get(one.category_id)?.eligible ?? false });
  return {
    application: { id: row.id, title: row.project_title, organisation_id: row.organisation_id, state: row.state, role: row.my_role },
    edition: { name: edition.name, form_number: edition.application_form_number, is_example: edition.is_example, closes_at: edition.closes_at },
    organisation: [...organisationRows(whole.organisation)].map(([label, value]) => ({ label, value })),
    sections: ANSWER_SECTIONS.map((section) => ({
      section, title: SECTION_TITLES[section],
      rows: QUESTIONS[section].map((question) => ({ label: question.label, value: answerText(question, whole.answers.get(section)?.content[question.name] ?? null) }))
    })),
    budget: { reckoning, income: reckoning.lines.filter((one) => one.side === 'income').map(line), expense: reckoning.lines.filter((one) => one.side === 'expense').map(line), grant: edition.categories.find((one) => one.is_grant)?.name ?? '支援金' },
    files: [...whole.dossierFiles.map((file) => ({ paper: file.paper, name: file.name, size: file.bytes, sha256: file.sha256 })),
      ...whole.files.map((file) => ({ paper: file.paper_name, name: file.name, size: file.bytes, sha256: file.sha256 }))],
    missing: whole.missing, seen: seenMark(whole), key: newKey()
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const seen = form.get('seen');
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event.locals, row), (tx) => submit(tx, accountId, row.id, typeof seen === 'string' ? seen : '', event.locals.origin),
      { action: 'application.submit', key: keyOf(form) });
    if (result.ok) {
      nudgeMail();
      redirect(303, `/my/applications/${row.id}/receipt`);
    }
    if (result.reason === 'closed') {
      return fail(409, { problems: [{ field: '', message: `受付は ${formatInstant(new Date(result.closes_at))} に終わりました。入力した内容はすべて保存されています。市の担当課に相談してください。` }] });
    }
    if (result.reason === 'files_not_stored') {
      return fail(503, { problems: [{ field: '', message: `次のファイルを確かめられませんでした。もう一度添付してください: ${result.names.join('、')}` }] });
    }
    const [status, message] = REFUSALS[result.reason];
    const missing = result.reason === 'incomplete' ? result.missing.map((one) => ({ field: one.section, message: one.message })) : [];
    return fail(status, { problems: [...(missing.length > 0 ? missing : [{ field: '', message }])] });
  }
};
