import * as trail from '$lib/audit/trail.server';
import { sql } from '$lib/db/db.server';
import { GROUP_EVENT_WORDS } from '$lib/organisations/succession';
import { RETENTION_EVENT_WORDS } from '$lib/retention/retention';
import { EVENT_WORDS } from '$lib/screening/screening';
import type { PageServerLoad } from './$types';

const WORDS: Readonly<Record<string, string>> = { ...EVENT_WORDS, ...GROUP_EVENT_WORDS, ...RETENTION_EVENT_WORDS };

export const load: PageServerLoad = async ({ url }) => {
  const before = url.searchParams.get('before') ?? '';
  const page = await trail.page(sql, /^\d{1,15}$/.test(before) ? Number(before) : null);
  return { ...page, entries: page.entries.map((entry) => ({ ...entry, words: WORDS[entry.action] ?? null })) };
};
