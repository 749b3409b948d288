/** Who may read which planted word. Written from what the law, the city and the issue ask for, not from the code. */
import { ADMINISTRATORS, AUDITORS, MEMBERS_A, MEMBERS_B, OFFICE, OFFICERS, READERS, type Persona } from './personas.ts';
import {
  CASE_KINDS, CASES, GROUP_KINDS, GROUPS, groupSpellings, SINGLE_KINDS, singleWord, spellings,
  type CaseKey, type CaseKind, type CaseState, type GroupKey, type GroupKind, type SingleKind
} from './world/marks.ts';

export interface Secret { kind: string; of: string; spellings: string[]; may(persona: Persona, routeId: string): boolean }

const membersOf = (group: GroupKey): readonly Persona[] => (group === 'A' ? MEMBERS_A : MEMBERS_B);
const AT_THE_COMMITTEE: readonly CaseState[] = ['accepted', 'proposed', 'decided', 'released'];

/** A declared interest, or acting for the group, closes an application in the office too. */
export function isClosedTo(persona: Persona, group: GroupKey, state: CaseState): boolean {
  if (group !== 'A') return false;
  return persona === 'officerOfA' || (persona === 'officerConflict' && AT_THE_COMMITTEE.includes(state));
}

/** Committee members who declared to have no interest in the application. */
export function mayScore(persona: Persona, group: GroupKey, state: CaseState): boolean {
  if (!AT_THE_COMMITTEE.includes(state)) return false;
  return persona === 'panel' || persona === 'panelPeer' || (persona === 'panelConflict' && group === 'B');
}

function mayReadCase(kind: CaseKind, key: CaseKey, persona: Persona): boolean {
  const [group, state] = key.split('.') as [GroupKey, CaseState];
  const member = membersOf(group).includes(persona);
  const released = state === 'released';
  const submitted = state !== 'draft';
  const reader = submitted && READERS.includes(persona) && !isClosedTo(persona, group, state);
  const worker = reader && OFFICE.includes(persona);
  const scorer = mayScore(persona, group, state);
  switch (kind) {
    // Whoever is assigned must know whose application it is to say whether there is an interest.
    case 'title': return released || member || reader || scorer || (persona === 'panelUndeclared' && AT_THE_COMMITTEE.includes(state));
    case 'text': case 'file': case 'fileBytes': return member || reader || scorer;
    case 'contactPhone': case 'receiptBytes': return member || reader;
    case 'correction': case 'dismissal': return member || reader;
    case 'check': return reader;
    case 'substitution': case 'problem': return worker;
    case 'score': return worker || persona === 'panelPeer';
    // Not handed in yet: a thought of one person.
    case 'ownScore': return persona === 'panel';
    // Handed in before an interest was declared: it no longer counts, so nobody reads it either.
    case 'lostScore': return false;
    case 'conflict': return worker;
    case 'amount': return released || reader;
    case 'reason': case 'condition': case 'letter': return reader || (released && member);
    case 'approval': return reader;
  }
}

function mayReadGroup(kind: GroupKind, group: GroupKey, persona: Persona): boolean {
  const member = membersOf(group).includes(persona);
  // Whom the group invited is told to whoever helps it with its people.
  if (kind === 'invited') return member || (OFFICERS.includes(persona) && !(persona === 'officerOfA' && group === 'A'));
  const reader = READERS.includes(persona) && !(persona === 'officerOfA' && group === 'A');
  return member || reader || mayScore(persona, group, 'accepted');
}

const MAY_SINGLE: Record<SingleKind, (persona: Persona, routeId: string) => boolean> = {
  audit: () => false,
  mail: (persona, routeId) => routeId === '/(office)/office/mail' && [...ADMINISTRATORS, ...AUDITORS].includes(persona),
  filter: (persona) => persona === 'officer',
  oldSession: (persona, routeId) => persona === 'memberA' && routeId === '/(account)/account',
  unpublished: (persona) => READERS.includes(persona)
};

/** The trail shows every change with its words; those who keep it may read it, and only there. */
const readsTrail = (persona: Persona, routeId: string): boolean => routeId === '/(office)/office/audit' && [...ADMINISTRATORS, ...AUDITORS].includes(persona);

export const SECRETS: readonly Secret[] = [
  ...CASE_KINDS.flatMap((kind) => CASES.map((key): Secret => ({ kind, of: key, spellings: spellings(kind, key), may: (persona, routeId) => readsTrail(persona, routeId) || mayReadCase(kind, key, persona) }))),
  ...GROUP_KINDS.flatMap((kind) => GROUPS.map((group): Secret => ({ kind, of: `group ${group}`, spellings: groupSpellings(kind, group), may: (persona, routeId) => readsTrail(persona, routeId) || mayReadGroup(kind, group, persona) }))),
  ...SINGLE_KINDS.map((kind): Secret => ({ kind, of: 'only', spellings: [singleWord(kind)], may: (persona, routeId) => readsTrail(persona, routeId) || MAY_SINGLE[kind](persona, routeId) }))
];

const BY_SPELLING = new Map(SECRETS.flatMap((secret) => secret.spellings.map((spelling) => [spelling, secret] as const)));
/** One pass over the text; every spelling of marks.ts has one of these shapes. An amount stands alone: six digits inside an id or a nonce are none. */
const SHAPES = /kanaria-\w+-[A-Za-z-]+?-x|0293-?7[12]-?\d{4}|(?<![\w-])1\d\d,?\d{3}(?![\w-])/g;

/** The planted words in a text. Those planted for a state that a case never reached are planted nowhere. */
export function found(text: string): Secret[] {
  const secrets = new Set<Secret>();
  for (const [shape] of text.matchAll(SHAPES)) {
    const secret = BY_SPELLING.get(shape);
    if (secret) secrets.add(secret);
  }
  return [...secrets];
}
