import { sql } from '$lib/db/db.server';
import { areasFor } from '$lib/policy/areas';
import { portalMode } from '$lib/settings/environment.server';
import { DEMO_ACCOUNTS } from '../../db/demo/people';
import { shownCity } from '$lib/settings/shown.server';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, route }) => {
  const city = await shownCity(sql);
  const demo = portalMode() === 'demo';
  return {
    portal: {
      name: city.portal_name,
      cityName: city.city_name,
      demo,
      help: { section: city.section_name, phone: city.phone, hours: city.office_hours },
      associationWord: city.association_word
    },
    // The password of invented people may be read by anybody who tries the demo.
    ...(demo && route.id === '/(account)/login' ? { demoAccounts: DEMO_ACCOUNTS.map(({ duty, ...person }) => ({ ...person, words: duty })) } : {}),
    viewer: locals.viewer ? { name: locals.viewer.name, areas: areasFor(locals.viewer) } : null
  };
};
