/**
 * Reads an edition's document from JSON, and refuses with the place in words whatever is not exactly of the contract's
 * shape (`content.ts`): unknown keys, texts beyond their bounds, days that do not exist. What the parts mean together is
 * for `check-content.ts` to judge. Pure.
 */
import * as z from 'zod';
import { CONTENT_FORMAT, CONTENT_LIMITS, DOCUMENT_KINDS, OPTIONAL_COMMON, type DocumentKind, type EditionContent, type OptionalCommon } from './content.ts';
import type { Finding } from './place.ts';
import * as lists from './schema-lists.ts';
import { formula } from './schema-formula.ts';
import { cases, day, filledLine, line, lines, list, record, yen } from './schema-parts.ts';
import { problemsOf } from './schema-words.ts';

/** Every kind of document may have one; none has to. A record of zod would let the key `__proto__` pass unseen. */
const byDocument = <T extends z.ZodType>(value: T) =>
  record(Object.fromEntries(DOCUMENT_KINDS.map((kind) => [kind, value.optional()])) as Record<DocumentKind, z.ZodOptional<T>>);
const commonUse = z.enum(['asked', 'from_amount', 'left_out']).optional();
const common = record(Object.fromEntries(OPTIONAL_COMMON.map((name) => [name, commonUse])) as Record<OptionalCommon, typeof commonUse>);

export const contentSchema = record({
  format: z.literal(CONTENT_FORMAT),
  name: line(60), summary: line(100), purpose: lines(1000), description: lines(500), legal_basis: line(200),
  documents: byDocument(lists.documentRule),
  contact: record({ section: line(60), phone: line(40), email: line(254), hours: line(200), consultation: lines(500) }),
  eligibility: list(lists.eligibilityRule, CONTENT_LIMITS.eligibility),
  windows: list(lists.editionWindow, CONTENT_LIMITS.windows),
  closed_day: z.enum(['stays', 'before', 'after']), close_when_spent: z.boolean(), starts_from: day.nullable(), completion_due_on: day,
  route: cases(z.enum(['ordinary', 'short'])), needs_budget: cases(z.boolean()),
  common, long_form_from_yen: yen.nullable(), extra_title: line(60),
  questions: list(lists.question, CONTENT_LIMITS.questions), papers: list(lists.paper, CONTENT_LIMITS.papers), categories: list(lists.category, CONTENT_LIMITS.categories),
  formula, funding: list(lists.fundingSource, CONTENT_LIMITS.funding), requirements: list(lists.requirement, CONTENT_LIMITS.requirements),
  judging: lists.judging, how_judged: lines(2000), letters: byDocument(lists.wording), after: lists.after,
  catalogue: record({ keywords: list(filledLine(30), 20), purpose_of_use: line(200), industry: line(100) })
});

export type ContentRead = { ok: true; content: EditionContent } | { ok: false; problems: Finding[] };

/** Bytes of the document as it is stored and sent. */
export const bytesOf = (content: EditionContent): number => new TextEncoder().encode(JSON.stringify(content)).length;

/** The document when it has the contract's shape, else what is wrong with it, the first problems of each place. */
export function readContent(json: unknown): ContentRead {
  const parsed = contentSchema.safeParse(json);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error.issues, json) };
  const content: EditionContent = parsed.data;
  const bytes = bytesOf(content);
  if (bytes > CONTENT_LIMITS.bytes) {
    return { ok: false, problems: [{ at: '', message: `年度版の全体が大きすぎます（${Math.ceil(bytes / 1024)}KB）。説明の文を減らして、${CONTENT_LIMITS.bytes / 1024}KBまでにしてください。` }] };
  }
  return { ok: true, content };
}
