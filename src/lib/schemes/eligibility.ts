/**
 * Whether a group may apply, from what the portal knows of it. Three-valued: what is not known decides nothing and is told as
 * such. The office decides; these findings prepare. Pure.
 */
import type { Facts } from '../formulas/condition.ts';
import { PAPER_LABELS, type Dossier } from '../organisations/organisation.ts';
import { addDays, dayFrom, type Day } from '../time/day.ts';
import { formatWareki } from '../time/wareki.ts';
import { concerns } from './concerns.ts';
import type { EditionContent, EligibilityRule } from './content.ts';
import { allFacts } from './known-facts.ts';
import { demandInWords, localMembers, ruleInWords } from './rule-words.ts';

export type RuleResult = 'met' | 'not_met' | 'unclear';
export interface RuleFinding {
  /** The rule's key. */
  key: string;
  result: RuleResult;
  /** The rule, and why the group meets it or does not. */
  message: string;
  article: string;
}

/** What is known of the group's past with this scheme, this application left out. Null where nobody can say. */
export interface History {
  /** Other applications of the same group to this scheme in this fiscal year, withdrawn and dismissed ones left out. */
  applications_this_year: number | null;
  /** Awards of this scheme to the group, of any year. */
  awards_ever: number | null;
  /** How often this very project was supported before. */
  project_awards: number | null;
}
/** What the application says. `declared`: the group's answers to declarations, by the rule's key. */
export interface Given { applied_on: Day; starts_on: Day | null; declared: Readonly<Record<string, boolean>>; facts: Facts }

/** Whole years from `from` to `basis`; −1 when it lies ahead. Founded on 29 February, a year is full on 1 March (民法 第143条). */
export function wholeYears(from: Day, basis: Day): number {
  if (basis < from) return -1;
  const years = Number(basis.slice(0, 4)) - Number(from.slice(0, 4));
  return basis.slice(5) < from.slice(5) ? years - 1 : years;
}

/** The last day of 「設立からn年以内」: the same date n years on, counted with it (民法 第140条); 28 February for the 29th. */
export function lastDayWithin(from: Day, years: number): Day | null {
  const year = Number(from.slice(0, 4)) + years;
  const [month, day] = [Number(from.slice(5, 7)), Number(from.slice(8, 10))];
  return dayFrom(year, month, day) ?? dayFrom(year, month, 28);
}

type Judged = { result: RuleResult; why: string };
const unclear = (why: string): Judged => ({ result: 'unclear', why });
const decided = (met: boolean, why: string): Judged => ({ result: met ? 'met' : 'not_met', why });
const people = (count: number): string => `${count.toLocaleString('ja-JP')}人`;

/** Founding against a basis day; also for the check without an account. */
export function judgeFounded(rule: Extract<EligibilityRule, { rule: 'founded' }>, founded_on: Day | null, applied_on: Day): Judged {
  if (founded_on === null) return unclear('設立日が分かりません。');
  const basis = rule.basis_on ?? applied_on;
  const why = `設立は${formatWareki(founded_on)}です。`;
  if (founded_on > basis) return decided(false, `${why}基準の日より後です。`);
  const last = rule.maximum_years === null ? null : lastDayWithin(founded_on, rule.maximum_years);
  return decided((rule.minimum_years === null || wholeYears(founded_on, basis) >= rule.minimum_years) && (last === null || basis <= last), why);
}

/** Members with a tie to the city against all members, exactly. */
export function judgeShare(rule: Extract<EligibilityRule, { rule: 'local_share' }>, local: number, members: number): Judged {
  const why = `会員${people(members)}のうち、${localMembers(rule.counts)}は${people(local)}です。`;
  if (members === 0) return unclear('会員の数が分かりません。');
  const [part, whole] = [BigInt(local) * BigInt(rule.share.denominator), BigInt(members) * BigInt(rule.share.numerator)];
  return decided(rule.more_than ? part > whole : part >= whole, why);
}

/** Days before the start of the project. */
export function judgeStart(rule: Extract<EligibilityRule, { rule: 'days_before_start' }>, starts_on: Day | null, applied_on: Day): Judged {
  if (starts_on === null) return unclear('事業を始める日が分かりません。');
  const earliest = addDays(applied_on, rule.days);
  return decided(starts_on >= earliest, starts_on >= earliest ? `事業は${formatWareki(starts_on)}に始まります。` : `事業を始める日を${formatWareki(earliest)}以後にしてください。`);
}

function judgeCount(count: number | null, below: number, unknown: string, said: (count: number) => string): Judged {
  return count === null ? unclear(unknown) : decided(count < below, said(count));
}

function judgeRule(rule: EligibilityRule, dossier: Dossier, history: History, given: Given): Judged {
  switch (rule.rule) {
    case 'kinds': return decided(rule.kinds.includes(dossier.kind), '');
    case 'members': return dossier.members_count === 0 ? unclear('会員の数が分かりません。') : decided(dossier.members_count >= rule.minimum, `会員は${people(dossier.members_count)}です。`);
    case 'local_share': {
      const local = { living: dossier.members_living, working: dossier.members_working, studying: dossier.members_studying };
      return judgeShare(rule, [...new Set(rule.counts)].reduce((sum, count) => sum + local[count], 0), dossier.members_count);
    }
    case 'founded': return judgeFounded(rule, dossier.founded_on, given.applied_on);
    case 'paper': return decided(dossier.papers.some(({ kind }) => kind === rule.paper), dossier.papers.some(({ kind }) => kind === rule.paper) ? '登録されています。' : `${PAPER_LABELS[rule.paper]}を団体情報に登録してください。`);
    case 'one_per_year': return judgeCount(history.applications_this_year, 1, 'この年度のほかの申請が分かりません。', (count) => (count === 0 ? 'この年度に、ほかの申請はありません。' : `この年度に、ほかの申請が${count}件あります。`));
    case 'once_only': return judgeCount(history.awards_ever, 1, 'これまでの支援が分かりません。', (count) => (count === 0 ? 'これまでに支援を受けていません。' : `これまでに${count}回、支援を受けています。`));
    case 'times': return judgeCount(timesOf(history, given), rule.maximum, '同じ事業への支援の回数が分かりません。', (count) => `同じ事業へのこれまでの支援は${count}回です。`);
    case 'days_before_start': return judgeStart(rule, given.starts_on, given.applied_on);
    case 'declaration': {
      const said = Object.hasOwn(given.declared, rule.key) ? given.declared[rule.key] : undefined;
      if (said === undefined) return unclear('団体の答えがまだありません。');
      if (said) return decided(true, '団体が確かめました。');
      return rule.otherwise === 'excluded' ? decided(false, '当てはまらないと団体が答えました。') : unclear('当てはまらないと団体が答えました。市で確かめてください。');
    }
  }
}

/** What the portal counted; else what the group says: in its n-th year it was supported n − 1 times. */
function timesOf(history: History, given: Given): number | null {
  if (history.project_awards !== null) return history.project_awards;
  const year = given.facts.support_year;
  return typeof year === 'number' && year >= 1 ? year - 1 : null;
}

/** A finding for each rule that concerns this application, in the edition's order. A rule for other courses or groups is left out. */
export function eligibilityOf(content: EditionContent, dossier: Dossier, history: History, given: Given): RuleFinding[] {
  const names = allFacts(content);
  const facts: Facts = { ...given.facts, kind: dossier.kind, members: dossier.members_count };
  return content.eligibility.flatMap((rule) => {
    const holds = concerns(content, rule.when, facts);
    if (holds === 'no') return [];
    const { key, article } = rule;
    if (holds === 'unknown') return [{ key, result: 'unclear' as const, article, message: `${ruleInWords(rule, names)}。この決まりが当てはまるかは、申請の答えによります。` }];
    const { result, why } = judgeRule(rule, dossier, history, given);
    return [{ key, result, article, message: `${demandInWords(rule).replace(/。$/, '')}。${why}` }];
  });
}
