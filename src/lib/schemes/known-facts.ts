/** What an edition's conditions may name: the built-in facts, its own questions and its figures. Pure. */
import type { Cases, Condition } from '../formulas/condition.ts';
import { builtInFacts, conditionInWords, figureFacts, type KnownFact, type KnownFacts } from '../formulas/known-facts.ts';
import type { Kind } from '../organisations/organisation.ts';
import type { EditionContent, EditionQuestion } from './content.ts';
import { KIND_WORDS } from './enum-words.ts';

/** A question as a fact; null for texts, days and files, which decide nothing. */
function questionFact({ kind, label, options, unit, max }: EditionQuestion): KnownFact | null {
  switch (kind) {
    case 'choice': case 'choices': return { kind, label, options };
    case 'yes_no': return { kind, label };
    case 'integer': case 'yen': return { kind: 'number', label, unit: kind === 'yen' ? '円' : unit, minimum: 0, maximum: max };
    default: return null;
  }
}

/** The questions as facts. Of two with one key the first counts; `duplicate keys` is the checks' matter. */
export function questionFacts(questions: readonly EditionQuestion[]): KnownFacts {
  const facts = new Map<string, KnownFact>();
  for (const question of questions) {
    const fact = questionFact(question);
    if (fact !== null && !facts.has(question.key)) facts.set(question.key, fact);
  }
  return Object.fromEntries(facts);
}

/** What every application brings. `kinds`: the words for kinds of group, where a city has its own. */
export const builtIn = (kinds: Readonly<Record<Kind, string>> = KIND_WORDS): KnownFacts =>
  builtInFacts(Object.entries(kinds).map(([key, label]) => ({ key, label })));

/** Everything besides the figures, as `checkFormula` wants it: it adds the figures itself. */
export const knownFacts = (content: Pick<EditionContent, 'questions'>, kinds?: Readonly<Record<Kind, string>>): KnownFacts =>
  ({ ...questionFacts(content.questions), ...builtIn(kinds) });

/** Everything a condition of papers, eligibility and cases may name. */
export const allFacts = (content: Pick<EditionContent, 'questions' | 'formula'>, kinds?: Readonly<Record<Kind, string>>): KnownFacts =>
  ({ ...figureFacts(content.formula.figures), ...knownFacts(content, kinds) });

/** A condition as a sentence; one that names something unknown says so, because a draft may hold such a thing. */
export const whenInWords = (condition: Condition, known: KnownFacts): string => conditionInWords(condition, known) ?? '（なくなった項目による条件）';

/** Each case with what it gives, then the rest: 「コースが「通常」のとき2分の1、そのほかは全額（10分の10）」. */
export function casesInWords<T>(cases: Cases<T>, show: (value: T) => string, known: KnownFacts): string {
  if (cases.cases.length === 0) return show(cases.otherwise);
  return [...cases.cases.map((one) => `${whenInWords(one.when, known)}のとき${show(one.value)}`), `そのほかは${show(cases.otherwise)}`].join('、');
}
