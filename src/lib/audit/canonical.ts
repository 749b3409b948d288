/** Names of things an audit record must never hold, not even hashed: the record is kept for years and read by many. */
const SECRET = /password|token|secret|hash/i;
const DEPTH_LIMIT = 20;

/** A value was given to the audit record that must not be in it. */
export class NotRecordable extends TypeError {
  override name = 'NotRecordable';
}

/**
 * One text for one value: keys sorted, no spaces, instants as ISO 8601 UTC, bigints as digits. Two versions of this
 * program, or of PostgreSQL, therefore write the same bytes, which the hash chain needs.
 * Refuses keys that name secrets, and values JSON would drop or change (undefined in a list, NaN, functions).
 */
export function canonical(value: unknown, depth = 0): string {
  if (depth > DEPTH_LIMIT) throw new NotRecordable('too deep for an audit record');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotRecordable(`${value} in an audit record`);
    return JSON.stringify(value);
  }
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && !ArrayBuffer.isView(value)) return canonicalObject(value as Record<string, unknown>, depth);
  throw new NotRecordable(`${typeof value} in an audit record`);
}

function canonicalObject(value: Record<string, unknown>, depth: number): string {
  const parts = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => {
      if (SECRET.test(key)) throw new NotRecordable(`“${key}” must not be in an audit record`);
      return `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`;
    });
  return `{${parts.join(',')}}`;
}
