/**
 * For tests only: any formula an officer could write and the check lets through, with any answers a form lets through. Built
 * straight from fast-check's random numbers, because 100,000 of them have to be made in seconds; shrinks by cutting off steps.
 */
import fc from 'fast-check';
import type { Rounding } from '../money/yen.ts';
import type { Cases, Condition, Fact, Test } from './condition.ts';
import { LIMITS, ROUNDING_UNITS, type Figure, type Formula, type Given, type GivenRow, type Rate, type RowList, type Step } from './formula.ts';
import { builtInFacts, figureFacts, type KnownFact, type KnownFacts } from './known-facts.ts';

const options = (...keys: string[]) => keys.map((key) => ({ key, label: `選択肢${key}` }));

/** The facts of the made-up edition that all these formulas belong to. */
export const KNOWN: KnownFacts = {
  ...builtInFacts(options('civic_group', 'npo', 'association')),
  course: { kind: 'choice', label: 'コース', options: options('a', 'b', 'c') },
  themes: { kind: 'choices', label: '分野', options: options('x', 'y', 'z') },
  is_first: { kind: 'yes_no', label: '初めての申請ですか' },
  times: { kind: 'number', label: '開催回数', unit: '回', minimum: 0, maximum: 20 }
};

export interface FormulaCase { formula: Formula; given: Given }

/** Dice: whole numbers, one of a list, a chance in a hundred. */
export interface Dice {
  whole(min: number, max: number): number;
  one<T>(list: readonly T[]): T;
  chance(percent: number): boolean;
}
const diceOf = (random: fc.Random): Dice => ({
  whole: (min, max) => random.nextInt(min, max),
  one: (list) => list[random.nextInt(0, list.length - 1)]!,
  chance: (percent) => random.nextInt(1, 100) <= percent
});

/** Small amounts, round ones and huge ones, so that caps, roundings and ceilings are all met. */
function yen(dice: Dice, most: number): number {
  const size = dice.whole(1, 20);
  const ceiling = Math.min(most, size <= 2 ? 20 : size <= 8 ? 20_000 : size <= 18 ? 5_000_000 : LIMITS.budget);
  const amount = dice.whole(0, ceiling);
  return dice.chance(50) ? amount - (amount % dice.one([10, 100, 1000, 10_000])) : amount;
}

function condition(dice: Dice, known: KnownFacts): Condition {
  const keys = Object.keys(known);
  return { match: dice.chance(50) ? 'all' : 'any', tests: Array.from({ length: dice.whole(1, 2) }, () => test(dice, dice.one(keys), known)) };
}

function test(dice: Dice, fact: string, known: KnownFacts): Test {
  const about = known[fact]!;
  if (about.kind === 'yes_no') return { fact, is: dice.chance(50) ? 'yes' : 'no' };
  if (about.kind === 'number') return { fact, is: dice.chance(50) ? 'at_least' : 'at_most', number: dice.whole(about.minimum, Math.min(about.maximum, about.minimum + 20)) };
  const [first, second] = [dice.whole(0, about.options.length - 1), dice.whole(0, about.options.length - 1)];
  const values = [...new Set([first, second])].map((index) => about.options[index]!.key);
  return { fact, is: dice.chance(70) ? 'one_of' : 'none_of', values };
}

const cases = <T>(dice: Dice, known: KnownFacts, value: () => T): Cases<T> => ({
  otherwise: value(), cases: dice.chance(65) ? [] : Array.from({ length: dice.whole(1, 2) }, () => ({ when: condition(dice, known), value: value() }))
});

function rate(dice: Dice): Rate {
  const denominator = dice.one([1, 2, 3, 4, 5, 7, 10, 10, 100, 1000, 9973]);
  return { numerator: dice.chance(10) ? 0 : dice.chance(15) ? denominator : dice.whole(1, denominator), denominator };
}

function figures(dice: Dice): Figure[] {
  const made: Figure[] = [];
  for (let index = dice.whole(0, 3); index > 0; index -= 1) {
    const isYen = dice.chance(20);
    const minimum = dice.one([0, 1, 1, 5]);
    made.push({
      key: `f${made.length}`, label: `数${made.length}`, quantity: isYen ? 'yen' : 'count', unit: isYen ? '円' : dice.one(['世帯', '基', '人']), source: '届出', basis_on: dice.chance(50) ? '2026-04-01' : null,
      minimum, maximum: dice.one([minimum, 12, 400, 5000, isYen ? LIMITS.budget : LIMITS.figure]) + minimum,
      when: dice.chance(70) ? null : condition(dice, { ...KNOWN, ...figureFacts(made) }), from: 'typed'
    });
    const last = made.at(-1)!;
    last.maximum = Math.min(last.maximum, isYen ? LIMITS.budget : LIMITS.figure);
  }
  return made;
}

const lists = (dice: Dice, known: KnownFacts): RowList[] => Array.from({ length: dice.chance(60) ? 0 : dice.whole(1, 2) }, (_, index) => ({
  key: `r${index}`, label: `一覧${index}`, unit: '基', classes: options('k', 'm', 'n').slice(0, dice.whole(1, 3)), maximum_rows: dice.whole(1, 60), when: dice.chance(80) ? null : condition(dice, known)
}));

/** What a formula under construction knows of the values it may use; `most` is a bound that is never too low. */
interface Bench { formula: { figures: Figure[]; rows: RowList[]; steps: Step[] }; known: KnownFacts; most: Map<string, number>; fraction: Set<string>; yen: string[]; shares: string[] }

const rounding = (dice: Dice): Rounding => dice.one(['down', 'down', 'up', 'half_up']);

/** The latest value is the likeliest, so that steps build on each other. */
const reference = (dice: Dice, bench: Bench): string => (dice.chance(60) ? bench.yen.at(-1)! : dice.one(bench.yen));
const references = (dice: Dice, bench: Bench, minimum: number): string[] => {
  const names = new Set([reference(dice, bench)]);
  for (let tries = dice.whole(minimum - 1, 3); tries > 0 || names.size < minimum; tries -= 1) names.add(dice.one(bench.yen));
  return [...names];
};

const spans = (dice: Dice, first: number, price: () => number) => {
  const made: { from: number; to: number | null; yen: number }[] = [];
  for (let from = first, count = dice.whole(1, 4); count > 0; count -= 1) {
    const to = count === 1 ? null : from + dice.one([0, 4, 49, 400]);
    made.push({ from, to, yen: price() });
    from = (to ?? 0) + 1;
  }
  return made;
};

/** One more step of any kind that the bench has the material for. */
function addStep(dice: Dice, bench: Bench): void {
  const { formula, known, most, fraction } = bench;
  const [key, label] = [`s${formula.steps.length}`, `手順${formula.steps.length}`];
  const counts = formula.figures.filter(({ quantity }) => quantity === 'count');
  const put = (step: Step, bound: number, isFraction: boolean): void => {
    formula.steps.push(step);
    most.set(key, bound);
    if (isFraction) fraction.add(key);
    (step.do === 'share' ? bench.shares : bench.yen).push(key);
  };
  const bound = (names: readonly string[]): number[] => names.map((name) => most.get(name)!);
  const broken = (names: readonly string[]): boolean => names.some((name) => fraction.has(name));
  const price = (ceiling: number) => (): number => yen(dice, Math.min(ceiling, 20_000));
  const kind = dice.one(['amount', 'rate', 'rate', 'sum', 'sum', 'less', 'least', 'greatest', 'cap', 'cap', 'units', 'tiers', 'bracket', 'share', 'each', 'round', 'round'] as const);
  if (kind === 'amount') return put({ key, label, do: 'amount', yen: cases(dice, known, () => yen(dice, LIMITS.budget)) }, LIMITS.budget, false);
  if (kind === 'rate') {
    const of = reference(dice, bench);
    return put({ key, label, do: 'rate', of, rate: cases(dice, known, () => rate(dice)) }, most.get(of)!, true);
  }
  if (kind === 'less') {
    const [from, ...minus] = references(dice, bench, 2);
    return put({ key, label, do: 'less', from: from!, minus }, most.get(from!)!, broken([from!, ...minus]));
  }
  if (kind === 'sum' || kind === 'least' || kind === 'greatest') {
    const of = references(dice, bench, 2);
    const total = bound(of).reduce((sum, one) => sum + one, 0);
    const fits = kind !== 'sum' || total <= LIMITS.yen;
    return put({ key, label, do: fits ? kind : 'least', of }, kind === 'sum' && fits ? total : kind === 'greatest' ? Math.max(...bound(of)) : Math.min(...bound(of)), broken(of));
  }
  if (kind === 'cap') {
    const of = reference(dice, bench);
    return put({ key, label, do: 'cap', of, yen: cases(dice, known, () => yen(dice, LIMITS.yen)) }, most.get(of)!, fraction.has(of));
  }
  if (kind === 'units' && counts.length > 0) {
    const lines = Array.from({ length: dice.whole(1, 3) }, () => dice.one(counts));
    const share = Math.floor(LIMITS.yen / lines.length);
    return put({ key, label, do: 'units', lines: lines.map(({ key: figure, maximum }) => ({ figure, yen: cases(dice, known, price(Math.floor(share / Math.max(1, maximum)))) })) }, LIMITS.yen, false);
  }
  if (kind === 'tiers' && counts.length > 0) {
    const figure = dice.one(counts);
    return put({ key, label, do: 'tiers', figure: figure.key, tiers: spans(dice, 1, price(Math.floor(LIMITS.yen / Math.max(1, figure.maximum)))) }, LIMITS.yen, false);
  }
  if (kind === 'bracket') {
    const of = dice.one([...formula.figures.map((one) => one.key), ...bench.shares, ...bench.yen.filter((one) => !fraction.has(one))]);
    const brackets = dice.chance(50) ? spans(dice, 0, () => yen(dice, LIMITS.budget)) : spans(dice, 0, () => 0).map((one, index) => ({ ...one, yen: (index + 1) * 50_000 }));
    return put({ key, label, do: 'bracket', of, brackets }, LIMITS.budget, false);
  }
  if (kind === 'share') {
    const whole = formula.figures.filter(({ minimum }) => minimum >= 1);
    const divisor = whole.length === 0 ? undefined : dice.one(whole);
    const part = formula.figures.find((one) => one !== divisor && one.quantity === divisor?.quantity);
    if (divisor && part && part.maximum <= LIMITS.figure) return put({ key, label, do: 'share', figure: part.key, of: divisor.key }, 100 * part.maximum, false);
  }
  if (kind === 'each' && formula.rows.length > 0) {
    const list = dice.one(formula.rows);
    const classes = list.classes.map((one) => ({ class: one.key, rate: rate(dice), cap_yen: dice.chance(30) ? null : yen(dice, 500_000) }));
    const most_of = LIMITS.budget + list.maximum_rows * 10_000;
    return put({ key, label, do: 'each', rows: list.key, classes, rounding: { unit: dice.one(ROUNDING_UNITS), mode: rounding(dice) } }, most_of, false);
  }
  const of = reference(dice, bench);
  const unit = dice.one(ROUNDING_UNITS);
  const lifted = most.get(of)! + unit;
  return put({ key, label, do: 'round', of, unit, mode: lifted > LIMITS.yen ? 'down' : rounding(dice) }, Math.min(lifted, LIMITS.yen), false);
}

/** A formula that the check lets through, and whose last step gives whole yen. */
export function makeFormula(dice: Dice): Formula {
  const made = figures(dice);
  const known = { ...KNOWN, ...figureFacts(made) };
  const bench: Bench = {
    formula: { figures: made, rows: lists(dice, known), steps: [] }, known, fraction: new Set(), shares: [],
    most: new Map([['eligible', LIMITS.budget], ['total', LIMITS.budget], ['deducted', LIMITS.budget], ['granted_this_year', LIMITS.yen], ...made.map(({ key, maximum }) => [key, maximum] as const)]),
    yen: ['granted_this_year', 'deducted', 'total', ...made.filter(({ quantity }) => quantity === 'yen').map(({ key }) => key), 'eligible']
  };
  for (let count = dice.whole(1, 7); count > 0; count -= 1) addStep(dice, bench);
  return finished(bench.formula);
}

/** Ends a formula with a rounding where it needs one. */
export function finished(formula: Formula): Formula {
  const last = formula.steps.at(-1)!;
  if (last.do === 'share') return { ...formula, steps: [...formula.steps, { key: 'end', label: '定額', do: 'amount', yen: { otherwise: 1000, cases: [] } }] };
  return { ...formula, steps: [...formula.steps, { key: 'end', label: '端数処理', do: 'round', of: last.key, unit: 1, mode: 'down' }] };
}

/** Answers within what the forms let through; in one case of six some are still missing, unless it is said whether. */
export function makeGiven(dice: Dice, formula: Formula, lacking = dice.chance(16)): Given {
  const lacks = (): boolean => lacking && dice.chance(30);
  const facts: Record<string, Fact> = {};
  for (const [key, fact] of Object.entries(KNOWN)) facts[key] = lacks() ? dice.one([null, undefined, '']) : answer(dice, fact);
  return {
    eligible: yen(dice, LIMITS.budget), total: yen(dice, LIMITS.budget), deducted: yen(dice, LIMITS.budget), granted_this_year: dice.chance(50) ? 0 : yen(dice, LIMITS.yen), facts,
    figures: Object.fromEntries(formula.figures.map(({ key, minimum, maximum }) => [key, lacks() ? null : minimum + dice.whole(0, Math.min(maximum - minimum, dice.one([3, 60, 500, LIMITS.figure])))])),
    rows: Object.fromEntries(formula.rows.filter(() => !lacks()).map((list) => [list.key, rows(dice, list)]))
  };
}

function answer(dice: Dice, fact: KnownFact): Fact {
  switch (fact.kind) {
    case 'yes_no': return dice.chance(50);
    case 'number': return dice.whole(fact.minimum, Math.min(fact.maximum, 20));
    case 'choice': return dice.one(fact.options).key;
    case 'choices': return fact.options.filter(() => dice.chance(50)).map(({ key }) => key);
  }
}

const rows = (dice: Dice, list: RowList): GivenRow[] => Array.from({ length: dice.whole(0, Math.min(list.maximum_rows, dice.chance(90) ? 4 : 60)) },
  () => ({ class: dice.one(list.classes).key, cost_yen: yen(dice, Math.floor(LIMITS.budget / list.maximum_rows)) }));

/** Any value made by dice. */
export class Thrown<T> extends fc.Arbitrary<T> {
  readonly #make: (dice: Dice) => T;
  readonly #simpler: (value: T) => T[];
  constructor(make: (dice: Dice) => T, simpler: (value: T) => T[] = () => []) {
    super();
    this.#make = make;
    this.#simpler = simpler;
  }
  override generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#make(diceOf(random)), undefined);
  }
  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }
  override shrink(value: T): fc.Stream<fc.Value<T>> {
    return fc.stream(this.#simpler(value).values()).map((simpler) => new fc.Value(simpler, undefined));
  }
}

/** The same case with fewer steps: each beginning of it, ended anew. */
const shorter = ({ formula, given }: FormulaCase): FormulaCase[] => formula.steps.slice(0, -2)
  .map((_, index) => ({ given, formula: finished({ ...formula, steps: formula.steps.slice(0, index + 1) }) }));

/** Any sound formula with any answers. */
export const anyCase = (): fc.Arbitrary<FormulaCase> => new Thrown((dice) => {
  const formula = makeFormula(dice);
  return { formula, given: makeGiven(dice, formula) };
}, shorter);
