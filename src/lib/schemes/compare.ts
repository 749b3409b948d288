/**
 * What differs between two editions, or two states of one, line by line and in words. Rows are matched by their keys, so that a
 * row that only moved is told as moved. Knows nothing of the order of keys in JSON. Pure.
 */
import { OPTIONAL_COMMON, type EditionContent, type EditionWindow, type Wording } from './content.ts';
import type { Around, Favour, Meaning } from './compare-meaning.ts';
import { LISTS, meaningOf, SENTENCES } from './compare-rules.ts';
import { NOTHING, rowInWords, valueInWords } from './compare-words.ts';
import { PLACE_WORDS, placeInWords } from './place.ts';
import { stepNames, type StepNames } from './step-words.ts';

export type { Favour };
export interface Change {
  /** Path in the later edition; of a row that is gone, its list. */
  at: string;
  /** The place in words. */
  place: string;
  before: string;
  after: string;
  /** Touches what those who have begun rely on. */
  right: boolean;
  favour: Favour;
}

type Json = unknown;
type Row = { key: string } & Record<string, Json>;

/** A copy whose keys are in one order, so that equal documents have equal texts. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]) => [key, inOrder(child)]));
}
const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
const isRecord = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);

const PLACES = Object.keys(PLACE_WORDS);
/** As the document has them; parts without a word of their own come last. */
const inDocument = (prefix: string) => (a: string, b: string): number => rank(prefix + a) - rank(prefix + b);
const rank = (pattern: string): number => { const at = PLACES.indexOf(pattern); return at < 0 ? PLACES.length : at; };

/** Objects that are compared field by field; all others as one value. */
const OPENED = /^$|^(?:contact|common|letters|documents|formula|judging|after|catalogue)$|^letters\.\*$|^(?:questions|papers|categories|windows|funding|requirements)\.\*$|^questions\.\*\.options\.\*$|^judging\.criteria\.\*$/;

const SILENT: Wording = { opening: '', conditions: [], notices: [] };

/** Things that are compared otherwise than they are written: defaults filled in, a day and its time as one moment. */
function view(pattern: string, value: Json): Json {
  if (pattern === 'common') return { ...Object.fromEntries(OPTIONAL_COMMON.map((name) => [name, 'asked'])), ...(value as object) };
  if (pattern === 'letters.*') return value ?? SILENT;
  if (pattern !== 'windows.*') return value;
  const { key, name, opens_on, opens_at_time, closes_on, closes_at_time } = value as EditionWindow;
  return { key, name, opens_on: `${opens_on} ${opens_at_time}`, closes_on: `${closes_on} ${closes_at_time}` };
}

/** Rows by key; of equal keys (which the checks refuse) the n-th of one belongs to the n-th of the other. */
function byKey(rows: readonly Row[]): Map<string, { row: Row; index: number }> {
  const seen = new Map<string, number>();
  return new Map(rows.map((row, index) => {
    const times = (seen.get(row.key) ?? 0) + 1;
    seen.set(row.key, times);
    return [`${row.key} ${times}`, { row, index }];
  }));
}

/** One comparison on its way through the two documents. */
interface Walk { around: Omit<Around, 'row'>; names: { before: StepNames; after: StepNames }; changes: Change[] }

function put(walk: Walk, at: string, place: string, before: string, after: string, meaning: Meaning): void {
  walk.changes.push({ at, place, before, after, ...meaning });
}

function compareValue(walk: Walk, at: string, pattern: string, before: Json, after: Json, row: Around['row']): void {
  const { around, names } = walk;
  put(walk, at, placeInWords(at, around.after), valueInWords(pattern, before, names.before, around.before), valueInWords(pattern, after, names.after, around.after), meaningOf(pattern, before, after, { ...around, row }));
}

function compareSentences(walk: Walk, at: string, pattern: string, before: readonly string[], after: readonly string[]): void {
  const { added, removed } = SENTENCES[pattern]!;
  const place = placeInWords(at, walk.around.after);
  before.filter((one) => !after.includes(one)).forEach((one) => put(walk, at, place, one, NOTHING, removed));
  after.forEach((one, index) => { if (!before.includes(one)) put(walk, `${at}.${index}`, placeInWords(`${at}.${index}`, walk.around.after), NOTHING, one, added); });
  const [kept, now] = [before.filter((one) => after.includes(one)), after.filter((one) => before.includes(one))];
  if (!same(kept, now)) put(walk, at, `${place}の順番や重なり`, kept.join('／'), now.join('／'), { right: false, favour: null });
}

function compareRows(walk: Walk, at: string, pattern: string, before: readonly Row[], after: readonly Row[]): void {
  const rule = LISTS[pattern]!;
  const [old, now] = [byKey(before), byKey(after)];
  const place = placeInWords(at, walk.around.after);
  for (const [key, { row, index }] of old) {
    if (!now.has(key)) put(walk, at, `${place}（前の${index + 1}行目）`, rowInWords(pattern, row, walk.names.before), NOTHING, rule.removed(row));
  }
  for (const [key, { row, index }] of now) {
    const was = old.get(key);
    const here = `${at}.${index}`;
    if (was) compare(walk, here, `${pattern}.*`, was.row, row, { before: was.row, after: row });
    else put(walk, here, placeInWords(here, walk.around.after), NOTHING, rowInWords(pattern, row, walk.names.after), rule.added(row));
  }
  const [kept, order] = [[...old.keys()].filter((key) => now.has(key)), [...now.keys()].filter((key) => old.has(key))];
  const named = (keys: readonly string[], rows: Map<string, { row: Row }>): string => keys.map((key) => { const { row } = rows.get(key)!; return String(row.name ?? row.label ?? row.key); }).join('、');
  if (!same(kept, order)) put(walk, at, `${place}の順番`, named(kept, old), named(order, now), rule.moved);
}

function compare(walk: Walk, at: string, pattern: string, before: Json, after: Json, row: Around['row']): void {
  if (same(before, after)) return;
  const [old, now] = [view(pattern, before), view(pattern, after)];
  if (Object.hasOwn(SENTENCES, pattern)) return compareSentences(walk, at, pattern, old as string[], now as string[]);
  if (Object.hasOwn(LISTS, pattern)) return compareRows(walk, at, pattern, old as Row[], now as Row[]);
  if (!OPENED.test(pattern) || !isRecord(old) || !isRecord(now)) return compareValue(walk, at, pattern, old, now, row);
  const byDocument = pattern === 'letters' || pattern === 'documents';
  const prefix = pattern === '' ? '' : `${pattern}.`;
  const fields = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter((name) => name !== 'key').sort(inDocument(prefix));
  for (const name of fields) {
    const special = byDocument ? `${pattern}.*` : pattern === 'common' ? 'common.*' : prefix + name;
    compare(walk, at === '' ? name : `${at}.${name}`, special, old[name], now[name], row);
  }
}

/** Every difference, in the order of the document; none between equal documents. */
export function compareContents(before: EditionContent, after: EditionContent): Change[] {
  const [old, now] = [inOrder(before), inOrder(after)] as [EditionContent, EditionContent];
  const walk: Walk = { around: { before: old, after: now }, names: { before: stepNames(old), after: stepNames(now) }, changes: [] };
  compare(walk, '', '', old, now, { before: old, after: now });
  return walk.changes;
}

/** Whether some change touches what those who have begun rely on. */
export const touchesRights = (changes: readonly Change[]): boolean => changes.some(({ right }) => right);
