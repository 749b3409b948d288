/** What a known constraint refused, in the words of the field it belongs to. */
import { isStatementError } from '../db/errors.ts';
import type { Problem } from '../forms/problems.ts';
import { CONSTRAINT_PROBLEMS } from './form.ts';

export type Invalid = { ok: false; reason: 'invalid'; problems: Problem[] };

/** A known constraint becomes the problem of the field that a person can put right; anything else is a bug and stays thrown. */
export function asInvalid(error: unknown): Invalid {
  const problem = isStatementError(error) ? CONSTRAINT_PROBLEMS[error.constraint_name ?? ''] : undefined;
  if (!problem) throw error;
  return { ok: false, reason: 'invalid', problems: [problem] };
}
