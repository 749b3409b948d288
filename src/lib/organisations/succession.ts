/** What the office does where a group cannot: another representative, or the end of a term. Pure: words and limits. */

/** Why the office steps in. The law asks no reason; the record must say one, because somebody's right to act ends. */
export const REASONS = ['deceased', 'moved', 'resigned', 'unreachable', 'other'] as const;
export type Reason = (typeof REASONS)[number];
export const REASON_WORDS: Record<Reason, string> = {
  deceased: '逝去', moved: '転出', resigned: '退任（引き継ぎがなかった）', unreachable: '連絡がつかない', other: 'そのほか'
};

/** How the office made sure. Which papers a city asks for is its own rule; these are the usual ones. */
export const PROOFS = ['identity_document', 'assembly_minutes', 'group_notice', 'other'] as const;
export type Proof = (typeof PROOFS)[number];
export const PROOF_WORDS: Record<Proof, string> = {
  identity_document: '本人確認書類', assembly_minutes: '総会の議事録', group_notice: '団体からの届出', other: 'そのほか'
};

export const NOTE_MAX = 500;
/** The change may be set ahead, for a general meeting in spring; a year ahead is a slip. */
export const SUCCESSION_DAYS_MAX = 92;
/** Longer than a member's invitation: who is asked by the office did not expect it and may need an account first. */
export const OFFICE_INVITATION_DAYS = 14;

/** What happens to a group, in words for its timeline. */
export const GROUP_EVENT_WORDS: Record<string, string> = {
  'organisation.create': '団体を登録', 'organisation.update': '団体の情報を変更', 'organisation.add_paper': '書類を登録', 'organisation.replace_paper': '書類を差替え',
  'organisation.invite': '人を招待', 'organisation.cancel_invitation': '招待を取消し', 'organisation.accept_invitation': '招待を承諾して参加',
  'organisation.end_membership': '手続きをする人の任期を終了', 'organisation.change_representative': '代表者を交代',
  'organisation.begin_succession': '市が代表者の交代を開始', 'organisation.cancel_succession': '市が代表者の交代を取りやめ', 'organisation.accept_succession': '市の招待を承諾して代表者に就任',
  'organisation.end_membership_by_office': '市が任期を終了'
};

export interface Ground { reason: Reason; reason_note: string; proof: Proof; proof_note: string }

/** The reason as the office reads it later: `転出（市外へ）`. */
export const reasonInWords = ({ reason, reason_note }: Pick<Ground, 'reason' | 'reason_note'>): string => REASON_WORDS[reason] + (reason_note ? `（${reason_note}）` : '');
export const proofInWords = ({ proof, proof_note }: Pick<Ground, 'proof' | 'proof_note'>): string => `${PROOF_WORDS[proof]}（${proof_note}）`;
