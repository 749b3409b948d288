import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { countOutbox, listOutbox, outboxState } from '$lib/mail/outbox.server';
import { portalMode, smtpUrl } from '$lib/settings/environment.server';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async ({ url }) => {
  const before = url.searchParams.get('before');
  const rows = await listOutbox(sql, { before: isUuid(before) ? before : undefined, limit: PAGE + 1 });
  // The words of a mail are shown in the demo alone: in earnest they hold links that sign somebody in.
  const shown = portalMode() === 'demo';
  return {
    counts: await countOutbox(sql), sends: smtpUrl() !== null, shown,
    mails: rows.slice(0, PAGE).map(({ body, ...mail }) => ({ ...mail, state: outboxState(mail), body: shown ? body : null })),
    next: rows.length > PAGE ? rows[PAGE - 1]!.id : null
  };
};
