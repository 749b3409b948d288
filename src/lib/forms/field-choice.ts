import type { Answer, Asked, Field } from './field.ts';
import { messages } from './problems.ts';

/** One of `values` (radio buttons or a select). Does not make an otherwise empty row count as filled. */
export function choice<const V extends readonly string[], const R extends boolean = false>(
  values: V, asked: Asked<R>
): Field<Answer<V[number], R>> {
  return {
    label: asked.label,
    fillsRow: false,
    silent: true,
    names: (name) => [name],
    read(name, from) {
      const typed = from.one(name);
      if (values.includes(typed)) return typed as Answer<V[number], R>;
      if (typed === '' && !asked.required) return null as Answer<V[number], R>;
      from.refuse(name, (typed === '' ? messages.requiredChoice : messages.notInList)(from.label(asked.label)));
      return undefined;
    }
  };
}

/** Any number of `values` (checkboxes of one name), each once, in the order of `values`; [] when none and not required. */
export function choices<const V extends readonly string[]>(
  values: V, asked: { label: string; required?: boolean; max?: number }
): Field<V[number][]> {
  return {
    label: asked.label,
    many: true,
    fillsRow: false,
    silent: true,
    names: (name) => [name],
    read(name, from) {
      const typed = new Set(from.all(name).filter((one) => one !== ''));
      const chosen = values.filter((one) => typed.has(one));
      const label = from.label(asked.label);
      if (chosen.length < typed.size) from.refuse(name, messages.notInList(label));
      else if (chosen.length === 0 && asked.required) from.refuse(name, messages.requiredChoice(label));
      else if (asked.max !== undefined && chosen.length > asked.max) from.refuse(name, messages.tooMany(label, asked.max));
      else return chosen;
      return undefined;
    }
  };
}

/** A checkbox on its own: true when ticked ('on', 'true', '1', 'yes'). `required` means it must be ticked (a consent). */
export function checkbox(asked: { label: string; required?: boolean }): Field<boolean> {
  return {
    label: asked.label,
    fillsRow: false,
    silent: true,
    names: (name) => [name],
    read(name, from) {
      const typed = from.one(name);
      if (['on', 'true', '1', 'yes'].includes(typed)) return true;
      if (typed !== '' && typed !== 'off' && typed !== 'false' && typed !== '0') from.refuse(name, messages.notInList(from.label(asked.label)));
      else if (asked.required) from.refuse(name, messages.requiredCheck(asked.label));
      else return false;
      return undefined;
    }
  };
}

/** Uploaded files, unjudged: kind, size and content are `src/lib/files`' matter. [] when none was chosen and not required. */
export function files(asked: { label: string; required?: boolean; max: number }): Field<File[]> {
  return {
    label: asked.label,
    many: true,
    takesFiles: true,
    names: (name) => [name],
    read(name, from) {
      const chosen = from.files(name);
      const label = from.label(asked.label);
      if (chosen.length === 0 && asked.required) from.refuse(name, messages.requiredChoice(label));
      else if (chosen.length > asked.max) from.refuse(name, messages.tooMany(label, asked.max));
      else return [...chosen];
      return undefined;
    }
  };
}
