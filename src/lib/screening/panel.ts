/** The committee's arithmetic: weighted points, the mean of those who scored, the spread, and the budget line. Pure. */

export interface CriterionWeight { id: string; weight: number; max_points: number }
export interface Scored { criterion_id: string; points: number }

/** A sheet's total as hundredths of a percent of full marks (0…10,000): whole numbers keep ties exact. */
export function sheetTotal(criteria: CriterionWeight[], scores: Scored[]): number {
  let numerator = 0n;
  let denominator = 0n;
  // Each criterion counts points ÷ max × weight; a common denominator keeps it exact.
  const product = criteria.reduce((all, criterion) => all * BigInt(criterion.max_points), 1n);
  for (const criterion of criteria) {
    const points = scores.find((score) => score.criterion_id === criterion.id)?.points ?? 0;
    numerator += BigInt(points) * BigInt(criterion.weight) * (product / BigInt(criterion.max_points));
    denominator += BigInt(criterion.weight) * product;
  }
  return denominator === 0n ? 0 : Number((numerator * 10_000n) / denominator);
}

/** Mean of totals, rounded half up; null while nobody has scored. */
export function meanOf(totals: readonly number[]): number | null {
  if (totals.length === 0) return null;
  const sum = totals.reduce((all, total) => all + total, 0);
  return Math.floor((2 * sum + totals.length) / (2 * totals.length));
}

/** Highest minus lowest total; null while nobody has scored. */
export const spreadOf = (totals: readonly number[]): number | null => (totals.length === 0 ? null : Math.max(...totals) - Math.min(...totals));

/** Members this far apart (30 points of 100) should talk before anybody decides. */
export const LARGE_SPREAD = 3_000;

export interface Standing {
  application_id: string;
  requested_yen: number;
  /** Totals of submitted sheets of members without a conflict. */
  totals: number[];
  assigned: number;
  conflicted: number;
}
export interface Ranked extends Standing {
  rank: number | null;
  /** Mean of the remaining members, hundredths of a percent, rounded half up; null while nobody has scored. */
  mean: number | null;
  /** Highest minus lowest total: how far the members are apart. */
  spread: number | null;
  below_pass_mark: boolean;
  cumulative_yen: number | null;
  within_budget: boolean | null;
}

/**
 * Ranks by the mean of the remaining members (a conflicted member neither lowers nor raises a file), equal means sharing
 * a rank, the smaller request first among them (小諸市 rule as an example, grants.md §3.4), and adds requests up from
 * the top: the budget line is drawn where `available_yen` would be passed. Below it nothing is within the budget any
 * more, even a request small enough to fit: the order is the committee's, not the purse's.
 */
export function rank(standings: Standing[], available_yen: number, passMarkPercent: number | null): Ranked[] {
  const ranked = standings.map((standing): Ranked => {
    const mean = meanOf(standing.totals);
    return {
      ...standing, rank: null, mean, spread: spreadOf(standing.totals),
      below_pass_mark: mean !== null && passMarkPercent !== null && mean < passMarkPercent * 100, cumulative_yen: null, within_budget: null
    };
  });
  ranked.sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1) || a.requested_yen - b.requested_yen || (a.application_id < b.application_id ? -1 : 1));
  let cumulative = 0;
  let lineDrawn = false;
  ranked.forEach((row, index) => {
    if (row.mean === null) return;
    const above = ranked[index - 1];
    row.rank = above && above.mean === row.mean ? above.rank : index + 1;
    if (row.below_pass_mark) return;
    cumulative += row.requested_yen;
    lineDrawn ||= cumulative > available_yen;
    row.cumulative_yen = cumulative;
    row.within_budget = !lineDrawn;
  });
  return ranked;
}

/** `85.33` from 8533. */
export const formatHundredths = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;

/** The names of a criterion's two inputs. */
export const scoreNames = (criterionId: string) => ({ points: `points_${criterionId}`, reason: `reason_${criterionId}` });

/** 0, 1 … up to the criterion's maximum, as a form sends them. */
export const pointOptions = (maximum: number): string[] => Array.from({ length: maximum + 1 }, (_, points) => String(points));

/** A member's steps with one application, in order. */
export type PanelStep = 'declare' | 'score' | 'scoring' | 'submitted' | 'closed' | 'over';

/** Where a member stands with an assignment: what their list says and which page is theirs. */
export function panelStep(row: { conflicted: boolean | null; scored: number; submitted_at: unknown; state: string }): PanelStep {
  if (row.conflicted) return 'closed';
  if (row.submitted_at) return 'submitted';
  if (row.state !== 'accepted') return 'over';
  if (row.conflicted === null) return 'declare';
  return row.scored > 0 ? 'scoring' : 'score';
}
