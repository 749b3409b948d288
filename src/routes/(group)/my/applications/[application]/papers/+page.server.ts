import { fail, redirect } from '@sveltejs/kit';
import * as corrections from '$lib/applications/corrections.server';
import * as drafts from '$lib/applications/drafts.server';
import { draftWhole } from '$lib/applications/submission.server';
import { sql, transaction } from '$lib/db/db.server';
import { ACCEPT_ATTRIBUTE, MAX_FILE_BYTES, MAX_FILES_PER_APPLICATION } from '$lib/files/limits';
import * as files from '$lib/files/store.server';
import { keyOf, newKey, isUuid } from '$lib/forms/ids';
import { papersFor } from '$lib/schemes/scheme';
import { actingFor, mine, SAVE_REFUSALS } from '../mine.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  ...SAVE_REFUSALS,
  unknown_paper: 'どの書類かを選び直してください。',
  no_room: '団体で保存できる容量がいっぱいです。使わないファイルを外してください。',
  too_many: `ファイルは1つの申請につき${MAX_FILES_PER_APPLICATION}個までです。使わないものを外してください。`
} as const;

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const whole = await draftWhole(sql, row);
  const open = await drafts.openSections(sql, row.id, row.state);
  const correction = row.state === 'correction' ? await corrections.open(sql, row.id) : null;
  return {
    id: row.id, application: row.project_title, organisation_id: row.organisation_id, key: newKey(),
    open: open === 'all' || open.includes('papers'), reason: correction?.items.find((item) => item.section === 'papers')?.reason ?? null,
    limits: { bytes: MAX_FILE_BYTES, kinds: 'PDF、JPEG、PNG、HEIC', accept: ACCEPT_ATTRIBUTE, count: MAX_FILES_PER_APPLICATION, left: MAX_FILES_PER_APPLICATION - whole.files.length },
    papers: papersFor(whole.edition.papers, whole.organisation.kind).map((paper) => ({
      ...paper,
      kept: whole.dossierFiles.filter((file) => file.paper === paper.name),
      files: whole.files.filter((file) => file.paper_id === paper.id).map((file) => ({ id: file.file_id, name: file.name, size: file.bytes, sha256: file.sha256, href: `/my/applications/${row.id}/files/${file.file_id}` }))
    }))
  };
};

export const actions: Actions = {
  add: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const paper = form.get('paper');
    const chosen = form.getAll('file').filter((entry): entry is File => typeof entry !== 'string' && entry.size > 0);
    const refuse = (status: number, message: string) => fail(status, { paper: isUuid(paper) ? paper : null, problems: [{ field: `file-${isUuid(paper) ? paper : ''}`, message }] });
    if (!isUuid(paper)) return refuse(422, REFUSALS.unknown_paper);
    if (chosen.length === 0) return refuse(422, '添付するファイルを選んでください。');
    if (chosen.length > 1) return refuse(422, 'ファイルは1つずつ添付してください。');
    const file = chosen[0]!;
    if (file.size > MAX_FILE_BYTES) return refuse(413, `「${file.name.slice(0, 100)}」は大きすぎます。1つ10MBまでにしてください。`);
    const accepted = await files.accept(new Uint8Array(await file.arrayBuffer()), file.name);
    if (!accepted.ok) return refuse(accepted.reason === 'busy' ? 503 : 422, accepted.message);
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event.locals, row), (tx) => drafts.attach(tx, accountId, row.id, paper,
      async (organisation_id) => (await files.hasRoom(tx, organisation_id, accepted.prepared.bytes.length)) ? (await files.keep(tx, accepted.prepared, { organisation_id, purpose: 'application' })).id : null), { action: 'application.attach', key: keyOf(form) });
    if (!result.ok) return refuse(result.reason === 'not_found' ? 404 : 409, REFUSALS[result.reason]);
    redirect(303, `/my/applications/${row.id}/papers`);
  },
  remove: async (event) => {
    const row = await mine(event);
    const form = await event.request.formData();
    const file = form.get('file');
    const { accountId } = event.locals.viewer!;
    const result = isUuid(file)
      ? await transaction(actingFor(event.locals, row), (tx) => drafts.detach(tx, accountId, row.id, file), { action: 'application.detach', key: keyOf(form) })
      : { ok: false as const, reason: 'not_found' as const };
    if (!result.ok) return fail(result.reason === 'not_found' ? 404 : 409, { paper: null, problems: [{ field: '', message: result.reason === 'not_found' ? 'このファイルはすでに外されています。' : REFUSALS[result.reason] }] });
    redirect(303, `/my/applications/${row.id}/papers`);
  }
};
