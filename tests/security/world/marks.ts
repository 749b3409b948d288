/**
 * Planted words: each stands in one column of one record and nowhere else, so that finding it in an answer says exactly
 * what leaked. ASCII without anything a page, a mail, JSON or an address would write differently.
 */
export const GROUPS = ['A', 'B'] as const;
export type GroupKey = (typeof GROUPS)[number];
export const STATES = ['draft', 'submitted', 'spare', 'correction', 'dismissed', 'accepted', 'proposed', 'decided', 'released'] as const;
export type CaseState = (typeof STATES)[number];
export type CaseKey = `${GroupKey}.${CaseState}`;
export const CASES: readonly CaseKey[] = GROUPS.flatMap((group) => STATES.map((state): CaseKey => `${group}.${state}`));

/** What is planted for each application. */
export const CASE_KINDS = [
  'title', 'text', 'contactPhone', 'file', 'fileBytes', 'receiptBytes', 'check', 'correction', 'dismissal', 'score', 'ownScore', 'lostScore', 'conflict',
  'reason', 'condition', 'amount', 'approval', 'letter', 'substitution', 'problem'
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];
/** What is planted once for each group. */
export const GROUP_KINDS = ['phone', 'address', 'paper', 'paperBytes', 'invited'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];
/** What is planted once. */
export const SINGLE_KINDS = ['audit', 'mail', 'filter', 'oldSession', 'unpublished'] as const;
export type SingleKind = (typeof SINGLE_KINDS)[number];

const at = (key: CaseKey) => CASES.indexOf(key);

/** The planted word, where it is a word. */
export const word = (kind: Exclude<CaseKind, 'contactPhone' | 'amount'>, key: CaseKey): string => `kanaria-${kind}-${key.replace('.', '-')}-x`;
export const groupWord = (kind: Exclude<GroupKind, 'phone'>, group: GroupKey): string => `kanaria-${kind}-group${group}-x`;
export const singleWord = (kind: SingleKind): string => `kanaria-${kind}-only-x`;

export const contactPhone = (key: CaseKey): string => `0293-71-${String(7001 + 7 * at(key))}`;
export const groupPhone = (group: GroupKey): string => `0293-72-${group === 'A' ? '8117' : '8229'}`;
/** Asked for and, a little less, granted. Odd numbers that no price, id or clock shows by chance. */
export const REQUESTED_YEN = 151_000;
export const amount = (key: CaseKey): number => 141_003 + 137 * at(key);

/** Every spelling of a planted word that counts as shown. */
export function spellings(kind: CaseKind, key: CaseKey): string[] {
  if (kind === 'contactPhone') return [contactPhone(key), contactPhone(key).replaceAll('-', '')];
  if (kind === 'amount') return [String(amount(key)), amount(key).toLocaleString('en-US')];
  return [word(kind, key)];
}
export const groupSpellings = (kind: GroupKind, group: GroupKey): string[] => (kind === 'phone' ? [groupPhone(group), groupPhone(group).replaceAll('-', '')] : [groupWord(kind, group)]);
