/** Questions and papers: their own settings, apart from their conditions and keys. Pure. */
import { LIMITS } from '../../formulas/formula.ts';
import { OPTIONAL_COMMON, type EditionContent, type EditionQuestion, type QuestionKind } from '../content.ts';
import { QUESTION_KIND_WORDS } from '../enum-words.ts';
import { finding, type Finding } from '../place.ts';
import { repeated, type Topic } from './about.ts';
import { neverAsked } from './reach.ts';

/** The largest `max` of each kind: characters, numbers, files. Kinds that are not here have none. */
export const QUESTION_MAX: Partial<Record<QuestionKind, number>> = { text: 200, multiline: 4_000, integer: LIMITS.figure, yen: LIMITS.budget, file: 10 };

function wrong({ kind, max, options }: EditionQuestion): [string, string][] {
  const most = QUESTION_MAX[kind];
  const isChoice = kind === 'choice' || kind === 'choices';
  return [
    ...(most !== undefined && (max < 1 || max > most) ? [['max', `「${QUESTION_KIND_WORDS[kind]}」の上限は、1から${most.toLocaleString('ja-JP')}までにしてください。`] as [string, string]] : []),
    ...(!isChoice && options.length > 0 ? [['options', `「${QUESTION_KIND_WORDS[kind]}」の設問に、選択肢は付けられません。`] as [string, string]] : [])
  ];
}

/** The form has two lengths only: what must be answered may not begin at a third amount, above the longer one. */
function beyondLongForm(content: EditionContent): Finding[] {
  const begins = content.long_form_from_yen;
  if (begins === null) return [];
  return (['questions', 'papers'] as const).flatMap((name) => content[name].flatMap(({ required, from_yen }, index) =>
    (required && from_yen !== null && from_yen > begins ? [finding(content, `${name}.${index}.from_yen`, `詳しい様式になる額（${begins.toLocaleString('ja-JP')}円）より上の額から必須にすることはできません。`)] : [])));
}

/** Rules about the days of the project need its days. */
function askedDays({ common, eligibility, starts_from }: EditionContent): [string, string][] {
  const early = starts_from !== null || eligibility.some(({ rule }) => rule === 'days_before_start');
  return early && (common.starts_on ?? 'asked') !== 'asked' ? [['common.starts_on', '事業を始められる日や、始める日の何日前までという決まりがあるので、いつも聞いてください。']] : [];
}

function missing(content: EditionContent): Finding[] {
  const choices = content.questions.flatMap(({ kind, options }, index) =>
    ((kind === 'choice' || kind === 'choices') && options.length === 0 ? [finding(content, `questions.${index}.options`, '選択肢を1つ以上入れてください。')] : []));
  const lateCommon = content.long_form_from_yen === null ? OPTIONAL_COMMON.filter((name) => content.common[name] === 'from_amount') : [];
  return [
    ...choices, ...askedDays(content).map(([at, words]) => finding(content, at, words)),
    ...lateCommon.map((name) => finding(content, `common.${name}`, '申請額が大きいときだけ聞くには、「詳しい様式になる額」を決めてください。')),
    ...(content.questions.some(({ section }) => section === 'extra') && content.extra_title === '' ? [finding(content, 'extra_title', '追加の設問のページの名前を入力してください。')] : []),
    ...content.papers.flatMap(({ kinds }, index) => (kinds.length === 0 ? [finding(content, `papers.${index}.kinds`, '出す団体の種類を1つ以上選んでください。')] : []))
  ];
}

export const questions: Topic = {
  errors: (content) => [
    ...content.questions.flatMap((question, index) => wrong(question).map(([field, words]) => finding(content, `questions.${index}.${field}`, words))), ...beyondLongForm(content)
  ],
  missing,
  warnings: (content) => [
    ...(content.common.ends_on === 'left_out' ? [finding(content, 'common.ends_on', '聞かないので、事業の完了期限に間に合うかを確かめられません。')] : []),
    ...neverAsked(content).map(({ at, message }) => finding(content, at, message)),
    ...repeated(content.questions, ({ label }) => label).map((index) => finding(content, `questions.${index}.label`, '同じ文の設問がもうあります。')),
    ...content.questions.flatMap(({ options }, question) => repeated(options, ({ label }) => label).map((index) => finding(content, `questions.${question}.options.${index}.label`, '同じ文の選択肢がもうあります。'))),
    ...repeated(content.papers.map(({ from_dossier }, index) => from_dossier ?? `${index}`), (one) => one).map((index) => finding(content, `papers.${index}.from_dossier`, '団体情報の同じ書類を2回求めています。'))
  ]
};
