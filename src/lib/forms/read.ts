import { messages, type Problem } from './problems.ts';
import type { Field } from './field.ts';
import { row, rowsNames, readRows, type Rows } from './rows.ts';
import { Received } from './received.ts';

export { checkbox, choice, choices, files } from './field-choice.ts';
export { day, dayBoxes, integer, yen } from './field-number.ts';
export { corporateNumber, email, kana, multiline, phone, postcode, secret, text, uuid } from './field-text.ts';
export { row };

/** Most UTF-16 units of text in one form, all fields together. */
export const MAX_TYPED = 200_000;

/** What a form may hold: each key is an input's name, or any key for repeated rows. Everything else is refused (IN-1). */
export type Spec = Record<string, Field<unknown> | Rows<Record<string, Field<unknown>>>>;

/** The typed answers of a spec. */
export type ValueOf<S extends Spec> = {
  -readonly [K in keyof S]: S[K] extends Rows<infer T> ? ValueOf<T>[] : S[K] extends Field<infer V> ? V : never;
};

/** Exactly what was typed, by input name, for showing the form again. Without secrets and files. */
export type Typed = Record<string, string | string[]>;

export type ReadForm<S extends Spec> =
  | { ok: true; value: ValueOf<S> }
  /** `status`: 422 for a person's mistake, 400 for what no honest form sends, 413 for too much text. */
  | { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

/**
 * Reads a form by its spec: `readForm(data, { title: text({ label: '事業の名称', max: 60, required: true }), … })`.
 * Refuses unknown names (except those starting with '_', such as _key), a second value for one-value names, files in
 * place of text, hostile characters and more than MAX_TYPED of text. Never throws on what was sent.
 */
export function readForm<const S extends Spec>(form: FormData, spec: S): ReadForm<S> {
  const received = new Received();
  const rows = Object.values(spec).filter(isRows);
  const fields = Object.entries(spec).filter((entry): entry is [string, Field<unknown>] => !isRows(entry[1]));
  const known = new Map(fields.flatMap(([name, field]) => field.names(name).map((one) => [one, field] as const)));

  for (const [name, sent] of form) {
    if (name.startsWith('_')) continue;
    const field = known.get(name) ?? rowsNames(rows, name);
    if (field) received.take(name, sent, field);
    else received.refuse('', messages.unknownField(), true);
  }
  if (received.size > MAX_TYPED) {
    received.refuse('', messages.formTooLarge(MAX_TYPED));
    return { ok: false, status: 413, values: received.typed(known), problems: received.problems };
  }

  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(spec)) {
    value[name] = isRows(field) ? readRows(field, received) : field.read(name, received);
  }
  if (received.problems.length === 0) return { ok: true, value: value as ValueOf<S> };
  return { ok: false, status: received.hostile ? 400 : 422, values: received.typed(known), problems: received.problems };
}

function isRows(field: Spec[string]): field is Rows<Record<string, Field<unknown>>> {
  return 'row' in field;
}
