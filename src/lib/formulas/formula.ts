/**
 * A scheme's arithmetic as data: figures that are asked for, and steps that an officer reads as sentences. Declarative and
 * bounded: a step names earlier steps only, nothing loops, nothing divides but by a figure that cannot be zero. The steps
 * cover how the cities of domain-facts §1–4 decide. Pure: types and limits; `evaluate.ts` computes, `check.ts` refuses.
 */
import type { Rounding } from '../money/yen.ts';
import type { Day } from '../time/day.ts';
import type { Cases, Condition, Facts } from './condition.ts';

/** Letters, digits, `_`: what figures, rows, classes and steps are called inside one formula. Never shown. */
export const KEY = /^[a-z][a-z0-9_]{0,39}$/;

/** 分数. 3/4, 10/10; a rate is never above one. 0/1 is 対象外: with cases it opens a course to some and shuts it to others. */
export interface Rate { numerator: number; denominator: number }

/** What a value is: yen, a count (世帯, 基, 人) or a share of one (percent in words). */
export type Quantity = 'yen' | 'count' | 'share';

/** Amounts every application brings: from its budget, and from what was granted before. All in yen. */
export const BUILT_IN_AMOUNTS = {
  eligible: '補助対象経費',
  total: '総事業費',
  deducted: '差し引く収入',
  granted_this_year: 'この年度にこの制度で決定を受けた額'
} as const;
export type BuiltInAmount = keyof typeof BUILT_IN_AMOUNTS;

/** Which number of households (or lights, or people) a figure means; printed with every computed amount. */
export interface Figure {
  key: string;
  label: string;
  quantity: 'count' | 'yen';
  /** 世帯, 基, 人; 円 for yen. */
  unit: string;
  /** 加入世帯, 住民基本台帳の世帯 …: where the number comes from, in words. */
  source: string;
  /** The day the number is taken on; null when the city has not fixed one. */
  basis_on: Day | null;
  minimum: number;
  maximum: number;
  /** Asked only when this holds; counts as 0 otherwise. */
  when: Condition | null;
  /** Filled from the portal's own register where there is one; the group may correct it. */
  from: 'typed' | 'members' | 'households' | 'lights';
}

/** A list the applicant fills in: one row a light, a room, a machine. Each row has a class and a cost in yen. */
export interface RowList {
  key: string;
  label: string;
  /** 基, 台. */
  unit: string;
  classes: readonly { key: string; label: string }[];
  maximum_rows: number;
  when: Condition | null;
}

/** Another value: a built-in amount, a yen figure, or an earlier step that gives yen. A bracket may look at a count or a share too. */
export type Reference = string;

interface Common { key: string; label: string }
export type Step = Common & (
  /** 定額. With cases: by kind of group, by year, a surcharge (加算) that is 0 otherwise. */
  | { do: 'amount'; yen: Cases<number> }
  /** 率をかける. */
  | { do: 'rate'; of: Reference; rate: Cases<Rate> }
  /** 合計. */
  | { do: 'sum'; of: readonly Reference[] }
  /** 差し引く; never below zero. */
  | { do: 'less'; from: Reference; minus: readonly Reference[] }
  /** いずれか少ないほう. */
  | { do: 'least'; of: readonly Reference[] }
  /** いずれか多いほう. */
  | { do: 'greatest'; of: readonly Reference[] }
  /** 上限. */
  | { do: 'cap'; of: Reference; yen: Cases<number> }
  /** 単価 × 数, line by line: per household, per light by class of W, per person over 75. */
  | { do: 'units'; lines: readonly { figure: string; yen: Cases<number> }[] }
  /** 段階ごとの単価: the first 50 households at one price, the next 50 at another. From 1 without a gap; the last is open. */
  | { do: 'tiers'; figure: string; tiers: readonly { from: number; to: number | null; yen: number }[] }
  /** 区分ごとの額: the whole amount of the bracket a whole number falls into (年間限度額 by lights held). From 0 without a gap; the last is open. */
  | { do: 'bracket'; of: Reference; brackets: readonly { from: number; to: number | null; yen: number }[] }
  /**
   * 割合: one figure as a share of another, in whole percent rounded down (75歳以上の割合). The divisor's minimum is at least 1;
   * where the divisor is not asked for, the share is 0.
   */
  | { do: 'share'; figure: string; of: string }
  /** 1件ごと: each row's cost × the rate of its class, up to the cap of its class, rounded; then added up. */
  | { do: 'each'; rows: string; classes: readonly { class: string; rate: Rate; cap_yen: number | null }[]; rounding: { unit: number; mode: Rounding } }
  /** 端数処理. */
  | { do: 'round'; of: Reference; unit: number; mode: Rounding }
);
export type StepKind = Step['do'];

export const ROUNDING_UNITS = [1, 10, 100, 1_000, 10_000] as const;

export interface Formula {
  figures: readonly Figure[];
  rows: readonly RowList[];
  /** The last step is the grant; it gives whole yen. */
  steps: readonly Step[];
}

export const LIMITS = {
  figures: 20, rows: 3, classes: 12, list_rows: 200, steps: 30, references: 12, lines: 20, tiers: 20,
  /** Characters of a label, a source or a unit that stands in a sentence. */
  label: 100,
  /** A rate is a fraction of everyday size, so that exact values stay short. */
  denominator: 10_000,
  /** Largest count anybody may be asked for: every light of Japan, every household of a large city. */
  figure: 99_999_999,
  /** Largest eligible or total cost, largest yen figure, and largest sum of the costs in one list (the ceiling of a budget). */
  budget: 99_999_999_999,
  /** No step may be able to give more, whatever is typed: the width of every money column. */
  yen: 999_999_999_999
} as const;

/** One typed row of a RowList. */
export interface GivenRow { class: string; cost_yen: number; note?: string }

/** Everything that decides an amount. Yen and counts are whole and not negative. */
export interface Given {
  eligible: number;
  total: number;
  deducted: number;
  granted_this_year: number;
  figures: Readonly<Record<string, number | null>>;
  rows: Readonly<Record<string, readonly GivenRow[]>>;
  /** kind, support_year, members and the answers to the edition's choices. */
  facts: Facts;
}

/**
 * What a part does in its line, as on an adding machine: `add` begins an item, `times`, `over`, `at_most`, `at_least` and the
 * roundings (value: the unit in yen) work on that item alone, `minus` takes off it, and the items add up to the line's value.
 * `number`, `from` and `to` only show that a bracket was the right one. `readd` follows them without knowing the formula.
 */
export type PartOp = 'add' | 'minus' | 'times' | 'over' | 'at_most' | 'at_least' | Rounding | 'number' | 'from' | 'to';
export interface TracePart {
  name: string;
  value: string;
  op: PartOp;
  /** Key of the earlier line the value was taken from; null for what the formula itself says. */
  line: string | null;
}

/**
 * One line of the arithmetic as the applicant, the officer and the letter read it: first what was given (`do: 'given'`, just
 * before the step that first needs it), then the steps. `value` is exact ("12345" or "24691/2"), so that anybody can add the
 * lines up again; `result_yen` is null for counts and shares, and the whole part rounded down where a step leaves a fraction
 * that a later step rounds.
 */
export interface TraceStep {
  key: string;
  do: StepKind | 'given';
  label: string;
  formula: string;
  result_yen: number | null;
  /** 「30,000円」「120世帯」「34％」. */
  result: string;
  value: string;
  parts: readonly TracePart[];
}

export type Evaluation =
  | { ok: true; result_yen: number; trace: readonly TraceStep[] }
  /** What is still to be answered before an amount can be said: keys of figures, rows and questions. */
  | { ok: false; missing: readonly string[] };
