import { error } from '@sveltejs/kit';
import { snapshotView } from '$lib/applications/view';
import { latestSubmission } from '$lib/applications/submission.server';
import { sql } from '$lib/db/db.server';
import { mine } from '../mine.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const submission = await latestSubmission(sql, row.id);
  if (!submission) error(404, 'まだ提出されていません。');
  return { id: row.id, view: snapshotView(submission.snapshot), round: submission.round, snapshot_sha256: submission.snapshot_sha256 };
};
