/** Windows, deadlines and the days of the project. Pure. */
import { fiscalYearBounds, fiscalYearOf, formatFiscalYear } from '../../time/fiscal-year.ts';
import { formatPlainDay } from '../../time/wareki.ts';
import type { EditionContent } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import { effectiveWindow, instantOf, lastClosing, moveDeadline, overlaps } from '../windows.ts';
import type { About, Topic } from './about.ts';

function windowErrors(content: EditionContent, about: About): Finding[] {
  return content.windows.flatMap((window, index) => {
    const at = `windows.${index}.closes_on`;
    if (instantOf(window.closes_on, window.closes_at_time) <= instantOf(window.opens_on, window.opens_at_time)) return [finding(content, at, '締切が受付の開始より前か、同じ時刻になっています。')];
    if (moveDeadline(window.closes_on, content.closed_day, about.closed) === null) return [finding(content, at, 'この年の祝日がまだ分からないので、閉庁日のときの締切を決められません。日を確かめるか、締切を「そのまま」にしてください。')];
    const moved = effectiveWindow(window, content.closed_day, about.closed);
    return moved.closes_at <= moved.opens_at ? [finding(content, at, `閉庁日なので締切が${formatPlainDay(moved.closes_on)}に移り、受付の開始より前になります。`)] : [];
  });
}

function projectErrors(content: EditionContent): Finding[] {
  return content.starts_from !== null && content.starts_from > content.completion_due_on
    ? [finding(content, 'starts_from', '事業を始められる日が、事業の完了期限より後になっています。')] : [];
}

function movedDeadlines(content: EditionContent, about: About): Finding[] {
  return content.windows.flatMap((window, index) => {
    const { moved, closes_on } = effectiveWindow(window, content.closed_day, about.closed);
    return [
      ...(moved ? [finding(content, `windows.${index}.closes_on`, `${formatPlainDay(window.closes_on)}は閉庁日なので、締切は${formatPlainDay(closes_on)}になります。`)] : []),
      ...(window.closes_at_time === '23:59' ? [finding(content, `windows.${index}.closes_at_time`, '23時59分ちょうどに締め切ります。その日いっぱい受け付けるときは24:00にしてください。')] : [])
    ];
  });
}

const overlapping = (content: EditionContent, about: About): Finding[] =>
  overlaps(content, about.closed).map(([first, second]) => finding(content, `windows.${second}`, `${first + 1}行目の受付期間と重なっています。`));

function windowsInYear(content: EditionContent, { fiscal_year }: About): Finding[] {
  if (fiscal_year === null) return [];
  const { from, to } = fiscalYearBounds(fiscal_year);
  return content.windows.flatMap(({ opens_on, closes_on }, index) => (opens_on < from || closes_on > to
    ? [finding(content, `windows.${index}`, `${formatFiscalYear(fiscal_year)}の外に出ています。年度の始まる前に受け付けるときは、このままでかまいません。`)] : []));
}

function completion(content: EditionContent, about: About): Finding[] {
  const closing = lastClosing(content, about.closed);
  const at = 'completion_due_on';
  return [
    ...(closing !== null && instantOf(content.completion_due_on, '24:00') <= closing ? [finding(content, at, '最後の締切より前になっています。')] : []),
    ...(about.fiscal_year !== null && fiscalYearOf(content.completion_due_on) > about.fiscal_year ? [finding(content, at, `${formatFiscalYear(about.fiscal_year)}の終わりより後になっています。`)] : []),
    ...(about.fiscal_year !== null && fiscalYearOf(content.completion_due_on) < about.fiscal_year ? [finding(content, at, `${formatFiscalYear(about.fiscal_year)}の始まりより前になっています。`)] : [])
  ];
}

export const days: Topic = {
  errors: (content, about) => [...windowErrors(content, about), ...projectErrors(content)],
  missing: (content) => (content.windows.length === 0 ? [finding(content, 'windows', '受付期間を1つ以上入れてください。')] : []),
  warnings: (content, about) => [...movedDeadlines(content, about), ...overlapping(content, about), ...windowsInYear(content, about), ...completion(content, about)]
};
