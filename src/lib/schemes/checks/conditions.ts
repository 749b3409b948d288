/** Every condition of an edition names facts that exist there, and answers somebody can give. Pure. */
import { checkCases, checkCondition } from '../../formulas/check-condition.ts';
import type { Condition } from '../../formulas/condition.ts';
import { reportInto, type Findings } from '../../formulas/findings.ts';
import type { KnownFacts } from '../../formulas/known-facts.ts';
import type { EditionContent } from '../content.ts';
import { allFacts, builtIn, questionFacts } from '../known-facts.ts';
import { finding, placeInWords, type Finding } from '../place.ts';
import type { Topic } from './about.ts';

/** What one condition's place may know; `self`: the key of what the condition belongs to. */
interface Asked { at: string; when: Condition; known: KnownFacts; self: string | null }

/** Conditions of questions know what is asked before them; all others know every question and every figure. The formula has its own check. */
function conditionsOf(content: EditionContent): Asked[] {
  const all = allFacts(content);
  const rows = (list: readonly { key: string; when: Condition | null }[], name: string, known: (index: number) => KnownFacts): Asked[] =>
    list.flatMap(({ key, when }, index) => (when === null ? [] : [{ at: `${name}.${index}.when`, when, known: known(index), self: name === 'questions' ? key : null }]));
  return [
    ...rows(content.eligibility, 'eligibility', () => all), ...rows(content.papers, 'papers', () => all),
    ...rows(content.questions, 'questions', (index) => ({ ...questionFacts(content.questions.slice(0, index)), ...builtIn() }))
  ];
}

/** Why a question's condition can't name something that does exist: better words than 「見つかりません」. Null when it is simply unknown. */
function tooEarly(content: EditionContent, { self }: Asked, fact: string): string | null {
  if (fact === self) return '自分自身を条件にすることはできません。';
  const question = content.questions.find(({ key }) => key === fact);
  if (question) return self === null || !Object.hasOwn(questionFacts([question]), fact) ? `「${question.label}」は、選ぶ質問・はい・いいえ・数・金額のどれでもないので、条件にできません。` : `「${question.label}」はこの設問より後にあります。前に移すか、別の条件にしてください。`;
  return self !== null && content.formula.figures.some(({ key }) => key === fact) ? '設問の条件には、前にある設問だけを使えます。計算式でたずねる数は条件にできません。' : null;
}

function checkAsked(content: EditionContent, asked: Asked): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  const told = asked.when.tests.flatMap((test, index) => {
    const words = Object.hasOwn(asked.known, test.fact) ? null : tooEarly(content, asked, test.fact);
    return words === null ? [] : [{ index, error: finding(content, `${asked.at}.tests.${index}.fact`, words) }];
  });
  findings.errors.push(...told.map(({ error }) => error));
  checkCondition(asked.when, asked.known, reportInto(findings, asked.at, placeInWords(asked.at, content)));
  const better = new Set(told.map(({ error }) => error.at));
  return { errors: findings.errors.filter((one, index) => index < told.length || !better.has(one.at)), warnings: findings.warnings };
}

function checkAll(content: EditionContent): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  for (const asked of conditionsOf(content)) {
    const { errors, warnings } = checkAsked(content, asked);
    findings.errors.push(...errors);
    findings.warnings.push(...warnings);
  }
  for (const at of ['route', 'needs_budget'] as const) checkCases(content[at], allFacts(content), reportInto(findings, at, placeInWords(at, content)));
  return findings;
}

/** The pages of an application come in this order, whatever the order of the list. */
const PAGE_ORDER = ['project', 'schedule', 'team', 'extra'];

/** A condition on an answer that is given on a later page: the question would appear only after coming back. */
function pageOrder(content: EditionContent): Finding[] {
  const sections = new Map(content.questions.map(({ key, section }) => [key, PAGE_ORDER.indexOf(section)]));
  return content.questions.flatMap(({ section, when }, index) => (when?.tests ?? []).flatMap((test, at) =>
    ((sections.get(test.fact) ?? -1) > PAGE_ORDER.indexOf(section) ? [finding(content, `questions.${index}.when.tests.${at}.fact`, '後のページにある設問を条件にしています。同じページか前のページの設問にしてください。')] : [])));
}

export const conditions: Topic = {
  errors: (content) => checkAll(content).errors,
  warnings: (content) => [...checkAll(content).warnings, ...pageOrder(content)]
};
