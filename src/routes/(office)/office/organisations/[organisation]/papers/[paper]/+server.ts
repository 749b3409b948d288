import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { download } from '$lib/files/store.server';
import { paperForOffice } from '$lib/organisations/papers.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const opened = await paperForOffice(sql, params.paper, params.organisation, locals.viewer!.accountId);
  return opened ? download(opened.file, opened.bytes) : error(404, 'この書類は見つかりません。');
};
