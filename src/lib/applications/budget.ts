import { formatYen, sumYen } from '../money/yen.ts';
import { computeGrant, type GrantStep } from '../schemes/grant.ts';
import type { CostCategory, Edition } from '../schemes/scheme.ts';
import type { BudgetLine, Missing } from './application.ts';

export interface BudgetReckoning {
  lines: BudgetLine[];
  expense_yen: number;
  eligible_yen: number;
  ineligible_yen: number;
  /** Income besides the grant asked for. */
  other_income_yen: number;
  computed_yen: number;
  requested_yen: number;
  income_yen: number;
  /** income − expense: zero when the budget balances. */
  difference_yen: number;
  steps: GrantStep[];
  problems: Missing[];
}

/** The ceiling of one budget's sum, so that no sum leaves the range the database holds. */
export const BUDGET_MAX_YEN = 99_999_999_999;

/**
 * Computes the whole budget from its lines: totals, eligible cost, the grant with its steps, and what does not fit.
 * `asked` is the amount the group asks for in yen, or null for all that the rule gives.
 * Income and expense must be equal (収支の計は一致, domain-facts §4).
 */
export function reckon(edition: Edition, categories: CostCategory[], lines: BudgetLine[], asked: number | null): BudgetReckoning {
  const byId = new Map(categories.map((category) => [category.id, category]));
  const sum = (keep: (line: BudgetLine, category: CostCategory) => boolean): number =>
    sumYen(lines.flatMap((line) => {
      const category = byId.get(line.category_id);
      return category && category.side === line.side && keep(line, category) ? [line.amount_yen] : [];
    }));
  const expense_yen = sum((line) => line.side === 'expense');
  const eligible_yen = sum((line, category) => line.side === 'expense' && category.eligible);
  const other_income_yen = sum((line, category) => line.side === 'income' && !category.is_grant);
  const { computed_yen, steps } = computeGrant(edition, eligible_yen);
  const requested_yen = asked === null ? computed_yen : Math.min(asked, computed_yen);
  const income_yen = other_income_yen + requested_yen;
  const difference_yen = income_yen - expense_yen;
  return {
    lines, expense_yen, eligible_yen, ineligible_yen: expense_yen - eligible_yen, other_income_yen, computed_yen, requested_yen, income_yen,
    difference_yen, steps, problems: budgetProblems({ expense_yen, eligible_yen, computed_yen, difference_yen, asked })
  };
}

function budgetProblems(sums: { expense_yen: number; eligible_yen: number; computed_yen: number; difference_yen: number; asked: number | null }): Missing[] {
  const at = (field: string, message: string): Missing => ({ section: 'budget', field, message });
  if (sums.expense_yen === 0) return [at('expense', '支出を1行以上入力してください。')];
  const problems: Missing[] = [];
  if (sums.eligible_yen === 0) problems.push(at('expense', '補助の対象になる支出がありません。区分を確認してください。'));
  else if (sums.computed_yen === 0) problems.push(at('expense', '計算した補助額が0円です。対象になる支出を確認してください。'));
  if (sums.asked !== null && sums.asked > sums.computed_yen) {
    problems.push(at('requested', `申請する額は、計算した額 ${formatYen(sums.computed_yen)} までにしてください。`));
  }
  if (sums.asked === 0) problems.push(at('requested', '申請する額は1円以上にしてください。'));
  if (sums.difference_yen > 0) problems.push(at('income', `収入が支出より ${formatYen(sums.difference_yen)} 多くなっています。収入と支出の合計を同じにしてください。`));
  if (sums.difference_yen < 0) problems.push(at('income', `収入が支出より ${formatYen(-sums.difference_yen)} 少なくなっています。会費や自己資金などの収入を足してください。`));
  return problems;
}
