/**
 * A scheme as a file for another municipality. It holds rules alone: the contact is left out, because it is this city's, and the
 * sources of funding come without their amounts. Applications and people never were in the document. Pure.
 */
import * as z from 'zod';
import { checkContent } from './check-content.ts';
import { CONTENT_LIMITS, type EditionContent } from './content.ts';
import { readContent } from './content-schema.ts';
import type { Finding } from './place.ts';
import { filledLine, record, whole } from './schema-parts.ts';
import { problemsOf } from './schema-words.ts';

export const SHARE_FORMAT = 'kyodo-portal/scheme-share/1';
/** As UTF-8. Written for people to read, a document takes at most about twice its stored size. */
export const SHARE_MAX_BYTES = 3 * CONTENT_LIMITS.bytes;

export interface SharedScheme {
  format: typeof SHARE_FORMAT;
  scheme: { code: string; name: string };
  fiscal_year: number;
  /** Whose scheme it is: 全国地方公共団体コード of six digits, '' where the city has not set one. */
  city: { name: string; code: string };
  /** An instant, ISO 8601 in UTC. */
  exported_at: string;
  content: EditionContent;
}

export function shareScheme(edition: { scheme: SharedScheme['scheme']; fiscal_year: number; city: SharedScheme['city']; content: EditionContent }, at: Date): SharedScheme {
  const { content } = edition;
  return {
    format: SHARE_FORMAT, scheme: edition.scheme, fiscal_year: edition.fiscal_year, city: edition.city, exported_at: at.toISOString(),
    content: {
      ...content, contact: { section: '', phone: '', email: '', hours: '', consultation: content.contact.consultation },
      funding: content.funding.map((source) => ({ ...source, amount_yen: 0 }))
    }
  };
}

/** As it is downloaded: readable, with an end of line. */
export const shareText = (shared: SharedScheme): string => `${JSON.stringify(shared, null, 1)}\n`;

const envelope = record({
  format: z.literal(SHARE_FORMAT),
  scheme: record({ code: z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/, { error: '半角の小文字の英字・数字・「-」にしてください。' }), name: filledLine(60) }),
  fiscal_year: whole(2000, 2200),
  city: record({ name: filledLine(60), code: z.string().regex(/^(?:\d{6})?$/, { error: '6けたの数字にしてください。' }) }),
  exported_at: z.iso.datetime({ error: '日時を 2026-04-01T00:00:00.000Z の形にしてください。' }),
  content: z.unknown()
});

export type ShareRead = { ok: true; shared: SharedScheme } | { ok: false; problems: Finding[] };
const refused = (message: string): ShareRead => ({ ok: false, problems: [{ at: '', message }] });
const below = (problems: readonly Finding[]): Finding[] => problems.map(({ at, message }) => ({ at: at === '' ? 'content' : `content.${at}`, message }));

/** Reads such a file. Its content must be one that may be stored here: of the right shape, and without errors. */
export function readShare(text: string): ShareRead {
  if (new TextEncoder().encode(text).length > SHARE_MAX_BYTES) return refused(`ファイルが大きすぎます。${SHARE_MAX_BYTES / 1024}KBまでのファイルを選んでください。`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return refused('ファイルを読み取れません。書き出したJSONファイルを、変えずに選んでください。');
  }
  if (typeof json !== 'object' || json === null || (json as { format?: unknown }).format !== SHARE_FORMAT) return refused('この書式のファイルではありません。ポータルの「制度を書き出す」で作ったファイルを選んでください。');
  const outer = envelope.safeParse(json);
  if (!outer.success) return { ok: false, problems: problemsOf(outer.error.issues, json) };
  const read = readContent(outer.data.content);
  if (!read.ok) return { ok: false, problems: below(read.problems) };
  const { errors } = checkContent(read.content);
  return errors.length > 0 ? { ok: false, problems: below(errors) } : { ok: true, shared: { ...outer.data, content: read.content } };
}
