/**
 * Finds the guards of the portal in its sources and builds each with a switch, so that one build can lose any one of them:
 * `PORTAL_MUTANT=7` takes the seventh away. Only ever applied to a copy (mutants.ts).
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Mutant { id: string; what: string; /** Where its loss should show first. */ routes: string[]; /** The store it stands in, and the function: null elsewhere. */ store: { file: string; within: string } | null }

const OFF = (id: string) => `((globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT ?? '').split(',').includes('${id}')`;

/** Conditions in a statement that say for whom it answers. What replaces them lets everybody in. */
const CONDITIONS: { shape: RegExp; without: string }[] = [
  { shape: /\b(?:[a-z]+\.)?account_id = \$\{[^}]*\}/g, without: 'true' },
  { shape: /\b(?:[a-z]+\.)?organisation_id = \$\{[^}]*\}/g, without: 'true' },
  { shape: /\b[a-z]+\.application_id = (?:a\.id|p\.application_id|\$\{applicationId\})(?= and \w+\.file_id)/g, without: 'true' },
  { shape: /\be\.results_release_at <= now\(\)/g, without: 'true' },
  { shape: /\b(?:e\.)?published_at <= now\(\)/g, without: 'true' },
  { shape: /\bnot d\.conflicted\b/g, without: 'true' },
  // Here the declaration is what is looked for: without it nothing is found, and nothing is closed.
  { shape: /(?<=and )c?d\.conflicted\b(?! or)/g, without: 'false' },
  { shape: /(?<=case when )d\.conflicted/g, without: 'false' },
  { shape: /\ba\.submitted_at is not null/g, without: 'true' }
];

/** Every store of every noun: a new one is among them by itself. */
export const STORES = 'src/lib/**/*.server.ts';
/** Conditions that have a name are declared with a comment that begins with these words, and so found wherever they are asked. */
const NAMED = /\/\*\*\s(?:\s*\* )?For WHERE:(?:(?!\*\/)[\s\S])*\*\/\s+(?:export )?(?:const|function) (\w+)/g;

/** Conditions of these shapes that guard nobody's record, by file and function: what they are for stands beside. */
export const OTHER_PURPOSE: Record<string, string> = {
  'accounts/device.server.ts rememberDevice': 'how many browsers', 'accounts/staff.server.ts grantRole': 'no role twice', 'files/store.server.ts bytesKept': 'how much a group may keep',
  'organisations/membership.server.ts countGroups': 'how many groups a person may have', 'organisations/membership.server.ts countMembers': 'how many members a group may have',
  'organisations/membership.server.ts hasRepresentative': 'one representative at a time', 'organisations/membership.server.ts isOfficeActing': 'who names the next representative',
  'organisations/office.server.ts peopleOf': 'how many people a group has', 'organisations/succession-accept.server.ts whyNotSucceed': 'no second representative',
  'organisations/invitations.server.ts whyNoRoom': 'how many invitations',
  'organisations/invitations.server.ts whyNotJoin': 'no second membership', 'organisations/members.server.ts somebodyRemains': 'a group keeps somebody',
  'applications/submission.server.ts alreadyApplied': 'one application a group', 'awards/release.server.ts releaseSummary': 'sums of a round', 'screening/worklist.server.ts saveFilter': 'how many filters'
};

/** Stores that read what is not public and hold no condition of these shapes: who guards it instead. */
export const GUARDED_ELSEWHERE: Record<string, string> = {
  'accounts/password-change.server.ts': 'the password itself', 'accounts/sign-in.server.ts': 'the password itself', 'accounts/throttle.server.ts': 'counters under hashed names',
  'accounts/store.server.ts': "an account's own id out of its session; the list of all is the policy's",
  'applications/corrections.server.ts': 'whoever asks has opened the application', 'applications/whole.server.ts': 'whoever asks has opened the application',
  'screening/timeline.server.ts': 'whoever asks has opened the application', 'documents/submission-document.server.ts': 'whoever asks has opened the submission',
  'awards/round.server.ts': 'sums of a round', 'audit/audit.server.ts': 'writes the chain', 'audit/verify.server.ts': 'reads the chain for a command', 'audit/trail.server.ts': "the policy's",
  'mail/outbox.server.ts': "the policy's", 'mail/delivery.server.ts': 'a job', 'jobs/portal.server.ts': 'a job',
  'files/unlinked.server.ts': 'a job', 'mail/old-mails.server.ts': 'a job', 'organisations/old-invitations.server.ts': 'a job',
  'organisations/succession-mail.server.ts': 'writes to whom the verb names'
};

/** Guards that are no condition in a statement; with a `tag` they are part of one. Every place where `find` stands is a mutant. */
interface Branch { file: string; find: string; without: string; routes: string[]; tag?: string }
const BRANCHES: Branch[] = [
  { file: 'src/hooks.server.ts', find: 'await authorise(event, copy)', without: 'null', routes: ['/office/settings', '/my'] },
  { file: 'src/hooks.server.ts', find: '!isSameSite(request, locals.origin)', without: 'false', routes: ['/login'] },
  { file: 'src/hooks.server.ts', find: 'fresh && locals.viewer && !isFresh(locals.viewer.freshAuthAt)', without: 'false', routes: ['/staff/', '/decisions/'] },
  { file: 'src/hooks.server.ts', find: "key === '/default' ? '' : key.slice(1)", without: 'key.slice(1)', routes: ['/login'] },
  { file: 'src/lib/policy/policy.ts', find: 'roles === null', without: 'false', routes: ['/my'] },
  { file: 'src/lib/policy/policy.ts', find: 'who.some((role) => roles.includes(role))', without: 'true', routes: ['/office/settings'] },
  { file: 'src/lib/policy/policy.ts', find: 'Object.hasOwn(line.post, action)', without: 'true', routes: ['/login'] },
  { file: 'src/hooks.server.ts', find: 'current?.session.owes', without: 'null', routes: ['/(group)/my', '/office'] },
  { file: 'src/lib/policy/policy.ts', find: "who === 'halfway'", without: 'false', routes: ['/second-step'] },
  { file: 'src/lib/accounts/account.ts', find: 'required && session.roles.length > 0', without: 'false', routes: ['/second-step', '/office'] },
  { file: 'src/lib/accounts/account.ts', find: "session.second_step_at ? null : 'code'", without: 'null', routes: ['/second-step', '/office'] },
  { file: 'src/lib/accounts/session-adapter.server.ts', find: 'owes ? [] : row.roles', without: 'row.roles', routes: ['/office'] },
  { file: 'src/lib/accounts/session-adapter.server.ts', find: 'row.disabled_at', without: 'null', routes: ['/(group)/my', '/office'] },
  { file: 'src/lib/accounts/session-adapter.server.ts', find: 'r.from_on <= ${today} and (r.to_on is null or r.to_on > ${today})', without: 'true', routes: ['/office'], tag: 'sql' },
  { file: 'src/lib/accounts/email-change.server.ts', find: 'link?.account_id === accountId ? link.email : null', without: 'link?.email ?? null', routes: ['/email/'] },
  { file: 'src/routes/(account)/account/email/[token]/+page.server.ts', find: '!viewer', without: 'false', routes: ['/email/'] },
  { file: 'src/lib/applications/submission.server.ts', find: "application.my_role !== 'representative'", without: 'false', routes: ['/check', '/withdrawal'] },
  { file: 'src/lib/applications/drafts.server.ts', find: "open !== 'all' && !open.includes(section)", without: 'false', routes: ['[section=answers]'] },
  { file: 'src/lib/applications/drafts.server.ts', find: "open !== 'all' && !open.includes('papers')", without: 'false', routes: ['/papers'] },
  { file: 'src/lib/schemes/scheme.ts', find: '!edition.published_at || edition.published_at > at', without: 'false', routes: ['/my/applications/new'] },
  { file: 'src/lib/applications/application.ts', find: "!released && (state === 'proposed' || state === 'decided')", without: 'false', routes: ['/my/applications/[application]'] },
  { file: 'src/lib/organisations/members.server.ts', find: '!mayManageMembers(group.membership.role, group.has_representative)', without: 'false', routes: ['/members'] },
  { file: 'src/lib/organisations/invitations.server.ts', find: '!mayManageMembers(group.membership.role, group.has_representative)', without: 'false', routes: ['/members'] },
  { file: 'src/lib/awards/store.server.ts', find: 'row.drafted_by === approverId', without: 'false', routes: ['/decisions/'] },
  { file: 'src/lib/awards/store.server.ts', find: 'found?.released ? found : null', without: 'found', routes: ['/my/applications'] },
  { file: 'src/lib/screening/scores.server.ts', find: 'row.conflicted !== false', without: 'false', routes: ['/score'] },
  { file: 'src/lib/screening/panel.server.ts', find: "snapshot.sections.filter((part) => part.section !== 'contact')", without: 'snapshot.sections', routes: ['/(panel)'] },
  { file: 'src/lib/screening/ranking.server.ts', find: '!closed', without: 'true', routes: ['/ranking'] },
  { file: 'src/routes/(group)/my/applications/[application]/letters/[letter]/+server.ts', find: 'letter?.application_id !== row.id', without: '!letter', routes: ['/my/applications/[application]/letters'] },
  { file: 'src/routes/(office)/office/editions/[edition]/letters/[batch]/batch.server.ts', find: 'found?.edition_id !== params.edition', without: '!found', routes: ['[batch]'] },
  { file: 'src/routes/(panel)/panel/[assignment]/score/+page.server.ts', find: "['declare', 'closed'].includes(panelStep(row))", without: 'false', routes: ['/score'] }
];

/** Guards that stand twice: alone the loss of one shows nowhere, so it is taken away together with its twin. By a part of `what`. */
export const TWINS: [string, string][] = [
  ['policy /(account)/account/email/[token] get', 'email/[token]/+page.server.ts: !viewer'],
  ['policy /(account)/account/email/[token] default', 'email/[token]/+page.server.ts: !viewer'],
  // The hook makes nobody of whoever owes the second step; the adapter hands out no role all the same.
  ['hooks.server.ts: current?.session.owes', 'session-adapter.server.ts: owes ? []'],
  ['drafts.server.ts ofMember: m.account_id', 'drafts.server.ts membership: m.account_id'],
  ['store.server.ts update: ${isMember(tx, accountId)}', 'membership.server.ts currentMembership: m.account_id']
];

interface Edit { from: number; to: number; text: string }
/** Excused conditions by their key in OTHER_PURPOSE, and what a test needs to know of the stores. */
export interface Found { mutants: Mutant[]; texts: Map<string, string>; excused: Set<string>; stores: string[] }

/** Rewrites the copy at `root`; answers every mutant, numbered. */
export function switchGuards(root: string): Mutant[] {
  const { mutants, texts } = findGuards(root);
  for (const [file, text] of texts) writeFileSync(join(root, file), text);
  return mutants;
}

/** Every guard, and the sources as they look with a switch at each. */
export function findGuards(root: string): Found {
  const stores = globSync(STORES, { cwd: root }).map((file) => file.replaceAll('\\', '/')).sort();
  const found: Found = { mutants: [], texts: new Map(), excused: new Set(), stores };
  const texts = stores.map((file) => readFileSync(join(root, file), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(NAMED)].map((match) => match[1]!));
  const conditions = [{ shape: new RegExp(`\\$\\{(?:${names.join('|')})\\((?:[^()]|\\([^()]*\\))*\\)\\}(?! as current| then)`, 'g'), without: 'true' }, ...CONDITIONS];
  for (const [at, file] of stores.entries()) found.texts.set(file, switchConditions(file, texts[at]!, conditions, found));
  for (const branch of BRANCHES) found.texts.set(branch.file, switchBranch(found.texts.get(branch.file) ?? readFileSync(join(root, branch.file), 'utf8'), branch, found));
  return found;
}

function switchConditions(file: string, text: string, conditions: typeof CONDITIONS, { mutants, excused }: Found): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const short = file.split('/').slice(2).join('/');
  const edits: Edit[] = [];
  const visit = (node: ts.Node, within: string): void => {
    const name = ts.isFunctionDeclaration(node) ? node.name?.text : ts.isVariableDeclaration(node) && node.parent.parent.parent === source ? node.name.getText() : undefined;
    const here = name ?? within;
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = ts.isCallExpression(node.tag) ? node.tag.expression.getText() : node.tag.getText();
      const from = node.template.getStart();
      for (const { shape, without } of conditions) {
        for (const match of node.template.getText().matchAll(shape)) {
          const at = from + match.index;
          if (edits.some((edit) => at < edit.to && at + match[0].length > edit.from)) continue;
          if (OTHER_PURPOSE[`${short} ${here}`] !== undefined) {
            excused.add(`${short} ${here}`);
            continue;
          }
          if (!ts.findAncestor(node, ts.isFunctionLike)) throw new Error(`${file}: a condition outside every function is made before anybody can switch it`);
          const id = String(mutants.length + 1);
          const kept = match[0].startsWith('${') ? match[0].slice(2, -1) : `${tag}\`${match[0]}\``;
          edits.push({ from: at, to: at + match[0].length, text: `\${${OFF(id)} ? ${tag}\`${without}\` : ${kept}}` });
          mutants.push({ id, what: `${short} ${here}: ${match[0]} → ${without}`, routes: [], store: { file: short, within: here } });
        }
      }
      // Statements inside a statement are read with it.
      for (const span of ts.isTemplateExpression(node.template) ? node.template.templateSpans : []) visit(span.expression, here);
      return;
    }
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(source, '');
  return edits.sort((a, b) => b.from - a.from).reduce((whole, { from, to, text: by }) => whole.slice(0, from) + by + whole.slice(to), text);
}

function switchBranch(text: string, { file, find, without, routes, tag }: Branch, { mutants }: Found): string {
  const [first, ...rest] = text.split(find);
  if (rest.length === 0) throw new Error(`${file} has no ${JSON.stringify(find)} any more: name the guard as it is written now (tests/security/guards.ts)`);
  const switched = rest.map((part) => {
    const id = String(mutants.length + 1);
    const store = /^src\/lib\/.*\.server\.ts$/.test(file) ? { file: file.split('/').slice(2).join('/'), within: '' } : null;
    mutants.push({ id, what: `${file}: ${find} → ${without}`, routes, store });
    return (tag ? `\${${OFF(id)} ? ${tag}\`${without}\` : ${tag}\`${find}\`}` : `(${OFF(id)} ? (${without}) : (${find}))`) + part;
  });
  return first! + switched.join('');
}
