/** The steps of a scheme's arithmetic as sentences, for officers who compare two editions. Pure. */
import type { KnownFacts } from '../formulas/known-facts.ts';
import { BUILT_IN_AMOUNTS, type Figure, type RowList, type Step } from '../formulas/formula.ts';
import { rateOfWords, roundingOfWords, sourceInWords, spanInWords } from '../formulas/words.ts';
import { formatYen } from '../money/yen.ts';
import type { EditionContent } from './content.ts';
import { ENUM_WORDS } from './enum-words.ts';
import { allFacts, casesInWords, whenInWords } from './known-facts.ts';

/** Everything a step may name, by its key. */
export interface StepNames { facts: KnownFacts; amounts: ReadonlyMap<string, string>; units: ReadonlyMap<string, string>; rows: ReadonlyMap<string, RowList> }

export function stepNames(content: Pick<EditionContent, 'questions' | 'formula'>): StepNames {
  const { figures, rows, steps } = content.formula;
  return {
    facts: allFacts(content),
    amounts: new Map([...Object.entries<string>(BUILT_IN_AMOUNTS), ...[...figures, ...steps].map(({ key, label }) => [key, label] as const)]),
    units: new Map(figures.map((figure) => [figure.key, figure.unit])), rows: new Map(rows.map((one) => [one.key, one]))
  };
}

const bandWords = (bands: readonly { from: number; to: number | null; yen: number }[], unit: string): string =>
  bands.map((band) => `${spanInWords(band, unit)} ${formatYen(band.yen)}`).join('、');

function eachWords(step: Extract<Step, { do: 'each' }>, names: StepNames): string {
  const rows = names.rows.get(step.rows);
  const classes = step.classes.map((one) => {
    const label = rows?.classes.find(({ key }) => key === one.class)?.label ?? one.class;
    return `${label} ${rateOfWords(one.rate)}${one.cap_yen === null ? '' : `・上限${formatYen(one.cap_yen)}`}`;
  });
  return `「${rows?.label ?? step.rows}」の1件ごとに、費用×率（${classes.join('、')}）、${roundingOfWords(step.rounding.unit, step.rounding.mode)}、合計`;
}

/** What a step does, without its own name: 「補助対象経費」×率（2分の1）. */
export function stepInWords(step: Step, names: StepNames): string {
  const called = (key: string): string => `「${names.amounts.get(key) ?? key}」`;
  const all = (keys: readonly string[]): string => keys.map(called).join('と');
  const money = (cases: Extract<Step, { do: 'cap' }>['yen']): string => casesInWords(cases, formatYen, names.facts);
  switch (step.do) {
    case 'amount': return `定額：${money(step.yen)}`;
    case 'rate': return `${called(step.of)}×率（${casesInWords(step.rate, rateOfWords, names.facts)}）`;
    case 'sum': return `${all(step.of)}の合計`;
    case 'less': return `${called(step.from)}から${all(step.minus)}を差し引く（0円まで）`;
    case 'least': return `${all(step.of)}のうち少ないほう`;
    case 'greatest': return `${all(step.of)}のうち多いほう`;
    case 'cap': return `${called(step.of)}と上限（${money(step.yen)}）の少ないほう`;
    case 'units': return step.lines.map((line) => `${called(line.figure)}×単価（${money(line.yen)}）`).join('＋');
    case 'tiers': return `${called(step.figure)}の段階ごとの単価（${bandWords(step.tiers, names.units.get(step.figure) ?? '')}）の合計`;
    case 'bracket': return `${called(step.of)}の区分ごとの額（${bandWords(step.brackets, names.units.get(step.of) ?? '円')}）`;
    case 'share': return `${called(step.figure)}が${called(step.of)}に占める割合（1％未満切捨て）`;
    case 'each': return eachWords(step, names);
    case 'round': return `${called(step.of)}を${roundingOfWords(step.unit, step.mode)}`;
  }
}

/** A figure that is asked for: what, where from, on which day, within which bounds. */
export function figureInWords(figure: Figure, facts: KnownFacts): string {
  const number = (value: number): string => `${value.toLocaleString('ja-JP')}${figure.unit}`;
  return [
    figure.label, sourceInWords(figure), `${number(figure.minimum)}から${number(figure.maximum)}まで`,
    ENUM_WORDS['formula.figures.*.from']?.[figure.from] ?? figure.from, figure.when === null ? '' : `${whenInWords(figure.when, facts)}のときだけ`
  ].filter((part) => part !== '').join('、');
}

export const rowListInWords = (rows: RowList, facts: KnownFacts): string => [
  rows.label, `区分は${rows.classes.map((one) => one.label).join('・')}`, `${rows.maximum_rows}行まで`, rows.when === null ? '' : `${whenInWords(rows.when, facts)}のときだけ`
].filter((part) => part !== '').join('、');

/** The whole arithmetic, a line a step, in order. */
export function formulaInWords(content: Pick<EditionContent, 'questions' | 'formula'>): { label: string; words: string }[] {
  const names = stepNames(content);
  return content.formula.steps.map((step) => ({ label: step.label, words: stepInWords(step, names) }));
}
