import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import * as letters from '$lib/documents/letters.server';
import { isUuid } from '$lib/forms/ids';
import { serveFile } from '../../../../serve-file.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const letter = isUuid(params.letter) ? await letters.forOffice(sql, params.letter, locals.viewer!.accountId) : null;
  if (!letter) error(404, 'この通知書は見つかりません。');
  return serveFile(letter.file_id);
};
