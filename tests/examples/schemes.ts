/**
 * How other cities decide, as worked cases: one file per scheme in `schemes/`, each amount reckoned by hand in its `words`. Read by
 * the tests of the formulas and by whatever runs the same cases through stored editions. `note` says what the source leaves open
 * and was filled in as a 設定例; nothing here is a statement about a city's rules of today.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Formula, Given } from '../../src/lib/formulas/formula.ts';
import { builtInFacts, type KnownFact, type KnownFacts } from '../../src/lib/formulas/known-facts.ts';
import { kindLabels } from '../../src/lib/organisations/organisation.ts';

/** A question that the cases of a formula refer to; the shape of an edition's own question, as far as a formula needs it. */
export interface ExampleQuestion { key: string; label: string; kind: 'choice' | 'choices' | 'yes_no'; options: { key: string; label: string }[] }

export interface SchemeExample {
  /** File name without its ending. */
  name: string;
  city: string;
  /** Address in domain-facts, or where it was found when it is a secondary source. */
  source: string;
  note: string;
  formula: Formula;
  questions: ExampleQuestion[];
  cases: { words: string; given: Given; expect_yen: number }[];
}

interface Written extends Omit<SchemeExample, 'name' | 'questions' | 'cases'> {
  questions?: ExampleQuestion[];
  cases: { words: string; given: Partial<Given>; expect_yen: number }[];
}

const NOTHING: Given = { eligible: 0, total: 0, deducted: 0, granted_this_year: 0, figures: {}, rows: {}, facts: {} };

/** All of them, by file name. What a case does not give is nothing: 0 yen, no figures, no answers. */
export function schemeExamples(): SchemeExample[] {
  const folder = fileURLToPath(new URL('schemes/', import.meta.url));
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => {
    const written = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Written;
    return {
      ...written, name: file.replace(/\.json$/, ''), questions: written.questions ?? [],
      cases: written.cases.map((one) => ({ ...one, given: { ...NOTHING, ...one.given } }))
    };
  });
}

/** The facts an edition with these questions knows. */
export function factsOfExample({ questions }: Pick<SchemeExample, 'questions'>): KnownFacts {
  const kinds = Object.entries(kindLabels('自治会')).map(([key, label]) => ({ key, label }));
  const asked = questions.map(({ key, label, kind, options }): [string, KnownFact] => [key, kind === 'yes_no' ? { kind, label } : { kind, label, options }]);
  return { ...builtInFacts(kinds), ...Object.fromEntries(asked) };
}
