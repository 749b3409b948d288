import { formatYen, multiplyRate, roundYen } from '../money/yen.ts';
import { rateInWords, roundingInWords, type Edition } from './scheme.ts';

export type GrantRule = Pick<Edition, 'rate_numerator' | 'rate_denominator' | 'cap_yen' | 'rounding_unit_yen'>;

/** One line of the arithmetic as it is shown to the applicant, the officer and in the letter. */
export interface GrantStep { label: string; formula: string; result_yen: number }

/**
 * The grant for an eligible cost in yen: rate, then cap, then rounding down, each step in words and yen.
 * Exact: the rate is applied in whole numbers. Refuses a cost that is not a whole, non-negative number of yen.
 * The rule's order (対象経費 × 率 → 上限 → 端数切捨て) follows the schemes in domain-facts §1.
 */
export function computeGrant(rule: GrantRule, eligible_yen: number): { computed_yen: number; steps: GrantStep[] } {
  if (!Number.isSafeInteger(eligible_yen) || eligible_yen < 0) throw new RangeError('eligible_yen must be a whole number of yen');
  const rated = multiplyRate(eligible_yen, rule.rate_numerator, rule.rate_denominator);
  const capped = Math.min(rated, rule.cap_yen);
  const computed_yen = roundYen(capped, rule.rounding_unit_yen, 'down');
  const steps: GrantStep[] = [
    { label: '補助対象経費', formula: '対象になる支出の合計', result_yen: eligible_yen },
    { label: '補助率をかける', formula: `${formatYen(eligible_yen)} × ${rateInWords(rule)}`, result_yen: rated },
    { label: '上限と比べる', formula: `${formatYen(rated)} と上限 ${formatYen(rule.cap_yen)} の少ないほう`, result_yen: capped }
  ];
  if (rule.rounding_unit_yen > 1) {
    steps.push({ label: roundingInWords(rule.rounding_unit_yen), formula: `${formatYen(capped)} の端数を切り捨て`, result_yen: computed_yen });
  }
  return { computed_yen, steps };
}
