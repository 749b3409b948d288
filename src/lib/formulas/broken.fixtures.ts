/** For tests only: breaks a sound formula in one place, in every way an editor or a shared file might. */
import type { Condition } from './condition.ts';
import type { Dice } from './fixtures.ts';
import { LIMITS, type Figure, type Formula, type Rate, type RowList, type Step } from './formula.ts';

export interface Broken { formula: Formula; how: string; at: string }

type Mutable<T> = T extends readonly (infer U)[] ? Mutable<U>[] : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Soft = Mutable<Formula>;
type SoftStep<K extends Step['do']> = Extract<Mutable<Step>, { do: K }>;

/** What a way of breaking may use; it returns the place it broke. */
interface Hands {
  dice: Dice;
  formula: Soft;
  /** Adds a step before the last, resting on nothing that stands after it. */
  put<S extends Mutable<Step>>(step: S): { step: S; at: string };
  /** Adds a count of households to ask for. */
  count(more?: Partial<Figure>): Mutable<Figure>;
  /** Adds a list of lights. */
  list(more?: Partial<RowList>): Mutable<RowList>;
}

const RATE_AT = 'rate.otherwise';
const condition = (tests: Condition['tests']): Mutable<Condition> => ({ match: 'all', tests: tests as Mutable<Condition['tests']> });
const withCase = (hands: Hands, tests: Condition['tests']): string => `${hands.put({ ...named('amount'), do: 'amount', yen: { otherwise: 1, cases: [{ when: condition(tests), value: 2 }] } }).at}.yen.cases.0.when`;
const named = (key: string) => ({ key: `z_${key}`, label: '壊れた手順' });
const rated = (hands: Hands, rate: Rate): string => `${hands.put({ ...named('rate'), do: 'rate', of: 'eligible', rate: { otherwise: rate, cases: [] } }).at}.${RATE_AT}`;
const wrongAmount = ({ dice }: Hands): number => dice.one([-1, -1000, 0.5, NaN, Infinity, LIMITS.yen + 1, 2 ** 60, '500' as unknown as number, null as unknown as number]);
type Spans = { from: number; to: number | null; yen: number }[];
const tiered = (hands: Hands, tiers: Spans): string => hands.put({ ...named('tiers'), do: 'tiers', figure: hands.count().key, tiers }).at;
const bracketed = (hands: Hands, brackets: Spans): string => hands.put({ ...named('bracket'), do: 'bracket', of: hands.count().key, brackets }).at;
const each = (hands: Hands, more: Partial<SoftStep<'each'>>): string => hands.put({
  ...named('each'), do: 'each', rows: hands.list().key, classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen: 12_000 }], rounding: { unit: 100, mode: 'down' }, ...more
}).at;
const figureAt = (hands: Hands, more: Partial<Figure>, field: string): string => {
  hands.count(more);
  return `figures.${hands.formula.figures.length - 1}.${field}`;
};
const listAt = (hands: Hands, more: Partial<RowList>, field: string): string => {
  hands.list(more);
  return `rows.${hands.formula.rows.length - 1}.${field}`;
};

/** Every way, by name. */
export const WAYS: Record<string, (hands: Hands) => string> = {
  'a rate above 100 %': (hands) => rated(hands, hands.dice.one([{ numerator: 3, denominator: 2 }, { numerator: 1001, denominator: 1000 }])),
  'a denominator of zero': (hands) => rated(hands, { numerator: 0, denominator: 0 }),
  'a negative denominator': (hands) => rated(hands, { numerator: -1, denominator: -2 }),
  'a negative numerator': (hands) => rated(hands, { numerator: -1, denominator: 2 }),
  'a rate that is not of whole numbers': (hands) => rated(hands, hands.dice.one([{ numerator: 0.5, denominator: 1 }, { numerator: NaN, denominator: 2 }, { numerator: 1, denominator: '2' as unknown as number }])),
  'a denominator without end': (hands) => rated(hands, { numerator: 1, denominator: LIMITS.denominator + 1 }),
  'a wrong amount': (hands) => `${hands.put({ ...named('amount'), do: 'amount', yen: { otherwise: wrongAmount(hands), cases: [] } }).at}.yen.otherwise`,
  'a wrong cap': (hands) => `${hands.put({ ...named('cap'), do: 'cap', of: 'eligible', yen: { otherwise: wrongAmount(hands), cases: [] } }).at}.yen.otherwise`,
  'a wrong price': (hands) => `${hands.put({ ...named('units'), do: 'units', lines: [{ figure: hands.count().key, yen: { otherwise: wrongAmount(hands), cases: [] } }] }).at}.lines.0.yen.otherwise`,
  'no prices': (hands) => `${hands.put({ ...named('units'), do: 'units', lines: [] }).at}.lines`,
  'a price by an amount of yen': (hands) => `${hands.put({ ...named('units'), do: 'units', lines: [{ figure: hands.count({ quantity: 'yen', unit: '円' }).key, yen: { otherwise: 2, cases: [] } }] }).at}.lines.0.figure`,
  'tiers from 0': (hands) => `${tiered(hands, [{ from: 0, to: null, yen: 500 }])}.tiers.0.from`,
  'tiers that overlap': (hands) => `${tiered(hands, [{ from: 1, to: 50, yen: 500 }, { from: 50, to: null, yen: 300 }])}.tiers.1.from`,
  'tiers with a gap': (hands) => `${tiered(hands, [{ from: 1, to: 50, yen: 500 }, { from: 52, to: null, yen: 300 }])}.tiers.1.from`,
  'tiers with an end': (hands) => `${tiered(hands, [{ from: 1, to: 50, yen: 500 }, { from: 51, to: 100, yen: 300 }])}.tiers.1.to`,
  'tiers open in the middle': (hands) => `${tiered(hands, [{ from: 1, to: null, yen: 500 }, { from: 2, to: null, yen: 300 }])}.tiers.0.to`,
  'a tier that ends before it begins': (hands) => `${tiered(hands, [{ from: 1, to: 0, yen: 500 }, { from: 1, to: null, yen: 300 }])}.tiers.0.to`,
  'a tier at a wrong price': (hands) => `${tiered(hands, [{ from: 1, to: null, yen: wrongAmount(hands) }])}.tiers.0.yen`,
  'a tier of half a household': (hands) => `${tiered(hands, [{ from: 1, to: 1.5, yen: 1 }, { from: 2.5, to: null, yen: 1 }])}.tiers.0`,
  'no tiers': (hands) => `${tiered(hands, [])}.tiers`,
  'brackets from 1': (hands) => `${bracketed(hands, [{ from: 1, to: null, yen: 500 }])}.brackets.0.from`,
  'brackets that overlap': (hands) => `${bracketed(hands, [{ from: 0, to: 50, yen: 1 }, { from: 40, to: null, yen: 2 }])}.brackets.1.from`,
  'brackets with a gap': (hands) => `${bracketed(hands, [{ from: 0, to: 50, yen: 1 }, { from: 60, to: null, yen: 2 }])}.brackets.1.from`,
  'brackets with an end': (hands) => `${bracketed(hands, [{ from: 0, to: 50, yen: 1 }])}.brackets.0.to`,
  'a bracket of a fraction': (hands) => {
    const half = hands.put({ ...named('half'), do: 'rate', of: 'eligible', rate: { otherwise: { numerator: 1, denominator: 3 }, cases: [] } });
    return `${hands.put({ ...named('bracket'), do: 'bracket', of: half.step.key, brackets: [{ from: 0, to: null, yen: 1 }] }).at}.of`;
  },
  'an unknown name': (hands) => `${hands.put({ ...named('sum'), do: 'sum', of: ['eligible', hands.dice.one(['nobody', 'constructor', '__proto__', ''])] }).at}.of.1`,
  'itself': (hands) => `${hands.put({ ...named('sum'), do: 'sum', of: ['eligible', 'z_sum'] }).at}.of.1`,
  'a later step': (hands) => `${hands.put({ ...named('cap'), do: 'cap', of: hands.formula.steps.at(-1)!.key, yen: { otherwise: 1, cases: [] } }).at}.of`,
  'a count among yen': (hands) => `${hands.put({ ...named('less'), do: 'less', from: 'eligible', minus: [hands.count().key] }).at}.minus.0`,
  'an amount counted twice': (hands) => `${hands.put({ ...named('sum'), do: 'sum', of: ['eligible', 'eligible'] }).at}.of.1`,
  'the lesser of one': (hands) => `${hands.put({ ...named('least'), do: 'least', of: ['eligible'] }).at}.of`,
  'a sum of nothing': (hands) => `${hands.put({ ...named('sum'), do: 'sum', of: [] }).at}.of`,
  'a share of what may be nothing': (hands) => `${hands.put({ ...named('share'), do: 'share', figure: hands.count().key, of: hands.count({ minimum: 0 }).key }).at}.of`,
  'a share of something else': (hands) => `${hands.put({ ...named('share'), do: 'share', figure: hands.count().key, of: hands.count({ quantity: 'yen', unit: '円', minimum: 1 }).key }).at}.of`,
  'a key used twice': (hands) => {
    hands.formula.steps.at(-1)!.key = hands.dice.one([...hands.formula.steps.slice(0, -1).map(({ key }) => key), 'eligible']);
    return `steps.${hands.formula.steps.length - 1}.key`;
  },
  'a figure called like a question': (hands) => figureAt(hands, { key: 'course' }, 'key'),
  'a malformed key': (hands) => figureAt(hands, { key: hands.dice.one(['', 'Setai', '世帯', '9a', 'a-b', 'a'.repeat(41), '__proto__', ' a']) }, 'key'),
  'a figure without a name': (hands) => figureAt(hands, { label: hands.dice.one(['', ' 　']) }, 'label'),
  'a figure from nowhere': (hands) => figureAt(hands, { source: '' }, 'source'),
  'a figure on no day': (hands) => figureAt(hands, { basis_on: '2026-02-30' }, 'basis_on'),
  'a figure whose least is above its most': (hands) => figureAt(hands, { minimum: 10, maximum: 9 }, 'maximum'),
  'a figure without bound': (hands) => figureAt(hands, { maximum: hands.dice.one([LIMITS.figure + 1, Infinity, NaN]) }, 'maximum'),
  'a figure below zero': (hands) => figureAt(hands, { minimum: -1 }, 'minimum'),
  'a figure that waits for itself': (hands) => figureAt(hands, { when: condition([{ fact: `z_f${hands.formula.figures.length}`, is: 'at_least', number: 1 }]) }, 'when.tests.0.fact'),
  'a list without classes': (hands) => listAt(hands, { classes: [] }, 'classes'),
  'a list with a class twice': (hands) => listAt(hands, { classes: [{ key: 'pole', label: '柱' }, { key: 'pole', label: '柱' }] }, 'classes.1.key'),
  'a list without end': (hands) => listAt(hands, { maximum_rows: hands.dice.one([0, 1.5, LIMITS.list_rows + 1]) }, 'maximum_rows'),
  'a class without a rate': (hands) => `${each(hands, { classes: [] })}.classes`,
  'a class that is not in the list': (hands) => `${each(hands, { classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen: null }, { class: 'tree', rate: { numerator: 1, denominator: 2 }, cap_yen: null }] })}.classes.1.class`,
  'a class rate above 100 %': (hands) => `${each(hands, { classes: [{ class: 'pole', rate: { numerator: 2, denominator: 1 }, cap_yen: null }] })}.classes.0.rate`,
  'a wrong class cap': (hands) => `${each(hands, { classes: [{ class: 'pole', rate: { numerator: 1, denominator: 2 }, cap_yen: hands.dice.one([-1, 0.1, NaN]) }] })}.classes.0.cap_yen`,
  'no such list': (hands) => `${each(hands, { rows: 'nowhere' })}.rows`,
  'a unit of rounding nobody uses': (hands) => `${hands.put({ ...named('round'), do: 'round', of: 'eligible', unit: hands.dice.one([0, 7, -100, 0.5, NaN, 100_000]), mode: 'down' }).at}.unit`,
  'a rounding nobody knows': (hands) => `${hands.put({ ...named('round'), do: 'round', of: 'eligible', unit: 10, mode: 'half_even' as 'down' }).at}.mode`,
  'a step nobody knows': (hands) => `${hands.put({ ...named('x'), do: 'power' as 'sum', of: ['eligible'] }).at}.do`,
  'a condition on an unknown fact': (hands) => `${withCase(hands, [{ fact: hands.dice.one(['nobody', 'constructor', 'eligible']), is: 'at_least', number: 1 }])}.tests.0.fact`,
  'an answer that is not among the options': (hands) => `${withCase(hands, [{ fact: 'course', is: 'one_of', values: ['a', 'q'] }])}.tests.0.values.1`,
  'no answer at all': (hands) => `${withCase(hands, [{ fact: 'kind', is: 'none_of', values: [] }])}.tests.0.values`,
  'a number asked of a choice': (hands) => `${withCase(hands, [{ fact: 'course', is: 'at_most', number: 1 }])}.tests.0.is`,
  'a yes asked of a number': (hands) => `${withCase(hands, [{ fact: 'members', is: 'yes' }])}.tests.0.is`,
  'an option asked of a yes': (hands) => `${withCase(hands, [{ fact: 'is_first', is: 'one_of', values: ['a'] }])}.tests.0.is`,
  'a comparison with no number': (hands) => `${withCase(hands, [{ fact: 'members', is: 'at_least', number: hands.dice.one([NaN, -1, 1.5]) }])}.tests.0.number`,
  'a comparison nobody knows': (hands) => `${withCase(hands, [{ fact: 'members', is: 'about' as 'yes' }])}.tests.0.is`,
  'a condition of nothing': (hands) => `${withCase(hands, [])}.tests`,
  'too many tests': (hands) => `${withCase(hands, Array.from({ length: 9 }, () => ({ fact: 'is_first', is: 'yes' as const })))}.tests`,
  'too many cases': (hands) => `${hands.put({ ...named('amount'), do: 'amount', yen: { otherwise: 1, cases: Array.from({ length: 13 }, () => ({ when: condition([{ fact: 'is_first', is: 'yes' }]), value: 1 })) } }).at}.yen.cases`,
  'too many steps': (hands) => {
    while (hands.formula.steps.length <= LIMITS.steps) hands.formula.steps.unshift({ key: `z_${hands.formula.steps.length}`, label: '余分', do: 'sum', of: ['eligible'] });
    return 'steps';
  },
  'no steps': (hands) => {
    hands.formula.steps = [];
    return 'steps';
  },
  'growth without bound': (hands) => {
    let of = 'granted_this_year';
    let at = '';
    for (let doubling = 0; doubling < 3; doubling += 1) {
      const put = hands.put({ ...named(`twice_${doubling}`), do: 'sum', of: [of, 'total'] });
      [of, at] = [put.step.key, put.at];
    }
    return at;
  },
  'households without bound': (hands) => hands.put({ ...named('units'), do: 'units', lines: [{ figure: hands.count({ maximum: LIMITS.figure }).key, yen: { otherwise: 20_000, cases: [] } }] }).at,
  'a fraction at the end': (hands) => {
    hands.formula.steps.push({ ...named('last'), do: 'rate', of: 'eligible', rate: { otherwise: { numerator: 1, denominator: 3 }, cases: [] } });
    return `steps.${hands.formula.steps.length - 1}`;
  },
  'a share at the end': (hands) => {
    hands.formula.steps.push({ ...named('last'), do: 'share', figure: hands.count().key, of: hands.count({ minimum: 1 }).key });
    return `steps.${hands.formula.steps.length - 1}`;
  }
};

export function breakFormula(dice: Dice, sound: Formula): Broken {
  // The ways below add to these lists and change the last step's key; everything else is shared with the sound formula, untouched.
  const formula = { figures: [...sound.figures], rows: [...sound.rows], steps: sound.steps.map((step, index) => (index === sound.steps.length - 1 ? { ...step } : step)) } as Soft;
  const how = dice.one(Object.keys(WAYS));
  const hands: Hands = {
    dice, formula,
    put(step) {
      const index = formula.steps.length - 1;
      formula.steps.splice(index, 0, step);
      return { step, at: `steps.${index}` };
    },
    count(more = {}) {
      const figure = { key: `z_f${formula.figures.length}`, label: '世帯', quantity: 'count', unit: '世帯', source: '届出', basis_on: null, minimum: 1, maximum: 500, when: null, from: 'typed', ...more } as Mutable<Figure>;
      formula.figures.push(figure);
      return figure;
    },
    list(more = {}) {
      const list = { key: `z_r${formula.rows.length}`, label: '灯', unit: '基', classes: [{ key: 'pole', label: '柱' }], maximum_rows: 20, when: null, ...more } as Mutable<RowList>;
      formula.rows.push(list);
      return list;
    }
  };
  return { at: WAYS[how]!(hands), how, formula };
}
