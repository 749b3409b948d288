/** What was typed comes back as `values`; an array or a file is never a text box's value. */
export type Typed = Readonly<Record<string, unknown>> | null | undefined;

export function typedText(values: Typed, name: string): string | undefined {
  const value = values?.[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return undefined;
}

export function typedList(values: Typed, name: string): string[] | undefined {
  const value = values?.[name];
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'string') return [value];
  if (typeof value === 'boolean') return value ? ['on'] : [];
  return undefined;
}

/** The ids a control is described by, in the order they are read; undefined when there are none. */
export function describedBy(id: string, parts: Record<string, unknown>): string | undefined {
  const ids = Object.entries(parts).filter(([, present]) => Boolean(present)).map(([part]) => `${id}-${part}`);
  return ids.length > 0 ? ids.join(' ') : undefined;
}
