import { sql } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { round } from '../../round.server';
import { batchOf } from './batch.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const edition = await round(event);
  const batch = await batchOf(event.params);
  const viewer = event.locals.viewer!.accountId;
  return {
    edition: { id: edition.id, name: edition.name }, batch,
    problems: await batches.problems(sql, batch.id, viewer),
    letters: (await batches.lettersOf(sql, batch.id, viewer)).map(({ id, document_number, organisation_name }) => ({ id, document_number, organisation_name }))
  };
};
