import type postgres from 'postgres';

/** The privacy classes a comment may name. */
export const CLASSES = ['公開', '内部', '個人', '機微', '非個人'] as const;

/** What a comment says, taken apart: 日本語名 単位:… 出典:… 区分:… */
export type Meaning = { name: string; unit: string; source: string; privacy: string };
export type Column = { name: string; type: string; nullable: boolean; comment: string | null };
export type Table = { name: string; comment: string | null; columns: Column[] };

/** The portal's own tables and views, as the catalogue knows them: not the tools' (dbmate, pg-boss). */
export async function readCatalogue(sql: postgres.Sql): Promise<Table[]> {
  return sql<Table[]>`
    select c.relname as name, obj_description(c.oid, 'pg_class') as comment,
           json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
                                      'comment', col_description(c.oid, a.attnum)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and c.relname <> 'schema_migrations'
    group by c.oid, c.relname order by c.relname`;
}

/** Reads `日本語名 単位:円 出典:… 区分:内部`. A part that is not there is empty. */
export function meaningOf(comment: string): Meaning {
  const [name = '', ...parts] = comment.split(/ (?=(?:単位|出典|区分):)/);
  const part = (label: string) => parts.find((one) => one.startsWith(`${label}:`))?.slice(label.length + 1).trim() ?? '';
  return { name: name.trim(), unit: part('単位'), source: part('出典'), privacy: part('区分') };
}

/** What is missing, one sentence each: a column nobody explained, or one whose privacy class is not among the five. */
export function faults(tables: Table[]): string[] {
  return tables.flatMap((table) => [
    ...faultOf(table.name, table.comment),
    ...table.columns.flatMap((column) => faultOf(`${table.name}.${column.name}`, column.comment))
  ]);
}

function faultOf(where: string, comment: string | null): string[] {
  if (!comment?.trim()) return [`${where}: comment がありません`];
  const { name, privacy } = meaningOf(comment);
  if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name)) return [`${where}: 日本語名がありません`];
  if (!(CLASSES as readonly string[]).includes(privacy)) return [`${where}: 区分がありません（${CLASSES.join('・')}）`];
  return [];
}

/** The whole page. Same catalogue, same bytes. */
export function dictionary(tables: Table[]): string {
  const head = [
    '# データ辞書',
    '',
    '`npm run docs:dictionary` がデータベースの comment から作ります。手で直さないでください（テストが比べます）。',
    '区分: 公開＝誰に見せてもよい／内部＝職員のみ／個人＝個人情報／機微＝漏れると直ちに害がある／非個人＝個人に関わらない。',
    '',
    `表 ${tables.length}、列 ${tables.reduce((sum, table) => sum + table.columns.length, 0)}。`,
    '',
    ...tables.map((table) => `- [${table.name}](#${table.name}) ${meaningOf(table.comment ?? '').name}`)
  ];
  return [...head, ...tables.flatMap(section)].join('\n') + '\n';
}

function section(table: Table): string[] {
  const { name, privacy } = meaningOf(table.comment ?? '');
  return [
    '', `## ${table.name}`, '', `${name}（区分: ${privacy}）`, '',
    '| 列 | 日本語名 | 型 | 空 | 単位 | 出典 | 区分 |', '|---|---|---|---|---|---|---|',
    ...table.columns.map((column) => {
      const meaning = meaningOf(column.comment ?? '');
      return `| ${[column.name, meaning.name, column.type, column.nullable ? '可' : '', meaning.unit, meaning.source, meaning.privacy].map(cell).join(' | ')} |`;
    })
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
