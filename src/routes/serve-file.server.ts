import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import * as files from '$lib/files/store.server';
import { log } from '$lib/settings/log.server';

/** A file whose reader was already found to be allowed, as a download. Bytes that are not what was kept are never sent. */
export async function serveFile(id: string): Promise<Response> {
  const opened = await files.open(sql, id);
  if (opened.ok) return files.download(opened.file, opened.bytes);
  if (opened.reason === 'missing') error(404, 'このファイルは見つかりません。');
  log('error', { event: 'file_damaged', file: id });
  error(500, '保存されているファイルが壊れています。市の担当課に連絡してください。');
}
