import { fail, redirect } from '@sveltejs/kit';
import { SECTIONS, SECTION_TITLES } from '$lib/applications/application';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { nudgeMail } from '$lib/jobs/jobs.server';
import * as schemes from '$lib/schemes/store.server';
import { CORRECTION_DAYS_MAX, parseCorrection, seenOf, typedOf } from '$lib/screening/form';
import * as screening from '$lib/screening/store.server';
import * as settings from '$lib/settings/store.server';
import { addBusinessDays } from '$lib/time/business-day';
import { addDays, dayOf, type Day } from '$lib/time/day';
import { inWords } from '../correction-words.server';
import { found, headOf, mayAct, refused } from '../office.server';
import type { Actions, PageServerLoad } from './$types';

/** What a group is usually given; the officer may change the day. */
const USUAL_BUSINESS_DAYS = 7;

const REFUSALS = {
  wrong_state: [409, 'いまは補正を依頼できません。すでに依頼しているか、受理・却下・取下げが済んでいます。'],
  changed: [409, 'この画面を開いている間に、団体から新しい提出がありました。申請の画面で内容を確かめてから、もう一度依頼してください。'],
  due_in_past: [422, '補正の期限は、きょうか、きょうより後の日を入力してください。'],
  no_sections: [422, '直してもらう区分を1つ以上選んでください。']
} as const;
const CANCEL_REFUSALS = { wrong_state: [409, 'この補正の依頼は、もう終わっています。団体の補正が届いたか、ほかの職員が取り消しました。'] } as const;

const today = async (): Promise<Day> => dayOf(await schemes.now(sql));

export const load: PageServerLoad = async (event) => {
  const row = await found(event);
  const [requests, seen, closed, day] = await Promise.all([screening.corrections(sql, row.id), screening.newestSubmission(sql, row.id), settings.closingDays(sql), today()]);
  const act = mayAct(event.locals, 'correction');
  return {
    ...headOf(row), requests: requests.map(inWords), seen, key: newKey(), sections: SECTIONS.map((section) => ({ section, title: SECTION_TITLES[section] })),
    usual: USUAL_BUSINESS_DAYS, due_on: addBusinessDays(day, USUAL_BUSINESS_DAYS, closed.map((one) => one.on_day)), mayAsk: act && row.state === 'submitted', mayCancel: act && row.state === 'correction'
  };
};

export const actions: Actions = {
  default: async (event) => {
    const row = await found(event);
    const form = await event.request.formData();
    const { actor, viewer, origin } = event.locals;
    if (form.get('_intent') === 'cancel') {
      const result = await transaction(actor, (tx) => screening.cancelCorrection(tx, row.id, origin), { action: 'screening.cancel_correction', key: keyOf(form) });
      if (!result.ok) return refused(result.reason, CANCEL_REFUSALS, {});
      nudgeMail();
      redirect(303, `/office/applications/${row.id}`);
    }
    const day = await today();
    const parsed = parseCorrection(day, addDays(day, CORRECTION_DAYS_MAX), form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const result = await transaction(actor, (tx) => screening.requestCorrection(tx, viewer!.accountId, row.id, parsed.value, origin, seenOf(form)),
      { action: 'screening.correction', key: keyOf(form) });
    if (!result.ok) return refused(result.reason, REFUSALS, typedOf(form), result.reason === 'due_in_past' ? 'due_on' : result.reason === 'no_sections' ? 'section' : '');
    nudgeMail();
    redirect(303, `/office/applications/${row.id}`);
  }
};
