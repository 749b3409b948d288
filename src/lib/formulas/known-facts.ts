/** What an edition can know of an application, with the words for it: the ground on which conditions are checked and read out. Pure. */
import { formatYenPlain } from '../money/yen.ts';
import { BUILT_IN_FACTS, type BuiltInFact, type Condition, type Test } from './condition.ts';
import { LIMITS, type Figure } from './formula.ts';

/** One fact a condition may name: the kind of group, the year of support, a question of the edition, or a figure. */
export type KnownFact = { label: string } & (
  /** One answer, or several, out of these; the kind of group is such a fact too. */
  | { kind: 'choice' | 'choices'; options: readonly { key: string; label: string }[] }
  | { kind: 'yes_no' }
  /** Whole numbers: the year of support, members, questions for numbers and yen. `unit`: 人, 回目, 円; '' for none. */
  | { kind: 'number'; unit: string; minimum: number; maximum: number }
);

/** By key, without the formula's own figures: `checkFormula` adds those itself. */
export type KnownFacts = Readonly<Record<string, KnownFact>>;

/** The facts every application has. What kinds of group there are, and what the city calls them, is the caller's to say. */
export function builtInFacts(kinds: readonly { key: string; label: string }[]): Record<BuiltInFact, KnownFact> {
  return {
    kind: { kind: 'choice', label: BUILT_IN_FACTS.kind, options: kinds },
    // 「…が2回目以上」 reads on from here.
    support_year: { kind: 'number', label: '同じ事業への支援', unit: '回目', minimum: 1, maximum: 100 },
    members: { kind: 'number', label: BUILT_IN_FACTS.members, unit: '人', minimum: 0, maximum: LIMITS.figure }
  };
}

/** The figures as facts, by their keys. */
export const figureFacts = (figures: readonly Figure[]): KnownFacts => Object.fromEntries(figures.map(({ key, label, unit, minimum, maximum }) =>
  [key, { kind: 'number', label, unit, minimum, maximum } satisfies KnownFact]));

export const factAt = (known: KnownFacts, key: string): KnownFact | null => (Object.hasOwn(known, key) ? known[key] ?? null : null);

/** 「団体の種類がNPO法人、かつ会員数が10人以上」; null when a fact is not known, so that nobody reads a key. */
export function conditionInWords(condition: Condition, known: KnownFacts): string | null {
  const words = condition.tests.map((test) => testInWords(test, known));
  return words.includes(null) ? null : words.join(condition.match === 'all' ? '、かつ' : '、または');
}

function testInWords(test: Test, known: KnownFacts): string | null {
  const fact = factAt(known, test.fact);
  if (fact === null) return null;
  switch (test.is) {
    case 'yes': return `「${fact.label}」が「はい」`;
    case 'no': return `「${fact.label}」が「いいえ」`;
    case 'at_least': return `${fact.label}が${numberInWords(test.number, fact)}以上`;
    case 'at_most': return `${fact.label}が${numberInWords(test.number, fact)}以下`;
    case 'one_of': return `${fact.label}が${optionsInWords(test.values, fact, 'または')}`;
    case 'none_of': return `${fact.label}が${optionsInWords(test.values, fact, 'と')}${test.values.length > 1 ? 'のどれでもない' : 'でない'}`;
  }
}

const numberInWords = (number: number, fact: KnownFact): string => `${formatYenPlain(number)}${fact.kind === 'number' ? fact.unit : ''}`;

function optionsInWords(values: readonly string[], fact: KnownFact, between: string): string {
  const options = fact.kind === 'choice' || fact.kind === 'choices' ? fact.options : [];
  return values.map((value) => `「${options.find(({ key }) => key === value)?.label ?? '？'}」`).join(between);
}
