import { cleanMultiline, cleanText } from './text.ts';
import { messages } from './problems.ts';

/** Where a field reads from and complains to. `path` is the prefix of a row's names ('line.0.'), '' outside rows. */
export interface Reading {
  /** All texts sent under a name of this form or row, in order; [] when none. */
  all(name: string): readonly string[];
  /** The one text under a name; '' when none. A second one has already been refused. */
  one(name: string): string;
  /** The files chosen under a name; an empty file input counts as none. */
  files(name: string): readonly File[];
  /** Records a problem; `hostile` marks what no honest browser sends (answered with 400 instead of 422). */
  refuse(name: string, message: string, hostile?: boolean): void;
  /** 'label', or 'n行目のlabel' inside a row. */
  label(label: string): string;
}

/** How one answer is read: the names it takes from the form, and the typed value (undefined after a problem). */
export interface Field<V> {
  readonly label: string;
  /** Whether several values may come under its name. */
  readonly many?: boolean;
  /** Whether a row counts as filled when only this is filled; selects and hidden ids say no. */
  readonly fillsRow?: boolean;
  /** A browser sends nothing when nothing is chosen, so silence is an answer too, and is echoed as one. */
  readonly silent?: boolean;
  /** Takes files instead of text. */
  readonly takesFiles?: boolean;
  /** Never echoed back (passwords). */
  readonly secret?: boolean;
  names(name: string): readonly string[];
  read(name: string, from: Reading): V | undefined;
}

export interface Asked<R extends boolean> {
  /** The question's words, used in messages: '団体の名称'. */
  label: string;
  /** Absent means 任意: an empty answer is then `null`. */
  required?: R;
}

/** The value's type: `null` stands for an optional question left empty. */
export type Answer<V, R extends boolean> = R extends true ? V : V | null;

/**
 * The frame of every field with one box: refuses hostile characters, handles emptiness, then lets `parse` judge the text.
 * `parse` returns the value, or the complaint as `{ problem }`.
 */
export function oneBox<V, R extends boolean>(
  asked: Asked<R>,
  parse: (text: string, label: string) => { value: V } | { problem: string },
  lines: 'single' | 'multi' = 'single'
): Field<Answer<V, R>> {
  return {
    label: asked.label,
    names: (name) => [name],
    read(name, from) {
      const label = from.label(asked.label);
      const cleaned = (lines === 'multi' ? cleanMultiline : cleanText)(from.one(name));
      if (!cleaned.ok) {
        from.refuse(name, messages[cleaned.reason](label), cleaned.reason !== 'direction');
        return undefined;
      }
      if (cleaned.value === '') {
        if (!asked.required) return null as Answer<V, R>;
        from.refuse(name, messages.required(label));
        return undefined;
      }
      const judged = parse(cleaned.value, label);
      if ('value' in judged) return judged.value as Answer<V, R>;
      from.refuse(name, judged.problem);
      return undefined;
    }
  };
}
