/**
 * Adds up a trace again, from its parts alone: whoever holds a letter's arithmetic can prove it without the formula, the
 * portal's evaluation or its database. Shares no code with `evaluate`. Pure.
 */
import type { TracePart, TraceStep } from './formula.ts';
import { add, compare, divide, floor, fromText, greatest, least, multiply, rational, roundTo, subtract, toText, ZERO, type Rational } from './rational.ts';

/** The exact value of one line by its parts. Throws RangeError when they do not fit each other. */
export function readd(step: Pick<TraceStep, 'do' | 'parts'>): string {
  const items: Rational[] = [];
  const counted: Rational[] = [];
  let number: Rational | null = null;
  for (const part of step.parts) {
    const value = fromText(part.value);
    if (part.op === 'number') number = value;
    else if (part.op === 'from' || part.op === 'to') {
      if (number === null || compare(number, value) * (part.op === 'from' ? 1 : -1) < 0) throw new RangeError(`outside its bracket: ${part.value}`);
    } else if (part.op === 'add') {
      items.push(value);
      counted.push(value);
    } else {
      const item = items.pop();
      if (item === undefined) throw new RangeError(`nothing to work on: ${part.op} ${part.value}`);
      items.push(apply(item, part.op, value));
    }
  }
  // The households of all tiers together are the households there are.
  if (step.do === 'tiers' && compare(counted.reduce(add, ZERO), number ?? ZERO) !== 0) throw new RangeError('the tiers do not hold the whole number');
  return toText(items.reduce(add, ZERO));
}

function apply(item: Rational, op: Exclude<TracePart['op'], 'add' | 'number' | 'from' | 'to'>, value: Rational): Rational {
  switch (op) {
    case 'minus': return subtract(item, value);
    case 'times': return multiply(item, value);
    case 'over': return value.n === 0n ? ZERO : divide(item, value);
    case 'at_most': return least(item, value);
    case 'at_least': return greatest(item, value);
    case 'down': case 'up': case 'half_up': return roundTo(item, floor(value), op);
  }
}

/** What does not add up in a whole trace: lines whose parts give another value, or that took another value than the line they name. Empty when all is well. */
export function faultsOf(trace: readonly TraceStep[]): string[] {
  const values = new Map<string, string>();
  const faults: string[] = [];
  for (const step of trace) {
    if (step.do !== 'given') {
      for (const part of step.parts) if (part.line !== null && values.get(part.line) !== part.value) faults.push(`${step.key}: ${part.name} ${part.value} is not the value of ${part.line}`);
    }
    const again = tryReadd(step);
    if (again !== step.value) faults.push(`${step.key}: ${step.value} adds up to ${again}`);
    if (step.result_yen !== null && rational(step.result_yen).n !== floor(fromText(step.value))) faults.push(`${step.key}: ${step.result_yen} yen is not ${step.value}`);
    values.set(step.key, step.value);
  }
  return faults;
}

function tryReadd(step: TraceStep): string {
  try {
    return readd(step);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
