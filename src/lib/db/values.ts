import type postgres from 'postgres';
import { UnstorableText } from './errors.ts';

/** JSON whose text was already made and checked. */
export class JsonText {
  readonly text: string;
  constructor(value: unknown) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('a value that JSON cannot hold');
    // The escapes can only come from unstorable text (or a literal backslash), so the walk is rarely needed.
    if (/\\u(0000|d[89a-f])/.test(text)) refuseUnstorableInside(value);
    this.text = text;
  }
}

/** Refuses NUL (0x00) and lone surrogates, which PostgreSQL would answer with an error or silently replace. */
export function storable(text: string): string {
  if (text.includes('\u0000') || !text.isWellFormed()) throw new UnstorableText();
  return text;
}

function refuseUnstorableInside(value: unknown): void {
  if (typeof value === 'string') storable(value);
  else if (Array.isArray(value)) value.forEach(refuseUnstorableInside);
  else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      storable(key);
      refuseUnstorableInside(inner);
    }
  }
}

const OID = { bool: 16, bytea: 17, int8: 20, json: 114, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700, jsonb: 3802 };

/** Element type → array type, for the types this portal may meet. An array of another type fails loudly at the server. */
const ARRAY_OF: Record<number, number> = {
  16: 1000, 17: 1001, 19: 1003, 20: 1016, 21: 1005, 23: 1007, 25: 1009, 26: 1028, 114: 199, 700: 1021, 701: 1022, 869: 1041,
  1042: 1014, 1043: 1015, 1082: 1182, 1083: 1183, 1114: 1115, 1184: 1185, 1700: 1231, 2950: 2951, 3802: 3807
};

type Codec = { serialize: (value: unknown) => string; parse: (text: string) => unknown };
const asText: Codec = { serialize: String, parse: (text) => text };

const CODECS: Record<number, Codec> = {
  [OID.bool]: { serialize: (value) => (value === true ? 't' : value === false ? 'f' : String(value)), parse: (text) => text === 't' },
  [OID.bytea]: {
    serialize: (value) => (typeof value === 'string' ? value : '\\x' + Buffer.from(value as Uint8Array).toString('hex')),
    parse: (text) => Buffer.from(text.slice(2), 'hex')
  },
  [OID.int8]: { serialize: String, parse: safeInteger },
  [OID.json]: { serialize: jsonText, parse: (text) => JSON.parse(text) as unknown },
  [OID.jsonb]: { serialize: jsonText, parse: (text) => JSON.parse(text) as unknown },
  // A day is Japan's day and has no clock: it stays the string it is.
  [OID.date]: { serialize: dayOnly, parse: (text) => text },
  [OID.timestamp]: asText,
  [OID.timestamptz]: { serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)), parse: (text) => new Date(text) },
  [OID.numeric]: asText
};
for (const oid of [21, 23, 26, 700, 701]) CODECS[oid] = { serialize: String, parse: Number };

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} does not fit a number exactly`);
  return number;
}

function dayOnly(value: unknown): string {
  if (value instanceof Date) throw new TypeError('a date column takes a YYYY-MM-DD string: an instant has no day without a time zone');
  return String(value);
}

function jsonText(value: unknown): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value);
}

/**
 * The conversions of every client, fixed here rather than asked from the server on connect:
 * postgres.js asks in the background, and a connection that breaks meanwhile throws where nobody can catch.
 */
export function clientTypes(): Record<string, postgres.PostgresType> {
  const types: Record<string, postgres.PostgresType> = {};
  for (const [oid, codec] of Object.entries(CODECS)) types[`t${oid}`] = { to: Number(oid), from: [Number(oid)], ...codec };
  for (const [element, array] of Object.entries(ARRAY_OF)) {
    const codec = CODECS[Number(element)] ?? asText;
    types[`t${array}`] = { to: array, from: [array], serialize: (value) => arrayText(value, codec.serialize), parse: (text: string) => parseArray(text, codec.parse) };
  }
  return types;
}

/** The type of an array parameter, from its elements; 0 lets the server infer it. */
export function arrayTypeOf(values: readonly unknown[]): number {
  const first = values.flat(9).find((value) => value !== null);
  if (first instanceof Date) return ARRAY_OF[OID.timestamptz]!;
  if (first instanceof Uint8Array) return ARRAY_OF[OID.bytea]!;
  if (typeof first === 'boolean') return ARRAY_OF[OID.bool]!;
  return typeof first === 'bigint' ? ARRAY_OF[OID.int8]! : 0;
}

/** The array type of an element type; refuses one that is not in the table above. */
export function arrayTypeFor(element: number): number {
  const array = ARRAY_OF[element];
  if (array === undefined) throw new TypeError(`no array of type ${element} is known here`);
  return array;
}

function arrayText(value: unknown, serialize: (value: unknown) => string): string {
  if (!Array.isArray(value)) return String(value);
  const parts = value.map((item: unknown) => {
    if (item === null) return 'NULL';
    if (Array.isArray(item)) return arrayText(item, serialize);
    return `"${serialize(item).replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}

/** Reads PostgreSQL's array text, `{a,"b,c",NULL,{d}}`. */
export function parseArray(text: string, parse: (text: string) => unknown): unknown[] {
  let at = text.indexOf('{');
  const read = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    while (text[at] !== '}') {
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') items.push(read());
      else if (text[at] === '"') items.push(parse(quoted()));
      else items.push(bare());
    }
    at += 1;
    return items;
  };
  const quoted = (): string => {
    let word = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      word += text[at];
    }
    at += 1;
    return word;
  };
  const bare = (): unknown => {
    const start = at;
    while (text[at] !== ',' && text[at] !== '}') at += 1;
    const word = text.slice(start, at);
    return word === 'NULL' ? null : parse(word);
  };
  return read();
}
