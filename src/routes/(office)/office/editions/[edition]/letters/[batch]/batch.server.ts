import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { isUuid } from '$lib/forms/ids';

/** The batch of this address, when it belongs to the round of this address. */
export async function batchOf(params: { edition: string; batch: string }): Promise<batches.Batch> {
  const found = isUuid(params.batch) ? await batches.batch(sql, params.batch) : null;
  if (found?.edition_id !== params.edition) error(404, 'このまとめ発行は見つかりません。');
  return found;
}
