import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { COUNT_MAX, RULE_SETTINGS, RULE_WORDS } from '$lib/retention/retention';
import { overview, runs } from '$lib/retention/store.server';
import { dayOf } from '$lib/time/day';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
  const before = url.searchParams.get('before');
  const [rules, past] = await Promise.all([overview(sql), runs(sql, isUuid(before) ? before : null)]);
  return {
    countMax: COUNT_MAX, today: dayOf(new Date()),
    rules: rules.map(({ rule, keep_days, found, dry }) => ({ ...RULE_WORDS[rule], rule, setting: RULE_SETTINGS[rule], keep_days, found, dry })),
    runs: past.rows.map((run) => ({ ...run, label: RULE_WORDS[run.rule].label })),
    nextHref: past.next ? `/office/retention?before=${past.next}` : null
  };
};
