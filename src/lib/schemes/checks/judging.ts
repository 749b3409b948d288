/** Who judges, by what, and what comes after the award. Pure. */
import { isDay } from '../../time/day.ts';
import { fiscalYearBounds, fiscalYearOf } from '../../time/fiscal-year.ts';
import { formatPlainDay } from '../../time/wareki.ts';
import type { EditionContent } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import { repeated, type Topic } from './about.ts';

function tie(content: EditionContent): Finding[] {
  const { tie: rule, criteria } = content.judging;
  return rule.by === 'criterion' && !criteria.some(({ key }) => key === rule.criterion) ? [finding(content, 'judging.tie', '同点のときに使う基準が、審査の基準にありません。選び直してください。')] : [];
}

function weights(content: EditionContent): Finding[] {
  const { by, criteria } = content.judging;
  const sum = criteria.reduce((all, { weight }) => all + weight, 0);
  return by === 'committee' && criteria.length > 0 && sum !== 100 ? [finding(content, 'judging.criteria', `重みの合計が${sum}です。100にすると、割合として読めます。`)] : [];
}

export const judging: Topic = {
  errors: tie,
  missing: (content) => [
    ...(content.judging.by === 'committee' && content.judging.criteria.length === 0 ? [finding(content, 'judging.criteria', '審査の基準を1つ以上入れてください。')] : []),
    ...(content.judging.by === 'office' && content.requirements.length === 0 ? [finding(content, 'requirements', '担当者の形式審査だけで決めるので、確かめる項目を1つ以上入れてください。')] : [])
  ],
  warnings: (content) => [
    ...weights(content), ...repeated(content.judging.criteria, ({ name }) => name).map((index) => finding(content, `judging.criteria.${index}.name`, '同じ名前の基準がもうあります。')),
    ...(content.judging.by === 'office' && content.judging.criteria.length > 0 ? [finding(content, 'judging.criteria', '担当者の形式審査だけで決めるので、基準は使われません。')] : [])
  ]
};

/** The last day for the report that falls into the fiscal year the project must end in; null when there is no such rule. */
export function lastReportDay(content: Pick<EditionContent, 'after' | 'completion_due_on'>): string | null {
  const { report_until } = content.after;
  if (report_until === '') return null;
  const { from, to } = fiscalYearBounds(fiscalYearOf(content.completion_due_on));
  const year = (report_until >= from.slice(5) ? from : to).slice(0, 4);
  // 29 February of a common year is the end of that month.
  return isDay(`${year}-${report_until}`) ? `${year}-${report_until}` : `${year}-02-28`;
}

function advance(content: EditionContent): Finding[] {
  const { advance: rate, advance_parts } = content.after;
  if (rate === null) return [];
  return [
    ...(rate.numerator > rate.denominator ? [finding(content, 'after.advance', '割合が100％を超えています。')] : []),
    ...(rate.numerator === 0 ? [finding(content, 'after.advance', '割合が0です。概算払をしないときは、空にしてください。')] : []),
    ...(advance_parts === 0 ? [finding(content, 'after.advance_parts', '概算払をするときは、1回以上にしてください。')] : [])
  ];
}

function afterWarnings(content: EditionContent): Finding[] {
  const { asset_from_yen, asset_years, keep_years } = content.after;
  const last = lastReportDay(content);
  return [
    ...(last !== null && last < content.completion_due_on ? [finding(content, 'after.report_until', `実績報告の最終日（${formatPlainDay(last)}）が、事業の完了期限より前になっています。`)] : []),
    ...(asset_from_yen !== null && asset_years === 0 ? [finding(content, 'after.asset_years', '制限する年数が0年なので、財産処分の決まりは働きません。')] : []),
    ...(keep_years === 0 ? [finding(content, 'after.keep_years', '0年なので、書類を保存する決まりがありません。')] : [])
  ];
}

export const after: Topic = { errors: advance, warnings: afterWarnings };
