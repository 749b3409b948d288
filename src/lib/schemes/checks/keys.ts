/** Keys: each means one thing, and none is a name that applications already use. Pure. */
import { BUILT_IN_FACTS } from '../../formulas/condition.ts';
import type { EditionContent } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import { repeated, type Topic } from './about.ts';

/** Names under which an application keeps its common answers (applications/application.ts; a test compares the two lists). */
export const COMMON_NAMES = [
  'contact_name', 'contact_kana', 'contact_phone', 'contact_email', 'title', 'purpose', 'content', 'effect', 'continuity', 'starts_on', 'ends_on', 'place', 'steps',
  'staff_count', 'participants', 'structure', 'partners', 'safety'
] as const;
/** Names that mean something to the language itself, or to the forms. */
const LANGUAGE = ['constructor', 'prototype', 'requested', 'version', 'key'] as const;
const TAKEN = new Set<string>([...COMMON_NAMES, ...LANGUAGE, ...Object.keys(BUILT_IN_FACTS)]);

const LISTS = ['eligibility', 'windows', 'questions', 'papers', 'categories', 'funding', 'requirements'] as const;

/** A key twice in one list. Figures, lists and steps of the formula have their own check. */
function twice(content: EditionContent): Finding[] {
  const lists: [string, readonly { key: string }[]][] = [
    ...LISTS.map((name): [string, readonly { key: string }[]] => [name, content[name]]), ['judging.criteria', content.judging.criteria],
    ...content.questions.map(({ options }, index): [string, readonly { key: string }[]] => [`questions.${index}.options`, options])
  ];
  return lists.flatMap(([at, list]) => repeated(list, ({ key }) => key).map((index) =>
    finding(content, `${at}.${index}.key`, `記号「${list[index]!.key}」が、この一覧にもうあります。別の名前にしてください。`)));
}

/** Answers are kept by key: a question, a figure and a list of one application can't share one, nor take a common question's. */
function taken(content: EditionContent): Finding[] {
  const say = (at: string, key: string, words: string): Finding => finding(content, at, `記号「${key}」は${words}ので、使えません。別の名前にしてください。`);
  const { figures, rows } = content.formula;
  const asked = new Set([...figures, ...rows].map(({ key }) => key));
  return [
    ...content.questions.flatMap(({ key }, index) => (TAKEN.has(key) ? [say(`questions.${index}.key`, key, '共通の項目で使っている')] : asked.has(key) ? [say(`questions.${index}.key`, key, '計算式でたずねる数や一覧と同じな')] : [])),
    ...figures.flatMap(({ key }, index) => (TAKEN.has(key) && !Object.hasOwn(BUILT_IN_FACTS, key) ? [say(`formula.figures.${index}.key`, key, '共通の項目で使っている')] : [])),
    ...rows.flatMap(({ key }, index) => (TAKEN.has(key) && !Object.hasOwn(BUILT_IN_FACTS, key) ? [say(`formula.rows.${index}.key`, key, '共通の項目で使っている')] : []))
  ];
}

export const keys: Topic = { errors: (content) => [...twice(content), ...taken(content)] };
