import { SECTIONS, SECTION_TITLES, STATE_WORDS, stateForGroup } from '$lib/applications/application';
import * as corrections from '$lib/applications/corrections.server';
import * as drafts from '$lib/applications/drafts.server';
import { differences } from '$lib/applications/snapshot';
import { draftWhole, latestSubmission, takeSnapshot } from '$lib/applications/submission.server';
import * as awards from '$lib/awards/store.server';
import * as letters from '$lib/documents/letters.server';
import { sql } from '$lib/db/db.server';
import * as screening from '$lib/screening/store.server';
import { mine } from './mine.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const row = await mine(event);
  const whole = await draftWhole(sql, row);
  const award = await awards.releasedAward(sql, row.id);
  const state = stateForGroup(row.state, award !== null);
  const open = await drafts.openSections(sql, row.id, row.state);
  const outcome = row.state === 'dismissed' ? await screening.outcome(sql, row.id) : null;
  const changed = whole.correction ? differences(whole.correction.previous, takeSnapshot(whole)).map((row_) => row_.section) : [];
  const requests = row.state === 'submitted' ? await screening.corrections(sql, row.id) : [];
  return {
    application: { id: row.id, title: row.project_title, organisation: row.organisation_name, organisation_id: row.organisation_id, role: row.my_role, receipt_number: row.receipt_number, state, word: STATE_WORDS[state], submitted_at: row.submitted_at },
    edition: { name: whole.edition.name, code: whole.edition.scheme_code, closes_at: whole.edition.closes_at, is_example: whole.edition.is_example },
    tasks: SECTIONS.map((section) => {
      const missing = whole.missing.filter((one) => one.section === section).length;
      const begun = section === 'organisation' || whole.answers.has(section) || (section === 'papers' && whole.files.length + whole.dossierFiles.length > 0);
      return { section, title: SECTION_TITLES[section], missing, begun, open: open === 'all' || open.includes(section), changed: changed.includes(section) };
    }),
    missing: whole.missing.length,
    correctionTakenBack: requests[0]?.cancelled_at != null,
    correction: row.state === 'correction' ? await corrections.open(sql, row.id) : null,
    requested_yen: (await latestSubmission(sql, row.id))?.snapshot.budget.requested_yen ?? null,
    award: award ? { outcome: award.outcome, amount_yen: award.amount_yen, reason: award.reason, conditions: award.conditions } : null,
    letters: award ? (await letters.ofApplication(sql, row.id)).map(({ id, kind, document_number, issued_on }) => ({ id, kind, document_number, issued_on })) : [],
    dismissal: outcome?.reason ?? null
  };
};
