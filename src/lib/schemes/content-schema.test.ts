import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CONTENT_LIMITS, DOCUMENT_KINDS, OPTIONAL_COMMON, type EditionContent } from './content.ts';
import { bytesOf, readContent, type contentSchema } from './content-schema.ts';
import { asJson, broken, changeAt, mutated, type Json } from './fixtures.ts';
import { contentJsonSchema, CONTENT_SCHEMA_PATH } from './json-schema.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

/** The schema and the contract say the same; `npm run check` fails on the first difference. */
const toContract = (read: z.infer<typeof contentSchema>): EditionContent => read;
const fromContract = (content: EditionContent): z.infer<typeof contentSchema> => content;

const changed = (path: string, change: (old: Json) => Json | undefined): Json =>
  changeAt(asJson(SAMPLE_CONTENT), path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)), change);
const problems = (json: unknown) => {
  const read = readContent(json);
  return read.ok ? [] : read.problems;
};

describe('reading a document', () => {
  test('the sample is read as it is', () => {
    const read = readContent(asJson(SAMPLE_CONTENT));
    expect(read).toEqual({ ok: true, content: SAMPLE_CONTENT });
    expect(toContract(fromContract(SAMPLE_CONTENT))).toBe(SAMPLE_CONTENT);
  });

  test.each<[string, (old: Json) => Json | undefined, string]>([
    ['windows.1.closes_on', () => '2026-02-30', '受付期間の2行目（第2回）の締切日：実際にある日を'], ['windows.0.opens_at_time', () => '24:00', '受付開始の時刻'], ['windows.0.closes_at_time', () => '25:00', '締切の時刻'],
    ['name', () => 'あ'.repeat(61), '制度の名前：60文字までにしてください。いまは61文字です。'], ['name', () => 'a\nb', '制度の名前：1行で'], ['summary', () => ' 概要', '概要：1行で'],
    ['purpose', () => 'a\u0000', '目的：目に見えない制御文字'], ['questions.0.label', () => '', '設問の1行目の設問の文：入力してください'], ['questions.0.options.1.key', () => 'Ａ', '選択肢の2行目（通常）の記号'],
    ['papers', () => undefined, '添付書類：この項目がありません'], ['closed_day', () => 'never', '締切日が閉庁日のとき：次のどれかに'], ['close_when_spent', () => 'はい', '「はい」か「いいえ」にしてください'],
    ['formula.steps.1.rate.otherwise.numerator', () => 0.5, '計算式の手順の2行目（補助率をかけた額）の率のそのほかの場合の分子：整数'], ['formula.steps.3.unit', () => 7, '端数の単位は'],
    ['formula.steps.0.do', () => 'guess', '決められた形のどれでもありません'], ['categories.5.cap_yen', () => -1, '収支の区分の6行目（報償費）の上限額：0以上'], ['judging.criteria.0.weight', () => '30', '審査の基準の1行目（公益性）の重み：整数'],
    ['eligibility.1', (old) => ({ ...(old as object), maximum: 3 }), '支援の回数の上限：この書式にない項目です'], ['letters.award.conditions.0', () => '', '通知書の文の交付決定通知書の交付の条件の1行目'],
    ['format', () => 'kyodo-portal/scheme-edition/2', '書式の名前'], ['after.report_until', () => '02-30', '実績報告の最終の月日'], ['eligibility.0.kinds', () => [], '1行以上'], ['completion_due_on', () => null, '事業の完了期限']
  ])('%s', (path, change, message) => {
    expect(problems(changed(path, change)).map((one) => one.message).join('\n')).toContain(message);
  });

  test('texts are counted in code points', () => {
    expect(problems(changed('name', () => '𠮷'.repeat(60)))).toEqual([]);
    expect(problems(changed('name', () => '𠮷'.repeat(61)))).toHaveLength(1);
  });

  test('keys nobody knows are refused everywhere, __proto__ too', () => {
    for (const path of ['', 'documents', 'documents.award', 'common', 'letters', 'after', 'judging.tie', 'formula.figures', 'windows.0']) {
      const json = JSON.stringify(SAMPLE_CONTENT);
      const put = (target: Json): Json => JSON.parse(JSON.stringify(target).replace(/^\{/, '{"__proto__":{"x":1},')) as Json;
      const made = path === '' ? put(JSON.parse(json) as Json) : changed(path, (old) => (Array.isArray(old) ? [put({ key: 'a' })] : put(old)));
      expect(problems(made).length, path).toBeGreaterThan(0);
    }
    expect(problems({ ...SAMPLE_CONTENT, ['x'.repeat(500)]: 1 })[0]?.message.length).toBeLessThan(80);
  });

  test('a document beyond its size is refused', () => {
    const long = { ...SAMPLE_CONTENT.questions[3]!, hint: 'あ'.repeat(300), options: Array.from({ length: 30 }, (_, at) => ({ key: `o${at}`, label: 'あ'.repeat(100) })) };
    const big = { ...SAMPLE_CONTENT, questions: Array.from({ length: 60 }, (_, at) => ({ ...long, key: `q${at}` })) };
    expect(bytesOf(big)).toBeGreaterThan(CONTENT_LIMITS.bytes);
    expect(problems(big)).toEqual([{ at: '', message: expect.stringContaining('256KB') as string }]);
  });

  test('no JSON is an exception, and what is refused is told in words', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(undefined, null, 1n, Symbol('x'), new Date(Number.NaN), Number.NaN, () => 1));
    fc.assert(fc.property(fc.oneof(anything, broken, mutated), (json) => {
      const read = readContent(json);
      if (read.ok) expect(readContent(JSON.parse(JSON.stringify(read.content)))).toEqual(read);
      else {
        expect(read.problems.length).toBeGreaterThan(0);
        for (const { message } of read.problems) expect(message).toMatch(/[ぁ-ん]/);
      }
    }), { numRuns: 2500 });
  });
});

describe('the published schema', () => {
  const schema = contentJsonSchema();

  test('2020-12, at a path without a host, every property with a Japanese title', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: CONTENT_SCHEMA_PATH, type: 'object', additionalProperties: false });
    const untitled: string[] = [];
    const walk = (node: unknown, way: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, { title?: string }> };
      for (const [name, child] of Object.entries(properties ?? {})) if (!child.title || !/[ぁ-んァ-ヶ一-龠]/.test(child.title) || child.title === `「${name}」`) untitled.push(`${way}.${name}`);
      for (const [name, child] of Object.entries(node)) walk(child, `${way}.${name}`);
    };
    walk(schema, '');
    expect(untitled).toEqual([]);
    expect(JSON.stringify(schema)).not.toContain('readOnly');
  });

  test('every choice says what its values mean', () => {
    const unexplained: string[] = [];
    const walk = (node: unknown, way: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { enum: values, const: value, description } = node as { enum?: string[]; const?: string; description?: string };
      for (const one of values ?? (value === undefined ? [] : [value])) if (!description?.includes(`${one}：`) && !way.endsWith('format')) unexplained.push(`${way}=${one}`);
      for (const [name, child] of Object.entries(node)) walk(child, `${way}.${name}`);
    };
    walk(schema, '');
    expect(unexplained).toEqual([]);
  });

  test('it names every document and every optional question', () => {
    const properties = schema.properties as Record<string, { properties: Record<string, unknown> }>;
    expect(Object.keys(properties.documents!.properties)).toEqual([...DOCUMENT_KINDS]);
    expect(Object.keys(properties.letters!.properties)).toEqual([...DOCUMENT_KINDS]);
    expect(Object.keys(properties.common!.properties)).toEqual([...OPTIONAL_COMMON]);
  });

  test('read by itself, it takes what we take, and refuses what is of another shape', () => {
    const reader = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(reader.safeParse(asJson(SAMPLE_CONTENT)).error?.issues ?? []).toEqual([]);
    fc.assert(fc.property(mutated, (json) => {
      if (readContent(json).ok) expect(reader.safeParse(json).success).toBe(true);
    }), { numRuns: 150 });
    for (const json of [changed('papers', () => undefined), changed('closed_day', () => 'never'), { ...SAMPLE_CONTENT, more: 1 }, changed('formula.steps.0.do', () => 'guess')]) {
      expect(reader.safeParse(json).success).toBe(false);
    }
  });
});
