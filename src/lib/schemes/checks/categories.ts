/** Categories of the budget, and what the formula takes from them. Pure. */
import { valuesOf, reachedKeys } from '../../formulas/needs.ts';
import type { EditionCategory, EditionContent } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import { repeated, type Topic } from './about.ts';

/** Whether some applicant is asked for a budget. */
export const asksForBudget = (content: EditionContent): boolean => valuesOf(content.needs_budget).includes(true);

function wrong(category: EditionCategory): [string, string][] {
  const { side, cap_yen, cap_share, is_grant, deducted } = category;
  const capped = cap_yen !== null || cap_share !== null;
  return [
    ...(cap_yen !== null && cap_share !== null ? [['cap_share', '上限は、金額か割合のどちらかだけにしてください。'] as [string, string]] : []),
    ...(cap_yen !== null && cap_yen < 0 ? [['cap_yen', '上限は0円以上にしてください。'] as [string, string]] : []),
    ...(cap_share !== null && cap_share.numerator > cap_share.denominator ? [['cap_share', '割合が100％を超えています。'] as [string, string]] : []),
    ...(side === 'income' && capped ? [[cap_yen === null ? 'cap_share' : 'cap_yen', '上限は、支出の区分にだけ付けられます。'] as [string, string]] : []),
    ...(side === 'expense' && is_grant ? [['is_grant', 'この制度の補助金にできるのは、収入の区分だけです。'] as [string, string]] : []),
    ...(side === 'expense' && deducted ? [['deducted', '経費から差し引けるのは、収入の区分だけです。'] as [string, string]] : []),
    ...(is_grant && deducted ? [['deducted', 'この制度の補助金そのものは、経費から差し引けません。'] as [string, string]] : [])
  ];
}

function errors(content: EditionContent): Finding[] {
  const grants = content.categories.flatMap(({ is_grant }, index) => (is_grant ? [index] : []));
  return [
    ...content.categories.flatMap((category, index) => wrong(category).map(([field, words]) => finding(content, `categories.${index}.${field}`, words))),
    ...grants.slice(1).map((index) => finding(content, `categories.${index}.is_grant`, 'この制度の補助金の区分は、1つだけにしてください。'))
  ];
}

function missing(content: EditionContent): Finding[] {
  const reasons = content.categories.flatMap(({ side, eligible, reason }, index) =>
    (side === 'expense' && !eligible && reason === '' ? [finding(content, `categories.${index}.reason`, '対象にならない理由を入力してください。')] : []));
  if (!asksForBudget(content)) return reasons;
  return [
    ...reasons,
    ...(content.categories.some(({ side, eligible }) => side === 'expense' && eligible) ? [] : [finding(content, 'categories', '補助の対象になる支出の区分を1つ以上入れてください。')]),
    ...(content.categories.some(({ is_grant }) => is_grant) ? [] : [finding(content, 'categories', 'この制度の補助金を入れる収入の区分を1つ入れてください。')])
  ];
}

function unusable(content: EditionContent): Finding[] {
  return content.categories.flatMap(({ side, eligible, cap_yen, cap_share }, index) => {
    if (side === 'income') return [];
    const at = `categories.${index}`;
    if (eligible && (cap_yen === 0 || cap_share?.numerator === 0)) return [finding(content, `${at}.${cap_yen === 0 ? 'cap_yen' : 'cap_share'}`, '上限が0なので、この区分の支出は対象になりません。')];
    return !eligible && (cap_yen !== null || cap_share !== null) ? [finding(content, `${at}.${cap_yen === null ? 'cap_share' : 'cap_yen'}`, '対象にならない区分なので、上限は使われません。')] : [];
  });
}

/** Whether what the budget yields and what the formula takes fit together. */
function connection(content: EditionContent): Finding[] {
  if (!asksForBudget(content)) return content.categories.length === 0 ? [] : [finding(content, 'categories', '収支予算を求めないので、区分はだれにも使われません。')];
  if (content.formula.steps.length === 0) return [];
  const reached = reachedKeys(content.formula);
  const deducted = content.categories.some((category) => category.deducted);
  return [
    ...(deducted && !reached.has('deducted') ? [finding(content, 'formula.steps', '経費から差し引く収入の区分がありますが、計算の手順で差し引いていません。')] : []),
    ...(!deducted && reached.has('deducted') ? [finding(content, 'categories', '計算の手順で収入を差し引いていますが、差し引く収入の区分がありません。')] : [])
  ];
}

export const categories: Topic = {
  errors, missing,
  warnings: (content) => [
    ...unusable(content), ...connection(content),
    ...repeated(content.categories, ({ side, name }) => `${side} ${name}`).map((index) => finding(content, `categories.${index}.name`, '同じ名前の区分がもうあります。'))
  ]
};
