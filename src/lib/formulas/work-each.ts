/** 1件ごとの計算: every row of a list by the rate and the cap of its class. Equal rows stand together, so that 200 lights read as a few. Pure. */
import { formatYen } from '../money/yen.ts';
import { demand, demandAmount, demandRate, demandUnit } from './demand.ts';
import { NOT_ASKED, partSaid, type Desk, type Worked } from './desk.ts';
import type { GivenRow, RowList, Step, TracePart } from './formula.ts';
import { least, multiply, rational, roundTo, sum, type Rational } from './rational.ts';
import { rateOfWords, roundingOfWords, valueInWords } from './words.ts';

type EachStep = Extract<Step, { do: 'each' }>;

/** Groups that are written out; what comes after is summed up in words, and stands in the parts all the same. */
const GROUPS_IN_WORDS = 20;

interface Group { count: number; value: Rational; words: string; parts: TracePart[] }

export function workEach(step: EachStep, desk: Desk): Worked | null {
  const found = desk.rows(step.rows);
  if (!found) return null;
  const { list, rows, asked } = found;
  if (rows.length === 0) return { value: rational(0), formula: asked ? `${list.label}の行がありません` : NOT_ASKED, parts: [] };
  const groups = grouped(rows).map(({ row, count }) => workGroup(step, list, row, count));
  const isRounded = step.rounding.unit > 1 || step.classes.some(({ rate }) => rate.numerator !== rate.denominator);
  const rounding = !isRounded ? '' : `（1${list.unit}ごとに${roundingOfWords(step.rounding.unit, step.rounding.mode)}）`;
  return { value: sum(groups.map(({ value }) => value)), formula: `${groupsInWords(groups, list.unit)}${rounding}`, parts: groups.flatMap(({ parts }) => parts) };
}

function grouped(rows: readonly GivenRow[]): { row: GivenRow; count: number }[] {
  const groups = new Map<string, { row: GivenRow; count: number }>();
  for (const row of rows) {
    const name = `${row.cost_yen} ${row.class}`;
    const group = groups.get(name);
    if (group) group.count += 1;
    else groups.set(name, { row, count: 1 });
  }
  return [...groups.values()];
}

function workGroup(step: EachStep, list: RowList, row: GivenRow, count: number): Group {
  const rule = step.classes.find((one) => one.class === row.class);
  const kind = list.classes.find(({ key }) => key === row.class);
  demand(rule !== undefined && kind !== undefined, `no rule for the class ${row.class}`);
  const rate = demandRate(rule.rate);
  const rated = multiply(rational(row.cost_yen), rate);
  const capped = rule.cap_yen === null ? rated : least(rated, demandAmount(rule.cap_yen));
  const one = roundTo(capped, demandUnit(step.rounding.unit), step.rounding.mode);
  const cap = rule.cap_yen === null ? '' : `、上限 ${formatYen(rule.cap_yen)}`;
  return {
    count, value: multiply(one, rational(count)),
    words: `${kind.label} ${formatYen(row.cost_yen)} × ${rateOfWords(rule.rate)}${cap} → ${valueInWords(one, 'yen', '')}${count > 1 ? ` × ${count}${list.unit}` : ''}`,
    parts: [
      partSaid(kind.label, row.cost_yen, 'add'), partSaid('補助率', rate, 'times'), ...(rule.cap_yen === null ? [] : [partSaid('上限', rule.cap_yen, 'at_most')]),
      partSaid('端数処理の単位（円）', step.rounding.unit, step.rounding.mode), ...(count > 1 ? [partSaid(list.unit, count, 'times')] : [])
    ]
  };
}

function groupsInWords(groups: readonly Group[], unit: string): string {
  const [shown, others] = [groups.slice(0, GROUPS_IN_WORDS), groups.slice(GROUPS_IN_WORDS)];
  const words = shown.map(({ words }) => words).join(' ＋ ');
  if (others.length === 0) return words;
  return `${words} ＋ ほか ${others.reduce((count, group) => count + group.count, 0)}${unit} ${valueInWords(sum(others.map(({ value }) => value)), 'yen', '')}`;
}
