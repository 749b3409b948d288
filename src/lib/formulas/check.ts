/**
 * What is wrong with a formula, before anybody computes with it. One that passes without errors always gives whole yen within
 * a money column's width, for every answer a form lets through, and `evaluate` never throws on it. Pure.
 */
import { checkAsked } from './check-asked.ts';
import { checkStep } from './check-step.ts';
import { warnOf } from './check-use.ts';
import { reportInto, type Findings, type Report } from './findings.ts';
import { LIMITS, type Formula } from './formula.ts';
import { figureFacts, type KnownFacts } from './known-facts.ts';
import { compare, floor, isWhole, rational } from './rational.ts';
import { rangesOf, type Ranges } from './range.ts';
import { valueInWords } from './words.ts';

/**
 * Errors and warnings of a formula, each with its path ('steps.2.rate.otherwise') and a sentence. `known` holds the facts of the
 * edition by key (built-in facts and questions), without the figures. Bounds and warnings are worked out once the parts are sound.
 */
export function checkFormula(formula: Formula, known: KnownFacts): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  const report = reportInto(findings);
  checkAsked(formula, known, report);
  if (formula.steps.length === 0) report.error('steps', '計算の手順を1つ以上作ってください。');
  if (formula.steps.length > LIMITS.steps) report.error('steps', `手順は${LIMITS.steps}個までです。`);
  const all = { ...known, ...figureFacts(formula.figures) };
  formula.steps.forEach((_, index) => checkStep(formula, index, all, stepReport(formula, index, report)));
  if (findings.errors.length > 0) return findings;
  const ranges = rangesOf(formula);
  checkBounds(formula, ranges, report);
  if (findings.errors.length === 0) warnOf(formula, ranges, report);
  return findings;
}

const stepReport = (formula: Formula, index: number, report: Report): Report => report.below(`steps.${index}`, `手順${index + 1}「${formula.steps[index]!.label}」`);

/** No step may leave a money column, whatever is typed; a bracket looks at whole numbers; the last step gives whole yen. */
function checkBounds(formula: Formula, ranges: Ranges, report: Report): void {
  formula.steps.forEach((step, index) => {
    const below = stepReport(formula, index, report);
    const { max } = ranges.get(step.key)!;
    if (compare(max, rational(LIMITS.yen)) > 0) {
      const most = max.n / max.d > BigInt(Number.MAX_SAFE_INTEGER) ? '' : `（最大 ${valueInWords(rational(floor(max)), step.do === 'share' ? 'share' : 'yen', '')}）`;
      below.error('', `999,999,999,999円を超えることがあります${most}。上限を置くか、たずねる数の最大や単価を小さくしてください。`);
    }
    if (step.do === 'bracket' && !isWhole(ranges.get(step.of)!.grain)) below.error('of', '1円未満の端数が出ることがあるので、先に端数処理をしてください。');
  });
  const last = formula.steps.length - 1;
  const grant = formula.steps[last]!;
  const below = stepReport(formula, last, report);
  if (grant.do === 'share') below.error('do', '最後の手順の結果が補助額になります。最後は金額になる手順にしてください。');
  else if (!isWhole(ranges.get(grant.key)!.grain)) below.error('', '結果に1円未満の端数が出ることがあります。最後に端数処理の手順を足してください。');
}
