/** From the draft of a decision to the decision. Pure. */
import { createHash } from 'node:crypto';

export const OUTCOMES = ['adopted', 'partly_adopted', 'declined'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const OUTCOME_WORDS: Record<Outcome, string> = { adopted: '採択', partly_adopted: '一部採択', declined: '不採択' };

export interface ProposalValue { outcome: Outcome; amount_yen: number; reason: string; conditions: string[] }

export type ProposalRefusal = 'amount_zero' | 'amount_above_request' | 'amount_above_cap' | 'partly_must_be_less' | 'whole_must_be_equal' | 'declined_has_amount';

/** What is wrong with a proposal's amount against the request and the cap, or null. The database holds the same rules. */
export function refuseAmount(value: Pick<ProposalValue, 'outcome' | 'amount_yen'>, requested_yen: number, cap_yen: number): ProposalRefusal | null {
  if (value.outcome === 'declined') return value.amount_yen === 0 ? null : 'declined_has_amount';
  if (value.amount_yen === 0) return 'amount_zero';
  if (value.amount_yen > requested_yen) return 'amount_above_request';
  if (value.amount_yen > cap_yen) return 'amount_above_cap';
  if (value.outcome === 'adopted') return value.amount_yen === requested_yen ? null : 'whole_must_be_equal';
  return value.amount_yen < requested_yen ? null : 'partly_must_be_less';
}

/** The mark of what an approver sees: the proposal and the submission it rests on. What was seen is what is committed (MO-11). */
export function seenHash(value: ProposalValue & { application_id: string; submission_id: string; submission_sha256: string }): string {
  const { application_id, submission_id, submission_sha256, outcome, amount_yen, reason, conditions } = value;
  return createHash('sha256').update(JSON.stringify([application_id, submission_id, submission_sha256, outcome, amount_yen, reason, conditions])).digest('hex');
}
