/** Numbers of a bench and how they are told: always as ratios of one run, each against its bound. */

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export interface Verdict { bench: string; what: string; measured: string; bound: string; ok: boolean }

export const atLeast = (bench: string, what: string, value: number, least: number, unit = ''): Verdict =>
  ({ bench, what, measured: `${value.toFixed(2)}${unit}`, bound: `≥ ${least}${unit}`, ok: value >= least });
export const atMost = (bench: string, what: string, value: number, most: number, unit = ''): Verdict =>
  ({ bench, what, measured: `${value.toFixed(2)}${unit}`, bound: `≤ ${most}${unit}`, ok: value <= most });

export function print(verdicts: readonly Verdict[]): void {
  for (const { bench, what, measured, bound, ok } of verdicts) console.log(`${ok ? 'PASS' : 'FAIL'}  ${bench}: ${what}: ${measured} (bound ${bound})`);
}

/** Takes the rounds of one contender and another, measured in turns; the median of each round's own ratio cancels what the machine did meanwhile. */
export const ratio = (of: readonly number[], to: readonly number[]): number => median(of.map((value, round) => value / to[round]!));
