import { error, fail } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { forOffice } from '$lib/organisations/office.server';
import type { Dossier } from '$lib/organisations/organisation';

/** The group of this address, for an officer who does not act for it; any other does not exist for them. */
export async function group({ params, locals }: { params: { organisation: string }; locals: App.Locals }): Promise<Dossier> {
  return (await forOffice(sql, params.organisation, locals.viewer!.accountId)) ?? error(404, 'この団体は見つかりません。');
}

export type Words = Record<string, readonly [status: number, message: string, field?: string]>;

/** A refused verb as the page's answer: its status and its words, everything typed kept. */
export function refused<V>(reason: string, words: Words, values: V) {
  const [status, message, field = ''] = words[reason] ?? [409, 'この操作は、いまはできません。団体の画面を開き直して確かめてください。'];
  return fail(status, { values, problems: [{ field, message }] });
}
