import type postgres from 'postgres';
import { arrayTypeFor, arrayTypeOf, JsonText, storable } from './values.ts';

export type Row = postgres.Row;
type RowsShape = readonly (object | undefined)[];
export type Rows<T extends RowsShape = Row[]> = postgres.RowList<T>;
type Scalar = null | boolean | number | bigint | string | Date | Uint8Array;
// As a fragment, or on its way to the server, a statement's row type does not matter.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyStatement = Statement<any>;
export type Value = Scalar | Parameter | Helper | AnyStatement | readonly Value[];
type Columns<T> = readonly (keyof T & string)[] | readonly [readonly (keyof T & string)[]];

/** What `sql` and `tx` can do. It reads like postgres.js, without `unsafe` and `begin`. */
export interface Sql {
  /** A statement, or a fragment of one: it is sent only when awaited. */
  <T extends RowsShape = Row[]>(text: TemplateStringsArray, ...values: readonly Value[]): Statement<T>;
  /** A column or table name. */
  (identifier: string): Helper;
  /** Several names, or the values of `in (…)`. */
  (list: readonly (Scalar | readonly Scalar[])[]): Helper;
  /** Rows for `insert into t ${tx(rows)}`, optionally only some columns. */
  <T extends object>(rows: readonly T[], ...columns: Columns<T>): Helper;
  /** One row for `insert into t ${tx(row)}` and `update t set ${tx(row, 'a', 'b')}`. */
  <T extends object>(row: T, ...columns: Columns<T>): Helper;
  /** A `json`/`jsonb` value. */
  json(value: unknown): Parameter;
  /** An array whose element type the server should not guess (an OID, `text` by default). */
  array(values: readonly Scalar[], elementType?: number): Parameter;
}

export class Parameter {
  /** Made when the statement is sent, so that a refusal comes from awaiting it, like every other. */
  readonly value: () => unknown;
  readonly type: number;
  constructor(value: () => unknown, type: number) {
    this.value = value;
    this.type = type;
  }
}

export class Helper {
  readonly first: unknown;
  readonly rest: readonly unknown[];
  constructor(first: unknown, rest: readonly unknown[]) {
    this.first = first;
    this.rest = rest;
  }
}

type Send = (statement: AnyStatement) => Promise<unknown>;
const origins = new WeakMap<TemplateStringsArray, string>();

/** A statement that has not been sent. Awaiting sends it once; putting it into another statement makes it a fragment. */
export class Statement<T extends RowsShape = Row[]> implements Promise<Rows<T>> {
  readonly [Symbol.toStringTag] = 'Statement';
  readonly text: TemplateStringsArray;
  readonly values: readonly Value[];
  readonly #send: Send;
  #answer: Promise<Rows<T>> | undefined;

  constructor(text: TemplateStringsArray, values: readonly Value[], send: Send) {
    this.text = text;
    this.values = values;
    this.#send = send;
    rememberOrigin(text);
  }

  #run(): Promise<Rows<T>> {
    this.#answer ??= (this.#send(this) as Promise<Rows<T>>).catch((error: unknown) => {
      noteOrigin(error, this.text);
      throw error;
    });
    return this.#answer;
  }

  then<A = Rows<T>, B = never>(done?: ((rows: Rows<T>) => A | PromiseLike<A>) | null, failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    return this.#run().then(done, failed);
  }

  catch<B = never>(failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Rows<T> | B> {
    return this.#run().catch(failed);
  }

  finally(always?: (() => void) | null): Promise<Rows<T>> {
    return this.#run().finally(always);
  }
}

/** The line that wrote the statement: a thenable has no asynchronous stack, so it is noted once per template. */
function rememberOrigin(text: TemplateStringsArray): void {
  if (origins.has(text)) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 6;
  const lines = new Error().stack?.split('\n').slice(4) ?? [];
  Error.stackTraceLimit = limit;
  origins.set(text, lines[0]?.trim().replace(/^at /, '') ?? '');
}

function noteOrigin(error: unknown, text: TemplateStringsArray): void {
  if (!(error instanceof Error) || error.stack?.includes('\n    at statement ')) return;
  // postgres.js makes the property read-only, so it is defined anew.
  Object.defineProperty(error, 'stack', { value: `${error.stack ?? ''}\n    at statement ${origins.get(text) ?? ''}`, configurable: true, writable: true });
}

/** Makes an `Sql` whose statements go through `send` when awaited. */
export function makeSql(send: Send): Sql {
  const build = (first: unknown, ...rest: unknown[]) =>
    Array.isArray(first) && 'raw' in first
      ? new Statement(first as unknown as TemplateStringsArray, rest as Value[], send)
      : new Helper(first, rest);
  return Object.assign(build, {
    json: (value: unknown) => new Parameter(() => new JsonText(value), 3802),
    array: (values: readonly Scalar[], elementType = 25) => new Parameter(() => values.map(checked), arrayTypeFor(elementType))
  }) as unknown as Sql;
}

/** Turns a statement into one of postgres.js for this client. Refuses values that would fail only at the server. */
export function toQuery(client: postgres.Sql, statement: AnyStatement): postgres.PendingQuery<Row[]> {
  return client(statement.text, ...(statement.values.map((value) => toArgument(client, value)) as never[]));
}

function toArgument(client: postgres.Sql, value: unknown): unknown {
  if (value instanceof Statement) return toQuery(client, value);
  if (value instanceof Helper) return toBuilder(client, value);
  if (value instanceof Parameter) return client.typed(value.value(), value.type);
  if (!Array.isArray(value)) return checked(value);
  if (value.some((item) => item instanceof Statement)) return value.map((item: AnyStatement) => toQuery(client, item));
  const items = value.map(checked);
  const type = arrayTypeOf(items);
  return type === 0 ? items : client.typed(items, type);
}

function toBuilder(client: postgres.Sql, { first, rest }: Helper): unknown {
  const call = client as unknown as (first: unknown, ...columns: string[]) => unknown;
  if (typeof first === 'string') return call(storable(first));
  const rows = Array.isArray(first) ? first : [first];
  const plain = rows.length === 0 || rows.every((row) => row === null || typeof row !== 'object' || Array.isArray(row) || row instanceof Date || row instanceof Uint8Array);
  if (plain) return call(rows.map(checked));
  const columns = rest.length > 0 ? (rest.flat() as string[]) : Object.keys(rows[0] as object);
  const picked = rows.map((row: Record<string, unknown>) => Object.fromEntries(columns.map((name) => [name, toArgument(client, row[name])])));
  return call(Array.isArray(first) ? picked : picked[0], ...columns);
}

/** Refuses `undefined`, text PostgreSQL cannot hold, and numbers that are no longer exact. */
function checked(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (value === undefined) throw new TypeError('undefined cannot be a value of a statement; use null');
  if (typeof value === 'number' && !(Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))) {
    throw new RangeError(`${value} is not an exact number`);
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new RangeError('an invalid Date');
  if (Array.isArray(value)) return value.map(checked);
  const plain = value === null || ['boolean', 'number', 'bigint'].includes(typeof value);
  if (plain || value instanceof Date || value instanceof Uint8Array) return value;
  throw new TypeError(`${typeof value} cannot be a value of a statement; use tx.json(…) for an object`);
}
