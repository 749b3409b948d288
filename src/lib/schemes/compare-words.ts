/** Values and rows of an edition in words, for a comparison an officer reads. Pure. */
import type { Cases, Condition } from '../formulas/condition.ts';
import type { Figure, Rate, RowList, Step } from '../formulas/formula.ts';
import { rateOfWords } from '../formulas/words.ts';
import { formatYen } from '../money/yen.ts';
import { isDay } from '../time/day.ts';
import { formatWareki } from '../time/wareki.ts';
import type { DocumentRule, EditionCategory, EditionContent, EditionCriterion, EditionPaper, EditionQuestion, EditionWindow, EligibilityRule, TieRule } from './content.ts';
import { ENUM_WORDS, QUESTION_KIND_WORDS } from './enum-words.ts';
import { casesInWords, whenInWords } from './known-facts.ts';
import { ruleInWords } from './rule-words.ts';
import { figureInWords, rowListInWords, stepInWords, type StepNames } from './step-words.ts';

/** What is not there, or is empty. */
export const NOTHING = 'なし';

const clock = (time: string): string => { const [hours, minutes] = time.split(':').map(Number); return `${hours}時${minutes === 0 ? '' : `${minutes}分`}`; };
const yen = (value: unknown): string => formatYen(value as number);
const rate = (value: unknown): string => rateOfWords(value as Rate);
const percent = (value: unknown): string => `${value as number}％`;
/** 1095 → 年10.95％. */
const yearly = (value: unknown): string => `年${Math.floor((value as number) / 100)}.${String((value as number) % 100).padStart(2, '0')}％`;
const counted = (unit: string) => (value: unknown): string => `${(value as number).toLocaleString('ja-JP')}${unit}`;
const monthDay = (value: unknown): string => (value === '' ? NOTHING : `${Number(String(value).slice(0, 2))}月${Number(String(value).slice(3))}日`);

type Shown = (value: unknown, names: StepNames, content: EditionContent) => string;

/** A moment of a window, as `compare.ts` puts day and time together. */
const moment = (value: unknown): string => { const [day, time] = String(value).split(' '); return `${formatWareki(day!)}${clock(time!)}`; };

function documentInWords(value: unknown): string {
  const { form_number, article, title, seal_omitted } = value as DocumentRule;
  return [form_number, article, title === '' ? '' : `「${title}」`, seal_omitted ? '公印省略' : '公印あり'].filter((part) => part !== '').join('、');
}
const tieInWords: Shown = (value, _, content) => {
  const tie = value as TieRule;
  return tie.by === 'criterion' ? `「${content.judging.criteria.find(({ key }) => key === tie.criterion)?.name ?? tie.criterion}」の点の高い順` : ENUM_WORDS['judging.tie.by']![tie.by]!;
};

/** Values whose words do not follow from their kind. */
const SHOWN: Readonly<Record<string, Shown>> = {
  'documents.*': documentInWords, 'windows.*.opens_on': moment, 'windows.*.closes_on': moment, 'judging.tie': tieInWords,
  'eligibility.*': (value, names) => ruleWithArticle(value as EligibilityRule, names),
  route: (value, names) => casesInWords(value as Cases<string>, (one) => ENUM_WORDS.route![one]!, names.facts),
  needs_budget: (value, names) => casesInWords(value as Cases<boolean>, (one) => (one ? '必要' : '不要'), names.facts),
  'formula.steps.*': (value, names) => `「${(value as Step).label}」：${stepInWords(value as Step, names)}`, 'formula.figures.*': (value, names) => figureInWords(value as Figure, names.facts), 'formula.rows.*': (value, names) => rowListInWords(value as RowList, names.facts),
  'categories.*.cap_share': rate, 'after.advance': rate, 'judging.floor_percent': percent, 'judging.criterion_floor_percent': percent, 'after.minor_total_percent': percent, 'after.minor_between_percent': percent,
  'after.surcharge_basis_points': yearly, 'after.late_basis_points': yearly, 'after.withdrawal_days': counted('日'), 'after.report_days': counted('日'), 'after.repayment_days': counted('日'), 'after.keep_years': counted('年'),
  'after.asset_years': counted('年'), 'after.advance_parts': counted('回'), 'after.report_until': monthDay, 'judging.criteria.*.max_points': counted('点')
};

const ruleWithArticle = (rule: EligibilityRule, names: StepNames): string => `${ruleInWords(rule, names.facts)}${rule.article === '' ? '' : `（${rule.article}）`}`;

/** A value at a place in words. */
export function valueInWords(pattern: string, value: unknown, names: StepNames, content: EditionContent): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (Object.hasOwn(SHOWN, pattern)) return SHOWN[pattern]!(value, names, content);
  if (pattern.endsWith('.when')) return `${whenInWords(value as Condition, names.facts)}のとき`;
  if (pattern.endsWith('_yen')) return yen(value);
  if (typeof value === 'boolean') return value ? 'はい' : 'いいえ';
  if (typeof value === 'number') return value.toLocaleString('ja-JP');
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map((one) => choice(`${pattern}.*`, String(one))).join('、');
  if (typeof value === 'string') return isDay(value) ? formatWareki(value) : choice(pattern, value);
  return JSON.stringify(value);
}

const choice = (pattern: string, value: string): string => { const words = ENUM_WORDS[pattern]; return words !== undefined && Object.hasOwn(words, value) ? words[value]! : value; };

const marks = (name: string, ...notes: string[]): string => { const said = notes.filter((note) => note !== ''); return `「${name}」${said.length === 0 ? '' : `（${said.join('、')}）`}`; };

function categoryInWords({ side, name, eligible, is_grant, deducted, cap_yen, cap_share }: EditionCategory): string {
  const cap = cap_yen !== null ? `上限${formatYen(cap_yen)}` : cap_share !== null ? `上限${rateOfWords(cap_share)}` : '';
  return marks(name, side === 'income' ? '収入' : eligible ? '支出、対象' : '支出、対象外', is_grant ? 'この制度の補助金' : '', deducted ? '経費から差し引く' : '', cap);
}

/** A whole row that came or went. */
export function rowInWords(list: string, row: unknown, names: StepNames): string {
  switch (list) {
    case 'eligibility': return ruleWithArticle(row as EligibilityRule, names);
    case 'windows': { const { name, opens_on, opens_at_time, closes_on, closes_at_time } = row as EditionWindow; return `${name}${name === '' ? '' : '　'}${moment(`${opens_on} ${opens_at_time}`)}から${moment(`${closes_on} ${closes_at_time}`)}まで`; }
    case 'questions': { const { label, kind, required, when } = row as EditionQuestion; return marks(label, QUESTION_KIND_WORDS[kind], required ? '必須' : '任意', when === null ? '' : `${whenInWords(when, names.facts)}のとき`); }
    case 'questions.*.options': return marks((row as { label: string }).label);
    case 'papers': { const { name, required, when } = row as EditionPaper; return marks(name, required ? '必須' : '任意', when === null ? '' : `${whenInWords(when, names.facts)}のとき`); }
    case 'categories': return categoryInWords(row as EditionCategory);
    case 'formula.steps': return `「${(row as Step).label}」：${stepInWords(row as Step, names)}`;
    case 'formula.figures': return figureInWords(row as Figure, names.facts);
    case 'formula.rows': return rowListInWords(row as RowList, names.facts);
    case 'funding': { const { name, amount_yen } = row as { name: string; amount_yen: number }; return marks(name, formatYen(amount_yen)); }
    case 'judging.criteria': { const { name, weight, max_points } = row as EditionCriterion; return marks(name, `重み${weight}`, `満点${max_points}点`); }
    default: return marks((row as { name?: string }).name ?? '');
  }
}
