/**
 * What an edition of a scheme says, whole: the one document that is edited, approved by two people, opened as a revision,
 * compared with last year's, and shared with other cities as a file. Every value is the city's setting. Pure types and
 * limits; `check-content.ts` says what is wrong with one, `content-schema.ts` publishes its shape as JSON Schema.
 */
import type { Cases, Condition } from '../formulas/condition.ts';
import type { Formula, Rate } from '../formulas/formula.ts';
import type { Kind, PaperKind } from '../organisations/organisation.ts';
import type { Day } from '../time/day.ts';

export const CONTENT_FORMAT = 'kyodo-portal/scheme-edition/1';

/** Letters, digits, `_`: what questions, figures, steps, papers and the like are called inside one edition. Never shown. */
export const KEY = /^[a-z][a-z0-9_]{0,39}$/;

/** 様式: each kind of letter or form has its own number and the article it rests on. Empty text where the city has none. */
export const DOCUMENT_KINDS = [
  'application', 'award', 'rejection', 'award_and_settlement', 'withdrawal', 'start', 'change_request', 'change_approval', 'change_rejection',
  'stop_request', 'stop_approval', 'advance_request', 'progress_report', 'result_report', 'settlement', 'payment_request', 'advance_settlement',
  'revocation', 'repayment_order', 'disposal_request', 'disposal_approval'
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export const DOCUMENT_WORDS: Record<DocumentKind, string> = {
  application: '交付申請書', award: '交付決定通知書', rejection: '不交付決定通知書', award_and_settlement: '交付決定兼確定通知書',
  withdrawal: '取下書', start: '着手届', change_request: '変更承認申請書', change_approval: '変更承認通知書', change_rejection: '変更不承認通知書',
  stop_request: '中止（廃止）承認申請書', stop_approval: '中止（廃止）承認通知書', advance_request: '概算払請求書', progress_report: '遂行状況報告書',
  result_report: '実績報告書', settlement: '額の確定通知書', payment_request: '交付請求書', advance_settlement: '精算書', revocation: '交付決定取消通知書',
  repayment_order: '返還命令書', disposal_request: '財産処分承認申請書', disposal_approval: '財産処分承認通知書'
};
export interface DocumentRule { form_number: string; article: string; title: string; seal_omitted: boolean }

/** One thing that decides who may apply. `when` limits it to a course or a kind of group. */
export type EligibilityRule = { key: string; article: string; when: Condition | null } & (
  | { rule: 'kinds'; kinds: readonly Kind[] }
  | { rule: 'members'; minimum: number }
  /** Share of members who live, work or study in the city: at least this, or more than this (過半数). */
  | { rule: 'local_share'; share: Rate; more_than: boolean; counts: readonly ('living' | 'working' | 'studying')[] }
  /** Whole years between the founding and a basis day (null: the day of application). */
  | { rule: 'founded'; minimum_years: number | null; maximum_years: number | null; basis_on: Day | null }
  | { rule: 'paper'; paper: PaperKind }
  | { rule: 'one_per_year' }
  | { rule: 'once_only' }
  /** How often one project may be supported; asked of the group and counted from what the portal knows. */
  | { rule: 'times'; maximum: number }
  /** The application must come this many days before the project begins. */
  | { rule: 'days_before_start'; days: number }
  /** Said by the group itself. Whoever cannot say so is out, or is told to ask first. */
  | { rule: 'declaration'; text: string; otherwise: 'excluded' | 'ask' }
);
export type EligibilityKind = EligibilityRule['rule'];

export interface EditionWindow {
  key: string;
  /** 第1回; '' when there is only one. */
  name: string;
  opens_on: Day;
  /** Clock times in Japan, HH:MM. */
  opens_at_time: string;
  closes_on: Day;
  closes_at_time: string;
}

/** A deadline on a closed day stays, or moves to the open day before or after it. */
export type ClosedDayRule = 'stays' | 'before' | 'after';

export const QUESTION_KINDS = ['text', 'multiline', 'integer', 'yen', 'choice', 'choices', 'day', 'yes_no', 'file'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];
/** Where a question stands: among the common ones, or on the edition's own page. */
export const QUESTION_SECTIONS = ['project', 'schedule', 'team', 'extra'] as const;
export type QuestionSection = (typeof QUESTION_SECTIONS)[number];

export interface EditionQuestion {
  key: string;
  section: QuestionSection;
  label: string;
  hint: string;
  kind: QuestionKind;
  required: boolean;
  /** Characters for texts, the largest number for numbers, the most files for files; 0 where it means nothing. */
  max: number;
  /** 人, 回; '' for none. */
  unit: string;
  options: readonly { key: string; label: string }[];
  /** Asked only when this holds. May name earlier questions alone. */
  when: Condition | null;
  /** Asked only from this amount of grant on; null: always. */
  from_yen: number | null;
}

/** The common questions an edition can do without; the others are always asked. */
export const OPTIONAL_COMMON = ['purpose', 'content', 'starts_on', 'ends_on', 'effect', 'continuity', 'place', 'steps', 'staff_count', 'participants', 'structure', 'partners', 'safety'] as const;
export type OptionalCommon = (typeof OPTIONAL_COMMON)[number];
export type CommonUse = 'asked' | 'from_amount' | 'left_out';

export interface EditionCategory {
  key: string;
  side: 'income' | 'expense';
  name: string;
  hint: string;
  eligible: boolean;
  /** Why a category is not eligible. */
  reason: string;
  /** The grant itself, among the income. */
  is_grant: boolean;
  /** Income that is taken off the cost before the rate (総事業費A − その他収入B). */
  deducted: boolean;
  /** The most of this category that counts: in yen, or as a share of all eligible cost before this cap. */
  cap_yen: number | null;
  cap_share: Rate | null;
}

export interface EditionPaper {
  key: string;
  name: string;
  hint: string;
  required: boolean;
  kinds: readonly Kind[];
  from_dossier: PaperKind | null;
  when: Condition | null;
  from_yen: number | null;
}

export interface EditionCriterion { key: string; name: string; description: string; weight: number; max_points: number }

/** Equal means: the smaller request, the earlier receipt, or the higher points of one criterion comes first. */
export type TieRule = { by: 'smaller_request' } | { by: 'earlier_receipt' } | { by: 'criterion'; criterion: string };

/** Who judges: the committee by points, or the office by its checklist alone. */
export interface Judging {
  by: 'committee' | 'office';
  criteria: readonly EditionCriterion[];
  /** Below this share of full marks nothing is adopted; null: no floor. */
  floor_percent: number | null;
  /** A criterion below this share of its own full marks, in the mean, excludes too; null: no such rule. */
  criterion_floor_percent: number | null;
  tie: TieRule;
  /** The day results become public: set for each window, or at once with each decision. */
  release: 'on_a_day' | 'at_decision';
}

export interface Wording {
  /** First sentence; '' for the usual one. */
  opening: string;
  /** 交付の条件. */
  conditions: readonly string[];
  /** 教示, payment, what comes next: sentences at the end. */
  notices: readonly string[];
}

/** What happens after the award; the steps themselves are the awards' and settlement's matter. */
export interface AfterAward {
  /** Days from the letter within which an application may be withdrawn; null: until the start. */
  withdrawal_days: number | null;
  start_report: boolean;
  /** Changes up to these percentages need no approval. */
  minor_total_percent: number;
  minor_between_percent: number;
  /** Only decreases of the total count as minor. */
  minor_decrease_only: boolean;
  /** 概算払: the most that may be paid before the settlement; null: none. */
  advance: Rate | null;
  advance_parts: number;
  /** 前金: whether the letter promises payment before or after. */
  report_days: number;
  /** The last month and day for the report inside the fiscal year, MM-DD; '' for none. */
  report_until: string;
  progress_report: boolean;
  keep_years: number;
  /** 財産処分: assets from this price on are watched for so many years; null: no rule. */
  asset_from_yen: number | null;
  asset_years: number;
  /** 加算金 per year, in hundredths of a percent (10.95 % = 1095); 0 for none. */
  surcharge_basis_points: number;
  /** 延滞金 likewise. */
  late_basis_points: number;
  repayment_days: number;
}

/** Ordinary: decision, project, report, settlement. Short: 申請書兼請求書, decided and settled in one letter. */
export type Route = 'ordinary' | 'short';

export interface EditionContent {
  format: typeof CONTENT_FORMAT;
  name: string;
  /** At most 100 characters (GIF 451-4 概要). */
  summary: string;
  purpose: string;
  /** At most 500 characters (GIF 451-4 内容); '' for none. */
  description: string;
  legal_basis: string;
  documents: Partial<Record<DocumentKind, DocumentRule>>;
  /** '' where the city's own section, telephone and hours are meant. */
  contact: { section: string; phone: string; email: string; hours: string; consultation: string };
  eligibility: readonly EligibilityRule[];
  windows: readonly EditionWindow[];
  closed_day: ClosedDayRule;
  close_when_spent: boolean;
  /** The project must lie within these days. */
  starts_from: Day | null;
  completion_due_on: Day;
  route: Cases<Route>;
  /** Whether a budget is asked for; without one the formula rests on figures alone. */
  needs_budget: Cases<boolean>;
  common: Partial<Record<OptionalCommon, CommonUse>>;
  /** 'from_amount' questions, and the longer form, begin here; null: never longer. */
  long_form_from_yen: number | null;
  extra_title: string;
  questions: readonly EditionQuestion[];
  papers: readonly EditionPaper[];
  categories: readonly EditionCategory[];
  formula: Formula;
  funding: readonly { key: string; name: string; amount_yen: number }[];
  requirements: readonly { key: string; name: string; article: string }[];
  judging: Judging;
  how_judged: string;
  letters: Partial<Record<DocumentKind, Wording>>;
  after: AfterAward;
  /** GIF and jGrants terms for the catalogue. */
  catalogue: { keywords: readonly string[]; purpose_of_use: string; industry: string };
}

export const CONTENT_LIMITS = {
  eligibility: 30, windows: 24, questions: 60, options: 30, papers: 30, categories: 60, funding: 10, requirements: 40, criteria: 12,
  conditions: 20, notices: 10, bytes: 256 * 1024
} as const;
