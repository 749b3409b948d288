import { echo } from '../forms/echo.ts';
import { day, email, integer, kana, multiline, phone, readForm, row, text, yen, choice, type Spec, type Typed } from '../forms/read.ts';
import type { Problem } from '../forms/problems.ts';
import { formatYen } from '../money/yen.ts';
import type { CostCategory } from '../schemes/scheme.ts';
import { QUESTIONS, type AnswerSection, type Answers, type BudgetLine, type Question } from './application.ts';
import { BUDGET_MAX_YEN } from './budget.ts';

export type Parsed<V> = { ok: true; value: V; version: number } | { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

/** The version of the section that the form was made from; anything else counts as never seen. */
const seenVersion = (form: FormData): number => {
  const text = form.get('_version');
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : -1;
};

function fieldFor(question: Question): Spec[string] {
  const { label, max } = question;
  switch (question.kind) {
    case 'text': return text({ label, max });
    case 'multiline': return multiline({ label, max });
    case 'kana': return kana({ label, max });
    case 'email': return email({ label });
    case 'phone': return phone({ label });
    case 'day': return day({ label });
    case 'integer': return integer({ label, min: 0, max, ...(question.unit ? { unit: question.unit } : {}) });
  }
}

/** One section of answers. Nothing is required while drafting; what is typed must be of its kind. */
export function parseAnswers(section: AnswerSection, form: FormData): Parsed<Answers> {
  const spec = Object.fromEntries(QUESTIONS[section].map((question) => [question.name, fieldFor(question)])) as Spec;
  const read = readForm(form, spec);
  return read.ok ? { ok: true, value: read.value as Answers, version: seenVersion(form) } : read;
}


/** Rows a budget form may have on each side. */
export const BUDGET_ROWS_MAX = 60;

/** The whole budget: income and expense rows, and the amount asked for (empty: all that the rule gives). */
export function parseBudget(categories: CostCategory[], form: FormData): Parsed<{ lines: BudgetLine[]; asked_yen: number | null }> {
  const side = (name: 'income' | 'expense', label: string) => {
    const ids = categories.filter((category) => category.side === name && !category.is_grant).map((category) => category.id);
    return row(name, {
      category_id: choice(ids as [string, ...string[]], { label: '区分', required: true }),
      item: text({ label: '内容', max: 100, required: true }),
      amount_yen: yen({ label: '金額', max: BUDGET_MAX_YEN, required: true }),
      basis: text({ label: '積算の根拠', max: 300 })
    }, { label, max: BUDGET_ROWS_MAX });
  };
  const read = readForm(form, { income: side('income', '収入'), expense: side('expense', '支出'), requested: yen({ label: '申請する額', max: BUDGET_MAX_YEN }) });
  if (!read.ok) return read;
  const lines: BudgetLine[] = (['income', 'expense'] as const).flatMap((name) =>
    read.value[name].map((line) => ({ side: name, category_id: line.category_id, item: line.item, amount_yen: line.amount_yen, basis: line.basis ?? '' })));
  for (const [name, label] of [['income', '収入'], ['expense', '支出']] as const) {
    const sum = lines.reduce((all, line) => all + (line.side === name ? line.amount_yen : 0), 0);
    if (sum > BUDGET_MAX_YEN) return { ok: false, status: 422, values: echo(form), problems: [{ field: name, message: `${label}の合計は ${formatYen(BUDGET_MAX_YEN)} までにしてください。いまは ${formatYen(sum)} です。金額のけたを確かめてください。` }] };
  }
  return { ok: true, value: { lines, asked_yen: read.value.requested }, version: seenVersion(form) };
}
