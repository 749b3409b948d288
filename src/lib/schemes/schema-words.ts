/** What a schema refuses, in Japanese, with the place in words. Pure. */
import type * as z from 'zod';
import { placeInWords, type Finding } from './place.ts';

type Issue = z.core.$ZodIssue;

/** More than this helps nobody; the first ones mended, the file is read again. */
const MOST = 50;

const EXPECTED: Record<string, string> = {
  string: '文字', number: '整数', int: '整数', boolean: '「はい」か「いいえ」', array: '行の並び', object: 'まとまった項目', null: '空'
};

const path = (issue: Issue, more: readonly PropertyKey[] = []): string => [...issue.path, ...more].map(String).join('.');

/** The value at an issue's place; undefined where there is none. */
function valueAt(json: unknown, parts: readonly PropertyKey[]): unknown {
  return parts.reduce<unknown>((here, part) => (typeof here === 'object' && here !== null && Object.hasOwn(here, part) ? (here as Record<PropertyKey, unknown>)[part] : undefined), json);
}

const amount = (value: unknown): string => Number(value).toLocaleString('ja-JP');

function tooBig(issue: Extract<Issue, { code: 'too_big' }>): string {
  return issue.origin === 'array' ? `${amount(issue.maximum)}行までにしてください。` : `${amount(issue.maximum)}以下の整数にしてください。`;
}
function tooSmall(issue: Extract<Issue, { code: 'too_small' }>): string {
  return issue.origin === 'array' ? `${amount(issue.minimum)}行以上にしてください。` : `${amount(issue.minimum)}以上の整数にしてください。`;
}

function sentence(issue: Issue, json: unknown): string {
  switch (issue.code) {
    case 'invalid_type': return valueAt(json, issue.path) === undefined ? 'この項目がありません。' : `${EXPECTED[issue.expected] ?? issue.expected}にしてください。`;
    case 'too_big': return tooBig(issue);
    case 'too_small': return tooSmall(issue);
    case 'invalid_value': return `次のどれかにしてください：${issue.values.slice(0, 24).map(String).join('、')}`;
    case 'invalid_union': return '決められた形のどれでもありません。種類と項目の組み合わせを確かめてください。';
    case 'custom': case 'invalid_format': return issue.message;
    default: return '読み取れません。値を確かめてください。';
  }
}

/** A path to a key that is not known: cut short, because a stranger chose it. */
const unknownKeys = (issue: Extract<Issue, { code: 'unrecognized_keys' }>, json: unknown): Finding[] =>
  issue.keys.slice(0, 5).map((name) => {
    const at = path(issue, [name.replaceAll('.', '_').slice(0, 40)]);
    return { at, message: `${placeInWords(at, json)}：この書式にない項目です。取り除いてください。` };
  });

/** Every issue as a finding; those within a union that fits nothing are told for the union as a whole. */
export function problemsOf(issues: readonly Issue[], json: unknown): Finding[] {
  return issues.slice(0, MOST).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, json);
    const at = path(issue);
    return [{ at, message: `${placeInWords(at, json)}：${sentence(issue, json)}` }];
  }).slice(0, MOST);
}
