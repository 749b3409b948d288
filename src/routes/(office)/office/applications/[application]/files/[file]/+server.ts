import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import * as screening from '$lib/screening/store.server';
import { serveFile } from '../../../../../../serve-file.server';
import { found } from '../../office.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const row = await found(event);
  const known = isUuid(event.params.file) ? await screening.submittedFile(sql, row.id, event.params.file) : null;
  if (!known) error(404, 'このファイルは見つかりません。');
  return serveFile(known);
};
