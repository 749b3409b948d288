import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import * as panel from '$lib/screening/panel.server';
import { serveFile } from '../../../../../serve-file.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const known = isUuid(params.assignment) && isUuid(params.file) ? await panel.file(sql, params.assignment, locals.viewer!.accountId, params.file) : null;
  if (!known) error(404, 'このファイルは見つかりません。');
  return serveFile(known);
};
