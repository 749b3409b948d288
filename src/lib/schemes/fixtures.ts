/** Editions for the tests: the sample with something changed at random, in ways a person, a file or a bug might change it. */
import fc from 'fast-check';
import type { EditionContent } from './content.ts';
import type { CatalogueCity, CatalogueEdition } from './catalogue.ts';
import { contentSchema } from './content-schema.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export const asJson = (content: EditionContent): Json => JSON.parse(JSON.stringify(content)) as Json;

const isRecord = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place of a document, as the keys on the way to it. */
export function placesOf(value: Json, way: readonly (string | number)[] = []): (string | number)[][] {
  const children = Array.isArray(value) ? value.map((child, at) => [at, child] as const) : isRecord(value) ? Object.entries(value) : [];
  return [[...way], ...children.flatMap(([key, child]) => placesOf(child, [...way, key]))];
}

/** A copy of the document in which `change` made something else of the value at a place. `undefined` takes it away. */
export function changeAt(value: Json, way: readonly (string | number)[], change: (old: Json) => Json | undefined): Json {
  const [key, ...rest] = way;
  if (key === undefined) return change(value) ?? null;
  const here = (child: Json): Json | undefined => (rest.length === 0 ? change(child) : changeAt(child, rest, change));
  if (Array.isArray(value)) return value.flatMap((child, at) => { const made = at === key ? here(child) : child; return made === undefined ? [] : [made]; });
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, child]) => { const made = name === key ? here(child) : child; return made === undefined ? [] : [[name, made]]; }));
}

/** Texts that already stand somewhere in the document: keys, options, days, kinds. Put elsewhere they often fit, and mean something wrong. */
const textsOf = (value: Json): string[] => placesOf(value).flatMap((way) => {
  const here = way.reduce<Json>((at, key) => (at as { [key: string]: Json })[key]!, value);
  return typeof here === 'string' ? [here] : [];
});

const ALL_TEXTS = [...new Set(textsOf(asJson(SAMPLE_CONTENT))), '', '2028-02-29', '2026-02-28', '{団体名}', '{なぞ}', '{', 'constructor', 'kind', 'support_year', 'members', 'eligible', 'total', '24:00', '00:00', '令和8年度'];
const ALIKE = [/^\d{4}-\d{2}-\d{2}$/, /^\d{2}:\d{2}$/, /^[a-z][a-z0-9_]*$/, /^/];
const lookOf = (text: string): number => ALIKE.findIndex((look) => look.test(text));
const BY_LOOK = ALIKE.map((_, look) => ALL_TEXTS.filter((text) => lookOf(text) === look));
/** Texts of the same look: a day for a day, a key or a choice for a key, words for words. */
const textsLike = (old: string): string[] => BY_LOOK[lookOf(old)]!;
const NUMBERS = [0, 1, 2, 5, 10, 100, 999, 1_000, 50_000, 100_000, 999_999_999_999];

/** One small change to a value, of its own kind. Lists lose, repeat and move rows. */
function nudge(old: Json, pick: number): Json | undefined {
  if (old === null) return pick % 2 === 0 ? NUMBERS[pick % NUMBERS.length]! : ALL_TEXTS[pick % ALL_TEXTS.length]!;
  if (typeof old === 'boolean') return !old;
  if (typeof old === 'number') return pick % 7 === 0 ? null : NUMBERS[pick % NUMBERS.length]!;
  if (typeof old === 'string') return pick % 11 === 0 ? null : textsLike(old)[pick % textsLike(old).length]!;
  if (Array.isArray(old)) {
    const at = old.length === 0 ? 0 : pick % old.length;
    return [() => [], () => [...old, ...old.slice(at, at + 1)], () => [...old].reverse(), () => old.filter((_, index) => index !== at)][pick % 4]!();
  }
  return pick % 3 === 0 ? null : pick % 3 === 1 ? undefined : old;
}

/** Places of the sample; a change at one that an earlier change took away changes nothing. */
const PLACES = placesOf(asJson(SAMPLE_CONTENT)).filter((way) => way.length > 0);
const changesAt = fc.array(fc.tuple(fc.nat(PLACES.length - 1), fc.nat()), { minLength: 1, maxLength: 6 });

/** The sample with one to six places changed. Most of them still have the contract's shape. */
export const mutated: fc.Arbitrary<Json> = changesAt.map((changes) =>
  changes.reduce<Json>((json, [where, pick]) => changeAt(json, PLACES[where]!, (old) => nudge(old, pick)), asJson(SAMPLE_CONTENT)));

/** The same, but a change that breaks the contract's shape is left out: what could be stored, sensible or not. */
export const stored: fc.Arbitrary<EditionContent> = changesAt.map((changes) => changes.reduce<EditionContent>((content, [where, pick]) => {
  const way = PLACES[where]!;
  const part = way[0] as keyof EditionContent;
  const changed = changeAt(content as unknown as Json, way, (old) => nudge(old, pick)) as { [key: string]: Json };
  const read = contentSchema.shape[part].safeParse(changed[part]);
  return read.success ? { ...content, [part]: read.data } : content;
}, SAMPLE_CONTENT));

/** Places changed without a thought for their kind. */
export const broken: fc.Arbitrary<Json> = fc.array(fc.tuple(fc.nat(PLACES.length - 1), fc.jsonValue({ maxDepth: 2 })), { minLength: 1, maxLength: 4 }).map((changes) =>
  changes.reduce<Json>((json, [where, value]) => changeAt(json, PLACES[where]!, () => value as Json), asJson(SAMPLE_CONTENT)));

/** The sample with parts of it replaced: what most tests begin with. */
export const sample = (change: Partial<EditionContent> = {}): EditionContent => ({ ...SAMPLE_CONTENT, ...change });

export const catalogueEdition = (change: Partial<CatalogueEdition> = {}): CatalogueEdition => ({
  id: '01', scheme_code: 'machizukuri', fiscal_year: 2026, content: SAMPLE_CONTENT, published_at: new Date('2026-03-31T15:00:00Z'), updated_at: new Date('2026-04-02T00:00:00Z'), budget_yen: 1_000_000,
  page_url: 'https://portal.example/schemes/machizukuri', apply_url: 'https://portal.example/apply', ...change
});
export const catalogueCity = (): CatalogueCity => ({ name: '架空市', code: '999999', section: '協働課', phone: '000-000-0000', hours: '平日', closed: [] });
