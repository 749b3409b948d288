/** The questions of the two-minute check: those of an edition's conditions, and one for each kind of rule. Pure. */
import { judge, type Condition, type Facts } from '../formulas/condition.ts';
import type { KnownFact, KnownFacts } from '../formulas/known-facts.ts';
import { PAPER_LABELS } from '../organisations/organisation.ts';
import { isAsked } from './concerns.ts';
import type { EditionContent, EligibilityRule } from './content.ts';
import { localMembers } from './rule-words.ts';

export interface QuickQuestion {
  /** The answer's name. Those of rules begin with `rule-`, which no key of an edition can. */
  name: string;
  kind: 'choice' | 'choices' | 'yes_no' | 'integer' | 'day';
  label: string;
  hint: string;
  unit: string;
  options: readonly { key: string; label: string }[];
  max: number;
}

const blank: Omit<QuickQuestion, 'name' | 'kind' | 'label'> = { hint: '', unit: '', options: [], max: 0 };

function ofFact(name: string, fact: KnownFact, hint: string): QuickQuestion {
  switch (fact.kind) {
    case 'choice': case 'choices': return { ...blank, name, kind: fact.kind, label: fact.label, hint, options: fact.options };
    case 'yes_no': return { ...blank, name, kind: 'yes_no', label: fact.label, hint };
    case 'number': return { ...blank, name, kind: 'integer', label: fact.label, hint, unit: fact.unit, max: fact.maximum };
  }
}

/** The names of a rule's own answers. Rules of one kind share them, so that nothing is asked twice. */
export function answerNames(rule: EligibilityRule): string[] {
  switch (rule.rule) {
    case 'kinds': return ['kind'];
    case 'members': return ['members'];
    case 'local_share': return ['members', `rule-local-${[...new Set(rule.counts)].sort().join('-')}`];
    case 'founded': return ['rule-founded-on'];
    case 'paper': return [`rule-paper-${rule.paper}`];
    case 'one_per_year': return ['rule-other-application'];
    case 'once_only': return ['rule-awarded-before'];
    case 'times': return ['support_year'];
    case 'days_before_start': return ['rule-starts-on'];
    case 'declaration': return [`rule-declared-${rule.key}`];
  }
}

const MEMBERS_MAX = 1_000_000;

function ofRule(rule: EligibilityRule, name: string): QuickQuestion | null {
  const ask = (kind: QuickQuestion['kind'], label: string, more: Partial<QuickQuestion> = {}): QuickQuestion => ({ ...blank, name, kind, label, ...more });
  switch (rule.rule) {
    case 'local_share': return ask('integer', `${localMembers(rule.counts)}の数`, { unit: '人', max: MEMBERS_MAX });
    case 'founded': return ask('day', '団体の設立日');
    case 'paper': return ask('yes_no', `${PAPER_LABELS[rule.paper]}がありますか`);
    case 'one_per_year': return ask('yes_no', 'この年度に、この制度へほかの申請をしていますか');
    case 'once_only': return ask('yes_no', 'この制度の支援を、これまでに受けたことがありますか');
    case 'days_before_start': return ask('day', '事業を始める日');
    case 'declaration': return ask('yes_no', '次のことに当てはまりますか', { hint: rule.text });
    case 'kinds': case 'members': case 'times': return null;
  }
}

/** Collects questions in the order they are first needed, each once. */
export interface QuestionList {
  /** Asks for the facts a condition rests on, as far as they still decide it; what they rest on themselves comes first. */
  condition(condition: Condition | null): void;
  rule(rule: EligibilityRule): void;
  all(): QuickQuestion[];
}

export function questionList(content: EditionContent, known: KnownFacts, facts: Facts): QuestionList {
  const asked = new Map<string, QuickQuestion>();
  const put = (question: QuickQuestion): void => { if (!asked.has(question.name)) asked.set(question.name, question); };
  /** `on`: facts on the way, against circles. */
  const fact = (key: string, on: readonly string[]): void => {
    const one = Object.hasOwn(known, key) ? known[key] : undefined;
    if (one === undefined || on.includes(key)) return;
    const source = content.questions.find((question) => question.key === key) ?? content.formula.figures.find((figure) => figure.key === key);
    condition(source?.when ?? null, [...on, key]);
    if (isAsked(content, key, facts) === 'yes') put(ofFact(key, one, source !== undefined && 'hint' in source ? source.hint : ''));
  };
  const condition = (when: Condition | null, on: readonly string[]): void => when?.tests.forEach((test, index) => {
    const before: Condition = { match: when.match, tests: when.tests.slice(0, index) };
    const settled = index > 0 && judge(before, facts) === (when.match === 'all' ? 'no' : 'yes');
    if (!settled) fact(test.fact, on);
  });
  return {
    condition: (when) => condition(when, []),
    rule: (rule) => answerNames(rule).forEach((name) => {
      const question = name.startsWith('rule-') ? ofRule(rule, name) : null;
      if (question === null) fact(name, []);
      else put(question);
    }),
    all: () => [...asked.values()]
  };
}
