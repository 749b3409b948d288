import { isYen, type Rounding } from '../money/yen.ts';
import { checkWords } from './check-asked.ts';
import { checkCases } from './check-condition.ts';
import { isRate, isRoundingUnit } from './demand.ts';
import type { Report } from './findings.ts';
import { BUILT_IN_AMOUNTS, LIMITS, ROUNDING_UNITS, type Formula, type Quantity, type Rate, type Step } from './formula.ts';
import type { KnownFacts } from './known-facts.ts';
import { casesOf, isBuiltIn, needsOf, valuesOf, type Need } from './needs.ts';

const KINDS = ['amount', 'rate', 'sum', 'less', 'least', 'greatest', 'cap', 'units', 'tiers', 'bracket', 'share', 'each', 'round'] satisfies Step['do'][];

/** Checks one step by itself: its values, and that it rests on earlier values of the right kind. */
export function checkStep(formula: Formula, index: number, known: KnownFacts, report: Report): void {
  const step = formula.steps[index]!;
  if (!KINDS.includes(step.do)) {
    report.error('do', '手順の種類を選んでください。');
    return;
  }
  checkWords(step.label, 'label', '名前', report);
  for (const need of needsOf(step)) checkNeed(formula, index, need, report);
  for (const { at, cases } of casesOf(step)) {
    checkCases(cases, known, report.below(at));
    valuesOf(cases).forEach((value, place) => {
      const where = place < cases.cases.length ? `${at}.cases.${place}.value` : `${at}.otherwise`;
      if (step.do === 'rate') checkRate(value as Rate, where, report);
      else checkAmount(value as number, where, report);
    });
  }
  checkOwn(formula, step, report);
}

function checkOwn(formula: Formula, step: Step, report: Report): void {
  switch (step.do) {
    case 'sum': checkNames(step.of, 'of', 1, report); break;
    case 'least': case 'greatest': checkNames(step.of, 'of', 2, report); break;
    case 'less': checkNames(step.minus, 'minus', 1, report); break;
    case 'units':
      if (step.lines.length === 0) report.error('lines', '単価の行を1つ以上作ってください。');
      if (step.lines.length > LIMITS.lines) report.error('lines', `単価の行は${LIMITS.lines}個までです。`);
      break;
    case 'tiers': checkSpans(step.tiers, 'tiers', 1, '段階', report); break;
    case 'bracket': checkSpans(step.brackets, 'brackets', 0, '区分', report); break;
    case 'share': checkShare(formula, step, report); break;
    case 'each': checkEach(formula, step, report); break;
    case 'round': checkRounding(step.unit, step.mode, '', report); break;
    case 'amount': case 'rate': case 'cap': break;
  }
}

const NOUN: Record<Quantity, string> = { yen: '金額', count: '数', share: '割合' };

function checkNeed(formula: Formula, index: number, need: Need, report: Report): void {
  const step = formula.steps[index]!;
  if (need.kind === 'rows') {
    if (!formula.rows.some(({ key }) => key === need.key)) report.error(need.at, '使う一覧が見つかりません。');
    return;
  }
  const figure = formula.figures.find(({ key }) => key === need.key);
  const other = formula.steps.findIndex(({ key }) => key === need.key);
  if (figure === undefined && (need.kind === 'figure' || (other < 0 && !isBuiltIn(need.key)))) {
    report.error(need.at, `使う${need.kind === 'figure' ? '数' : '項目'}「${need.key.slice(0, 40)}」が見つかりません。`);
    return;
  }
  if (figure === undefined && other >= index) {
    report.error(need.at, other === index ? '自分自身の結果は使えません。' : `後の手順「${formula.steps[other]!.label}」の結果は使えません。`);
    return;
  }
  const quantity: Quantity = figure ? figure.quantity : other >= 0 && formula.steps[other]!.do === 'share' ? 'share' : 'yen';
  const name = figure?.label ?? (isBuiltIn(need.key) ? BUILT_IN_AMOUNTS[need.key] : formula.steps[other]!.label);
  const wanted: Quantity | null = step.do === 'bracket' || step.do === 'share' ? null : need.kind === 'figure' ? 'count' : 'yen';
  if (wanted !== null && quantity !== wanted) report.error(need.at, `「${name}」は${NOUN[quantity]}なので、ここでは使えません。${NOUN[wanted]}を選んでください。`);
}

/** So many names, none twice: a sum that counts one amount twice is never meant. */
function checkNames(names: readonly string[], at: string, minimum: number, report: Report): void {
  if (names.length < minimum) report.error(at, `金額を${minimum}つ以上選んでください。`);
  if (names.length > LIMITS.references) report.error(at, `選べる金額は${LIMITS.references}個までです。`);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) report.error(`${at}.${index}`, '同じものが2回選ばれています。');
  });
}

function checkRate(rate: Rate, at: string, report: Report): void {
  if (isRate(rate)) return;
  const { numerator, denominator } = rate;
  const whole = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator) && numerator >= 0 && denominator >= 1;
  if (!whole) report.error(at, '率の分子は0以上、分母は1以上の整数にしてください。');
  else if (denominator > LIMITS.denominator) report.error(at, `率の分母は${LIMITS.denominator}までにしてください。`);
  else report.error(at, `率が100％を超えています（${denominator}分の${numerator}）。100％までにしてください。`);
}

function checkAmount(yen: number, at: string, report: Report): void {
  if (!isYen(yen)) report.error(at, '金額は0円から999,999,999,999円までの整数にしてください。');
}

/** Spans follow each other from `first` on without gap or overlap; the last alone is open. */
function checkSpans(spans: readonly { from: number; to: number | null; yen: number }[], at: string, first: number, noun: string, report: Report): void {
  if (spans.length === 0) report.error(at, `${noun}を1つ以上作ってください。`);
  if (spans.length > LIMITS.tiers) report.error(at, `${noun}は${LIMITS.tiers}個までです。`);
  let next = first;
  spans.forEach(({ from, to, yen }, index) => {
    const place = `${at}.${index}`;
    checkAmount(yen, `${place}.yen`, report);
    if (!Number.isSafeInteger(from) || from < 0 || (to !== null && !Number.isSafeInteger(to))) {
      report.error(place, `${noun}の範囲は0以上の整数にしてください。`);
      return;
    }
    if (from !== next && index === 0) report.error(`${place}.from`, `最初の${noun}は${first}から始めてください。`);
    else if (from < next) report.error(`${place}.from`, `${index + 1}番目の${noun}が前の${noun}と重なっています。${next}から始めてください。`);
    else if (from > next) report.error(`${place}.from`, `${index + 1}番目の${noun}の前にあきがあります。${next}から始めてください。`);
    const last = index === spans.length - 1;
    if (last && to !== null) report.error(`${place}.to`, `最後の${noun}は「以上」（終わりなし）にしてください。`);
    if (!last && to === null) report.error(`${place}.to`, `終わりなしにできるのは最後の${noun}だけです。`);
    if (to !== null && to < from) report.error(`${place}.to`, `${index + 1}番目の${noun}の終わりが始まりより前です。`);
    if (to !== null && to > LIMITS.yen) report.error(`${place}.to`, `${noun}の範囲が大きすぎます。`);
    next = (to ?? from) + 1;
  });
}

function checkShare(formula: Formula, step: Extract<Step, { do: 'share' }>, report: Report): void {
  const [part, whole] = [step.figure, step.of].map((name) => formula.figures.find(({ key }) => key === name));
  if (!part || !whole) return;
  if (step.figure === step.of) report.error('of', '分子と分母に同じ数が選ばれています。');
  if (part.quantity !== whole.quantity) report.error('of', `「${part.label}」と「${whole.label}」は、どちらも数か、どちらも金額にしてください。`);
  if (!(whole.minimum >= 1)) report.error('of', `「${whole.label}」で割るので、その最小を1以上にしてください。`);
  if (whole.when !== null) report.warn('of', `「${whole.label}」をたずねない場合、割合は0％になります。`);
}

function checkEach(formula: Formula, step: Extract<Step, { do: 'each' }>, report: Report): void {
  checkRounding(step.rounding.unit, step.rounding.mode, 'rounding', report);
  const list = formula.rows.find(({ key }) => key === step.rows);
  for (const { key, label } of list?.classes ?? []) {
    if (!step.classes.some((one) => one.class === key)) report.error('classes', `区分「${label}」の率がありません。`);
  }
  step.classes.forEach((rule, index) => {
    const at = `classes.${index}`;
    if (list && !list.classes.some(({ key }) => key === rule.class)) report.error(`${at}.class`, `区分「${rule.class.slice(0, 40)}」は一覧にありません。`);
    if (step.classes.findIndex((one) => one.class === rule.class) !== index) report.error(`${at}.class`, '同じ区分が2回あります。');
    checkRate(rule.rate, `${at}.rate`, report);
    if (rule.cap_yen !== null) checkAmount(rule.cap_yen, `${at}.cap_yen`, report);
  });
}

function checkRounding(unit: number, mode: Rounding, at: string, report: Report): void {
  const below = report.below(at);
  if (!isRoundingUnit(unit)) below.error('unit', `端数処理の単位は${ROUNDING_UNITS.join('・')}円のどれかにしてください。`);
  if (mode !== 'down' && mode !== 'up' && mode !== 'half_up') below.error('mode', '切捨て・切上げ・四捨五入のどれかを選んでください。');
}
