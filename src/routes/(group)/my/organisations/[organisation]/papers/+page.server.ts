import { fail, redirect } from '@sveltejs/kit';
import { transaction } from '$lib/db/db.server';
import { ACCEPT_ATTRIBUTE, MAX_FILE_BYTES } from '$lib/files/limits';
import { refuse } from '$lib/files/refusal';
import * as files from '$lib/files/store.server';
import { keyOf, newKey } from '$lib/forms/ids';
import { parsePaper } from '$lib/organisations/form';
import { PAPER_KINDS, PAPER_LABELS } from '$lib/organisations/organisation';
import { addPaper, replacePaper } from '$lib/organisations/papers.server';
import { actingFor, gone, group } from '../group.server';
import type { Actions, PageServerLoad } from './$types';

const REFUSALS = {
  stale: 'ほかの人が先に書類を登録しました。いま登録されている書類を確かめて、必要なら、もう一度選んで登録してください。',
  too_many: '登録できる書類の数の上限になりました。下の電話番号に連絡してください。',
  no_room: '団体で保存できる容量がいっぱいです。下の電話番号に連絡してください。'
} as const;

export const load: PageServerLoad = async (event) => {
  const { organisation } = await group(event);
  const here = `/my/organisations/${organisation.id}/papers`;
  return {
    id: organisation.id, name: organisation.name, done: event.url.searchParams.get('done') === 'kept',
    limits: { bytes: MAX_FILE_BYTES, kinds: 'PDF、JPEG、PNG、HEIC（iPhone の写真）', accept: ACCEPT_ATTRIBUTE },
    papers: PAPER_KINDS.map((kind) => {
      const kept = organisation.papers.find((paper) => paper.kind === kind);
      return {
        kind, label: PAPER_LABELS[kind], key: newKey(), replaces: kept?.id ?? '',
        files: kept ? [{ name: kept.name, size: kept.bytes, sha256: kept.sha256, href: `${here}/${kept.id}`, added_at: kept.added_at }] : []
      };
    })
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { organisation } = await group(event);
    const form = await event.request.formData();
    const parsed = parsePaper(form);
    if (!parsed.ok) return fail(parsed.status, { problems: parsed.problems });
    const { kind, file, replaces } = parsed.value;
    const complain = (status: number, message: string) => fail(status, { problems: [{ field: kind, message }] });
    if (file.size > MAX_FILE_BYTES) return complain(413, refuse('too_large').message);
    // Looking into a file takes seconds: before the transaction, never inside it.
    const accepted = await files.accept(new Uint8Array(await file.arrayBuffer()), file.name);
    if (!accepted.ok) return complain(accepted.reason === 'busy' ? 503 : 422, accepted.message);
    const { prepared } = accepted;
    const { accountId } = event.locals.viewer!;
    const result = await transaction(actingFor(event), (tx) => (replaces === null
      ? addPaper(tx, accountId, organisation.id, kind, prepared)
      : replacePaper(tx, accountId, organisation.id, { kind, replaces }, prepared)), { action: 'organisation.paper', key: keyOf(form, prepared.sha256.toString('hex')) });
    if (result.ok) redirect(303, `/my/organisations/${organisation.id}/papers?done=kept`);
    return result.reason === 'not_found' ? gone() : complain(409, REFUSALS[result.reason]);
  }
};
