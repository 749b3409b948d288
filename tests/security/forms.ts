/** Every form of the portal as an honest browser would send it, and where it may be attacked. */
import { REAL_DOSSIER } from './bodies.ts';
import type { Fields } from './ask.ts';
import type { Persona } from './personas.ts';
import type { World } from './world/world.ts';

export interface Form {
  route: string; action: string; persona: Persona; path: string;
  fields: Fields;
  /** Fields a person types words into. */
  words: string[];
  /** Fields with a choice, a number, a day or an id: anything else must be refused. */
  strict: string[];
  /** Fields that may never be shown again. */
  secrets?: string[];
  file?: string;
}

const TYPED = '打ちかけの文章';
const PASSWORD = 'himitsu-no-kanaria-99';
const DAY = '2026-12-24';

/** Forms of the account pages. */
const account = ({ tokens }: World): Form[] => [
  { route: '/(account)/sign-up', action: 'default', persona: 'visitor', path: '/sign-up', fields: { email: 'uchikake@kanaria.example' }, words: [], strict: ['email'] },
  { route: '/(account)/sign-up/[token]', action: 'default', persona: 'visitor', path: `/sign-up/${tokens.signUp}`, fields: { name: TYPED, kana: 'ウチカケ', password: PASSWORD }, words: ['name'], strict: ['kana'], secrets: ['password'] },
  { route: '/(account)/login', action: 'default', persona: 'visitor', path: '/login', fields: { email: 'uchikake@kanaria.example', password: PASSWORD }, words: [], strict: ['email'], secrets: ['password'] },
  { route: '/(account)/password-reset', action: 'default', persona: 'visitor', path: '/password-reset', fields: { email: 'uchikake@kanaria.example' }, words: [], strict: ['email'] },
  { route: '/(account)/password-reset/[token]', action: 'default', persona: 'visitor', path: `/password-reset/${tokens.reset}`, fields: { password: PASSWORD }, words: [], strict: [], secrets: ['password'] },
  { route: '/(account)/account', action: 'name', persona: 'memberA', path: '/account?/name', fields: { name: TYPED, kana: 'ウチカケ' }, words: ['name'], strict: ['kana'] },
  { route: '/(account)/account', action: 'email', persona: 'memberA', path: '/account?/email', fields: { email: 'uchikake@kanaria.example', email_password: PASSWORD }, words: [], strict: ['email'], secrets: ['email_password'] },
  { route: '/(account)/account', action: 'password', persona: 'memberA', path: '/account?/password', fields: { current_password: PASSWORD, new_password: PASSWORD }, words: [], strict: [], secrets: ['current_password', 'new_password'] },
  { route: '/(account)/account', action: 'session', persona: 'memberA', path: '/account?/session', fields: { session: 'ない端末' }, words: ['session'], strict: [] },
  { route: '/(account)/confirm-password', action: 'default', persona: 'memberA', path: '/confirm-password', fields: { password: PASSWORD }, words: [], strict: [], secrets: ['password'] },
  { route: '/(account)/second-step', action: 'default', persona: 'officerHalfway', path: '/second-step', fields: { one_time_code: PASSWORD }, words: [], strict: ['one_time_code'], secrets: ['one_time_code'] },
  { route: '/(account)/second-step/set-up', action: 'confirm', persona: 'officerNew', path: '/second-step/set-up?/confirm', fields: { one_time_code: PASSWORD }, words: [], strict: ['one_time_code'], secrets: ['one_time_code'] },
  { route: '/(account)/account/second-step', action: 'set_up', persona: 'memberA', path: '/account/second-step?/set_up', fields: { one_time_code: PASSWORD }, words: [], strict: ['one_time_code'], secrets: ['one_time_code'] }
];

const group = ({ groups: { A } }: World): Form[] => {
  const here = `/my/organisations/${A.id}`;
  const dossier = { ...REAL_DOSSIER, name: TYPED };
  const strict = ['kind', 'corporate_number', 'name_kana', 'postal_code', 'phone', 'founded_on', 'members_count', 'members_living', 'members_working', 'members_studying', 'district_id'];
  const words = ['name', 'representative_title', 'representative_name', 'address', 'purpose'];
  return [
    { route: '/(group)/my/organisations/new', action: 'default', persona: 'representativeA', path: '/my/organisations/new', fields: { ...dossier, role: 'representative' }, words, strict: [...strict, 'role'] },
    { route: '/(group)/my/organisations/[organisation]/edit', action: 'default', persona: 'representativeA', path: `${here}/edit`, fields: { ...dossier, version: '1' }, words, strict: [...strict, 'version'] },
    { route: '/(group)/my/organisations/[organisation]/members', action: 'invite', persona: 'representativeA', path: `${here}/members?/invite`, fields: { email: 'uchikake@kanaria.example', role: 'member' }, words: [], strict: ['email', 'role'] },
    { route: '/(group)/my/organisations/[organisation]/members', action: 'cancel', persona: 'representativeA', path: `${here}/members?/cancel`, fields: { invitation: A.invitation.id }, words: [], strict: ['invitation'] },
    { route: '/(group)/my/organisations/[organisation]/members', action: 'end', persona: 'representativeA', path: `${here}/members?/end`, fields: { member: A.memberId!, last_on: DAY }, words: [], strict: ['member', 'last_on'] },
    { route: '/(group)/my/organisations/[organisation]/members', action: 'handover', persona: 'representativeA', path: `${here}/members?/handover`, fields: { successor: A.memberId!, afterwards: 'stay' }, words: [], strict: ['successor', 'afterwards'] },
    { route: '/(group)/my/organisations/[organisation]/papers', action: 'default', persona: 'representativeA', path: `${here}/papers`, fields: { kind: 'rules', replaces: A.papers.rules }, words: [], strict: ['kind', 'replaces'], file: 'rules' }
  ];
};

const application = ({ groups: { A }, cases, editions: { now } }: World): Form[] => {
  const draft = cases['A.draft'];
  const here = `/my/applications/${draft.id}`;
  const as = { persona: 'memberA' as const };
  const section = (name: string, fields: Fields, words: string[], strict: string[]): Form =>
    ({ ...as, route: '/(group)/my/applications/[application]/[section=answers]', action: 'default', path: `${here}/${name}`, fields: { ...fields, _version: '1' }, words, strict });
  const category = (side: string) => now.categories.find((one) => one.side === side && !one.is_grant)!.id;
  return [
    { ...as, route: '/(group)/my/applications/new', action: 'default', path: `/my/applications/new?edition=${now.id}`, fields: { organisation: A.id, edition: now.id }, words: [], strict: ['organisation', 'edition'] },
    section('contact', { contact_name: TYPED, contact_kana: 'ウチカケ', contact_phone: '0293-00-1234', contact_email: 'uchikake@kanaria.example' }, ['contact_name'], ['contact_kana', 'contact_phone', 'contact_email']),
    section('project', { title: '題', purpose: TYPED, content: '内容', effect: '効果', continuity: '' }, ['title', 'purpose', 'content'], []),
    section('schedule', { starts_on: DAY, ends_on: DAY, place: TYPED, steps: '手順' }, ['place', 'steps'], ['starts_on', 'ends_on']),
    section('team', { staff_count: '3', participants: '5', structure: TYPED, partners: '', safety: '' }, ['structure'], ['staff_count', 'participants']),
    {
      ...as, route: '/(group)/my/applications/[application]/budget', action: 'default', path: `${here}/budget`, words: ['expense.0.item', 'expense.0.basis'], strict: ['expense.0.amount_yen', 'expense.0.category_id', 'requested'],
      fields: { 'income.0.category_id': category('income'), 'income.0.item': TYPED, 'income.0.amount_yen': '1000', 'income.0.basis': '', 'expense.0.category_id': category('expense'), 'expense.0.item': '紙', 'expense.0.amount_yen': '1000', 'expense.0.basis': '', requested: '', _version: '1' }
    },
    { ...as, route: '/(group)/my/applications/[application]/papers', action: 'add', path: `${here}/papers?/add`, fields: { paper: draft.paper }, words: [], strict: ['paper'], file: 'file' },
    { ...as, route: '/(group)/my/applications/[application]/papers', action: 'remove', path: `${here}/papers?/remove`, fields: { file: draft.file }, words: [], strict: ['file'] },
    { ...as, persona: 'representativeA', route: '/(group)/my/applications/[application]/check', action: 'default', path: `${here}/check`, fields: { seen: '0'.repeat(64) }, words: [], strict: ['seen'] }
  ];
};

const committee = ({ cases, editions: { now } }: World): Form[] => {
  const seat = (persona: 'panel' | 'panelUndeclared') => `/panel/${cases['B.accepted'].assignments[persona]}`;
  const [first] = now.criteria;
  return [
    { route: '/(panel)/panel/[assignment]', action: 'default', persona: 'panelUndeclared', path: seat('panelUndeclared'), fields: { interest: 'conflict', note: TYPED }, words: ['note'], strict: ['interest'] },
    {
      route: '/(panel)/panel/[assignment]/score', action: 'default', persona: 'panel', path: `${seat('panel')}/score`, words: ['comment', `reason_${first!.id}`], strict: [`points_${first!.id}`, 'step'],
      fields: { ...Object.fromEntries(now.criteria.flatMap(({ id }) => [[`points_${id}`, '3'], [`reason_${id}`, '理由']])), comment: TYPED, step: 'save', _version: '1' }
    }
  ];
};

/** Forms of the office about a group's people. */
const officeGroups = ({ groups: { B } }: World): Form[] => {
  const here = '/(office)/office/organisations/[organisation]';
  const ground = { reason: 'other', reason_note: TYPED, proof: 'other', proof_note: TYPED };
  const as = { persona: 'officer' as const, action: 'default', words: ['reason_note', 'proof_note'] };
  return [
    { ...as, route: `${here}/representative`, path: `/office/organisations/${B.id}/representative`, fields: { ...ground, email: 'uchikake@kanaria.example', effective_on: DAY }, strict: ['reason', 'proof', 'email', 'effective_on'] },
    { ...as, route: `${here}/members/[member]`, path: `/office/organisations/${B.id}/members/${B.ownerTermId}`, fields: { ...ground, last_on: DAY }, strict: ['reason', 'proof', 'last_on'] }
  ];
};

const office = ({ cases, people, filter, editions: { now } }: World): Form[] => {
  const of = (key: 'B.submitted' | 'B.accepted' | 'B.decided', page: string) => ({ persona: 'officer' as const, action: 'default', route: `/(office)/office/applications/[application]/${page}`, path: `/office/applications/${cases[key].id}/${page}` });
  const round = (page: string) => ({ persona: 'officer' as const, action: 'default', route: `/(office)/office/editions/[edition]/${page}`, path: `/office/editions/${now.id}/${page}` });
  const requirement = now.requirements[0]!.id;
  return [
    { route: '/(office)/office/applications', action: 'save', persona: 'officer', path: '/office/applications?/save', fields: { name: TYPED, query: 'state=submitted' }, words: ['name'], strict: [] },
    { route: '/(office)/office/applications', action: 'forget', persona: 'officer', path: '/office/applications?/forget', fields: { id: filter }, words: [], strict: ['id'] },
    { ...of('B.submitted', 'assignment'), fields: { officer: people.ids.officer, _seen: 'nobody' }, words: [], strict: ['officer'] },
    { ...of('B.submitted', 'screening'), fields: { [`result_${requirement}`]: 'unclear', [`reason_${requirement}`]: TYPED, _seen: 'x' }, words: [`reason_${requirement}`], strict: [`result_${requirement}`] },
    { ...of('B.submitted', 'correction'), fields: { section: 'project', reason_project: '理由', due_on: DAY, message: TYPED, _seen: cases['B.submitted'].submission! }, words: ['message', 'reason_project'], strict: ['section', 'due_on'] },
    { ...of('B.submitted', 'dismissal'), fields: { reason: TYPED, _seen: 'x' }, words: ['reason'], strict: [] },
    { ...of('B.accepted', 'panel'), fields: { members: people.ids.panelUnassigned }, words: [], strict: ['members'] },
    { ...of('B.accepted', 'proposal'), fields: { submission: cases['B.accepted'].submission!, outcome: 'partly_adopted', amount: '1000', reason: TYPED, conditions: '条件' }, words: ['reason', 'conditions'], strict: ['submission', 'outcome', 'amount'] },
    { ...of('B.decided', 'letter'), fields: { step: 'substitute', from: '髙', to: '高', reason: TYPED }, words: ['reason', 'from', 'to'], strict: ['step'] },
    { ...round('panel'), fields: { members: people.ids.panelUnassigned, scope: 'all' }, words: [], strict: ['members', 'scope', 'applications'] },
    { ...round('release'), fields: { step: 'set', on: DAY, hour: '9', minute: '0', _version: '1' }, words: [], strict: ['step', 'on', 'hour', 'minute'] },
    { ...round('letters'), fields: { issued_on: DAY }, words: [], strict: ['issued_on'] },
    { route: '/(office)/office/decisions/[proposal]', action: 'default', persona: 'approver', path: `/office/decisions/${cases['B.proposed'].proposal}`, fields: { decision: 'return', seen: cases['B.proposed'].seenHash!, comment: TYPED }, words: ['comment'], strict: ['decision', 'seen'] }
  ];
};

const CITY: Fields = {
  portal_name: '協働ポータル', city_name: TYPED, city_code: '082147', mayor_title: '市長', mayor_name: '架空', section_name: '課', postal_code: '318-0000', address: '町', phone: '0293-00-0000', office_hours: '平日', letterhead: '',
  seal_omitted_text: '', document_mark: '環協', mail_sender_name: 'ポータル', mail_sender_address: 'a@kanaria.example', association_word: '自治会', fiscal_year_start_month: '4', _version: '1'
};
const settings = ({ people }: World): Form[] => {
  const as = { persona: 'administrator' as const };
  const staff = { ...as, route: '/(office)/office/staff/[account]' };
  return [
    { ...as, route: '/(office)/office/settings', action: 'default', path: '/office/settings', fields: CITY, words: ['portal_name', 'mayor_name', 'letterhead'], strict: ['city_code', 'postal_code', 'mail_sender_address', 'fiscal_year_start_month'] },
    { ...as, route: '/(office)/office/settings/districts', action: 'default', path: '/office/settings/districts', fields: { names: TYPED }, words: ['names'], strict: [] },
    { ...as, route: '/(office)/office/settings/closing-days', action: 'default', path: '/office/settings/closing-days', fields: { days: `2026-12-29 ${TYPED}` }, words: ['days'], strict: ['days'] },
    { ...staff, action: 'grant', path: `/office/staff/${people.spare}?/grant`, fields: { role: 'officer', from: DAY, last: '' }, words: [], strict: ['role', 'from', 'last'] },
    { ...staff, action: 'end', path: `/office/staff/${people.spare}?/end`, fields: { role_id: people.spare }, words: [], strict: ['role_id'] }
  ];
};

/** Actions that read no word of their form: a button and nothing else. */
export const WORDLESS: Record<string, string[]> = {
  '/(account)/logout': ['default'], '/(account)/account': ['sessions'], '/(account)/account/email/[token]': ['default'], '/(group)/my/invitations/[token]': ['default'],
  '/(group)/my/applications/[application]/withdrawal': ['default'], '/(office)/office/applications/[application]/acceptance': ['default'], '/(office)/office/staff/[account]': ['disable', 'enable', 'second_step'],
  '/(account)/second-step/set-up': ['begin'], '/(account)/account/second-step': ['codes', 'off']
};

export const formsOf = (world: World): Form[] => [...account(world), ...group(world), ...application(world), ...committee(world), ...office(world), ...officeGroups(world), ...settings(world)];
export const TYPED_WORDS = TYPED;
export const SECRET = PASSWORD;
