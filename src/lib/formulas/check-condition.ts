import { LIMITS } from './formula.ts';
import { MAX_CASES, MAX_TESTS, type Cases, type Condition, type Test } from './condition.ts';
import type { Report } from './findings.ts';
import { factAt, type KnownFact, type KnownFacts } from './known-facts.ts';

/** Refuses a condition that names facts or answers nobody can give; warns of a number that no answer is on the other side of. */
export function checkCondition(condition: Condition, known: KnownFacts, report: Report): void {
  if (condition.match !== 'all' && condition.match !== 'any') report.error('match', '条件は「すべて」か「どれか」を選んでください。');
  if (condition.tests.length === 0) report.error('tests', '条件を1つ以上入れてください。');
  if (condition.tests.length > MAX_TESTS) report.error('tests', `1か所に書ける条件は${MAX_TESTS}個までです。`);
  condition.tests.forEach((test, index) => checkTest(test, known, report.below(`tests.${index}`)));
}

function checkTest(test: Test, known: KnownFacts, report: Report): void {
  const fact = factAt(known, test.fact);
  if (fact === null) {
    report.error('fact', `条件の項目「${test.fact.slice(0, 40)}」が見つかりません。ここより前にある質問か数を選んでください。`);
    return;
  }
  switch (test.is) {
    case 'one_of': case 'none_of': checkValues(test.values, fact, report); break;
    case 'at_least': case 'at_most': checkNumber(test, fact, report); break;
    case 'yes': case 'no': if (fact.kind !== 'yes_no') report.error('is', `「${fact.label}」は「はい・いいえ」の質問ではありません。`); break;
    default: report.error('is', '条件の比べ方を選んでください。');
  }
}

function checkValues(values: readonly string[], fact: KnownFact, report: Report): void {
  if (fact.kind !== 'choice' && fact.kind !== 'choices') {
    report.error('is', `「${fact.label}」は選ぶ質問ではありません。`);
    return;
  }
  if (values.length === 0) report.error('values', `「${fact.label}」の選択肢を1つ以上選んでください。`);
  values.forEach((value, index) => {
    if (!fact.options.some(({ key }) => key === value)) report.error(`values.${index}`, `「${fact.label}」に選択肢「${value.slice(0, 40)}」はありません。`);
    else if (values.indexOf(value) !== index) report.error(`values.${index}`, `「${fact.label}」の同じ選択肢が2回あります。`);
  });
}

function checkNumber(test: Extract<Test, { number: number }>, fact: KnownFact, report: Report): void {
  if (fact.kind !== 'number') {
    report.error('is', `「${fact.label}」は数の質問ではありません。`);
    return;
  }
  const { number } = test;
  if (!Number.isSafeInteger(number) || number < 0 || number > LIMITS.yen) {
    report.error('number', `「${fact.label}」と比べる数は、0以上の整数にしてください。`);
    return;
  }
  const always = test.is === 'at_least' ? number <= fact.minimum : number >= fact.maximum;
  const never = test.is === 'at_least' ? number > fact.maximum : number < fact.minimum;
  if (always || never) report.warn('number', `「${fact.label}」は${fact.minimum}から${fact.maximum}までなので、この条件は${always ? 'いつも当てはまります' : '当てはまることがありません'}。`);
}

/** The cases of one value: their number, their conditions, and that none stands twice. */
export function checkCases(cases: Cases<unknown>, known: KnownFacts, report: Report): void {
  if (cases.cases.length > MAX_CASES) report.error('cases', `場合分けは${MAX_CASES}個までです。`);
  const before = new Set<string>();
  cases.cases.forEach(({ when }, index) => {
    checkCondition(when, known, report.below(`cases.${index}.when`));
    const text = JSON.stringify(when);
    if (before.has(text)) report.warn(`cases.${index}.when`, '同じ条件が前にあるので、この場合は使われません。');
    before.add(text);
  });
}
