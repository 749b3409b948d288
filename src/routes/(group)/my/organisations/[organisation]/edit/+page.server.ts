import { fail, redirect } from '@sveltejs/kit';
import { sql, transaction } from '$lib/db/db.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parseDossier, typedOf } from '$lib/organisations/form';
import { differences, dossierRows, type Dossier, type DossierValue } from '$lib/organisations/organisation';
import * as organisations from '$lib/organisations/store.server';
import * as settings from '$lib/settings/store.server';
import { dayOf } from '$lib/time/day';
import { actingFor, gone, group } from '../group.server';
import type { Actions, PageServerLoad } from './$types';

const STALE = '画面を開いている間に、ほかの人が保存しました。下の「違うところ」を確かめ、必要なら直してから、もう一度保存してください。あなたの入力は残っています。';

/** Districts in use, and the group's own even when the city has retired it: saving must not force another choice. */
async function districtsFor({ district_id }: { district_id: string | null }) {
  return (await settings.districts(sql)).filter((district) => !district.retired_at || district.id === district_id).map(({ id, name }) => ({ id, name }));
}

export const load: PageServerLoad = async (event) => {
  const { organisation } = await group(event);
  return { organisation, key: newKey(), districts: await districtsFor(organisation) };
};

export const actions: Actions = {
  default: async (event) => {
    const { organisation } = await group(event);
    const form = await event.request.formData();
    const districts = await districtsFor(organisation);
    const parsed = parseDossier(form, { today: dayOf(new Date()), districts: districts.map(({ id }) => id) });
    // The version that was seen goes back as it came, so that a stale page stays stale while its words are put right.
    const version = Number(form.get('version')) || organisation.version;
    if (!parsed.ok) return fail(parsed.status, { values: parsed.values, problems: parsed.problems, version, different: [] });
    const { version: seen, ...value } = parsed.value;
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event), (tx) => organisations.update(tx, accountId, organisation.id, seen, value), { action: 'organisation.update', key: keyOf(form) });
    if (result.ok) redirect(303, `/my/organisations/${organisation.id}?done=saved`);
    if (result.reason === 'not_found') gone();
    if (result.reason === 'invalid') return fail(422, { values: typedOf(form), problems: result.problems, version, different: [] });
    return fail(409, {
      values: typedOf(form), problems: [{ field: '', message: STALE }], version: result.current.version,
      different: await compare(result.current, value, districts)
    });
  }
};

async function compare(current: Dossier, value: DossierValue, districts: { id: string; name: string }[]) {
  const { association_word } = await settings.city(sql);
  const inWords = (one: DossierValue, districtName: string | null) => dossierRows(one, { associationWord: association_word, districtName });
  return differences(inWords(current, current.district_name), inWords(value, districts.find(({ id }) => id === value.district_id)?.name ?? null));
}
