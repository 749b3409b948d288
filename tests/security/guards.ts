/**
 * Finds the guards of the portal in its sources and builds each with a switch, so that one build can lose any one of them:
 * `PORTAL_MUTANT=7` takes the seventh away. Only ever applied to a copy (mutants.ts).
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Mutant { id: string; what: string; /** Where its loss should show first. */ routes: string[] }

const OFF = (id: string) => `((globalThis as { PORTAL_MUTANT?: string }).PORTAL_MUTANT ?? '').split(',').includes('${id}')`;

/** Conditions in a statement that say for whom it answers. What replaces them lets everybody in. */
const CONDITIONS: { shape: RegExp; without: string }[] = [
  { shape: /\$\{(?:isCurrent|isMember|notOwn|openTo)\((?:[^()]|\([^()]*\))*\)\}(?! as current| then)/g, without: 'true' },
  { shape: /\b[a-z]+\.account_id = \$\{[^}]*\}|\baccount_id = \$\{(?:accountId|me)\}/g, without: 'true' },
  { shape: /\b(?:[a-z]+\.)?organisation_id = \$\{(?:organisationId|owner\.organisation_id)\}/g, without: 'true' },
  { shape: /\b[a-z]+\.application_id = (?:a\.id|p\.application_id|\$\{applicationId\})(?= and \w+\.file_id)/g, without: 'true' },
  { shape: /\be\.results_release_at <= now\(\)/g, without: 'true' },
  { shape: /\bnot d\.conflicted\b/g, without: 'true' },
  // Here the declaration is what is looked for: without it nothing is found, and nothing is closed.
  { shape: /(?<=and )c?d\.conflicted\b(?! or)/g, without: 'false' },
  { shape: /(?<=case when )d\.conflicted/g, without: 'false' },
  { shape: /\ba\.submitted_at is not null/g, without: 'true' }
];

const STORES = ['organisations', 'applications', 'screening', 'awards', 'documents'];

/** Conditions of these shapes that guard nobody's record: what they are for stands beside. */
const OTHER_PURPOSE: Record<string, string> = {
  'copy.server.ts': 'who gets a mail about the group',
  'once.server.ts': 'keys',
  countGroups: 'how many groups a person may have', countMembers: 'how many members a group may have', hasRepresentative: 'one representative at a time',
  whyNoRoom: 'how many invitations', whyNotJoin: 'no second membership', whyNotSucceed: 'no second representative', acceptSuccession: 'joins whoever holds the link', isOfficeActing: 'who names the next representative',
  standing: 'who represents the group', endTermOn: 'which invitations go with a term', peopleOf: 'how many people a group has', comingFrom: 'from which day one acts oneself', tellOfDrafts: 'who gets a mail about the group', somebodyRemains: 'a group keeps somebody',
  officers: 'who can be chosen', release: 'which results are told', announce: 'which results are told', releaseSummary: 'sums of a round', decided: 'whether a mail is sent now',
  countsByState: 'sums of a round', panelCounts: 'sums of a round', waitingCounts: 'sums of the list', alreadyApplied: 'one application a group', standingOf: 'sums of an application',
  totalsOf: 'whose scores count (panel.test.ts)', setRelease: 'a release is not taken back', assign: 'nobody judges their own group (panel.test.ts)', saveFilter: 'how many filters',
  putPaper: 'which paper is the current one', acceptInvitation: 'joins whoever holds the link', endMembership: 'which invitations go with a term', timeline: 'names beside events'
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
  { file: 'src/lib/accounts/session.server.ts', find: 'account_id = ${accountId} and id = ${sessionId}', without: 'id = ${sessionId}', routes: ['/(account)/account'], tag: 'tx' },
  { file: 'src/lib/accounts/email-change.server.ts', find: 'link?.account_id === accountId ? link.email : null', without: 'link?.email ?? null', routes: ['/email/'] },
  { file: 'src/routes/(account)/account/email/[token]/+page.server.ts', find: '!viewer', without: 'false', routes: ['/email/'] },
  { file: 'src/lib/applications/submission.server.ts', find: "application.my_role !== 'representative'", without: 'false', routes: ['/check', '/withdrawal'] },
  { file: 'src/lib/applications/drafts.server.ts', find: "open !== 'all' && !open.includes(section)", without: 'false', routes: ['[section=answers]'] },
  { file: 'src/lib/applications/drafts.server.ts', find: "open !== 'all' && !open.includes('papers')", without: 'false', routes: ['/papers'] },
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

/** Rewrites the copy at `root`; answers every mutant, numbered. */
export function switchGuards(root: string): Mutant[] {
  const mutants: Mutant[] = [];
  for (const file of STORES.flatMap((noun) => globSync(`src/lib/${noun}/*.server.ts`, { cwd: root })).sort()) switchConditions(root, file, mutants);
  for (const branch of BRANCHES) switchBranch(root, branch, mutants);
  return mutants;
}

function switchConditions(root: string, file: string, mutants: Mutant[]): void {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node, within: string): void => {
    const name = ts.isFunctionDeclaration(node) ? node.name?.text : ts.isVariableDeclaration(node) && node.parent.parent.parent === source ? node.name.getText() : undefined;
    const here = name ?? within;
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = ts.isCallExpression(node.tag) ? node.tag.expression.getText() : node.tag.getText();
      const from = node.template.getStart();
      for (const { shape, without } of CONDITIONS) {
        for (const match of node.template.getText().matchAll(shape)) {
          const at = from + match.index;
          if (edits.some((edit) => at < edit.to && at + match[0].length > edit.from) || OTHER_PURPOSE[here] !== undefined || Object.keys(OTHER_PURPOSE).some((key) => file.endsWith(`/${key}`))) continue;
          const id = String(mutants.length + 1);
          const kept = match[0].startsWith('${') ? match[0].slice(2, -1) : `${tag}\`${match[0]}\``;
          edits.push({ from: at, to: at + match[0].length, text: `\${${OFF(id)} ? ${tag}\`${without}\` : ${kept}}` });
          mutants.push({ id, what: `${file.split('/').slice(2).join('/')} ${here}: ${match[0]} → ${without}`, routes: [] });
        }
      }
      // Statements inside a statement are read with it.
      for (const span of ts.isTemplateExpression(node.template) ? node.template.templateSpans : []) visit(span.expression, here);
      return;
    }
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(source, '');
  writeFileSync(path, edits.sort((a, b) => b.from - a.from).reduce((whole, { from, to, text: by }) => whole.slice(0, from) + by + whole.slice(to), text));
}

function switchBranch(root: string, { file, find, without, routes, tag }: Branch, mutants: Mutant[]): void {
  const path = join(root, file);
  const [first, ...rest] = readFileSync(path, 'utf8').split(find);
  if (rest.length === 0) throw new Error(`${file} has no ${JSON.stringify(find)} any more: name the guard as it is written now (tests/security/guards.ts)`);
  const switched = rest.map((part) => {
    const id = String(mutants.length + 1);
    mutants.push({ id, what: `${file}: ${find} → ${without}`, routes });
    return (tag ? `\${${OFF(id)} ? ${tag}\`${without}\` : ${tag}\`${find}\`}` : `(${OFF(id)} ? (${without}) : (${find}))`) + part;
  });
  writeFileSync(path, first + switched.join(''));
}
