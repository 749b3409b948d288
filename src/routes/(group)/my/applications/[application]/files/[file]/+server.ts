import { error } from '@sveltejs/kit';
import * as drafts from '$lib/applications/drafts.server';
import { sql } from '$lib/db/db.server';
import { serveFile } from '../../../../../../serve-file.server';
import { isUuid } from '$lib/forms/ids';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const known = isUuid(params.application) && isUuid(params.file) ? await drafts.fileForMember(sql, params.application, params.file, locals.viewer!.accountId) : null;
  if (!known) error(404, 'このファイルは見つかりません。');
  return serveFile(known);
};
