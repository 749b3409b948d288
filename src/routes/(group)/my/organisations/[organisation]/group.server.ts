import { error } from '@sveltejs/kit';
import { sql, type Actor } from '$lib/db/db.server';
import type { Dossier, Membership } from '$lib/organisations/organisation';
import * as organisations from '$lib/organisations/store.server';

type Here = { params: { organisation: string }; locals: App.Locals };

/** The group of this address when the viewer acts for it today; any other group does not exist for them. */
export async function group({ params, locals }: Here): Promise<{ organisation: Dossier; membership: Membership }> {
  return (await organisations.forMember(sql, params.organisation, locals.viewer!.accountId)) ?? gone();
}

/** Also for a verb that finds the membership ended while the form was open. */
export function gone(): never {
  error(404, 'この団体は見つかりません。');
}

/** The actor of a change made for the group. The verb itself finds out whether the account may. */
export const actingFor = ({ params, locals }: Here): Actor => ({ ...locals.actor, onBehalfOf: params.organisation });
