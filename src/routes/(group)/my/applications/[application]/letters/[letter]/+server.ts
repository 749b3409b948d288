import { error } from '@sveltejs/kit';
import * as letters from '$lib/documents/letters.server';
import * as awards from '$lib/awards/store.server';
import { sql } from '$lib/db/db.server';
import { serveFile } from '../../../../../../serve-file.server';
import { isUuid } from '$lib/forms/ids';
import { mine } from '../../mine.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const row = await mine(event);
  const released = await awards.releasedAward(sql, row.id);
  const letter = released && isUuid(event.params.letter) ? await letters.letter(sql, event.params.letter) : null;
  if (letter?.application_id !== row.id) error(404, 'この通知書は見つかりません。');
  return serveFile(letter.file_id);
};
