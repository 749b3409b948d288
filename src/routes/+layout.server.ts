import { sql } from '$lib/db/db.server';
import { areasFor } from '$lib/policy/areas';
import { portalMode } from '$lib/settings/environment.server';
import * as settings from '$lib/settings/store.server';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals }) => {
  const city = await settings.city(sql);
  return {
    portal: {
      name: city.portal_name,
      cityName: city.city_name,
      demo: portalMode() === 'demo',
      help: { section: city.section_name, phone: city.phone, hours: city.office_hours },
      associationWord: city.association_word
    },
    viewer: locals.viewer ? { name: locals.viewer.name, areas: areasFor(locals.viewer) } : null
  };
};
