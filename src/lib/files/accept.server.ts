import { createHash } from 'node:crypto';
import { detect } from './kinds.ts';
import { ENDING_OF_TYPE, MAX_FILE_BYTES, type MediaType } from './limits.ts';
import { cleanName, withEnding } from './name.ts';
import { refuse, type Refusal } from './refusal.ts';
import { inspect } from './workshop.server.ts';

/** A file that has been looked into and may be kept. Only this module makes one. */
export type Prepared = {
  bytes: Buffer;
  media_type: MediaType;
  /** As the person named it, cleaned. What it is called when downloaded follows from `media_type`. */
  original_name: string;
  sha256: Buffer;
  /** Of the bytes as sent, when the kept bytes were drawn anew. */
  original_sha256: Buffer | null;
  pages: number | null;
};
export type Acceptance = { ok: true; prepared: Prepared } | Refusal;

/** Looks into an uploaded file. Takes up to seconds: never call it inside a transaction. */
export async function accept(bytes: Uint8Array, name: string): Promise<Acceptance> {
  const sent = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const detected = detect(sent, cleanName(name));
  if (!detected.ok) return detected;
  const answer = await inspect({ kind: detected.kind, bytes: sent });
  if (!answer.ok) return refuse(answer.reason);
  if (answer.bytes === null) return { ok: true, prepared: prepare(sent, name, 'application/pdf', null, answer.pages) };
  return { ok: true, prepared: prepare(Buffer.from(answer.bytes), name, answer.media_type, sha256(sent), null) };
}

/** For files the portal itself makes (letters). They do not pass the inspection: we know what we wrote. */
export function prepareOwn(bytes: Uint8Array, name: string, pages: number | null = null): Prepared {
  if (bytes.length === 0 || bytes.length > MAX_FILE_BYTES) throw new RangeError(`own file of ${bytes.length} bytes`);
  return prepare(Buffer.from(bytes), name, 'application/pdf', null, pages);
}

/** The name a stored file is offered under. */
export function downloadName(original_name: string, media_type: MediaType): string {
  return withEnding(original_name, ENDING_OF_TYPE[media_type]);
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function prepare(bytes: Buffer, name: string, media_type: MediaType, original_sha256: Buffer | null, pages: number | null): Prepared {
  return { bytes, media_type, original_name: cleanName(name), sha256: sha256(bytes), original_sha256, pages };
}
