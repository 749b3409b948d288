import { error } from '@sveltejs/kit';
import { latestSubmission } from '$lib/applications/submission.server';
import { sql } from '$lib/db/db.server';
import { submissionPdf } from '$lib/documents/submission-document.server';
import * as files from '$lib/files/store.server';
import { found } from '../office.server';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const row = await found(event);
  const submission = await latestSubmission(sql, row.id);
  if (!submission) error(404, 'まだ提出されていません。');
  const result = await submissionPdf(submission);
  if (!result.ok) error(503, 'いまは PDF を作れません。少し待ってから、もう一度開いてください。');
  return files.download(result.file, result.bytes);
};
