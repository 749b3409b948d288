import { STATE_WORDS } from '$lib/applications/application';
import { STATE_TONES } from '$lib/applications/tones';
import { sql } from '$lib/db/db.server';
import { isUuid } from '$lib/forms/ids';
import { groupTimeline, invitations, terms } from '$lib/organisations/office.server';
import { dossierRows } from '$lib/organisations/organisation';
import { GROUP_EVENT_WORDS, proofInWords, reasonInWords } from '$lib/organisations/succession';
import { pending } from '$lib/organisations/succession.server';
import { ofGroup } from '$lib/screening/worklist.server';
import * as settings from '$lib/settings/store.server';
import { group } from './group.server';
import type { PageServerLoad } from './$types';

const DONE: Record<string, string> = {
  begun: '代表者の交代を始めました。新しい代表者になる人に、招待のメールを送りました。', cancelled: '代表者の交代を取りやめました。', ended: '任期を終えました。'
};

export const load: PageServerLoad = async (event) => {
  const organisation = await group(event);
  const { accountId } = event.locals.viewer!;
  const { id } = organisation;
  const before = event.url.searchParams.get('before');
  const [{ association_word }, people, open, under, events, applications] = await Promise.all([
    settings.city(sql), terms(sql, id, accountId), invitations(sql, id, accountId), pending(sql, id, accountId), groupTimeline(sql, id, accountId),
    ofGroup(sql, id, accountId, isUuid(before) ? before : null)
  ]);
  const shown = people.map(({ ending, ...term }) => ({ ...term, ending: ending && `${reasonInWords(ending)}／${proofInWords(ending)}／${ending.ended_by_name}` }));
  return {
    id, name: organisation.name, done: DONE[event.url.searchParams.get('done') ?? ''] ?? null,
    rows: dossierRows(organisation, { associationWord: association_word, districtName: organisation.district_name }),
    papers: organisation.papers.map(({ id: paper, kind, name, bytes }) => ({ id: paper, kind, name, bytes })),
    people: shown.filter((term) => term.state !== 'over'), past: shown.filter((term) => term.state === 'over'),
    hasRepresentative: people.some((term) => term.state === 'current' && term.role === 'representative'),
    pending: under && { kind: under.kind }, invitations: open,
    applications: applications.rows.map((row) => ({ id: row.id, number: row.receipt_number, title: row.project_title, edition: row.edition_name, word: STATE_WORDS[row.state], tone: STATE_TONES[row.state] })),
    nextHref: applications.next ? `/office/organisations/${id}?before=${applications.next}` : null,
    events: events.map((one) => ({ at: one.at, words: GROUP_EVENT_WORDS[one.action] ?? one.action, who: one.actor_name }))
  };
};
