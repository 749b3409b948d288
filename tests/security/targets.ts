import { paramsOf } from './manifest.ts';
import { CASES, type CaseKey, type CaseState, type GroupKey } from './world/marks.ts';
import type { World } from './world/world.ts';

/** One address of a route: what its parameters stand for, so that the expectation can be told without looking at ids. */
export interface Target {
  name: string;
  params: Record<string, string>;
  query?: string;
  group?: GroupKey;
  state?: CaseState;
  /** For an assignment: whose it is. */
  seat?: string;
  /** The parts of the address do not belong together, or belong to nothing. */
  broken?: boolean;
}

const NOTHING = '00000000-0000-7000-8000-000000000000';
const MALFORMED = 'kanariya';
const SEATS = ['panel', 'panelPeer', 'panelConflict', 'panelUndeclared', 'officerConflict'];

const split = (key: CaseKey) => key.split('.') as [GroupKey, CaseState];
const ofCase = (key: CaseKey, params: Record<string, string>): Target => ({ name: key, params, group: split(key)[0], state: split(key)[1] });
const broken = (name: string, params: Record<string, string>): Target => ({ name, params, broken: true });

/** Every application, and addresses of none. `more` gives the other parameters of the route. */
function cases(world: World, more: (key: CaseKey) => Record<string, string> = () => ({}), where: (state: CaseState) => boolean = () => true): Target[] {
  const known = CASES.filter((key) => where(split(key)[1])).map((key) => ofCase(key, { application: world.cases[key].id, ...more(key) }));
  return [...known, broken('unknown', { application: NOTHING, ...more('A.submitted') }), broken('malformed', { application: MALFORMED, ...more('A.submitted') })];
}

/** Files under the wrong application: the file exists, the application is one's own, and still they do not belong together. */
function files(world: World): Target[] {
  const other = (key: CaseKey): CaseKey => (key.startsWith('A') ? `B.${split(key)[1]}` : `A.${split(key)[1]}`);
  return [
    ...cases(world, (key) => ({ file: world.cases[key].file })),
    ...CASES.map((key) => broken(`${key} with ${other(key)}'s file`, { application: world.cases[key].id, file: world.cases[other(key)].file })),
    broken("A.submitted with A.draft's file", { application: world.cases['A.submitted'].id, file: world.cases['A.draft'].file }),
    broken('A.submitted with no file', { application: world.cases['A.submitted'].id, file: MALFORMED })
  ];
}

function letters(world: World): Target[] {
  const issued = (state: CaseState) => state === 'decided' || state === 'released';
  return [
    ...cases(world, (key) => ({ letter: world.cases[key].letter ?? NOTHING }), issued),
    broken("A.released with B.released's letter", { application: world.cases['A.released'].id, letter: world.cases['B.released'].letter! }),
    broken("A.released with A.decided's letter", { application: world.cases['A.released'].id, letter: world.cases['A.decided'].letter! }),
    broken('A.released with no letter', { application: world.cases['A.released'].id, letter: MALFORMED })
  ];
}

function assignments(world: World, more: (key: CaseKey) => Record<string, string> = () => ({})): Target[] {
  const seats = CASES.flatMap((key) => SEATS.flatMap((seat): Target[] => {
    const assignment = world.cases[key].assignments[seat];
    return assignment ? [{ ...ofCase(key, { assignment, ...more(key) }), name: `${seat}'s of ${key}`, seat }] : [];
  }));
  return [...seats, broken('unknown', { assignment: NOTHING, ...more('A.accepted') }), broken('malformed', { assignment: MALFORMED, ...more('A.accepted') })];
}

const groups = (world: World, more: (group: GroupKey) => Record<string, string> = () => ({})): Target[] => [
  ...(['A', 'B'] as const).map((group): Target => ({ name: `group ${group}`, group, params: { organisation: world.groups[group].id, ...more(group) } })),
  broken('unknown', { organisation: NOTHING, ...more('A') }), broken('malformed', { organisation: MALFORMED, ...more('A') })
];

const tokens = (params: [name: string, token: string][]): Target[] => [
  ...params.map(([name, token]): Target => ({ name, params: { token } })), broken('unknown', { token: 'A'.repeat(43) }), broken('malformed', { token: MALFORMED })
];

const editions = (world: World, more: Record<'now' | 'before', Record<string, string>> = { now: {}, before: {} }): Target[] => [
  ...(['now', 'before'] as const).map((name): Target => ({ name, params: { edition: world.editions[name].id, ...more[name] } })),
  broken('unknown', { edition: NOTHING, ...more.now }), broken('malformed', { edition: MALFORMED, ...more.now })
];

/** The addresses at which a route is asked. A route with parameters that nobody described here cannot be asked, and the matrix says so. */
export function targetsOf(routeId: string, world: World): Target[] | null {
  const names = paramsOf(routeId);
  const office = (more?: (key: CaseKey) => Record<string, string>) => cases(world, more);
  if (routeId === '/(group)/my/applications/new') {
    return [{ name: 'open round', params: {}, query: `?edition=${world.editions.now.id}` }, { name: 'closed round', params: {}, query: `?edition=${world.editions.before.id}` }, broken('no round', {}), { ...broken('unpublished round', {}), query: `?edition=${world.editions.next.id}` }];
  }
  switch (names.join(',')) {
    case '': return [{ name: '', params: {} }];
    case 'scheme': return [{ name: 'machizukuri', params: { scheme: 'machizukuri' } }, broken('unknown', { scheme: 'kanariya' })];
    case 'application': return office();
    case 'application,section': return [...cases(world, () => ({ section: 'project' })), ...cases(world, () => ({ section: 'contact' }))];
    case 'application,file': return files(world);
    case 'application,letter': return letters(world);
    case 'organisation': return groups(world);
    case 'organisation,paper': return [
      ...groups(world, (group) => ({ paper: world.groups[group].papers.rules })),
      broken("A with B's paper", { organisation: world.groups.A.id, paper: world.groups.B.papers.rules }),
      broken('A with no paper', { organisation: world.groups.A.id, paper: MALFORMED })
    ];
    case 'organisation,member': return [
      ...groups(world, (group) => ({ member: world.groups[group].ownerTermId })),
      broken("A with B's member", { organisation: world.groups.A.id, member: world.groups.B.ownerTermId }), broken('A with no member', { organisation: world.groups.A.id, member: MALFORMED })
    ];
    case 'assignment': return assignments(world);
    case 'assignment,file': return [
      ...assignments(world, (key) => ({ file: world.cases[key].file })),
      broken("A.accepted with A.draft's file", { assignment: world.cases['A.accepted'].assignments.panel!, file: world.cases['A.draft'].file })
    ];
    case 'edition': return editions(world);
    case 'edition,batch': return [
      ...editions(world, { now: { batch: world.batches.now }, before: { batch: world.batches.before } }), broken("this round with last year's batch", { edition: world.editions.now.id, batch: world.batches.before })
    ];
    case 'letter': return [
      ...CASES.filter((key) => world.cases[key].letter).map((key) => ofCase(key, { letter: world.cases[key].letter! })), broken('unknown', { letter: NOTHING }), broken('malformed', { letter: MALFORMED })
    ];
    case 'proposal': return [
      ...CASES.filter((key) => world.cases[key].proposal).map((key) => ofCase(key, { proposal: world.cases[key].proposal! })), broken('unknown', { proposal: NOTHING }), broken('malformed', { proposal: MALFORMED })
    ];
    case 'account': return [
      { name: 'spare', params: { account: world.people.spare } }, { name: 'memberA', params: { account: world.people.ids.memberA } },
      broken('unknown', { account: NOTHING }), broken('malformed', { account: MALFORMED })
    ];
    case 'token': return tokensOf(routeId, world);
    default: return null;
  }
}

function tokensOf(routeId: string, { tokens: known, groups: { A, B } }: World): Target[] | null {
  if (routeId.includes('/sign-up/')) return tokens([['sign-up', known.signUp], ['reset', known.reset]]);
  if (routeId.includes('/password-reset/')) return tokens([['reset', known.reset], ['sign-up', known.signUp]]);
  if (routeId.includes('/email/')) return tokens([["representativeA's", known.emailOf.representativeA], ['reset', known.reset]]);
  if (routeId.includes('/invitations/')) return tokens([['group A', A.invitation.token], ['group B', B.invitation.token]]);
  return null;
}
