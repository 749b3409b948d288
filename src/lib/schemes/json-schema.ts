/** The shape of an edition's document for other systems: JSON Schema 2020-12, titles in Japanese. Pure. */
import * as z from 'zod';
import { contentSchema } from './content-schema.ts';
import { ENUM_WORDS } from './enum-words.ts';
import { patternOf, wordOf } from './place.ts';
import { PARTS } from './schema-parts.ts';

/** Where the portal serves it; without a host, because every city has its own. */
export const CONTENT_SCHEMA_PATH = '/open/schema/scheme-edition-1.json';

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** What the choices of a place are called; those of a value that differs from case to case stand at the value itself. */
function wordsAt(parts: readonly string[]): Readonly<Record<string, string>> | undefined {
  const pattern = patternOf(parts);
  return [pattern, pattern.replace(/\.(?:otherwise|cases\.\*\.value)$/, ''), pattern.replace(/^common\.\w+$/, 'common.*')].map((one) => ENUM_WORDS[one]).find((words) => words !== undefined);
}

/** A choice says what each of its values means. */
function explain(node: Node, parts: readonly string[]): void {
  const words = wordsAt(parts);
  const values = Array.isArray(node.enum) ? node.enum : 'const' in node ? [node.const] : [];
  const said = values.map(String).flatMap((value) => (words !== undefined && Object.hasOwn(words, value) ? [`${value}：${words[value]}`] : []));
  if (said.length > 0) node.description = said.join('、');
}

/**
 * Gives each property its word, from the same table as every message. Walks the schema as a document is walked: properties
 * by name, items as a row, alternatives at the same place. Also takes off `readOnly`, which is a matter of our types alone.
 */
function entitle(node: Node, parts: readonly string[]): void {
  delete node.readOnly;
  explain(node, parts);
  for (const [name, child] of Object.entries(isNode(node.properties) ? node.properties : {})) {
    if (!isNode(child)) continue;
    child.title = wordOf([...parts, name]);
    entitle(child, [...parts, name]);
  }
  if (isNode(node.items)) entitle(node.items, [...parts, '0']);
  for (const one of [...nodes(node.oneOf), ...nodes(node.anyOf)]) entitle(one, parts);
}

const DESCRIPTION = '補助制度の年度版（申請の条件・受付期間・設問・添付書類・収支の区分・計算・審査・通知書・交付後の決まり）をひとまとまりにした文書。'
  + '金額は円の整数、日は YYYY-MM-DD、時刻は日本時間の HH:MM、文字数は符号位置で数えます。項目どうしの決まり（計算の手順の順番など）は、この型では表していません。';

/** The published schema; a new object each time. */
export function contentJsonSchema(): Node {
  const schema: Node = { ...z.toJSONSchema(contentSchema, { target: 'draft-2020-12', io: 'input', metadata: PARTS }) };
  entitle(schema, []);
  for (const [name, part] of Object.entries(isNode(schema.$defs) ? schema.$defs : {})) if (isNode(part)) entitle(part, [name]);
  const { $schema, ...rest } = schema;
  return { $schema, $id: CONTENT_SCHEMA_PATH, title: '補助制度の年度版', description: DESCRIPTION, ...rest };
}
