/**
 * 「2分で分かる」: whether a group may apply, from a few answers and without an account. Asks only what decides, and says why.
 * An answer that is missing or makes no sense decides nothing. Pure.
 */
import type { Fact, Facts } from '../formulas/condition.ts';
import type { KnownFact, KnownFacts } from '../formulas/known-facts.ts';
import { PAPER_LABELS, type Kind } from '../organisations/organisation.ts';
import { isDay, type Day } from '../time/day.ts';
import { concerns } from './concerns.ts';
import type { EditionContent, EligibilityRule } from './content.ts';
import { judgeFounded, judgeShare, judgeStart } from './eligibility.ts';
import { KIND_WORDS } from './enum-words.ts';
import { allFacts } from './known-facts.ts';
import { answerNames, questionList, type QuickQuestion } from './quick-questions.ts';
import { demandInWords } from './rule-words.ts';

export type QuickVerdict = 'yes' | 'ask' | 'no';
export const QUICK_WORDS: Record<QuickVerdict, string> = { yes: '申請できます', ask: '確認が必要です', no: '対象外です' };

export interface QuickReason { key: string; result: QuickVerdict; message: string; article: string }
export interface QuickCheck {
  questions: QuickQuestion[];
  /** Null while answers that decide are missing. */
  verdict: QuickVerdict | null;
  /** One for each rule that could be judged, in the edition's order. */
  reasons: QuickReason[];
}
/** `today` stands for the day of application. `kinds`: the city's words for kinds of group. */
export interface QuickContext { today: Day; kinds?: Readonly<Record<Kind, string>> }

/** The answer if it is one to this question, else undefined. */
function sensible(answer: Fact, fact: KnownFact): Fact {
  switch (fact.kind) {
    case 'choice': return typeof answer === 'string' && fact.options.some(({ key }) => key === answer) ? answer : undefined;
    case 'choices': return Array.isArray(answer) && answer.every((one: unknown) => fact.options.some(({ key }) => key === one)) ? answer : undefined;
    case 'yes_no': return saidYes(answer) ?? undefined;
    case 'number': { const number = count(answer); return number !== null && number >= fact.minimum && number <= fact.maximum ? number : undefined; }
  }
}
const saidYes = (answer: Fact): boolean | null => (answer === true || answer === 'yes' ? true : answer === false || answer === 'no' ? false : null);
const count = (answer: Fact): number | null => (typeof answer === 'number' && Number.isSafeInteger(answer) && answer >= 0 ? answer : null);
const day = (answer: Fact): Day | null => (isDay(answer) ? answer : null);

const factsIn = (answers: Facts, known: KnownFacts): Facts =>
  Object.fromEntries(Object.entries(known).map(([key, fact]) => [key, Object.hasOwn(answers, key) ? sensible(answers[key], fact) : undefined]));

type Judged = { result: QuickVerdict; why: string } | null;
const verdict = (holds: boolean, why = '', otherwise: QuickVerdict = 'no'): Judged => ({ result: holds ? 'yes' : otherwise, why: holds ? '' : why });
const from = ({ result, why }: { result: 'met' | 'not_met' | 'unclear'; why: string }, otherwise: QuickVerdict = 'no'): Judged =>
  (result === 'unclear' ? { result: 'ask', why } : verdict(result === 'met', why, otherwise));

/** Null while the rule's own answers are not there. `answer`: by the names of `answerNames`. */
function judgeQuick(rule: EligibilityRule, answer: (at: number) => Fact, today: Day): Judged {
  const [first, second] = [answer(0), answer(1)];
  switch (rule.rule) {
    case 'kinds': return typeof first === 'string' ? verdict((rule.kinds as readonly string[]).includes(first)) : null;
    case 'members': { const members = count(first); return members === null ? null : verdict(members >= rule.minimum); }
    case 'local_share': {
      const [members, local] = [count(first), count(second)];
      if (members === null || local === null) return null;
      return local > members ? { result: 'ask', why: '会員の数より多くなっています。数を確かめてください。' } : from(judgeShare(rule, local, members));
    }
    case 'founded': { const founded = day(first); return founded === null ? null : from(judgeFounded(rule, founded, today)); }
    case 'paper': { const has = saidYes(first); return has === null ? null : verdict(has, `申請までに${PAPER_LABELS[rule.paper]}を用意してください。`, 'ask'); }
    case 'one_per_year': case 'once_only': { const before = saidYes(first); return before === null ? null : verdict(!before); }
    case 'times': { const year = count(first); return year === null ? null : verdict(year <= rule.maximum, `${year}回目になります。`); }
    case 'days_before_start': { const starts = day(first); return starts === null ? null : from(judgeStart(rule, starts, today), 'ask'); }
    case 'declaration': { const said = saidYes(first); return said === null ? null : verdict(said, rule.otherwise === 'ask' ? '担当課にご相談ください。' : '', rule.otherwise === 'ask' ? 'ask' : 'no'); }
  }
}

/** A rule's own answers: facts of the edition as they were checked, the others as they came. */
function answersTo(rule: EligibilityRule, facts: Facts, answers: Facts): (at: number) => Fact {
  const names = answerNames(rule);
  return (at) => {
    const name = names[at] ?? '';
    return Object.hasOwn(facts, name) ? facts[name] : Object.hasOwn(answers, name) ? answers[name] : undefined;
  };
}

/** The questions to show with these answers, what they decide so far, and why. */
export function quickCheck(content: EditionContent, answers: Facts, context: QuickContext): QuickCheck {
  const known = allFacts(content, context.kinds);
  const facts = factsIn(answers, known);
  const list = questionList(content, known, facts);
  const reasons: QuickReason[] = [];
  let open = false;
  for (const rule of content.eligibility) {
    list.condition(rule.when);
    const holds = concerns(content, rule.when, facts);
    if (holds === 'unknown') open = true;
    if (holds !== 'yes') continue;
    list.rule(rule);
    const judged = judgeQuick(rule, answersTo(rule, facts, answers), context.today);
    if (judged === null) open = true;
    else reasons.push({ key: rule.key, result: judged.result, article: rule.article, message: `${demandInWords(rule, context.kinds ?? KIND_WORDS).replace(/。$/, '')}。${judged.why}` });
  }
  return { questions: list.all(), verdict: verdictOf(reasons, open), reasons };
}

function verdictOf(reasons: readonly QuickReason[], open: boolean): QuickVerdict | null {
  if (reasons.some(({ result }) => result === 'no')) return 'no';
  if (open) return null;
  return reasons.some(({ result }) => result === 'ask') ? 'ask' : 'yes';
}
