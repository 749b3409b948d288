/** What a difference between two editions means for those who have begun, and the few ways to rank one. Pure. */
import type { Rate } from '../formulas/formula.ts';
import type { EditionContent } from './content.ts';

/** Whom a change favours: the applicant, the applicant's opposite, or nobody can say; null: it matters to nobody's case. */
export type Favour = 'applicant' | 'against' | 'unclear' | null;
/** `right`: the change touches what those who have begun rely on. */
export interface Meaning { right: boolean; favour: Favour }

export const HARMLESS: Meaning = { right: false, favour: null };
export const UNCLEAR: Meaning = { right: true, favour: 'unclear' };
/** Better, and nobody has to be asked; or better, but still something people rely on. */
export const GIFT: Meaning = { right: false, favour: 'applicant' };
export const BETTER: Meaning = { right: true, favour: 'applicant' };
export const AGAINST: Meaning = { right: true, favour: 'against' };

/** What surrounds a changed value: the row it stands in, and the two editions. */
export interface Around { before: EditionContent; after: EditionContent; row: { before: unknown; after: unknown } }
/** Judges a value that differs. */
export type Judge = (before: unknown, after: unknown, around: Around) => Meaning;

export const means = (meaning: Meaning): Judge => () => meaning;

type Order = number | string;
/** By order: more is better for the applicant (+1) or worse (−1); `better` says what the better way means. */
export const ordered = (sign: 1 | -1, better: Meaning, orderOf: (value: unknown) => Order): Judge => (before, after) => {
  const [old, now] = [orderOf(before), orderOf(after)];
  if (old === now) return HARMLESS;
  return (now > old) === (sign === 1) ? better : AGAINST;
};

export const number = (absent: number) => (value: unknown): Order => (typeof value === 'number' ? value : absent);
export const text = (absent: string) => (value: unknown): Order => (typeof value === 'string' ? value : absent);
export const yes = (value: unknown): Order => (value === true ? 1 : 0);
/** A float orders exactly here: denominators are small, so two different rates never give the same one. */
export const share = (absent: number) => (value: unknown): Order => (value === null ? absent : (value as Rate).numerator / (value as Rate).denominator);
/** Choices, worst first. */
export const among = (...values: readonly string[]) => (value: unknown): Order => values.indexOf(String(value));
/** MM-DD in the order of a fiscal year; '' (no such day) comes last. */
export const inFiscalYear = (value: unknown): Order => (value === '' ? 'none' : String(value) >= '04-01' ? `0${String(value)}` : `1${String(value)}`);

/** Choices of a list: more of them is better (+1) or worse (−1); some gone and others new can't be ranked. */
export const growing = (sign: 1 | -1, better: Meaning): Judge => (before, after) => {
  const [old, now] = [before as readonly string[], after as readonly string[]];
  const [nothingGone, nothingNew] = [old.every((one) => now.includes(one)), now.every((one) => old.includes(one))];
  if (nothingGone && nothingNew) return HARMLESS;
  if (!nothingGone && !nothingNew) return UNCLEAR;
  return nothingGone === (sign === 1) ? better : AGAINST;
};

/** Several dimensions of one thing at once: better or worse only when none goes the other way. */
export function combined(meanings: readonly Meaning[]): Meaning {
  const favours = new Set(meanings.map(({ favour }) => favour).filter((favour) => favour !== null));
  if (favours.size === 0) return HARMLESS;
  if (favours.size > 1) return UNCLEAR;
  return favours.has('applicant') ? BETTER : favours.has('against') ? AGAINST : UNCLEAR;
}
