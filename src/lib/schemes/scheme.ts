/** A grant scheme of one fiscal year: what it pays for, whom, how much, and how it is judged. All values are the city's settings. */

export interface Edition {
  id: string;
  scheme_id: string;
  scheme_code: string;
  scheme_name: string;
  fiscal_year: number;
  is_example: boolean;
  name: string;
  summary: string;
  purpose: string;
  who_can_apply: string;
  how_judged: string;
  legal_basis: string;
  award_article: string;
  rejection_article: string;
  application_form_number: string;
  award_form_number: string;
  rejection_form_number: string;
  rate_numerator: number;
  rate_denominator: number;
  cap_yen: number;
  rounding_unit_yen: number;
  minimum_members: number;
  one_per_organisation: boolean;
  opens_at: Date;
  closes_at: Date;
  completion_due_on: string;
  pass_mark_percent: number | null;
  standard_conditions: string[];
  published_at: Date | null;
  results_release_at: Date | null;
  version: number;
  budget_yen: number;
  committed_yen: number;
}

export interface CostCategory {
  id: string;
  side: 'income' | 'expense';
  name: string;
  hint: string;
  eligible: boolean;
  is_grant: boolean;
  reason: string;
}
export interface FundingSource { id: string; name: string; amount_yen: number }
export interface Criterion { id: string; name: string; description: string; weight: number; max_points: number }
export interface RequiredPaper {
  id: string;
  name: string;
  hint: string;
  required: boolean;
  only_kind: string | null;
  from_dossier: 'rules' | 'member_list' | null;
}
export interface Requirement { id: string; name: string; article: string }

/** An edition with everything a page, a form or a letter needs of it. */
export interface EditionWhole extends Edition {
  funding: FundingSource[];
  categories: CostCategory[];
  criteria: Criterion[];
  papers: RequiredPaper[];
  requirements: Requirement[];
}

export type WindowState = 'unpublished' | 'before' | 'open' | 'closed';

/** Where the window stands at an instant: opening counts as open, closing counts as closed. */
export function windowState(edition: Pick<Edition, 'opens_at' | 'closes_at' | 'published_at'>, at: Date): WindowState {
  if (!edition.published_at || edition.published_at > at) return 'unpublished';
  if (at < edition.opens_at) return 'before';
  return at < edition.closes_at ? 'open' : 'closed';
}

/** Papers that a group of this kind is asked for. */
export const papersFor = (papers: RequiredPaper[], kind: string): RequiredPaper[] =>
  papers.filter((paper) => paper.only_kind === null || paper.only_kind === kind);

/** `3/4`, or `10分の10` when everything is paid: the rate in words. */
export const rateInWords = (rule: Pick<Edition, 'rate_numerator' | 'rate_denominator'>): string =>
  rule.rate_numerator === rule.rate_denominator ? '全額（10分の10）' : `${rule.rate_denominator}分の${rule.rate_numerator}`;

const UNIT_WORDS: Record<number, string> = { 1: '1円', 10: '10円', 100: '100円', 1000: '1,000円', 10000: '1万円' };
/** `1,000円未満切捨て`, or an empty text when every yen counts. */
export const roundingInWords = (unit: number): string => (unit === 1 ? '' : `${UNIT_WORDS[unit] ?? `${unit}円`}未満切捨て`);
