/**
 * Who may do what, written down by hand a second time: from the issue and the law, never from policy.ts.
 * Each route has one line; a route without one fails the matrix, and so does a line without a route.
 */
import { ADMINISTRATORS, APPROVERS, AUDITORS, COMMITTEE, HALFWAY, MEMBERS_A, MEMBERS_B, NOBODY, OFFICE, OFFICERS, READERS, STALE, type Persona } from './personas.ts';
import { isClosedTo, mayScore } from './secrets.ts';
import type { Target } from './targets.ts';

/**
 * `ok` the page · `login` sent to the log-in page · `kept` 401 with what was typed · `second` asked for the second step, with what was typed · `confirm` asked for the password again ·
 * `forbidden` 403 · `absent` 404: does not exist for them · `gone` 410 · `method` 405 · `away` sent elsewhere ·
 * `reached` the action ran and refused in words · `done` it ran and did it.
 */
export type Outcome = 'ok' | 'login' | 'kept' | 'second' | 'confirm' | 'forbidden' | 'absent' | 'gone' | 'method' | 'away' | 'reached' | 'done';
/** Null: not asked, because the answer would change what later questions are about. */
export type Rule = (persona: Persona, target: Target) => Outcome | null;
export interface Expected { get?: Rule; post?: Record<string, Rule> }

type Inner = Outcome | Rule;
const resolve = (inner: Inner, persona: Persona, target: Target) => (typeof inner === 'string' ? inner : inner(persona, target));
const isNobody = (persona: Persona) => NOBODY.includes(persona);

/** The roles of whoever is half-way count for nothing. */
const isHalfway = (persona: Persona) => HALFWAY.includes(persona);
const anyone = (inner: Inner = 'ok'): Rule => (persona, target) => resolve(inner, persona, target);
const readBy = (who: readonly Persona[], inner: Inner = 'ok'): Rule => (persona, target) =>
  (isNobody(persona) ? 'login' : isHalfway(persona) ? 'second' : who.includes(persona) ? resolve(inner, persona, target) : 'forbidden');
const doneBy = (who: readonly Persona[], inner: Inner = 'reached'): Rule => (persona, target) =>
  (isNobody(persona) ? 'kept' : isHalfway(persona) ? 'second' : who.includes(persona) ? resolve(inner, persona, target) : 'forbidden');
const signedIn = (inner: Inner = 'ok'): Rule => (persona, target) => (isNobody(persona) ? 'login' : isHalfway(persona) ? 'second' : resolve(inner, persona, target));
const signedInDo = (inner: Inner = 'reached'): Rule => (persona, target) => (isNobody(persona) ? 'kept' : isHalfway(persona) ? 'second' : resolve(inner, persona, target));
/** The pages of the second step: for whoever owes it, and in the right order; for everybody else it is done or not begun. */
const halfway = (who: 'officerHalfway' | 'officerNew', inner: Outcome, nobody: 'login' | 'kept'): Rule => (persona) => (isNobody(persona) ? nobody : persona === who ? inner : 'away');
const fresh = (rule: Rule): Rule => (persona, target) => {
  const outcome = rule(persona, target);
  return STALE.includes(persona) && outcome !== null && !['login', 'kept', 'second', 'forbidden'].includes(outcome) ? 'confirm' : outcome;
};

const known = (inner: Inner = 'ok', otherwise: Outcome = 'absent'): Rule => (persona, target) => (target.broken ? otherwise : resolve(inner, persona, target));
const isMember = (persona: Persona, target: Target) => (target.group === 'A' ? MEMBERS_A : target.group === 'B' ? MEMBERS_B : []).includes(persona);
/** A group's own record; it does not exist for anybody else. */
const own = (inner: Inner = 'ok'): Rule => known((persona, target) => (isMember(persona, target) ? resolve(inner, persona, target) : 'absent'));
const ownIn = (states: readonly string[], inner: Inner = 'ok'): Rule => own((persona, target) => (states.includes(target.state!) ? resolve(inner, persona, target) : 'absent'));
const REPRESENTATIVES: readonly Persona[] = ['representativeA', 'representativeB'];
const byRepresentative = (inner: Inner = 'reached'): Rule => (persona, target) => (REPRESENTATIVES.includes(persona) ? resolve(inner, persona, target) : 'forbidden');
const SUBMITTED = ['submitted', 'spare', 'correction', 'dismissed', 'accepted', 'proposed', 'decided', 'released'];

/** A submitted application in the office. Drafts belong to their groups; a declared interest closes it. */
const submitted = (inner: Inner = 'ok'): Rule => known((persona, target) =>
  (!SUBMITTED.includes(target.state!) || isClosedTo(persona, target.group!, target.state!) ? 'absent' : resolve(inner, persona, target)));
const mine = (inner: Inner = 'ok'): Rule => known((persona, target) => (target.seat === persona ? resolve(inner, persona, target) : 'absent'));
const unconflicted = (inner: Inner, otherwise: Inner): Rule => mine((persona, target) => resolve(mayScore(persona, target.group!, target.state!) ? inner : otherwise, persona, target));

/** Who has not declared is sent to declare, while that may still be done; who declared an interest is shown the closed door. */
const undeclared = (afterwards: Outcome): Rule => (persona, target) => (persona === 'panelUndeclared' && target.state !== 'accepted' ? afterwards : 'away');

/** A group in the office: closed to officers who act for it, as its applications are. */
const othersGroup = (inner: Inner = 'ok'): Rule => known((persona, target) => (isMember(persona, target) ? 'absent' : resolve(inner, persona, target)));

/** Withdrawing needs no words, so it is asked only where it changes nothing, and of one application made for it. */
const withdrawal: Rule = byRepresentative((_persona, target) => (target.state === 'spare' ? 'done' : ['proposed', 'decided', 'released', 'dismissed'].includes(target.state!) ? 'reached' : null));
/** Group A's drafts of a decision are the drafter-and-approver's own (world/office.ts). */
const notOwnDraft: Rule = (persona, target) => (persona === 'approverDrafter' && target.group === 'A' ? 'forbidden' : 'reached');
/** This round has group A's letter alone (world/world.ts): for whom it is closed there is nothing to save. */
const noEmptyZip: Rule = (persona, { name }) => (name === 'now' && isClosedTo(persona, 'A', 'decided') ? 'absent' : 'ok');
/** Stopping and resuming need no words: asked of one account that nobody uses. */
const onStaff = (inner: 'reached' | 'done'): Rule => fresh(doneBy(ADMINISTRATORS, (_persona, target) => (target.broken || (inner === 'done' && target.name !== 'spare') ? null : inner)));
const ADMINISTRATION = [...ADMINISTRATORS, ...AUDITORS];

const open: Record<string, Expected> = {
  '/(public)': { get: anyone() },
  '/(public)/schemes': { get: anyone() },
  '/(public)/schemes/[scheme]': { get: known() },
  '/(public)/schemes/[scheme]/form': { get: known() },
  '/(public)/schemes/[scheme]/form.pdf': { get: known() },
  '/(public)/projects': { get: anyone() },
  '/(public)/accessibility': { get: anyone() },
  '/(public)/privacy': { get: anyone() },
  '/healthz': { get: anyone() }
};

const account: Record<string, Expected> = {
  '/(account)/sign-up': { get: anyone(), post: { default: anyone('reached') } },
  '/(account)/sign-up/[token]': { get: (_persona, { name }) => (name === 'sign-up' ? 'ok' : 'gone'), post: { default: anyone('reached') } },
  '/(account)/login': { get: (persona) => (isNobody(persona) || isHalfway(persona) ? 'ok' : 'away'), post: { default: anyone('reached') } },
  '/(account)/logout': { get: anyone(), post: { default: anyone('done') } },
  '/(account)/password-reset': { get: anyone(), post: { default: anyone('reached') } },
  '/(account)/password-reset/[token]': { get: (_persona, { name }) => (name === 'reset' ? 'ok' : 'gone'), post: { default: anyone('reached') } },
  '/(account)/account': { get: signedIn(), post: { name: signedInDo(), email: signedInDo(), password: signedInDo(), session: signedInDo((persona) => (persona === 'memberA' ? 'reached' : 'done')), sessions: signedInDo((persona) => (persona === 'memberA' ? null : 'done')) } },
  '/(account)/account/email/[token]': {
    get: signedIn((persona, { name }) => (name === `${persona}'s` ? 'ok' : 'gone')), post: { default: signedInDo((persona, { name }) => (name === `${persona}'s` ? null : 'reached')) }
  },
  '/(account)/confirm-password': { get: signedIn(), post: { default: signedInDo() } },
  '/(account)/second-step': { get: halfway('officerHalfway', 'ok', 'login'), post: { default: halfway('officerHalfway', 'reached', 'kept') } },
  '/(account)/second-step/set-up': { get: halfway('officerNew', 'ok', 'login'), post: { begin: halfway('officerNew', 'ok', 'kept'), confirm: halfway('officerNew', 'reached', 'kept') } },
  '/(account)/account/second-step': { get: fresh(signedIn()), post: { set_up: fresh(signedInDo()), codes: fresh(signedInDo()), off: fresh(signedInDo()) } }
};

const groups: Record<string, Expected> = {
  '/(group)/my': { get: signedIn() },
  '/(group)/my/organisations/new': { get: signedIn(), post: { default: signedInDo() } },
  '/(group)/my/organisations/[organisation]': { get: signedIn(own()) },
  '/(group)/my/organisations/[organisation]/edit': { get: signedIn(own()), post: { default: signedInDo(own('reached')) } },
  '/(group)/my/organisations/[organisation]/members': {
    get: signedIn(own()),
    post: { invite: signedInDo(own(byRepresentative())), cancel: signedInDo(own(byRepresentative())), end: signedInDo(own(byRepresentative())), handover: signedInDo(own(byRepresentative())) }
  },
  '/(group)/my/organisations/[organisation]/papers': { get: signedIn(own()), post: { default: signedInDo(own('reached')) } },
  '/(group)/my/organisations/[organisation]/papers/[paper]': { get: signedIn(own()) },
  '/(group)/my/invitations/[token]': { get: signedIn(known()), post: { default: signedInDo(known((persona, { name }) => (isMember(persona, { name, params: {}, group: name === 'group A' ? 'A' : 'B' }) ? 'reached' : null))) } }
};

const applications: Record<string, Expected> = {
  '/(group)/my/applications/new': { get: signedIn(known()), post: { default: signedInDo() } },
  '/(group)/my/applications/[application]': { get: signedIn(own()) },
  '/(group)/my/applications/[application]/[section=answers]': { get: signedIn(own()), post: { default: signedInDo(own('reached')) } },
  '/(group)/my/applications/[application]/budget': { get: signedIn(own()), post: { default: signedInDo(own('reached')) } },
  '/(group)/my/applications/[application]/papers': { get: signedIn(own()), post: { add: signedInDo(own('reached')), remove: signedInDo(own('reached')) } },
  '/(group)/my/applications/[application]/files/[file]': { get: signedIn(own()) },
  // After submission what counts is the copy on the receipt.
  '/(group)/my/applications/[application]/check': { get: signedIn(own((_persona, { state }) => (state === 'draft' || state === 'correction' ? 'ok' : 'away'))), post: { default: signedInDo(own(byRepresentative())) } },
  '/(group)/my/applications/[application]/receipt': { get: signedIn(ownIn(SUBMITTED)) },
  '/(group)/my/applications/[application]/receipt.pdf': { get: signedIn(ownIn(SUBMITTED)) },
  '/(group)/my/applications/[application]/withdrawal': { get: signedIn(own()), post: { default: signedInDo(own(withdrawal)) } },
  // Before the release there is no letter for the group.
  '/(group)/my/applications/[application]/letters/[letter]': { get: signedIn(ownIn(['released'])) }
};

const committee: Record<string, Expected> = {
  '/(panel)/panel': { get: readBy(COMMITTEE) },
  '/(panel)/panel/[assignment]': { get: readBy(COMMITTEE, mine()), post: { default: doneBy(COMMITTEE, mine('reached')) } },
  '/(panel)/panel/[assignment]/score': { get: readBy(COMMITTEE, unconflicted('ok', undeclared('ok'))), post: { default: doneBy(COMMITTEE, unconflicted('reached', undeclared('forbidden'))) } },
  '/(panel)/panel/[assignment]/files/[file]': { get: readBy(COMMITTEE, unconflicted('ok', 'absent')) }
};

const officer = (inner: Inner = 'ok'): Expected => ({ get: readBy(OFFICERS, submitted(inner)), post: { default: doneBy(OFFICERS, submitted('reached')) } });
const office = (inner: Inner = 'ok'): Expected => ({ get: readBy(OFFICE, submitted(inner)), post: { default: doneBy(OFFICERS, submitted('reached')) } });

const city: Record<string, Expected> = {
  '/(office)/office': { get: readBy(READERS) },
  '/(office)/office/applications': { get: readBy(READERS), post: { save: doneBy(OFFICE), forget: doneBy(OFFICE) } },
  '/(office)/office/applications/[application]': { get: readBy(READERS, submitted()) },
  '/(office)/office/applications/[application]/document.pdf': { get: readBy(READERS, submitted()) },
  '/(office)/office/applications/[application]/files/[file]': { get: readBy(READERS, submitted()) },
  '/(office)/office/applications/[application]/assignment': officer(),
  '/(office)/office/applications/[application]/screening': office(),
  '/(office)/office/applications/[application]/correction': office(),
  '/(office)/office/applications/[application]/acceptance': officer(),
  '/(office)/office/applications/[application]/dismissal': officer(),
  '/(office)/office/applications/[application]/panel': office(),
  '/(office)/office/applications/[application]/proposal': office(),
  '/(office)/office/applications/[application]/letter': office(),
  '/(office)/office/editions/[edition]': { get: readBy(READERS, known()) },
  '/(office)/office/editions/[edition]/ranking': { get: readBy(OFFICE, known()) },
  '/(office)/office/editions/[edition]/panel': { get: readBy(OFFICE, known()), post: { default: doneBy(OFFICERS, known('reached')) } },
  '/(office)/office/editions/[edition]/release': { get: readBy(OFFICE, known()), post: { default: doneBy(OFFICERS, known('reached')) } },
  '/(office)/office/editions/[edition]/letters': { get: readBy(OFFICE, known()), post: { default: doneBy(OFFICERS, known('reached')) } },
  '/(office)/office/editions/[edition]/letters/[batch]': { get: readBy(OFFICE, known()) },
  '/(office)/office/editions/[edition]/letters/[batch]/letters.zip': { get: readBy(OFFICE, known(noEmptyZip)) },
  '/(office)/office/letters/[letter]': { get: readBy(READERS, submitted()) },
  '/(office)/office/organisations': { get: readBy(OFFICERS) },
  '/(office)/office/organisations/[organisation]': { get: readBy(OFFICERS, othersGroup()) },
  '/(office)/office/organisations/[organisation]/papers/[paper]': { get: readBy(OFFICERS, othersGroup()) },
  '/(office)/office/organisations/[organisation]/representative': { get: fresh(readBy(OFFICERS, othersGroup())), post: { default: fresh(doneBy(OFFICERS, othersGroup('reached'))) } },
  '/(office)/office/organisations/[organisation]/members/[member]': { get: fresh(readBy(OFFICERS, othersGroup())), post: { default: fresh(doneBy(OFFICERS, othersGroup('reached'))) } },
  '/(office)/office/retention': { get: readBy(ADMINISTRATORS) },
  '/(office)/office/decisions': { get: readBy(OFFICE) },
  '/(office)/office/decisions/[proposal]': { get: fresh(readBy(OFFICE, submitted())), post: { default: fresh(doneBy(APPROVERS, submitted(notOwnDraft))) } },
  '/(office)/office/settings': { get: readBy(ADMINISTRATORS), post: { default: doneBy(ADMINISTRATORS) } },
  '/(office)/office/settings/districts': { get: readBy(ADMINISTRATORS), post: { default: doneBy(ADMINISTRATORS) } },
  '/(office)/office/settings/closing-days': { get: readBy(ADMINISTRATORS), post: { default: doneBy(ADMINISTRATORS) } },
  '/(office)/office/staff': { get: readBy(ADMINISTRATORS) },
  '/(office)/office/staff/[account]': {
    get: fresh(readBy(ADMINISTRATORS, known())),
    post: { grant: onStaff('reached'), end: onStaff('reached'), disable: onStaff('done'), enable: onStaff('done'), second_step: onStaff('done') }
  },
  '/(office)/office/mail': { get: readBy(ADMINISTRATION) },
  '/(office)/office/audit': { get: readBy(ADMINISTRATION) },
  '/(office)/office/ui': { get: readBy(READERS) }
};

export const EXPECTED: Readonly<Record<string, Expected>> = { ...open, ...account, ...groups, ...applications, ...committee, ...city };
