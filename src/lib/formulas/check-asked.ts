import { isDay } from '../time/day.ts';
import { checkCondition } from './check-condition.ts';
import type { Report } from './findings.ts';
import { BUILT_IN_AMOUNTS, KEY, LIMITS, type Figure, type Formula, type RowList } from './formula.ts';
import { figureFacts, type KnownFacts } from './known-facts.ts';

/** Checks what a formula asks for: its figures and its lists, their names, bounds and conditions; and that every key means one thing. */
export function checkAsked(formula: Formula, known: KnownFacts, report: Report): void {
  if (formula.figures.length > LIMITS.figures) report.error('figures', `たずねる数は${LIMITS.figures}個までです。`);
  if (formula.rows.length > LIMITS.rows) report.error('rows', `一覧は${LIMITS.rows}個までです。`);
  checkKeys(formula, known, report);
  formula.figures.forEach((figure, index) => {
    // A figure may wait for those before it only, so that no two wait for each other.
    checkFigure(figure, { ...known, ...figureFacts(formula.figures.slice(0, index)) }, report.below(`figures.${index}`, `たずねる数「${figure.label}」`));
  });
  const all = { ...known, ...figureFacts(formula.figures) };
  formula.rows.forEach((list, index) => checkList(list, all, report.below(`rows.${index}`, `一覧「${list.label}」`)));
}

/** Figures, lists, steps and built-in amounts share one space of names; figures and lists also that of the questions, which are facts beside them. */
function checkKeys(formula: Formula, known: KnownFacts, report: Report): void {
  const taken = new Set<string>(Object.keys(BUILT_IN_AMOUNTS));
  const check = (part: 'figures' | 'rows' | 'steps', place: string, isFact: boolean): void => formula[part].forEach(({ key, label }, index) => {
    const below = report.below(`${part}.${index}`, `${place}「${label}」`);
    if (!KEY.test(key)) below.error('key', '記号は英小文字で始め、英小文字・数字・「_」で40文字までにしてください。');
    else if (taken.has(key) || (isFact && Object.hasOwn(known, key))) below.error('key', `記号「${key}」はほかでも使われています。別の記号にしてください。`);
    taken.add(key);
  });
  check('figures', 'たずねる数', true);
  check('rows', '一覧', true);
  check('steps', '手順', false);
}

/** A text that stands in a sentence of the arithmetic. */
export function checkWords(text: string, at: string, name: string, report: Report): void {
  if (text.trim() === '') report.error(at, `${name}を入力してください。`);
  else if (text.length > LIMITS.label) report.error(at, `${name}は${LIMITS.label}文字までにしてください。`);
}

function checkFigure(figure: Figure, known: KnownFacts, report: Report): void {
  checkWords(figure.label, 'label', '名前', report);
  checkWords(figure.unit, 'unit', '単位', report);
  checkWords(figure.source, 'source', '数の出どころ', report);
  if (figure.quantity !== 'count' && figure.quantity !== 'yen') report.error('quantity', '数か金額かを選んでください。');
  if (figure.quantity === 'yen' && figure.unit !== '円') report.error('unit', '金額の単位は「円」にしてください。');
  if (figure.basis_on !== null && !isDay(figure.basis_on)) report.error('basis_on', '基準日が日付ではありません。');
  const ceiling = figure.quantity === 'yen' ? LIMITS.budget : LIMITS.figure;
  const isBound = (bound: number): boolean => Number.isSafeInteger(bound) && bound >= 0 && bound <= ceiling;
  if (!isBound(figure.minimum)) report.error('minimum', `最小は0から${ceiling}までの整数にしてください。`);
  if (!isBound(figure.maximum)) report.error('maximum', `最大は0から${ceiling}までの整数にしてください。`);
  else if (figure.minimum > figure.maximum) report.error('maximum', '最大は最小より小さくできません。');
  if (figure.when !== null) checkCondition(figure.when, known, report.below('when'));
}

function checkList(list: RowList, known: KnownFacts, report: Report): void {
  checkWords(list.label, 'label', '名前', report);
  checkWords(list.unit, 'unit', '単位', report);
  if (list.classes.length === 0) report.error('classes', '区分を1つ以上作ってください。');
  if (list.classes.length > LIMITS.classes) report.error('classes', `区分は${LIMITS.classes}個までです。`);
  list.classes.forEach(({ key, label }, index) => {
    checkWords(label, `classes.${index}.label`, '区分の名前', report);
    if (!KEY.test(key)) report.error(`classes.${index}.key`, '区分の記号は英小文字で始め、英小文字・数字・「_」で40文字までにしてください。');
    else if (list.classes.findIndex((one) => one.key === key) !== index) report.error(`classes.${index}.key`, `区分の記号「${key}」が2回あります。`);
  });
  if (!Number.isSafeInteger(list.maximum_rows) || list.maximum_rows < 1 || list.maximum_rows > LIMITS.list_rows) {
    report.error('maximum_rows', `行の数は1から${LIMITS.list_rows}までの整数にしてください。`);
  }
  if (list.when !== null) checkCondition(list.when, known, report.below('when'));
}
