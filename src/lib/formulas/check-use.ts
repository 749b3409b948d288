/** Warnings: what a formula holds that nobody needs, that never matters, or that surprises. For formulas without errors. */
import { factsOf } from './condition.ts';
import type { Report } from './findings.ts';
import type { Formula, Step } from './formula.ts';
import { conditionsOf, reachedKeys, valuesOf } from './needs.ts';
import { compare, isMultiple, rational, type Rational } from './rational.ts';
import type { Range, Ranges } from './range.ts';

const reaches = (a: Rational, b: Rational): boolean => compare(a, b) >= 0;

export function warnOf(formula: Formula, ranges: Ranges, report: Report): void {
  warnOfUnused(formula, report);
  formula.steps.forEach((step, index) => {
    const below = report.below(`steps.${index}`, `手順${index + 1}「${step.label}」`);
    if (ranges.get(step.key)!.max.n === 0n) below.warn('', '結果がいつも0になります。');
    else warnOfIdle(step, ranges, below);
    warnOfRounding(formula, step, ranges, below);
  });
}

function warnOfUnused(formula: Formula, report: Report): void {
  const reached = reachedKeys(formula);
  const steps = formula.steps.filter(({ key }) => reached.has(key));
  const inConditions = new Set([...steps.flatMap(conditionsOf), ...[...formula.figures, ...formula.rows].flatMap(({ when }) => when ?? [])].flatMap(factsOf));
  formula.steps.forEach(({ key, label }, index) => {
    if (!reached.has(key)) report.warn(`steps.${index}`, `手順${index + 1}「${label}」: 最後の手順につながっていないので、補助額に使われません。`);
  });
  formula.figures.forEach(({ key, label }, index) => {
    if (!reached.has(key) && !inConditions.has(key)) report.warn(`figures.${index}`, `たずねる数「${label}」: どの手順でも使われません。`);
  });
  formula.rows.forEach(({ key, label }, index) => {
    if (!reached.has(key)) report.warn(`rows.${index}`, `一覧「${label}」: どの手順でも使われません。`);
  });
}

/** A step, or one of its values, that can change nothing within the bounds of the figures. */
function warnOfIdle(step: Step, ranges: Ranges, report: Report): void {
  const at = (key: string): Range => ranges.get(key)!;
  switch (step.do) {
    case 'cap':
      if (valuesOf(step.yen).every((yen) => reaches(rational(yen), at(step.of).max))) report.warn('yen', '上限に届くことがないので、この手順は結果を変えません。');
      break;
    case 'round':
      if (isMultiple(at(step.of).grain, rational(step.unit))) report.warn('unit', '端数が出ないので、この手順は結果を変えません。');
      break;
    case 'least': case 'greatest':
      step.of.forEach((key, index) => {
        const beaten = step.of.some((other) => other !== key && (step.do === 'least' ? reaches(at(key).min, at(other).max) : reaches(at(other).min, at(key).max)));
        if (beaten) report.warn(`of.${index}`, `${index + 1}番目の金額が選ばれることはありません。`);
      });
      break;
    case 'sum': case 'less':
      (step.do === 'sum' ? step.of : step.minus).forEach((key, index) => {
        if (at(key).max.n === 0n) report.warn(step.do === 'sum' ? `of.${index}` : `minus.${index}`, `${index + 1}番目の金額はいつも0円です。`);
      });
      break;
    default:
  }
}

/** Rounding that swallows a cap whole, or lifts an amount above the cap it was just held to. */
function warnOfRounding(formula: Formula, step: Step, ranges: Ranges, report: Report): void {
  if (step.do === 'each' && step.rounding.mode !== 'down') {
    step.classes.forEach(({ cap_yen }, index) => {
      if (cap_yen !== null && cap_yen % step.rounding.unit !== 0) report.warn(`classes.${index}.cap_yen`, '上限が端数処理の単位の倍数でないので、端数処理のあとで上限を超えることがあります。');
    });
  }
  if (step.do === 'each' && step.rounding.mode === 'down') {
    step.classes.forEach(({ cap_yen }, index) => {
      if (cap_yen !== null && cap_yen < step.rounding.unit) report.warn(`classes.${index}.cap_yen`, '上限が端数処理の単位より小さいので、結果がいつも0円になります。');
    });
  }
  if (step.do !== 'round') return;
  const of = formula.steps.find(({ key }) => key === step.of);
  if (of?.do !== 'cap') {
    if (step.mode !== 'down' && (of?.do === 'least') && !isMultiple(ranges.get(step.of)!.grain, rational(step.unit))) {
      report.warn('mode', '少ないほうを選んだあとで切り上げるので、もとの金額を超えることがあります。');
    }
    return;
  }
  const caps = valuesOf(of.yen);
  if (step.mode === 'down' && caps.some((yen) => yen > 0 && yen < step.unit)) report.warn('unit', `上限（手順「${of.label}」）が端数処理の単位より小さいので、その場合の結果はいつも0円になります。`);
  if (step.mode !== 'down' && caps.some((yen) => yen % step.unit !== 0)) report.warn('mode', `上限（手順「${of.label}」）のあとで切り上げるので、上限を超えることがあります。`);
}
