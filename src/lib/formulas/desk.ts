/**
 * One calculation on the desk: what was given, read once and with care; what is still missing; and the lines written so far.
 * Pure. Throws RangeError for what no form lets through: amounts and counts that are not whole, negative, or above their ceiling.
 */
import { isYen } from '../money/yen.ts';
import { judge, type Cases, type Condition, type Fact } from './condition.ts';
import { demand } from './demand.ts';
import { BUILT_IN_AMOUNTS, LIMITS, type BuiltInAmount, type Figure, type Formula, type Given, type GivenRow, type Quantity, type RowList, type TracePart, type TraceStep } from './formula.ts';
import { conditionInWords, figureFacts, type KnownFacts } from './known-facts.ts';
import { isBuiltIn } from './needs.ts';
import { floor, rational, toText, type Rational } from './rational.ts';
import { sourceInWords, valueInWords } from './words.ts';

/** A value that later steps may use. */
export interface Line { key: string; label: string; quantity: Quantity; unit: string; value: Rational; asked: boolean }

/** What a step came to, ready to be written. */
export interface Worked { value: Rational; formula: string; parts: readonly TracePart[] }

/** What was read of a figure or a list: its value, `asked` false where it counts as nothing; or what is missing before it can be read. */
type Reading<T> = { ok: true; value: T; asked: boolean } | { ok: false; missing: readonly string[] };

export interface Desk {
  /** A built-in amount, a figure or an earlier step; its line is written when it is used first. Null while something is missing. */
  use(key: string): Line | null;
  /** Whether a figure's condition says that it is not asked for. */
  leavesOut(key: string): boolean;
  rows(key: string): { list: RowList; rows: readonly GivenRow[]; asked: boolean } | null;
  /** The value for these facts, with 「（…のとき）」 for a case that applies; null while undecided. */
  choose<T>(cases: Cases<T>): { value: T; words: string } | null;
  /** Writes a line; its value is the latest one from then on. */
  write(line: Line, step: Pick<TraceStep, 'do' | 'formula' | 'parts'>): void;
  /** Whether this is the line just above, so that the next need not name it. */
  isLatest(line: Line): boolean;
  readonly trace: readonly TraceStep[];
  readonly missing: ReadonlySet<string>;
}

const ceilingOf = (key: BuiltInAmount): number => (key === 'granted_this_year' ? LIMITS.yen : LIMITS.budget);
const ORIGIN: Record<BuiltInAmount, string> = {
  eligible: '対象になる支出の合計', total: '支出の合計', deducted: '差し引く収入の合計', granted_this_year: 'この年度の決定額の合計'
};

/** The words for a figure or a list whose condition does not hold. */
export const NOT_ASKED = 'この申請では対象になりません';

export function layOut(formula: Formula, given: Given, known: KnownFacts): Desk {
  demandInput(formula, given);
  const { facts, figures, undecided } = readFigures(formula, given);
  const lines = new Map<string, Line>();
  const trace: TraceStep[] = [];
  let words: KnownFacts | null = null;
  const missing = new Set<string>();
  const lack = (keys: readonly string[]): null => {
    for (const key of keys) missing.add(key);
    return null;
  };
  const write: Desk['write'] = (line, step) => {
    const { key, label, quantity, unit, value } = line;
    demand(!lines.has(key), `${key} stands twice`);
    demand(value.n >= 0n && floor(value) <= BigInt(LIMITS.yen), `${key} leaves the range of amounts`);
    lines.set(key, line);
    const result_yen = quantity === 'yen' ? Number(floor(value)) : null;
    trace.push({ key, do: step.do, label, formula: step.formula, result_yen, result: valueInWords(value, quantity, unit), value: toText(value), parts: step.parts });
  };
  const writeGiven = (line: Line, words: string): Line => {
    write(line, { do: 'given', formula: words, parts: [partOf(line)] });
    return line;
  };

  return {
    trace, missing, write,
    use(key) {
      const line = lines.get(key);
      if (line) return line;
      if (isBuiltIn(key)) return writeGiven({ key, label: BUILT_IN_AMOUNTS[key], quantity: 'yen', unit: '円', value: rational(given[key]), asked: true }, ORIGIN[key]);
      const [figure, reading] = [formula.figures.find((one) => one.key === key), figures.get(key)];
      if (!figure || !reading) return null;
      if (!reading.ok) return lack(reading.missing);
      const { label, quantity, unit } = figure;
      return writeGiven({ key, label, quantity, unit, value: rational(reading.value), asked: reading.asked }, reading.asked ? sourceInWords(figure) : NOT_ASKED);
    },
    leavesOut(key) {
      const reading = figures.get(key);
      return reading !== undefined && reading.ok && !reading.asked;
    },
    rows(key) {
      const list = formula.rows.find((one) => one.key === key);
      demand(list !== undefined, `no list ${key}`);
      const verdict = judge(list.when, facts);
      const reading = readRows(list, given, verdict === 'unknown' ? undecided(list.when) : [], verdict === 'no');
      return reading.ok ? { list, rows: reading.value, asked: reading.asked } : lack(reading.missing);
    },
    choose(cases) {
      for (const one of cases.cases) {
        const verdict = judge(one.when, facts);
        if (verdict === 'unknown') return lack(undecided(one.when));
        if (verdict === 'no') continue;
        words ??= { ...known, ...figureFacts(formula.figures) };
        const why = conditionInWords(one.when, words);
        return { value: one.value, words: why === null ? '' : `（${why}のとき）` };
      }
      return { value: cases.otherwise, words: '' };
    },
    isLatest: (line) => trace.at(-1)?.key === line.key
  };
}

/** Amounts that no budget has, and names that mean two things, are stopped before anything is computed. */
function demandInput(formula: Formula, given: Given): void {
  for (const key of Object.keys(BUILT_IN_AMOUNTS) as BuiltInAmount[]) demand(isYen(given[key]) && given[key] <= ceilingOf(key), `${key} is not an amount`);
  for (const list of formula.rows) {
    for (const row of rowsTyped(list, given) ?? []) demand(isYen(row.cost_yen), `a cost in ${list.key} is not an amount`);
  }
  const keys = new Set<string>();
  for (const part of [formula.figures, formula.rows, formula.steps]) {
    for (const { key } of part) {
      demand(!keys.has(key) && !isBuiltIn(key), `the key ${key} stands twice`);
      keys.add(key);
    }
  }
}

/** A part that takes over the value of a line. */
export const partOf = ({ key, label, value }: Line, op: TracePart['op'] = 'add'): TracePart => ({ name: label, value: toText(value), op, line: key });

/** A part that the formula itself says. */
export const partSaid = (name: string, value: number | Rational, op: TracePart['op']): TracePart =>
  ({ name, value: toText(typeof value === 'number' ? rational(value) : value), op, line: null });

/** The figures in their order, each a fact for the conditions after it; and what an undecided condition still waits for. */
function readFigures(formula: Formula, given: Given) {
  const facts: Record<string, Fact> = { ...given.facts };
  const figures = new Map<string, Reading<number>>();
  const undecided = (condition: Condition | null): string[] => (condition?.tests ?? [])
    .filter((test) => judge({ match: 'all', tests: [test] }, facts) === 'unknown')
    .flatMap(({ fact }) => {
      const reading = figures.get(fact);
      return reading && !reading.ok ? reading.missing : [fact];
    });
  for (const figure of formula.figures) {
    const verdict = judge(figure.when, facts);
    const reading = readFigure(figure, given, verdict === 'unknown' ? undecided(figure.when) : [], verdict === 'no');
    figures.set(figure.key, reading);
    facts[figure.key] = reading.ok ? reading.value : null;
  }
  return { facts, figures, undecided };
}

/** A number outside the figure's bounds is no answer: the bounds may have changed since it was typed, so it is asked for again. */
function readFigure(figure: Figure, given: Given, undecided: readonly string[], left_out: boolean): Reading<number> {
  const typed = Object.hasOwn(given.figures, figure.key) ? given.figures[figure.key] ?? null : null;
  demand(typed === null || isYen(typed), `${figure.key} is not a whole number`);
  if (left_out) return { ok: true, value: 0, asked: false };
  if (undecided.length > 0) return { ok: false, missing: undecided };
  const answered = typed !== null && typed >= figure.minimum && typed <= figure.maximum;
  return answered ? { ok: true, value: typed, asked: true } : { ok: false, missing: [figure.key] };
}

const rowsTyped = (list: RowList, given: Given): readonly GivenRow[] | null => (Object.hasOwn(given.rows, list.key) ? given.rows[list.key] ?? null : null);

/** An empty list is an answer, an absent one is not; nor are rows of a class that is gone, too many rows, or more than a budget holds. */
function readRows(list: RowList, given: Given, undecided: readonly string[], left_out: boolean): Reading<readonly GivenRow[]> {
  if (left_out) return { ok: true, value: [], asked: false };
  if (undecided.length > 0) return { ok: false, missing: undecided };
  const rows = rowsTyped(list, given);
  const answered = rows !== null && rows.length <= list.maximum_rows && rows.reduce((sum, row) => sum + row.cost_yen, 0) <= LIMITS.budget
    && rows.every((row) => list.classes.some((one) => one.key === row.class));
  return answered ? { ok: true, value: rows, asked: true } : { ok: false, missing: [list.key] };
}
