/** Words for outcomes and letters, for pages that run in the browser too. */
export const OUTCOME_WORDS = { adopted: '採択', partly_adopted: '一部採択', declined: '不採択' } as const;
export const LETTER_WORDS = { award_notice: '交付決定通知書', rejection_notice: '不交付決定通知書' } as const;
export type LetterKind = keyof typeof LETTER_WORDS;
