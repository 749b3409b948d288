import * as drafts from '../../../src/lib/applications/drafts.server.ts';
import { tellOfDrafts } from '../../../src/lib/applications/old-drafts.server.ts';
import { submit, withdraw } from '../../../src/lib/applications/submission.server.ts';
import { untold } from '../../../src/lib/awards/release.server.ts';
import * as awards from '../../../src/lib/awards/store.server.ts';
import { sql } from '../../../src/lib/db/db.server.ts';
import { decided } from '../../../src/lib/documents/decision-letter.server.ts';
import * as schemes from '../../../src/lib/schemes/store.server.ts';
import { addressOf } from '../personas.ts';
import { attempt, caseOf, does, groupOf, isDraft, isMember, isRepresentative, once, type Wall } from './seen.ts';

const answers = { contact_name: '', contact_kana: '', contact_phone: '', contact_email: '' };

export const applicationWalls: Wall[] = [
  { name: 'drafts.forMember', call: async (seen) => (await drafts.forMember(sql, caseOf(seen).id, seen.id)) !== null, may: isMember },
  { name: 'drafts.ofMember', call: async (seen) => (await drafts.ofMember(sql, seen.id)).some((row) => row.id === caseOf(seen).id), may: isMember },
  { name: 'drafts.fileForMember', call: async (seen) => (await drafts.fileForMember(sql, caseOf(seen).id, caseOf(seen).file, seen.id)) !== null, may: isMember },
  { name: "drafts.fileForMember of another application's file", call: async (seen) => (await drafts.fileForMember(sql, caseOf(seen).id, seen.world.cases[seen.key === 'A.draft' ? 'A.decided' : 'A.draft'].file, seen.id)) !== null, may: () => false },
  { name: 'drafts.begin', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.begin(tx, seen.id, groupOf(seen).id, seen.world.editions.now.id)), may: (seen) => (isDraft(seen) ? isMember(seen) : null) },
  { name: 'drafts.saveAnswers', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.saveAnswers(tx, seen.id, caseOf(seen).id, 'contact', answers, 1)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.saveBudget', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.saveBudget(tx, seen.id, caseOf(seen).id, [], null, 1)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.detach', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.detach(tx, seen.id, caseOf(seen).id, caseOf(seen).file)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'drafts.attach', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => drafts.attach(tx, seen.id, caseOf(seen).id, caseOf(seen).paper, async () => null)), may: (seen) => isMember(seen) && isDraft(seen) },
  { name: 'submit', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => submit(tx, seen.id, caseOf(seen).id, 'x', '')), may: isRepresentative },
  { name: 'withdraw', call: (seen) => attempt(seen, groupOf(seen).id, (tx) => withdraw(tx, seen.id, caseOf(seen).id, '')), may: isRepresentative },
  { name: 'awards.releasedAward', call: async (seen) => (await awards.releasedAward(sql, caseOf(seen).id)) !== null, may: ({ state }) => state === 'released' },
  { name: 'untold', call: async (seen) => (await untold(sql)).some((row) => row.id === caseOf(seen).id), may: ({ state }) => state === 'released' },
  { name: 'decided, and told at once', call: async (seen) => (await decided(sql, caseOf(seen).id))?.released === true, may: ({ state }) => state === 'released' },
  { name: 'awards.publicProjects', call: async (seen) => (await awards.publicProjects(sql, null)).some((row) => row.application_id === caseOf(seen).id), may: ({ state }) => state === 'released' },
  { name: 'tellOfDrafts', call: (seen) => does(seen, undefined, async (tx) => {
    await tx`update scheme_edition set opens_at = now() - interval '90 days', closes_at = now() - interval '40 days' where id = ${seen.world.editions.now.id}`;
    await tellOfDrafts(tx, 60, 100);
    return { ok: (await tx`select from mail_outbox where to_address = ${addressOf(seen.persona)} and dedupe_key like ${`draft_expiring:${caseOf(seen).id}:%`}`).length > 0 };
  }), may: once(isMember) }
];

export const schemeWalls: Wall[] = [
  { name: 'schemes.publicEditions', call: async ({ world }) => (await schemes.publicEditions(sql)).some(({ id }) => id === world.editions.next.id), may: once(() => false) },
  { name: 'schemes.publicEdition', call: async ({ world }) => (await schemes.publicEdition(sql, world.editions.next.scheme_code))?.id === world.editions.next.id, may: once(() => false) },
  { name: 'drafts.begin in a round nobody knows of', call: (seen) => does(seen, groupOf(seen).id, (tx) => drafts.begin(tx, seen.id, groupOf(seen).id, seen.world.editions.next.id)), may: once(() => false) }
];
