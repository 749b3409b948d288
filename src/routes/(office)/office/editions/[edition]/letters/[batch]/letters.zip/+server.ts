import { Readable } from 'node:stream';
import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import * as batches from '$lib/documents/batch.server';
import { lettersZip } from '$lib/documents/zip.server';
import { contentDisposition } from '$lib/files/name';
import * as files from '$lib/files/store.server';
import { log } from '$lib/settings/log.server';
import { batchOf } from '../batch.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const batch = await batchOf(params);
  const letters = await batches.lettersOf(sql, batch.id, locals.viewer!.accountId);
  if (batch.finished_at === null || letters.length === 0) error(404, 'まだ保存できる通知書がありません。作成が終わってから、もう一度開いてください。');
  const zip = lettersZip(letters, async (id) => {
    const opened = await files.open(sql, id);
    if (opened.ok) return opened.bytes;
    log('error', { event: 'file_damaged', file: id });
    throw new Error(`letter ${id} is ${opened.reason}`);
  });
  return new Response(Readable.toWeb(zip) as ReadableStream, {
    headers: {
      'content-type': 'application/zip', 'content-disposition': contentDisposition(`通知書_${batch.issued_on}.zip`),
      'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'private, no-store'
    }
  });
};
