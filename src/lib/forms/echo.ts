import { isSecretName } from './keep.ts';
import type { Typed } from './read.ts';

/** What was typed, by input name, for showing a form again after its verb refused. Without secrets, files and hidden marks. */
export function echo(form: FormData): Typed {
  const typed: Typed = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string' || name.startsWith('_') || isSecretName(name)) continue;
    const before = typed[name];
    typed[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return typed;
}
