import { fail, redirect } from '@sveltejs/kit';
import { STATE_WORDS, WAITING_WORDS } from '$lib/applications/application';
import { STATE_TONES } from '$lib/applications/tones';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { isAllowed, policy } from '$lib/policy/policy';
import { parseForgetFilter, parseSaveFilter } from '$lib/screening/form';
import { readFilter, readPlace, writeCursor, writeFilter } from '$lib/screening/screening';
import { forgetFilter, saveFilter, SAVED_FILTERS_MAX, WORKLIST_COUNT_MAX, WORKLIST_PAGE, worklist, worklistSides } from '$lib/screening/worklist.server';
import { dayOf } from '$lib/time/day';
import type { Actions, PageServerLoad } from './$types';

const LIST = '/office/applications';
const hrefOf = (query: string): string => (query ? `${LIST}?${query}` : LIST);

export const load: PageServerLoad = async ({ locals, url }) => {
  const { accountId, roles } = locals.viewer!;
  const filter = readFilter(url.searchParams);
  const place = readPlace(url.searchParams);
  const [page, sides] = await Promise.all([worklist(sql, filter, accountId, place), worklistSides(sql, filter, accountId)]);
  const query = writeFilter(filter);
  const turned = (side: 'after' | 'before', cursor: typeof page.next) => cursor && hrefOf([query, `${side}=${encodeURIComponent(writeCursor(cursor))}`].filter(Boolean).join('&'));
  const key = newKey();
  return {
    // Only what a row shows: the page is sent once as HTML and once as data.
    rows: page.rows.map((row) => ({
      id: row.id, number: row.receipt_number, title: row.project_title, group: row.organisation_name, edition: row.edition_name, requested_yen: row.requested_yen,
      submitted_on: dayOf(row.submitted_at), state: STATE_WORDS[row.state], tone: STATE_TONES[row.state], waiting: WAITING_WORDS[row.waiting_for], assigned: row.assigned_name
    })),
    nextHref: turned('after', page.next), previousHref: turned('before', page.previous), firstHref: place ? hrefOf(query) : null,
    count: sides.count > WORKLIST_COUNT_MAX ? null : sides.count, countMax: WORKLIST_COUNT_MAX, pageSize: WORKLIST_PAGE,
    filter, query, editions: sides.editions, officers: sides.officers, isOfficer: roles.includes('officer'),
    saved: sides.saved.map((one) => ({ id: one.id, name: one.name, href: hrefOf(writeFilter(readFilter(new URLSearchParams(one.query)))), current: one.query === query })),
    maySave: isAllowed(policy['/(office)/office/applications']?.post?.save, roles), savedMax: SAVED_FILTERS_MAX, key
  };
};

export const actions: Actions = {
  save: async ({ request, locals }) => {
    const form = await request.formData();
    const parsed = parseSaveFilter(form);
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems });
    const { name, query } = parsed.value;
    const { accountId } = locals.viewer!;
    const result = await transaction(locals.actor, (tx) => saveFilter(tx, accountId, name, query), { action: 'worklist.save_filter', key: keyOf(form) });
    if (!result.ok) return fail(409, { values: { name }, problems: [{ field: 'name', message: `保存できる絞り込みは${SAVED_FILTERS_MAX}個までです。使わないものを消してから、もう一度保存してください。` }] });
    redirect(303, hrefOf(query));
  },
  forget: async ({ request, locals, url }) => {
    const form = await request.formData();
    const parsed = parseForgetFilter(form);
    if (!parsed.ok) return fail(parsed.status, { values: {}, problems: parsed.problems.map(({ message }) => ({ field: '', message })) });
    const { accountId } = locals.viewer!;
    const result = await transaction(locals.actor, (tx) => forgetFilter(tx, accountId, parsed.value.id), { action: 'worklist.forget_filter', key: keyOf(form) });
    if (!result.ok) return fail(404, { values: {}, problems: [{ field: '', message: 'この絞り込みは、すでに消されています。' }] });
    redirect(303, hrefOf(writeFilter(readFilter(url.searchParams))));
  }
};
