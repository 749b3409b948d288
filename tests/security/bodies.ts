/**
 * What is sent to each action. Whoever may act sends something the action must refuse in words, so that nothing changes;
 * whoever may not sends what would succeed, so that a missing guard shows as a success.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMBERS_A, MEMBERS_B, type Persona } from './personas.ts';
import { encode, multipart, type Fields, type Upload } from './ask.ts';
import type { Outcome } from './expectations.ts';
import { ROOT } from './portal.ts';
import type { Target } from './targets.ts';
import { CASES, type CaseKey } from './world/marks.ts';
import type { World } from './world/world.ts';

export interface Sent { body: Buffer | string; headers?: Record<string, string> }
interface Asked { world: World; target: Target; persona: Persona; expected: Outcome }
type Body = (asked: Asked) => Fields | { fields: Fields; uploads: Upload[] };

/** No form of ours has such a field, so every action that reads its form refuses it. */
const UNKNOWN: Fields = { unknown_field: 'ない項目' };
const sample = () => readFileSync(join(ROOT, 'db/demo/sample.pdf'));
const pdf = (field: string): Upload => ({ field, name: '書類.pdf', type: 'application/pdf', bytes: sample() });

/** The case an address is about; of a broken address some case of the other group, whose parts are real. */
const caseOf = ({ world, target }: Asked) => world.cases[(CASES.find((key) => key === `${target.group}.${target.state}`) ?? 'B.draft') as CaseKey];
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

export const REAL_DOSSIER: Fields = {
  kind: 'civic_group', corporate_number: '', name: '乗っ取りの会', name_kana: 'ノットリ', representative_title: '代表', representative_name: '別人', postal_code: '318-0000', address: '別の町',
  phone: '', purpose: '奪う', founded_on: '2021-04-01', members_count: '18', members_living: '14', members_working: '3', members_studying: '1', district_id: ''
};

/** What would succeed. */
const REAL: Record<string, Record<string, Body>> = {
  '/(group)/my/organisations/[organisation]/edit': { default: () => ({ ...REAL_DOSSIER, version: '1' }) },
  '/(group)/my/organisations/[organisation]/members': {
    invite: () => ({ email: 'nottori@kanaria.example', role: 'member' }),
    cancel: ({ world, target }) => ({ invitation: world.groups[target.group ?? 'A'].invitation.id }),
    // Somebody else's term: one's own may be ended by oneself.
    end: ({ world, persona }) => ({ member: persona === 'memberA' ? world.groups.A.otherMemberId! : world.groups.A.memberId! }),
    handover: ({ world }) => ({ successor: world.groups.A.memberId!, afterwards: 'stay' })
  },
  '/(group)/my/organisations/[organisation]/papers': { default: ({ world, target }) => ({ fields: { kind: 'rules', replaces: world.groups[target.group ?? 'A'].papers.rules }, uploads: [pdf('rules')] }) },
  '/(group)/my/invitations/[token]': { default: () => ({}) },
  '/(group)/my/applications/new': {
    default: ({ world, target }) => ({ organisation: world.groups[target.group ?? 'A'].id, edition: world.editions.now.id })
  },
  '/(group)/my/applications/[application]/[section=answers]': {
    default: ({ target }): Fields => (target.params.section === 'project'
      ? { title: '書き換え', purpose: '書き換え', content: '書き換え', effect: '書き換え', continuity: '', _version: '1' }
      : { contact_name: '別人', contact_kana: 'ベツジン', contact_phone: '0293-00-1111', contact_email: 'nottori@kanaria.example', _version: '1' })
  },
  '/(group)/my/applications/[application]/budget': { default: () => ({ requested: '1', _version: '1' }) },
  '/(group)/my/applications/[application]/papers': {
    add: (asked) => ({ fields: { paper: caseOf(asked).paper }, uploads: [pdf('file')] }), remove: (asked) => ({ file: caseOf(asked).file })
  },
  '/(group)/my/applications/[application]/check': { default: (asked) => ({ seen: asked.world.seenMarks[caseOf(asked).key] ?? '' }) },
  '/(group)/my/applications/[application]/withdrawal': { default: () => ({}) },
  '/(panel)/panel/[assignment]': { default: () => ({ interest: 'conflict', note: '会員です。' }) },
  '/(panel)/panel/[assignment]/score': {
    default: ({ world, target }) => ({ ...Object.fromEntries(world.editions[target.state === 'released' ? 'before' : 'now'].criteria.flatMap(({ id }) => [[`points_${id}`, '1'], [`reason_${id}`, '書き換え']])), comment: '', step: 'save', _version: '1' })
  },
  '/(office)/office/organisations/[organisation]/representative': {
    default: () => ({ reason: 'moved', reason_note: '', proof: 'group_notice', proof_note: '書き換え', email: 'nottori@kanaria.example', effective_on: day(1) })
  },
  '/(office)/office/organisations/[organisation]/members/[member]': { default: () => ({ reason: 'moved', reason_note: '', proof: 'group_notice', proof_note: '書き換え', last_on: '' }) },
  '/(office)/office/applications/[application]/assignment': { default: (asked) => ({ officer: 'nobody', _seen: asked.world.people.ids.officer }) },
  '/(office)/office/applications/[application]/screening': { default: ({ world }) => ({ [`result_${world.editions.now.requirements[0]!.id}`]: 'met', _seen: '' }) },
  '/(office)/office/applications/[application]/correction': {
    default: (asked) => ({ section: ['project'], reason_project: '書き換え', due_on: day(5), message: '', _seen: caseOf(asked).submission ?? '' })
  },
  '/(office)/office/applications/[application]/acceptance': { default: (asked) => ({ _seen: caseOf(asked).submission ?? '' }) },
  '/(office)/office/applications/[application]/dismissal': { default: (asked) => ({ reason: '書き換え', _seen: caseOf(asked).submission ?? '' }) },
  '/(office)/office/applications/[application]/panel': { default: ({ world }) => ({ members: [world.people.ids.panelUnassigned] }) },
  '/(office)/office/applications/[application]/proposal': { default: (asked) => ({ submission: caseOf(asked).submission ?? '', outcome: 'declined', amount: '', reason: '書き換え', conditions: '' }) },
  '/(office)/office/applications/[application]/letter': { default: () => ({ step: 'substitute', from: '髙', to: '高', reason: '書き換え' }) },
  '/(office)/office/decisions/[proposal]': { default: (asked) => ({ decision: 'return', seen: caseOf(asked).seenHash ?? '', comment: '書き換え' }) },
  '/(office)/office/applications': { forget: ({ world }) => ({ id: world.filter }) },
  '/(account)/account': { session: ({ world }) => ({ session: world.otherSession }) }
};

/** Where an action reads no words: something it must refuse all the same. */
const PROBES: Record<string, Record<string, Body>> = {
  '/(account)/account': { session: () => ({}) },
  '/(group)/my/applications/[application]/papers': { remove: () => ({ file: randomUUID() }) },
  '/(group)/my/applications/[application]/check': { default: () => ({ seen: 'x' }) },
  '/(group)/my/invitations/[token]': { default: () => ({}) },
  '/(office)/office/applications/[application]/acceptance': { default: () => ({ _seen: randomUUID() }) }
};

/** A draft is open everywhere; the correction that was asked for (world/office.ts) opens the project alone. */
const isOpenFor = ({ state, params }: Target) => state === 'draft' || (state === 'correction' && params.section === 'project');

/** Actions whose refusal is a matter of whose record it is: they get the real thing even from people let in. */
function tries({ persona, target, expected }: Asked, routeId: string, action: string): 'real' | 'probe' {
  if (routeId === '/(office)/office/applications' && action === 'forget') return persona === 'officer' ? 'probe' : 'real';
  if (routeId === '/(group)/my/applications/new') return (target.group === 'A' ? MEMBERS_A : MEMBERS_B).includes(persona) ? 'probe' : 'real';
  // Closed by its state: what would be saved while it is open.
  if (expected === 'reached' && /\[section=answers\]$|\/budget$|\/papers$/.test(routeId) && routeId.includes('[application]') && action !== 'add') return isOpenFor(target) ? 'probe' : 'real';
  return expected === 'reached' ? 'probe' : 'real';
}

export function bodyFor(routeId: string, action: string, asked: Asked): Sent {
  const made = tries(asked, routeId, action) === 'real' ? (REAL[routeId]?.[action] ?? (() => UNKNOWN)) : (PROBES[routeId]?.[action] ?? (() => UNKNOWN));
  const given = made(asked);
  const [fields, uploads] = 'uploads' in given && 'fields' in given ? [given.fields as Fields, given.uploads as Upload[]] : [given as Fields, []];
  const keyed = { ...fields, _key: randomUUID() };
  return uploads.length > 0 ? multipart(keyed, uploads) : { body: encode(keyed) };
}
