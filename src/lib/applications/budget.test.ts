import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CostCategory, Edition } from '../schemes/scheme.ts';
import type { BudgetLine } from './application.ts';
import { BUDGET_MAX_YEN, reckon } from './budget.ts';
import { BUDGET_ROWS_MAX, parseBudget } from './form.ts';

const category = (id: string, side: 'income' | 'expense', more: Partial<CostCategory> = {}): CostCategory => ({ id, side, name: id, hint: '', eligible: true, is_grant: false, reason: '', ...more });
const CATEGORIES = [
  category('grant', 'income', { is_grant: true }), category('fees', 'income'), category('supplies', 'expense'), category('meals', 'expense', { eligible: false, reason: '飲食は対象外' })
];
const rule = (more: Partial<Edition> = {}): Edition => ({ rate_numerator: 1, rate_denominator: 2, cap_yen: 200_000, rounding_unit_yen: 1000, ...more }) as Edition;
const line = (category_id: string, amount_yen: number, side: 'income' | 'expense' = 'expense'): BudgetLine => ({ side, category_id, item: category_id, amount_yen, basis: '' });

const anyRule = fc.record({
  rate_denominator: fc.integer({ min: 1, max: 1000 }), cap_yen: fc.integer({ min: 10_000, max: 999_999_999_999 }), rounding_unit_yen: fc.constantFrom(1, 10, 100, 1000, 10_000), share: fc.integer({ min: 1, max: 1000 })
}).map(({ share, ...rest }) => rule({ ...rest, rate_numerator: Math.min(share, rest.rate_denominator) }));
/** At most what a form takes: 60 rows a side whose sum stays within the ceiling. */
const anyLines = fc.array(fc.record({ id: fc.constantFrom('fees', 'supplies', 'meals'), amount: fc.integer({ min: 0, max: Math.floor(BUDGET_MAX_YEN / BUDGET_ROWS_MAX) }) }), { maxLength: BUDGET_ROWS_MAX })
  .map((rows) => rows.map(({ id, amount }) => line(id, amount, id === 'fees' ? 'income' : 'expense')));

describe('the reckoning', () => {
  test('never gives more than the cap, the rate, the eligible cost or what is asked; always a multiple of the unit', () => {
    fc.assert(fc.property(anyRule, anyLines, fc.option(fc.integer({ min: 0, max: BUDGET_MAX_YEN })), (edition, lines, asked) => {
      const result = reckon(edition, CATEGORIES, lines, asked);
      expect(result.computed_yen).toBeLessThanOrEqual(edition.cap_yen);
      expect(result.computed_yen).toBeLessThanOrEqual(result.eligible_yen);
      expect(BigInt(result.computed_yen) * BigInt(edition.rate_denominator)).toBeLessThanOrEqual(BigInt(result.eligible_yen) * BigInt(edition.rate_numerator));
      expect(result.computed_yen % edition.rounding_unit_yen).toBe(0);
      expect(result.requested_yen).toBeLessThanOrEqual(Math.min(result.computed_yen, asked ?? Infinity));
      expect(result.steps.at(-1)!.result_yen).toBe(result.computed_yen);
    }), { numRuns: 500 });
  });

  test('adds up: parts make the whole, and the difference is income minus expense', () => {
    fc.assert(fc.property(anyRule, anyLines, (edition, lines) => {
      const result = reckon(edition, CATEGORIES, lines, null);
      const all = (side: string) => lines.reduce((sum, one) => sum + (one.side === side ? one.amount_yen : 0), 0);
      expect(result.expense_yen).toBe(all('expense'));
      expect(result.eligible_yen + result.ineligible_yen).toBe(result.expense_yen);
      expect(result.income_yen).toBe(all('income') + result.requested_yen);
      expect(result.difference_yen).toBe(result.income_yen - result.expense_yen);
      expect(result.problems.some((problem) => problem.field === 'income')).toBe(result.difference_yen !== 0 && result.expense_yen > 0);
    }), { numRuns: 300 });
  });

  test('a yen more of eligible cost never gives less', () => {
    fc.assert(fc.property(anyRule, fc.integer({ min: 0, max: 10_000_000 }), (edition, cost) => {
      const at = (yen: number) => reckon(edition, CATEGORIES, [line('supplies', yen)], null).computed_yen;
      expect(at(cost + 1)).toBeGreaterThanOrEqual(at(cost));
    }), { numRuns: 300 });
  });

  test('rounds once, after the cap, and downwards (千円未満切捨て)', () => {
    expect(reckon(rule(), CATEGORIES, [line('supplies', 181_999)], null)).toMatchObject({ eligible_yen: 181_999, computed_yen: 90_000 });
    expect(reckon(rule({ cap_yen: 55_500 }), CATEGORIES, [line('supplies', 400_000)], null).computed_yen).toBe(55_000);
    expect(reckon(rule({ rate_numerator: 1, rate_denominator: 1 }), CATEGORIES, [line('supplies', 1999)], null).computed_yen).toBe(1000);
  });

  test('says what does not fit, and how much', () => {
    const words = (lines: BudgetLine[], asked: number | null = null) => reckon(rule(), CATEGORIES, lines, asked).problems.map((problem) => problem.message).join('\n');
    expect(words([])).toContain('支出を1行以上');
    expect(words([line('meals', 5000), line('fees', 5000, 'income')])).toContain('補助の対象になる支出がありません');
    expect(words([line('supplies', 1000), line('fees', 1000, 'income')])).toContain('計算した補助額が0円');
    expect(words([line('supplies', 10_000), line('fees', 5000, 'income')])).toBe('');
    expect(words([line('supplies', 10_000), line('fees', 6000, 'income')])).toContain('1,000円 多く');
    expect(words([line('supplies', 10_000)], 9000)).toContain('5,000円 まで');
    expect(words([line('supplies', 10_000), line('fees', 10_000, 'income')], 0)).toContain('1円以上');
  });

  test('a line whose category stands on the other side counts nowhere', () => {
    expect(reckon(rule(), CATEGORIES, [line('fees', 9000, 'expense')], null).expense_yen).toBe(0);
  });
});

describe('the budget form', () => {
  const ids = { fees: '018f0000-0000-7000-8000-000000000001', supplies: '018f0000-0000-7000-8000-000000000002' };
  const categories = [category(ids.fees, 'income'), category(ids.supplies, 'expense')];
  const form = (rows: Record<string, string>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ _version: '3', requested: '', ...rows })) data.set(name, value);
    return data;
  };
  const row = (side: string, n: number, category_id: string, amount: string) => ({ [`${side}.${n}.category_id`]: category_id, [`${side}.${n}.item`]: '品', [`${side}.${n}.amount_yen`]: amount, [`${side}.${n}.basis`]: '' });

  test('reads 全角 amounts and keeps the version it was made from', () => {
    expect(parseBudget(categories, form({ ...row('expense', 2, ids.supplies, '１２，０００円'), ...row('income', 0, ids.fees, '12000') }))).toEqual({
      ok: true, version: 3, value: {
        lines: [{ side: 'income', category_id: ids.fees, item: '品', amount_yen: 12_000, basis: '' }, { side: 'expense', category_id: ids.supplies, item: '品', amount_yen: 12_000, basis: '' }],
        asked_yen: null
      }
    });
  });

  test('a sum that the portal could not reckon with is refused, with what was typed', () => {
    const rows = Object.assign({}, ...Array.from({ length: 11 }, (_, n) => row('expense', n, ids.supplies, String(BUDGET_MAX_YEN))));
    const read = parseBudget(categories, form(rows));
    if (read.ok) throw new Error('accepted');
    expect(read.status).toBe(422);
    expect(read.problems[0]!.message).toContain('合計は 99,999,999,999円 まで');
    expect(read.values['expense.10.amount_yen']).toBe(String(BUDGET_MAX_YEN));
  });

  test('a category of the other side or of another edition is refused', () => {
    for (const id of [ids.fees, '018f0000-0000-7000-8000-00000000000f', 'x']) expect(parseBudget(categories, form(row('expense', 0, id, '1'))).ok, id).toBe(false);
  });
});
