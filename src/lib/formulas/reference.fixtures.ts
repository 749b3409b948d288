/**
 * For tests only: the grant again, in another style. No fractions: every value is counted in pieces so small that all rates come
 * out whole (1 yen = `pieces`), found from the last step backwards, household by household, row by row. Slow, plain, and
 * sharing no code with `evaluate`.
 */
import type { Condition, Fact } from './condition.ts';
import type { Formula, Given, Step } from './formula.ts';

/** Thrown where something needed is not answered. */
class Unanswered extends Error {}

type Truth = -1 | 0 | 1;

/** The grant in yen, or null while it cannot be said. */
export function reckonSlowly(formula: Formula, given: Given): number | null {
  try {
    return new Reckoning(formula, given).grant();
  } catch (error) {
    if (error instanceof Unanswered) return null;
    throw error;
  }
}

class Reckoning {
  readonly formula: Formula;
  readonly given: Given;
  readonly pieces: bigint;
  constructor(formula: Formula, given: Given) {
    this.formula = formula;
    this.given = given;
    this.pieces = formula.steps.flatMap((step) => (step.do === 'rate' ? [step.rate.otherwise, ...step.rate.cases.map((one) => one.value)] : []))
      .reduce((product, { denominator }) => product * BigInt(denominator), 1n);
  }

  grant(): number {
    const pieces = this.step(this.formula.steps[this.formula.steps.length - 1]!);
    if (pieces % this.pieces !== 0n) throw new Error('the grant is not whole yen');
    return Number(pieces / this.pieces);
  }

  truth(condition: Condition): Truth {
    const truths = condition.tests.map((test): Truth => {
      const fact = this.fact(test.fact);
      if (fact === null || fact === undefined || fact === '') return 0;
      if (test.is === 'one_of' || test.is === 'none_of') {
        const among = [fact].flat().some((one) => test.values.includes(String(one)));
        return among === (test.is === 'one_of') ? 1 : -1;
      }
      if (test.is === 'at_least' || test.is === 'at_most') return (test.is === 'at_least' ? Number(fact) >= test.number : Number(fact) <= test.number) ? 1 : -1;
      return (fact === true || fact === 'yes') === (test.is === 'yes') ? 1 : -1;
    });
    return (condition.match === 'all' ? Math.min(...truths) : Math.max(...truths)) as Truth;
  }

  fact(key: string): Fact {
    if (!this.formula.figures.some((figure) => figure.key === key)) return this.given.facts[key];
    try {
      return this.number(key);
    } catch {
      return null;
    }
  }

  number(key: string): number {
    const figure = this.formula.figures.find((one) => one.key === key)!;
    const asked = figure.when === null ? 1 : this.truth(figure.when);
    if (asked === -1) return 0;
    const value = this.given.figures[key];
    if (asked === 0 || value === null || value === undefined || value < figure.minimum || value > figure.maximum) throw new Unanswered(key);
    return value;
  }

  chosen<T>({ cases, otherwise }: { cases: readonly { when: Condition; value: T }[]; otherwise: T }): T {
    for (const { when, value } of cases) {
      const truth = this.truth(when);
      if (truth === 0) throw new Unanswered('a case');
      if (truth === 1) return value;
    }
    return otherwise;
  }

  value(key: string): bigint {
    const step = this.formula.steps.find((one) => one.key === key);
    if (step) return this.step(step);
    const given: Record<string, unknown> = { ...this.given };
    return this.pieces * BigInt(key in { eligible: 1, total: 1, deducted: 1, granted_this_year: 1 } ? (given[key] as number) : this.number(key));
  }

  sorted(keys: readonly string[]): bigint[] {
    return keys.map((key) => this.value(key)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  rounded(pieces: bigint, unit: bigint, mode: string): bigint {
    const size = unit * this.pieces;
    const below = (pieces / size) * size;
    if (mode === 'down' || below === pieces) return below;
    return mode === 'up' || (pieces - below) * 2n >= size ? below + size : below;
  }

  step(step: Step): bigint {
    switch (step.do) {
      case 'amount': return BigInt(this.chosen(step.yen)) * this.pieces;
      case 'rate': {
        const { numerator, denominator } = this.chosen(step.rate);
        return numerator === 0 ? 0n : (this.value(step.of) * BigInt(numerator)) / BigInt(denominator);
      }
      case 'sum': return step.of.reduce((sum, key) => sum + this.value(key), 0n);
      case 'less': {
        const left = step.minus.reduce((rest, key) => rest - this.value(key), this.value(step.from));
        return left < 0n ? 0n : left;
      }
      case 'least': return this.sorted(step.of)[0]!;
      case 'greatest': return this.sorted(step.of).reverse()[0]!;
      case 'cap': {
        const [value, cap] = [this.value(step.of), BigInt(this.chosen(step.yen)) * this.pieces];
        return value > cap ? cap : value;
      }
      case 'units': return this.pieces * step.lines.reduce((sum, { figure, yen }) => {
        const asked = this.formula.figures.find(({ key }) => key === figure)!.when;
        if (asked !== null && this.truth(asked) === -1) return sum;
        const price = this.chosen(yen);
        return price === 0 ? sum : sum + BigInt(price) * BigInt(this.number(figure));
      }, 0n);
      case 'tiers': return this.pieces * this.household(step, this.number(step.figure));
      case 'bracket': {
        const number = this.value(step.of) / this.pieces;
        return this.pieces * BigInt([...step.brackets].reverse().find(({ from }) => BigInt(from) <= number)!.yen);
      }
      case 'share': {
        const whole = this.number(step.of);
        const part = this.number(step.figure);
        return whole === 0 ? 0n : this.pieces * BigInt(Math.floor((part * 100 - ((part * 100) % whole)) / whole));
      }
      case 'each': return this.each(step);
      case 'round': return this.rounded(this.value(step.of), BigInt(step.unit), step.mode);
    }
  }

  /** Counts one by one up to a thousand; above that the open tier's remainder in one go. */
  household({ tiers }: Extract<Step, { do: 'tiers' }>, number: number): bigint {
    let sum = 0n;
    const priceOf = (n: number): bigint => BigInt([...tiers].reverse().find(({ from }) => n >= from)!.yen);
    const one_by_one = Math.min(number, Math.max(1000, tiers[tiers.length - 1]!.from));
    for (let n = 1; n <= one_by_one; n += 1) sum += priceOf(n);
    return sum + BigInt(number - one_by_one) * priceOf(number === 0 ? 1 : number);
  }

  each({ rows, classes, rounding }: Extract<Step, { do: 'each' }>): bigint {
    const list = this.formula.rows.find(({ key }) => key === rows)!;
    const asked = list.when === null ? 1 : this.truth(list.when);
    if (asked === -1) return 0n;
    const given = this.given.rows[rows];
    if (asked === 0 || given === undefined) throw new Unanswered(rows);
    let sum = 0n;
    for (const { class: kind, cost_yen } of given) {
      const { rate, cap_yen } = classes.find((one) => one.class === kind)!;
      // In pieces of the class's own denominator: cost × numerator against cap × denominator.
      const [cost, cap, unit] = [BigInt(cost_yen) * BigInt(rate.numerator), cap_yen === null ? null : BigInt(cap_yen) * BigInt(rate.denominator), BigInt(rounding.unit) * BigInt(rate.denominator)];
      const held = cap !== null && cap < cost ? cap : cost;
      const rest = held % unit;
      const up = rounding.mode === 'up' ? rest > 0n : rounding.mode === 'half_up' && rest + rest >= unit;
      sum += (held - rest + (up ? unit : 0n)) / BigInt(rate.denominator);
    }
    return sum * this.pieces;
  }
}
