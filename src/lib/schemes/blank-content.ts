/** An edition to begin from: an empty one, or last year's moved to another year. Pure. */
import type { ClosedDays } from '../time/business-day.ts';
import { dayFrom, type Day } from '../time/day.ts';
import { fiscalYearBounds, formatFiscalYear } from '../time/fiscal-year.ts';
import { formatPlainDay } from '../time/wareki.ts';
import { CONTENT_FORMAT, type AfterAward, type EditionCategory, type EditionContent } from './content.ts';
import { finding, type Finding } from './place.ts';
import { moveDeadline } from './windows.ts';

/** Said wherever a value stands for a decision the city has not taken yet. */
const EXAMPLE = '（設定例）';

const category = (key: string, side: EditionCategory['side'], name: string, is_grant = false): EditionCategory =>
  ({ key, side, name: `${name}${EXAMPLE}`, hint: '', eligible: true, reason: '', is_grant, deducted: false, cap_yen: null, cap_share: null });

/** No advance, no surcharge, every change approved: the city opens what it wants. Thirty days and five years are usual examples. */
const AFTER: AfterAward = {
  withdrawal_days: null, start_report: false, minor_total_percent: 0, minor_between_percent: 0, minor_decrease_only: true, advance: null, advance_parts: 0, report_days: 30, report_until: '03-31',
  progress_report: false, keep_years: 5, asset_from_yen: null, asset_years: 0, surcharge_basis_points: 0, late_basis_points: 0, repayment_days: 20
};

/** A new edition: it can be stored at once, and the checks say what it lacks before it can be opened. */
export function blankContent(name: string, fiscalYear: number): EditionContent {
  return {
    format: CONTENT_FORMAT, name, summary: '', purpose: '', description: '', legal_basis: '', documents: {}, contact: { section: '', phone: '', email: '', hours: '', consultation: '' },
    eligibility: [{ key: 'kinds', article: '', when: null, rule: 'kinds', kinds: ['civic_group', 'npo', 'association'] }],
    windows: [], closed_day: 'stays', close_when_spent: false, starts_from: null, completion_due_on: fiscalYearBounds(fiscalYear).to,
    route: { otherwise: 'ordinary', cases: [] }, needs_budget: { otherwise: true, cases: [] }, common: {}, long_form_from_yen: null, extra_title: '', questions: [], papers: [],
    categories: [category('grant', 'income', '補助金', true), category('own', 'income', '会費・自己資金'), category('supplies', 'expense', '消耗品費'), category('printing', 'expense', '印刷費'), category('rent', 'expense', '使用料・賃借料')],
    formula: { figures: [], rows: [], steps: [] }, funding: [], requirements: [],
    judging: { by: 'committee', criteria: [], floor_percent: null, criterion_floor_percent: null, tie: { by: 'smaller_request' }, release: 'on_a_day' },
    how_judged: '', letters: {}, after: AFTER, catalogue: { keywords: [], purpose_of_use: '', industry: '' }
  };
}

/** The same date some years on; 29 February becomes the 28th where there is none. A day outside the calendar stays. */
function yearsOn(day: Day, years: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return dayFrom(year + years, month, date) ?? dayFrom(year + years, month, 28) ?? day;
}

export interface NextYear { content: EditionContent; warnings: Finding[] }

/**
 * The edition for another fiscal year: every day moved by whole years, everything else as it was. Warns of what a person must
 * look at: deadlines that now fall on a closed day, days that do not exist any more, and texts that name a year.
 */
export function nextYear(content: EditionContent, fromYear: number, toYear: number, closed: ClosedDays = []): NextYear {
  const years = toYear - fromYear;
  const move = (day: Day): Day => yearsOn(day, years);
  const moveOr = (day: Day | null): Day | null => (day === null ? null : move(day));
  const moved: EditionContent = {
    ...content,
    windows: content.windows.map((window) => ({ ...window, opens_on: move(window.opens_on), closes_on: move(window.closes_on) })),
    starts_from: moveOr(content.starts_from), completion_due_on: move(content.completion_due_on),
    eligibility: content.eligibility.map((rule) => (rule.rule === 'founded' ? { ...rule, basis_on: moveOr(rule.basis_on) } : rule)),
    formula: { ...content.formula, figures: content.formula.figures.map((figure) => ({ ...figure, basis_on: moveOr(figure.basis_on) })) }
  };
  return { content: moved, warnings: [...leapDays(content, moved), ...closedDays(moved, closed), ...yearsInTexts(moved, toYear)] };
}

/** Every day of an edition, with its place. */
function daysOf(content: EditionContent): { at: string; day: Day }[] {
  const maybe = (at: string, day: Day | null): { at: string; day: Day }[] => (day === null ? [] : [{ at, day }]);
  return [
    ...content.eligibility.flatMap((rule, index) => (rule.rule === 'founded' ? maybe(`eligibility.${index}.basis_on`, rule.basis_on) : [])),
    ...content.windows.flatMap(({ opens_on, closes_on }, index) => [{ at: `windows.${index}.opens_on`, day: opens_on }, { at: `windows.${index}.closes_on`, day: closes_on }]),
    ...maybe('starts_from', content.starts_from), { at: 'completion_due_on', day: content.completion_due_on },
    ...content.formula.figures.flatMap(({ basis_on }, index) => maybe(`formula.figures.${index}.basis_on`, basis_on))
  ];
}

function leapDays(before: EditionContent, after: EditionContent): Finding[] {
  const moved = daysOf(after);
  return daysOf(before).flatMap(({ at, day }, index) => (day.endsWith('-02-29') && !moved[index]!.day.endsWith('-02-29')
    ? [finding(after, at, `2月29日がない年なので、${formatPlainDay(moved[index]!.day)}にしました。`)] : []));
}

/** The first and last days people come by, where the office is shut. */
function closedDays(content: EditionContent, closed: ClosedDays): Finding[] {
  return daysOf(content).filter(({ at }) => at.startsWith('windows.') || at === 'completion_due_on').flatMap(({ at, day }) => {
    const open = moveDeadline(day, 'after', closed);
    return open === null || open === day ? [] : [finding(content, at, `${formatPlainDay(day)}は閉庁日です。この日でよいか確かめてください。`)];
  });
}

const YEAR = /(?:令和|平成|R|Ｒ)\s?(?:元|[0-9０-９]{1,2})\s?年?度?|[12１２][0-9０-９]{3}年/;

function yearsInTexts(content: EditionContent, toYear: number): Finding[] {
  const walk = (value: unknown, at: string): Finding[] => {
    if (typeof value === 'string') {
      const [named] = YEAR.exec(value) ?? [];
      return named === undefined ? [] : [finding(content, at, `「${named}」と書かれています。${formatFiscalYear(toYear)}に合っているか確かめてください。`)];
    }
    return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, child]) => walk(child, at === '' ? key : `${at}.${key}`));
  };
  return walk({ ...content, format: '' }, '');
}
