/**
 * What each place of an edition means to those who have begun when it changes. Conservative: a place that has no line here, and
 * a change that nobody can rank, count as touching their rights. Pure.
 */
import type { Step } from '../formulas/formula.ts';
import type { EditionCategory, EditionQuestion, EligibilityRule } from './content.ts';
import { askedMeaning, ruleMeaning, stepMeaning } from './compare-favour.ts';
import {
  AGAINST, among, BETTER, GIFT, growing, HARMLESS, inFiscalYear, means, number, ordered, share, text, UNCLEAR, yes, type Around, type Judge, type Meaning
} from './compare-meaning.ts';

const isRequired = ({ row }: Around): boolean => (row.before as EditionQuestion).required || (row.after as EditionQuestion).required;
/** An amount from which something is asked. Asked from less on is worse, if it must be answered. */
const fromAmount: Judge = (before, after, around) => (number(-1)(after) > number(-1)(before) ? GIFT : isRequired(around) ? AGAINST : HARMLESS);
/** How much may be written; 0 means nothing there. */
const length: Judge = (before, after, around) => (before === 0 || after === 0 ? UNCLEAR : ordered(1, GIFT, number(0))(before, after, around));
/** What was answered may be dropped, so even asking less is told. */
const commonUse: Judge = (before, after) => (among('left_out', 'from_amount', 'asked')(after) < among('left_out', 'from_amount', 'asked')(before) ? BETTER : AGAINST);
const days: Judge = (before, after, around) => (before === null || after === null ? UNCLEAR : ordered(1, BETTER, number(0))(before, after, around));

const wording = means(HARMLESS);

/** Values that are compared as one, by their place. */
const JUDGES: Readonly<Record<string, Judge>> = {
  name: wording, summary: wording, purpose: wording, description: wording, how_judged: wording, extra_title: wording,
  'contact.section': wording, 'contact.phone': wording, 'contact.email': wording, 'contact.hours': wording, 'contact.consultation': wording,
  'catalogue.keywords': wording, 'catalogue.purpose_of_use': wording, 'catalogue.industry': wording, 'letters.*.opening': wording,
  'documents.*': (_, after) => (after === undefined ? UNCLEAR : HARMLESS),
  'eligibility.*': (before, after, around) => ruleMeaning(before as EligibilityRule, after as EligibilityRule, around),
  'windows.*.name': wording, 'windows.*.opens_on': ordered(-1, GIFT, text('')), 'windows.*.closes_on': ordered(1, GIFT, text('')),
  closed_day: ordered(1, GIFT, among('before', 'stays', 'after')), close_when_spent: ordered(-1, GIFT, yes),
  starts_from: ordered(-1, GIFT, text('')), completion_due_on: ordered(1, GIFT, text('')),
  'common.*': commonUse, long_form_from_yen: ordered(1, GIFT, number(Infinity)),
  'questions.*.label': wording, 'questions.*.hint': wording, 'questions.*.required': ordered(-1, GIFT, yes), 'questions.*.max': length, 'questions.*.from_yen': fromAmount,
  'papers.*.name': wording, 'papers.*.hint': wording, 'papers.*.required': ordered(-1, GIFT, yes), 'papers.*.from_yen': fromAmount,
  'papers.*.kinds': (before, after, around) => (isRequired(around) ? growing(-1, GIFT)(before, after, around) : HARMLESS),
  'categories.*.hint': wording, 'categories.*.reason': wording, 'categories.*.eligible': ordered(1, BETTER, yes), 'categories.*.deducted': ordered(-1, BETTER, yes),
  'categories.*.cap_yen': ordered(1, BETTER, number(Infinity)), 'categories.*.cap_share': ordered(1, BETTER, share(Infinity)),
  'formula.steps.*': (before, after, around) => stepMeaning(before as Step, after as Step, around),
  'formula.figures.*': (before, after) => askedMeaning(before as object, after as object), 'formula.rows.*': (before, after) => askedMeaning(before as object, after as object),
  'funding.*.name': wording, 'funding.*.amount_yen': ordered(1, GIFT, number(0)), 'requirements.*.article': wording,
  'judging.criteria.*.description': wording, 'judging.floor_percent': ordered(-1, BETTER, number(-1)), 'judging.criterion_floor_percent': ordered(-1, BETTER, number(-1)),
  'after.withdrawal_days': days, 'after.start_report': ordered(-1, BETTER, yes), 'after.minor_total_percent': ordered(1, BETTER, number(0)), 'after.minor_between_percent': ordered(1, BETTER, number(0)),
  'after.minor_decrease_only': ordered(-1, BETTER, yes), 'after.advance': ordered(1, BETTER, share(0)), 'after.advance_parts': ordered(1, BETTER, number(0)),
  'after.report_days': ordered(1, BETTER, number(0)), 'after.report_until': ordered(1, BETTER, inFiscalYear), 'after.progress_report': ordered(-1, BETTER, yes), 'after.keep_years': ordered(-1, BETTER, number(0)),
  'after.asset_from_yen': ordered(1, BETTER, number(Infinity)), 'after.asset_years': ordered(-1, BETTER, number(0)), 'after.surcharge_basis_points': ordered(-1, BETTER, number(0)),
  'after.late_basis_points': ordered(-1, BETTER, number(0)), 'after.repayment_days': ordered(1, BETTER, number(0))
};

export const meaningOf: (pattern: string, before: unknown, after: unknown, around: Around) => Meaning = (pattern, before, after, around) =>
  (Object.hasOwn(JUDGES, pattern) ? JUDGES[pattern]!(before, after, around) : UNCLEAR);

/** What it means that a row comes or goes, and that rows stand in another order. */
export interface ListMeaning { added: (row: unknown) => Meaning; removed: (row: unknown) => Meaning; moved: Meaning }
const listed = (added: ListMeaning['added'] | Meaning, removed: Meaning, moved = HARMLESS): ListMeaning =>
  ({ added: typeof added === 'function' ? added : () => added, removed: () => removed, moved });

function newCategory(row: unknown): Meaning {
  const { side, eligible, cap_yen, cap_share, is_grant, deducted } = row as EditionCategory;
  if (side === 'income') return is_grant ? UNCLEAR : deducted ? AGAINST : HARMLESS;
  return eligible && cap_yen === null && cap_share === null ? GIFT : UNCLEAR;
}
/** A paper some must bring, or a question some must answer. */
const newDemand = (row: unknown): Meaning => ((row as EditionQuestion).required ? AGAINST : HARMLESS);

/** Lists whose rows are known by their keys. */
export const LISTS: Readonly<Record<string, ListMeaning>> = {
  eligibility: listed(AGAINST, BETTER), windows: listed(GIFT, AGAINST), questions: listed(newDemand, UNCLEAR), 'questions.*.options': listed(GIFT, AGAINST), papers: listed(newDemand, GIFT),
  categories: listed(newCategory, AGAINST), 'formula.figures': listed(UNCLEAR, UNCLEAR), 'formula.rows': listed(UNCLEAR, UNCLEAR), 'formula.steps': listed(UNCLEAR, UNCLEAR, UNCLEAR),
  funding: listed(GIFT, AGAINST), requirements: listed(UNCLEAR, GIFT), 'judging.criteria': listed(UNCLEAR, UNCLEAR)
};

/** Lists of sentences: each sentence comes or goes by itself. */
export const SENTENCES: Readonly<Record<string, { added: Meaning; removed: Meaning }>> = {
  'letters.*.conditions': { added: AGAINST, removed: BETTER }, 'letters.*.notices': { added: HARMLESS, removed: HARMLESS }
};
