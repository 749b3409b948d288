import { formatWarekiBoth } from '../time/wareki.ts';

/** An answer as it is read: days in both calendars, counts with their unit; an empty text when there is none. */
export function answerText(question: { kind: string; unit?: string }, value: string | number | null): string {
  if (value === null || value === '') return '';
  if (question.kind === 'day' && typeof value === 'string') return formatWarekiBoth(value);
  if (typeof value === 'number') return `${value.toLocaleString('ja-JP')}${question.unit ?? ''}`;
  return value;
}
