import { sql } from '$lib/db/db.server';
import { members } from '$lib/organisations/members.server';
import { dossierRows, missingForApplying } from '$lib/organisations/organisation';
import * as settings from '$lib/settings/store.server';
import { group } from './group.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { organisation } = await group(event);
  const { association_word } = await settings.city(sql);
  // A city that has set up no districts has no such question in the form either.
  const asksDistrict = organisation.district_id !== null || (await settings.districts(sql)).some((district) => !district.retired_at);
  const people = await members(sql, organisation.id, event.locals.viewer!.accountId);
  return {
    id: organisation.id, name: organisation.name, updated_at: organisation.updated_at, done: event.url.searchParams.get('done'),
    rows: dossierRows(organisation, { associationWord: association_word, districtName: organisation.district_name }).filter(({ field }) => field !== 'district_id' || asksDistrict),
    missing: missingForApplying(organisation),
    papers: organisation.papers.map(({ id, kind, name, bytes, sha256 }) => ({ id, kind, name, bytes, sha256 })),
    members: people.filter((one) => one.current).map(({ id, name, role, from_on, to_on }) => ({ id, name, role, from_on, to_on }))
  };
};
