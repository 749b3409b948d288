import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { textOf } from '../read-pdf.ts';
import { ask, type Answer } from './ask.ts';
import { bodyFor } from './bodies.ts';
import { EXPECTED, type Outcome, type Rule } from './expectations.ts';
import { pathOf, type Route } from './manifest.ts';
import { PERSONAS, RELATED, type Persona } from './personas.ts';
import { found } from './secrets.ts';
import { targetsOf, type Target } from './targets.ts';
import type { World } from './world/world.ts';
import { entriesOf } from './zip.ts';

export interface Matrix { cells: number; mismatches: string[]; /** Kinds of planted words that somebody allowed has read. */ shown: Set<string> }
export interface Setting {
  origin: string; world: World; routes: readonly Route[];
  /** The owner's connection: reads what changed, past every guard. */
  owner: postgres.Sql;
  /** Ends at the first mismatch: all that a mutant needs. */
  first?: boolean;
  /** Leaves out what repeats: refusals by role at every further address, and every other way to ask for what is absent. */
  quick?: boolean;
  say?: (line: string) => void;
}

const AT_ONCE = 8;
const BUSY_TRIES = 10;
const BUSY_PAUSE_MS = 500;
/** More than this says no more than this. */
const MISMATCHES_MAX = 200;

interface Cell { route: Route; persona: Persona; target: Target; what: string; rule: Rule | Outcome; send: (expected: Outcome) => Promise<Answer> }

/** How many cells a run will ask. */
export function count(setting: Omit<Setting, 'owner'>): number {
  const stagesOf = (route: Route) => stages({ ...setting, owner: undefined as never }, route, targetsOf(route.id, setting.world) ?? []);
  return setting.routes.flatMap(stagesOf).map((stage) => (setting.quick ? thinned(stage) : stage)).reduce((sum, { list }) => sum + list.filter((cell) => typeof cell.rule === 'string' || cell.rule(cell.persona, cell.target) !== null).length, 0);
}

/** Asks every cell of the given routes and compares with what is written in expectations.ts and secrets.ts. */
export async function runMatrix(setting: Setting): Promise<Matrix> {
  const matrix: Matrix = { cells: 0, mismatches: [], shown: new Set() };
  for (const route of setting.routes) {
    const targets = targetsOf(route.id, setting.world);
    if (!targets || !EXPECTED[route.id]) {
      matrix.mismatches.push(`${route.id}: ${targets ? 'nobody wrote down who may do what (expectations.ts)' : 'nobody described its addresses (targets.ts)'}`);
      continue;
    }
    for (const cells of stages(setting, route, targets).map((stage) => (setting.quick ? thinned(stage) : stage))) {
      const before = await fingerprint(setting.owner);
      await askAll(setting, matrix, cells.list);
      if (!cells.changes && (await fingerprint(setting.owner)) !== before) matrix.mismatches.push(`${route.id}: a refused request changed something (${cells.name})`);
      if (setting.first && matrix.mismatches.length > 0) return matrix;
    }
    if (matrix.mismatches.length > MISMATCHES_MAX) break;
  }
  return matrix;
}

interface Stage { name: string; list: Cell[]; /** Whether these may write. */ changes: boolean }

/** Reading first, then what must be refused, then what is let in and refused in words, then the few that succeed. */
function stages(setting: Setting, route: Route, targets: Target[]): Stage[] {
  const expected = EXPECTED[route.id]!;
  const reads = targets.flatMap((target) => PERSONAS.flatMap((persona) => readCells(setting, route, target, persona)));
  const odd = PERSONAS.flatMap((persona) => oddCells(setting, route, targets[0]!, persona));
  const posts = Object.entries(expected.post ?? {}).flatMap(([action, rule]) =>
    postTargets(route, targets).flatMap((target) => PERSONAS.flatMap((persona) => postCell(setting, route, action, rule, target, persona))));
  const outcome = (cell: Cell) => (typeof cell.rule === 'string' ? cell.rule : cell.rule(cell.persona, cell.target));
  const successes = posts.filter((cell) => outcome(cell) === 'done');
  return [
    { name: 'reading', list: reads, changes: route.id.endsWith('.pdf') }, { name: 'unknown methods and actions', list: odd, changes: false },
    { name: 'refused', list: posts.filter((cell) => !['done', 'reached', null].includes(outcome(cell))), changes: false },
    { name: 'refused in words', list: posts.filter((cell) => outcome(cell) === 'reached'), changes: false },
    ...successes.map((cell): Stage => ({ name: 'success', list: [cell], changes: true }))
  ];
}

/**
 * What repeats is left out. Role and session are judged before the address is looked at, so two addresses show it as well
 * as forty; pages and data run the same loads, so at many addresses they take turns; and people who have nothing to do
 * with either group knock at every fifth door, and open every second of those that are open to them.
 */
function thinned(stage: Stage): Stage {
  const asked = new Map<string, number>();
  const before = (kind: string) => {
    const n = asked.get(kind) ?? 0;
    asked.set(kind, n + 1);
    return n;
  };
  const list = stage.list.filter((cell) => {
    const outcome = typeof cell.rule === 'string' ? cell.rule : cell.rule(cell.persona, cell.target);
    if (typeof cell.rule === 'string') return before(cell.what) % 7 === 0;
    if (outcome !== null && ['login', 'kept', 'second', 'forbidden', 'confirm'].includes(outcome)) return before(`${cell.persona} ${cell.what} ${outcome}`) < 2;
    if (Object.keys(cell.target.params).length > 0 && !RELATED.includes(cell.persona) && before(`${cell.persona} ${outcome}`) % (outcome === 'absent' ? 5 : 2) !== 0) return false;
    if (cell.what.startsWith('POST') || Object.keys(cell.target.params).length === 0) return true;
    return (before(`${cell.persona} ${cell.what} ${outcome}`) + (cell.what === 'GET' ? 0 : 1)) % 2 === 0;
  });
  return { ...stage, list };
}

function readCells({ origin, world }: Setting, route: Route, target: Target, persona: Persona): Cell[] {
  const rule = EXPECTED[route.id]!.get ?? 'method';
  const path = pathOf(route.id, target.params);
  const cookie = world.cookies[persona];
  const at = (what: string, where: string): Cell => ({ route, persona, target, what, rule, send: () => ask(origin, { path: where, cookie }) });
  const page = at('GET', path + (target.query ?? ''));
  return route.kind === 'page' ? [page, at('GET data', `${path === '/' ? '' : path}/__data.json${target.query ?? ''}`)] : [page];
}

/** What no route has. */
function oddCells({ origin, world }: Setting, route: Route, target: Target, persona: Persona): Cell[] {
  const path = pathOf(route.id, target.params);
  const cookie = world.cookies[persona];
  const hasDefault = Object.hasOwn(EXPECTED[route.id]!.post ?? {}, 'default');
  const odd = (what: string, method: string, query: string, form: boolean): Cell =>
    ({ route, persona, target, what, rule: 'method', send: () => ask(origin, { method, path: path + query, cookie, ...(form ? { body: 'a=b' } : {}) }) });
  const foreign = (what: string, headers: Record<string, string>): Cell =>
    ({ route, persona, target, what, rule: 'forbidden', send: () => ask(origin, { method: 'POST', path, cookie, body: 'a=b', headers }) });
  return [
    foreign('POST from another site', { origin: 'https://kanaria.example', 'sec-fetch-site': 'cross-site' }), foreign('POST from a neighbour', { 'sec-fetch-site': 'same-site' }),
    odd('PUT', 'PUT', '', false), odd('DELETE', 'DELETE', '', false), odd('POST ?/nowhere', 'POST', '?/nowhere', true),
    odd('POST ?/__proto__', 'POST', '?/__proto__', true), odd('POST ?/default', 'POST', '?/default', true), ...(hasDefault ? [] : [odd('POST', 'POST', '', true)])
  ];
}

/** A form for a new application names its group inside, not in its address. */
function postTargets(route: Route, targets: Target[]): Target[] {
  if (route.id !== '/(group)/my/applications/new') return targets;
  return (['A', 'B'] as const).map((group) => ({ ...targets[0]!, name: `for group ${group}`, group }));
}

function postCell({ origin, world, owner }: Setting, route: Route, action: string, rule: Rule, target: Target, persona: Persona): Cell[] {
  const path = pathOf(route.id, target.params);
  const search = [...(target.query ? [target.query.slice(1)] : []), ...(action === 'default' ? [] : [`/${action}`])].join('&');
  return [{
    route, persona, target, what: `POST ${action}`, rule,
    send: async (expected) => {
      const cookie = route.id === '/(account)/logout' ? await throwAway(owner, world, persona) : world.cookies[persona];
      return ask(origin, { method: 'POST', path: search ? `${path}?${search}` : path, cookie, ...bodyFor(route.id, action, { world, target, persona, expected }) });
    }
  }];
}

async function askAll(setting: Setting, matrix: Matrix, cells: Cell[]): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let cell = cells[next++]; cell; cell = cells[next++]) {
      if (setting.first && matrix.mismatches.length > 0) return;
      const expected = typeof cell.rule === 'string' ? cell.rule : cell.rule(cell.persona, cell.target);
      if (expected === null) continue;
      matrix.cells += 1;
      for (const wrong of await judge(cell, expected, await answerTo(cell, expected), matrix.shown)) matrix.mismatches.push(wrong);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A portal on a busy machine answers 503 and has written nothing: asked again, it says what it means. */
async function answerTo(cell: Cell, expected: Outcome): Promise<Answer> {
  for (let asked = 1; ; asked += 1) {
    const answer = await cell.send(expected);
    if (answer.status !== 503 || asked === BUSY_TRIES) return answer;
    await sleep(BUSY_PAUSE_MS);
  }
}

async function judge({ route, persona, target, what }: Cell, expected: Outcome, answer: Answer, shown: Set<string>): Promise<string[]> {
  const here = `${what} ${route.id} [${target.name}] as ${persona}`;
  const outcome = outcomeOf(answer, what.startsWith('POST'));
  // A refused form whose page sends people elsewhere, too.
  const same = outcome === expected || (expected === 'away' && outcome === 'done');
  const wrong = same ? [] : [`${here}: ${outcome} (${answer.status}) instead of ${expected}`];
  // Nobody outside the office learns that a decision was drafted or made, be it by a word.
  const early = ['proposed', 'decided'].includes(target.state ?? '') && route.id.startsWith('/(group)/my/applications/[application]');
  for (const told of early ? ['決裁待ち', '決定済み'].filter((one) => answer.text.includes(one)) : []) wrong.push(`${here}: says ${told}`);
  for (const secret of found(`${JSON.stringify(answer.headers)}\n${await wordsIn(answer)}`)) {
    if (secret.may(persona, route.id)) shown.add(secret.kind);
    else wrong.push(`${here}: shows ${secret.kind} of ${secret.of}`);
  }
  return wrong;
}

/** What an answer amounts to. Data requests say in JSON what pages say in their status. */
export function outcomeOf(answer: Answer, posted: boolean): Outcome | string {
  const { status, headers, text } = answer;
  if (headers['content-type']?.startsWith('application/json') && status === 200) return outcomeOfData(text);
  if (status === 200) return 'ok';
  if (status === 303) return sentTo(headers.location ?? '', posted);
  if (status === 401) return text.includes('action="/login"') ? 'kept' : text.includes('action="/second-step') ? 'second' : text.includes('action="/confirm-password"') ? 'confirm' : 'unauthorised';
  if (status === 403) return 'forbidden';
  // A page that is shown again with its complaint: the action ran and found nothing of that name.
  if (status === 404) return posted && !text.includes('ページが見つかりません') ? 'reached' : 'absent';
  if (status === 405) return 'method';
  if (status === 410 && !posted) return 'gone';
  return [400, 409, 410, 413, 422, 429].includes(status) && posted ? 'reached' : `status ${status}`;
}

const sentTo = (location: string, posted: boolean): Outcome =>
  (location.startsWith('/login?next=') ? 'login' : /^\/second-step(?:\/set-up)?\?next=/.test(location) ? 'second' : location.startsWith('/confirm-password?next=') ? 'confirm' : posted ? 'done' : 'away');

function outcomeOfData(text: string): Outcome | string {
  const data = JSON.parse(text) as { type?: string; location?: string; nodes?: ({ type: string; status?: number } | null)[] };
  if (data.type === 'redirect') return sentTo(data.location!, false);
  const broken = data.nodes?.find((node) => node?.type === 'error');
  return broken ? ({ 404: 'absent', 410: 'gone', 403: 'forbidden' }[broken.status ?? 500] ?? `data error ${broken.status}`) : 'ok';
}

const read = new Map<string, string>();

/** The text of an answer, also inside a drawn PDF or a zip. */
async function wordsIn({ headers, body, text }: Answer): Promise<string> {
  const type = headers['content-type'] ?? '';
  if (type !== 'application/pdf' && type !== 'application/zip') return text;
  const hash = createHash('sha256').update(body).digest('hex');
  const known = read.get(hash);
  if (known !== undefined) return known;
  const words = type === 'application/zip' ? entriesOf(body).map(({ name, bytes }) => `${name}\n${bytes.toString('latin1')}`).join('\n')
    : text.includes('% kanaria') ? text : await textOf(body);
  read.set(hash, words);
  return words;
}

/** Everything that is audited moves the chain's head; sessions, mails and filters beside it are counted. */
async function fingerprint(owner: postgres.Sql): Promise<string> {
  const [row] = await owner<{ mark: string }[]>`
    select concat_ws(' ', (select seq from audit_head), (select count(*) from session where user_agent <> ''), (select count(*) from mail_outbox), (select count(*) from worklist_filter)) as mark`;
  return row!.mark;
}

/** A session to be ended. */
async function throwAway(owner: postgres.Sql, world: World, persona: Persona): Promise<string | undefined> {
  if (persona === 'visitor') return undefined;
  const secret = randomBytes(32).toString('base64url');
  await owner.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await tx`
      insert into session (id, account_id, created_at, last_seen_at, expires_at, fresh_auth_at)
      values (${createHash('sha256').update(secret).digest('hex')}, ${world.people.ids[persona]}, now(), now(), now() + interval '1 hour', now())`;
  });
  return `sid=${secret}`;
}
