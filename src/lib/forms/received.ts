import type { Field, Reading } from './field.ts';
import { isSecretName } from './keep.ts';
import { messages, type Problem } from './problems.ts';

/** Most problems shown at once; past it a form is being attacked, not filled in. */
const MAX_PROBLEMS = 100;

/** What one form sent, sorted by name, and the problems found so far. */
export class Received implements Reading {
  readonly problems: Problem[] = [];
  hostile = false;
  /** UTF-16 units of text received. */
  size = 0;
  readonly #texts = new Map<string, { field: Field<unknown>; values: string[] }>();
  readonly #files = new Map<string, File[]>();

  /** Files one entry of the form under its name, or refuses it: the wrong sort, or the second of a one-value name. */
  take(name: string, sent: FormDataEntryValue, field: Field<unknown>): void {
    if (typeof sent !== 'string') {
      const empty = sent.size === 0 && sent.name === '';
      if (!field.takesFiles) this.refuse(name, messages.fileInstead(field.label), true);
      else if (!empty) {
        const before = this.#files.get(name);
        if (before) before.push(sent);
        else this.#files.set(name, [sent]);
      }
      return;
    }
    this.size += sent.length;
    // A browser without multipart sends the file's name as text: nothing arrived, so nothing is kept.
    if (field.takesFiles) return;
    const before = this.#texts.get(name);
    if (!before) this.#texts.set(name, { field, values: [sent] });
    else if (field.many) before.values.push(sent);
    else this.refuse(name, messages.repeated(field.label), true);
  }

  all(name: string): readonly string[] {
    return this.#texts.get(name)?.values ?? [];
  }

  one(name: string): string {
    return this.#texts.get(name)?.values[0] ?? '';
  }

  files(name: string): readonly File[] {
    return this.#files.get(name) ?? [];
  }

  label(label: string): string {
    return label;
  }

  refuse(name: string, message: string, hostile = false): void {
    if (hostile) this.hostile = true;
    const known = this.problems.some((problem) => problem.field === name && (problem.message === message || name !== ''));
    if (!known && this.problems.length < MAX_PROBLEMS) this.problems.push({ field: name, message });
  }

  /** The names texts came under, in the order they came. */
  names(): string[] {
    return [...this.#texts.keys()];
  }

  /** Everything typed, by name; a list for names that may hold several. Leaves out secrets; `known` adds unticked boxes. */
  typed(known: ReadonlyMap<string, Field<unknown>>): Record<string, string | string[]> {
    const silent = [...known].filter(([name, field]) => field.silent && !this.#texts.has(name))
      .map(([name, field]) => [name, field.many ? [] : ''] as const);
    const kept = [...this.#texts].filter(([name, { field }]) => !field.secret && !isSecretName(name))
      .map(([name, { field, values }]) => [name, field.many ? values : (values[0] ?? '')] as const);
    return Object.fromEntries([...silent, ...kept]);
  }
}
