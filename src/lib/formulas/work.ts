/** Carries out one step at the desk: its exact value, its words, and the parts anybody can add up again. Pure. */
import { formatYen, type Rounding } from '../money/yen.ts';
import { demand, demandAmount, demandRate, demandUnit } from './demand.ts';
import { NOT_ASKED, partOf, partSaid, type Desk, type Line, type Worked } from './desk.ts';
import { LIMITS, type Step, type StepKind } from './formula.ts';
import { workEach } from './work-each.ts';
import { greatest, isWhole, least, multiply, rational, roundTo, subtract, sum, ZERO } from './rational.ts';
import { rateOfWords, spanInWords, valueInWords } from './words.ts';

type StepOf<K extends StepKind> = Extract<Step, { do: K }>;

/** The step's result; null while something it rests on is missing. Throws RangeError on what `checkFormula` refuses. */
export function work(step: Step, desk: Desk): Worked | null {
  switch (step.do) {
    case 'amount': return workAmount(step, desk);
    case 'rate': return workRate(step, desk);
    case 'sum': return workSum(step, desk);
    case 'less': return workLess(step, desk);
    case 'least': case 'greatest': return workExtreme(step, desk);
    case 'cap': return workCap(step, desk);
    case 'units': return workUnits(step, desk);
    case 'tiers': return workTiers(step, desk);
    case 'bracket': return workBracket(step, desk);
    case 'share': return workShare(step, desk);
    case 'each': return workEach(step, desk);
    case 'round': return workRound(step, desk);
  }
}

/** An amount of yen; counts and shares are not. */
function useYen(desk: Desk, key: string): Line | null {
  const line = desk.use(key);
  demand(line === null || line.quantity === 'yen', `${key} is not yen`);
  return line;
}

/** Every one of them, so that all that is missing is named at once; null when any is. */
function useAll(desk: Desk, keys: readonly string[]): Line[] | null {
  const lines = keys.map((key) => useYen(desk, key));
  return lines.some((line) => line === null) ? null : (lines as Line[]);
}

function useCount(desk: Desk, key: string): Line | null {
  const line = desk.use(key);
  demand(line === null || line.quantity === 'count', `${key} is not a count`);
  return line;
}

const inWords = (line: Line): string => valueInWords(line.value, line.quantity, line.unit);
const named = (line: Line): string => `${line.label} ${inWords(line)}`;
/** The line just above needs no name. */
const briefly = (desk: Desk, line: Line): string => (desk.isLatest(line) ? inWords(line) : named(line));

function workAmount(step: StepOf<'amount'>, desk: Desk): Worked | null {
  const yen = desk.choose(step.yen);
  if (!yen) return null;
  return { value: demandAmount(yen.value), formula: `定額 ${formatYen(yen.value)}${yen.words}`, parts: [partSaid('定額', yen.value, 'add')] };
}

function workRate(step: StepOf<'rate'>, desk: Desk): Worked | null {
  const rate = desk.choose(step.rate);
  // What is multiplied by nothing need not be known.
  if (rate && demandRate(rate.value).n === 0n) return { value: ZERO, formula: `補助率 ${rateOfWords(rate.value)}${rate.words}`, parts: [partSaid('補助率', 0, 'add')] };
  const of = useYen(desk, step.of);
  if (!rate || !of) return null;
  const factor = demandRate(rate.value);
  return {
    value: multiply(of.value, factor), formula: `${briefly(desk, of)} × ${rateOfWords(rate.value)}${rate.words}`,
    parts: [partOf(of), partSaid('補助率', factor, 'times')]
  };
}

function workSum(step: StepOf<'sum'>, desk: Desk): Worked | null {
  const lines = useAll(desk, step.of);
  return lines && { value: sum(lines.map((line) => line.value)), formula: lines.map(named).join(' ＋ '), parts: lines.map((line) => partOf(line)) };
}

function workLess(step: StepOf<'less'>, desk: Desk): Worked | null {
  const lines = useAll(desk, [step.from, ...step.minus]);
  if (!lines) return null;
  const [from, ...minus] = lines as [Line, ...Line[]];
  const rest = minus.reduce((value, line) => subtract(value, line.value), from.value);
  return {
    value: greatest(rest, ZERO), formula: `${lines.map(named).join(' − ')}${rest.n < 0n ? '（0円より少なくはなりません）' : ''}`,
    parts: [partOf(from), ...minus.map((line) => partOf(line, 'minus')), partSaid('下限', 0, 'at_least')]
  };
}

function workExtreme(step: StepOf<'least' | 'greatest'>, desk: Desk): Worked | null {
  const lines = useAll(desk, step.of);
  if (!lines) return null;
  const [first, ...others] = lines as [Line, ...Line[]];
  const [choose, op, more] = step.do === 'least' ? [least, 'at_most', '少ない'] as const : [greatest, 'at_least', '多い'] as const;
  return {
    value: choose(first.value, ...others.map((line) => line.value)),
    formula: others.length === 1 ? `${named(first)} と ${named(others[0]!)} の${more}ほう` : `${lines.map(named).join('、')} のうち最も${more}額`,
    parts: [partOf(first), ...others.map((line) => partOf(line, op))]
  };
}

function workCap(step: StepOf<'cap'>, desk: Desk): Worked | null {
  const [yen, of] = [desk.choose(step.yen), useYen(desk, step.of)];
  if (!yen || !of) return null;
  return {
    value: least(of.value, demandAmount(yen.value)), formula: `${briefly(desk, of)} と上限 ${formatYen(yen.value)} の少ないほう${yen.words}`,
    parts: [partOf(of), partSaid('上限', yen.value, 'at_most')]
  };
}

function workUnits(step: StepOf<'units'>, desk: Desk): Worked | null {
  let whole = true;
  const items = step.lines.flatMap((line) => {
    if (desk.leavesOut(line.figure)) return [];
    const yen = desk.choose(line.yen);
    // A price of nothing asks for no number.
    if (yen && demandAmount(yen.value).n === 0n) return [];
    const count = useCount(desk, line.figure);
    whole &&= yen !== null && count !== null;
    if (!yen || !count) return [];
    return [{ count, yen: yen.value, words: `${named(count)} × ${formatYen(yen.value)}${yen.words}` }];
  });
  if (!whole) return null;
  return {
    value: sum(items.map(({ count, yen }) => multiply(count.value, rational(yen)))),
    formula: items.length === 0 ? '当てはまるものがありません' : items.map(({ words }) => words).join(' ＋ '),
    parts: items.flatMap(({ count, yen }) => [partOf(count), partSaid('単価', yen, 'times')])
  };
}

function workTiers(step: StepOf<'tiers'>, desk: Desk): Worked | null {
  const count = useCount(desk, step.figure);
  if (!count) return null;
  let before = 0;
  const items = step.tiers.map((tier, index) => {
    demand(tier.from === before + 1 && (tier.to === null ? index === step.tiers.length - 1 : tier.to >= tier.from), 'tiers with a gap');
    const top = tier.to === null ? count.value : least(count.value, rational(tier.to));
    const inside = greatest(subtract(top, rational(before)), ZERO);
    before = tier.to ?? LIMITS.figure;
    return { inside, yen: demandAmount(tier.yen), span: spanInWords(tier, count.unit) };
  });
  demand(step.tiers.at(-1)?.to === null, 'the last tier is not open');
  const met = items.filter(({ inside }) => inside.n > 0n);
  const words = met.map(({ inside, yen, span }) => `${span}: ${valueInWords(inside, 'count', count.unit)} × ${valueInWords(yen, 'yen', '')}`).join(' ＋ ');
  return {
    value: sum(met.map(({ inside, yen }) => multiply(inside, yen))),
    formula: words === '' ? named(count) : `${desk.isLatest(count) ? '' : `${named(count)}のうち `}${words}`,
    parts: [partOf(count, 'number'), ...met.flatMap(({ inside, yen, span }) => [partSaid(span, inside, 'add'), partSaid('単価', yen, 'times')])]
  };
}

function workBracket(step: StepOf<'bracket'>, desk: Desk): Worked | null {
  const of = desk.use(step.of);
  if (!of) return null;
  demand(isWhole(of.value), 'a bracket of a fraction');
  const number = Number(of.value.n);
  const fitting = step.brackets.filter(({ from, to }) => number >= from && (to === null || number <= to));
  demand(fitting.length === 1, 'brackets that overlap or leave a gap');
  const bracket = fitting[0]!;
  const unit = of.quantity === 'share' ? '％' : of.unit;
  return {
    value: demandAmount(bracket.yen), formula: `${named(of)}は「${spanInWords(bracket, unit)}」の区分`,
    parts: [
      partOf(of, 'number'), partSaid('区分の下限', bracket.from, 'from'), ...(bracket.to === null ? [] : [partSaid('区分の上限', bracket.to, 'to')]),
      partSaid('区分の額', bracket.yen, 'add')
    ]
  };
}

function workShare(step: StepOf<'share'>, desk: Desk): Worked | null {
  const [part, whole] = [desk.use(step.figure), desk.use(step.of)];
  if (!part || !whole) return null;
  demand(part.quantity === whole.quantity && (whole.value.n > 0n || !whole.asked), 'a share of nothing');
  const hundredfold = multiply(part.value, rational(100));
  return {
    value: whole.value.n === 0n ? ZERO : rational((hundredfold.n * whole.value.d) / (hundredfold.d * whole.value.n)),
    formula: whole.asked ? `${named(part)} ÷ ${named(whole)}（1％未満切捨て）` : NOT_ASKED,
    parts: [partOf(part), partSaid('百分率', 100, 'times'), partOf(whole, 'over'), partSaid('1％未満切捨て', 1, 'down')]
  };
}

const ROUNDED: Record<Rounding, string> = { down: '切り捨て', up: '切り上げ', half_up: '四捨五入' };

function workRound(step: StepOf<'round'>, desk: Desk): Worked | null {
  const of = useYen(desk, step.of);
  if (!of) return null;
  const unit = step.unit === 10_000 ? '1万円' : formatYen(step.unit);
  return {
    value: roundTo(of.value, demandUnit(step.unit), step.mode), formula: `${briefly(desk, of)} の${unit}未満を${ROUNDED[step.mode]}`,
    parts: [partOf(of), partSaid('端数処理の単位（円）', step.unit, step.mode)]
  };
}

