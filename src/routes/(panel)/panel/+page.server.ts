import { sql } from '$lib/db/db.server';
import * as panel from '$lib/screening/panel.server';
import { panelStep } from '$lib/screening/panel';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const rows = await panel.mine(sql, locals.viewer!.accountId);
  const rounds = [...new Map(rows.map((row) => [row.edition_id, row.edition_name]))];
  return {
    rounds: rounds.map(([id, name]) => ({
      id, name,
      assignments: rows.filter((row) => row.edition_id === id).map(({ id: assignment, receipt_number, project_title, organisation_name, scored, criteria, ...row }) => ({
        id: assignment, receipt_number, project_title, organisation_name, scored, criteria, step: panelStep({ ...row, scored })
      }))
    }))
  };
};
