/** What is not kept for ever, for how long, and in which words the administrator reads it. Pure. */

/** In the order in which they run: whoever is told comes before what goes. */
export const RULES = ['mail', 'invitations', 'files', 'draft_notices', 'drafts'] as const;
export type RuleName = (typeof RULES)[number];
export const isRule = (name: string): name is RuleName => (RULES as readonly string[]).includes(name);

/** The environment variable that says for how many days (docs/operations.md). */
export const RULE_SETTINGS: Record<RuleName, 'MAIL_KEEP_DAYS' | 'FILE_KEEP_DAYS' | 'DRAFT_KEEP_DAYS'> = {
  mail: 'MAIL_KEEP_DAYS', invitations: 'MAIL_KEEP_DAYS', files: 'FILE_KEEP_DAYS', draft_notices: 'DRAFT_KEEP_DAYS', drafts: 'DRAFT_KEEP_DAYS'
};

interface RuleWords { label: string; /** From when the days are counted, and what is done. */ what: string; /** What the oldest one's moment is. */ oldest: string; act: string }
export const RULE_WORDS: Record<RuleName, RuleWords> = {
  mail: { label: '送信メール', what: '送ったか、送るのをあきらめてから数えます。宛先と本文を消し、送った記録だけを残します。', oldest: '送った日', act: '宛先と本文を消す' },
  invitations: { label: '団体への招待', what: '使われたか、取り消されたか、期限が過ぎてから数えます。メールアドレスごと消します。', oldest: '終わった日', act: '消す' },
  files: { label: '使われていないファイル', what: '登録した日から数えます。申請、提出、通知書、団体の書類など、どこからも使われていないものだけを消します。', oldest: '登録した日', act: '消す' },
  draft_notices: { label: '下書きを消す前の知らせ', what: '下書きを消す30日前に、団体の全員にメールで知らせます。', oldest: '受付が終わった日', act: 'メールで知らせる' },
  drafts: { label: '提出しなかった下書き', what: '受付が終わった日から数えます。知らせてから30日が過ぎたものだけを消します。', oldest: '受付が終わった日', act: '消す' }
};

/** What a run does, in words for the record of changes. */
export const RETENTION_EVENT_WORDS: Record<string, string> = Object.fromEntries(RULES.map((rule) => [`retention.${rule}`, `${RULE_WORDS[rule].label}：${RULE_WORDS[rule].act}`]));

/** Counted up to this; beyond it the page says 「より多い」. */
export const COUNT_MAX = 10_000;
/** A count is worth acting on for this long: whoever reads the page must have had a day to object, and not have forgotten. */
export const PREVIEW_DAYS = 7;

/**
 * Dry run first: a rule removes only when its last run, at most PREVIEW_DAYS ago, counted with the same number of days.
 * So a new installation, a changed setting and a long pause each show first what they would take.
 */
export function runsDry(keepDays: number, last: { keep_days: number; days_ago: number } | null): boolean {
  return last === null || last.keep_days !== keepDays || last.days_ago > PREVIEW_DAYS;
}
