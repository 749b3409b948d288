import type { Field, Reading } from './field.ts';
import { messages } from './problems.ts';
import type { Received } from './received.ts';

/** Repeated rows of one form, read from names like 'line.0.amount'. */
export interface Rows<T extends Record<string, Field<unknown>>> {
  readonly row: string;
  readonly fields: T;
  readonly label: string;
  readonly min: number;
  readonly max: number;
}

/** Numbers a row may bear in its names: 0 to 999. Gaps are fine, a person may remove a row in the middle. */
const ROW_NAME = /^([a-z][a-z0-9_]{0,39})\.(0|[1-9]\d{0,2})\.([a-z][a-z0-9_]{0,59})$/;

/**
 * Rows named `${name}.${n}.${field}`: `lines: row('line', { item: text(…), amount: yen(…) }, { label: '支出', max: 60 })`
 * gives `value.lines: { item, amount }[]` in order of n. Rows in which nothing was typed are dropped; problems bear the
 * sent name ('line.3.amount') and say 「4行目の…」. Selects, checkboxes and hidden ids alone do not fill a row.
 */
export function row<const T extends Record<string, Field<unknown>>>(
  name: string, fields: T, limits: { label?: string; min?: number; max: number }
): Rows<T> {
  return { row: name, fields, label: limits.label ?? '明細', min: limits.min ?? 0, max: limits.max };
}

/** The field that a sent name belongs to among the rows of a form; undefined when it belongs to none. */
export function rowsNames(rows: readonly Rows<Record<string, Field<unknown>>>[], sent: string): Field<unknown> | undefined {
  const [, name, , box] = ROW_NAME.exec(sent) ?? [];
  const found = rows.find((one) => one.row === name);
  if (!found || box === undefined) return undefined;
  return Object.entries(found.fields).find(([key, field]) => field.names(key).includes(box))?.[1];
}

/** Reads every filled row; [] with problems noted when there are too few or too many. */
export function readRows(rows: Rows<Record<string, Field<unknown>>>, received: Received): Record<string, unknown>[] {
  const numbers = new Set<number>();
  for (const sent of received.names()) {
    const [, name, number, box = ''] = ROW_NAME.exec(sent) ?? [];
    if (name === rows.row && received.one(sent).trim() !== '' && fills(rows, box)) numbers.add(Number(number));
  }
  const filled = [...numbers].sort((a, b) => a - b);
  if (filled.length < rows.min) received.refuse(rows.row, messages.rowsRequired(rows.label, rows.min));
  if (filled.length > rows.max) {
    received.refuse(rows.row, messages.tooManyRows(rows.label, rows.max));
    return [];
  }
  return filled.map((number) => {
    const from = inRow(received, `${rows.row}.${number}.`, number + 1);
    return Object.fromEntries(Object.entries(rows.fields).map(([key, field]) => [key, field.read(key, from)]));
  });
}

function fills(rows: Rows<Record<string, Field<unknown>>>, box: string): boolean {
  const all = Object.entries(rows.fields);
  const typed = all.filter(([, field]) => field.fillsRow !== false);
  return (typed.length > 0 ? typed : all).some(([key, field]) => field.names(key).includes(box));
}

/** The same form seen from inside one row: names get the row's prefix, labels its number. */
function inRow(received: Received, prefix: string, shown: number): Reading {
  return {
    all: (name) => received.all(prefix + name),
    one: (name) => received.one(prefix + name),
    files: (name) => received.files(prefix + name),
    label: (label) => messages.inRow(shown, label),
    refuse: (name, message, hostile) => received.refuse(prefix + name, message, hostile)
  };
}
