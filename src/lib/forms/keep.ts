import { isSafePath } from './local-path.ts';

/** A name and what was typed under it, in the form's order. */
export type Kept = [name: string, value: string];
/** A file input whose choice was lost with the page: a browser will not let a server fill it in again. */
export interface LostFile { name: string; multiple: boolean }

/** Most entries and UTF-16 units kept: the same ceiling as a whole form's text (`MAX_TYPED` in read.ts). */
const MAX_KEPT = 2_000;
const MAX_KEPT_TEXT = 200_000;

/** Names whose values must never be written into a page: passwords of any sort, one-time codes, and the envelope itself. */
export function isSecretName(name: string): boolean {
  return /passw|passphrase|totp|one_time_code|recovery_code/i.test(name) || name === 'kept';
}

/**
 * The texts of a form that may be shown and sent again when it could not be saved (ux F4, F19). Leaves out files and
 * secrets. `_key` stays: sending again with the same key is what makes a retry safe (IN-9). Entries past the ceiling are dropped.
 */
export function keptFields(form: FormData): Kept[] {
  const kept: Kept[] = [];
  let size = 0;
  for (const [name, value] of form) {
    if (typeof value !== 'string' || isSecretName(name)) continue;
    size += name.length + value.length;
    if (kept.length >= MAX_KEPT || size > MAX_KEPT_TEXT) break;
    kept.push([name, value]);
  }
  return kept;
}

/** The file inputs in which something had been chosen; the pages of pages.ts offer them empty again. */
export function lostFiles(form: FormData): LostFile[] {
  const counts = new Map<string, number>();
  for (const [name, value] of form) {
    if (typeof value !== 'string' && (value.size > 0 || value.name !== '')) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].slice(0, 20).map(([name, count]) => ({ name, multiple: count > 1 }));
}

/** What travels through the log-in page in one hidden input. */
export interface Envelope { action: string; kept: Kept[]; files: LostFile[] }

/** One hidden input's worth of JSON. */
export function packKept(envelope: Envelope): string {
  return JSON.stringify(envelope);
}

/**
 * Reads `packKept`'s text back. It comes from the browser, so all of it is checked again: a local action, text pairs only,
 * no secrets, the same ceilings. Null when anything is off.
 */
export function unpackKept(text: string): Envelope | null {
  if (text.length > 3 * MAX_KEPT_TEXT) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null) return null;
  const { action, kept, files } = read as Record<string, unknown>;
  if (typeof action !== 'string' || !isSafePath(action) || !Array.isArray(kept) || !Array.isArray(files)) return null;
  const pairs = kept.filter((pair): pair is Kept => Array.isArray(pair) && pair.length === 2
    && typeof pair[0] === 'string' && typeof pair[1] === 'string' && !isSecretName(pair[0]));
  const size = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const lost = files.filter((file): file is LostFile => typeof file === 'object' && file !== null
    && typeof (file as LostFile).name === 'string' && typeof (file as LostFile).multiple === 'boolean');
  if (pairs.length !== kept.length || pairs.length > MAX_KEPT || size > MAX_KEPT_TEXT) return null;
  if (lost.length !== files.length || lost.length > 20) return null;
  return { action, kept: pairs, files: lost.map(({ name, multiple }) => ({ name, multiple })) };
}
