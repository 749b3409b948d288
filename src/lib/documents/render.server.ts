import { createHash } from 'node:crypto';
import { LIMITS, type OfficialDocument, type Substitution } from './document.ts';
import { drawPdf } from './draw.server.ts';
import { DocumentRefused } from './flow.ts';
import { layOut } from './layout.ts';
import { Typesetter, type MissingCharacter } from './typeset.ts';
import type { Fonts } from './fonts.server.ts';

export interface RenderOptions {
  /** IPAmj明朝 (TTF). Null or left out: where Debian's package puts it, if it is there. False: never. */
  ipamjPath?: string | null | false;
  /** Forms an officer has agreed to: drawn instead, and reported in the result. */
  approvedSubstitutions?: readonly Substitution[];
  /** One character (〓) drawn for every one no font has, reported like a substitution. Never for a letter. */
  missingAs?: string;
}

export type RenderRefusal =
  /** A name would come out wrong. No PDF; an officer decides. */
  | { ok: false; reason: 'missing_glyph'; characters: MissingCharacter[] }
  | { ok: false; reason: 'too_long' | 'too_slow' | 'too_much_memory' | 'busy' | 'bad_document' | 'failed'; message: string };

export type RenderResult =
  | { ok: true; bytes: Uint8Array; pages: number; sha256: string; substitutions: { from: string; to: string; count: number }[] }
  | RenderRefusal;

export type CheckResult = { ok: true; pages: number } | RenderRefusal;

type SetResult = { ok: true; layout: ReturnType<typeof layOut>; set: Typesetter } | RenderRefusal;

function setDocument(fonts: Fonts, document: OfficialDocument, options: RenderOptions): SetResult {
  const approved = options.approvedSubstitutions ?? [];
  if (approved.length > LIMITS.substitutions) return { ok: false, reason: 'bad_document', message: 'too many substitutions' };
  const set = new Typesetter(fonts, approved, options.missingAs ?? null);
  try {
    const layout = layOut(document, set);
    if (set.missing.size > 0) return { ok: false, reason: 'missing_glyph', characters: [...set.missing.values()] };
    return { ok: true, layout, set };
  } catch (error) {
    if (error instanceof DocumentRefused) return { ok: false, reason: error.reason, message: error.message };
    throw error;
  }
}

/** Whether every character can be drawn, and on how many pages; draws nothing. */
export function checkHere(fonts: Fonts, document: OfficialDocument, options: RenderOptions): CheckResult {
  const done = setDocument(fonts, document, options);
  return done.ok ? { ok: true, pages: done.layout.pages.length } : done;
}

/** Renders in the calling thread. The portal calls `renderPdf`, which does this in a worker with limits. */
export async function renderHere(fonts: Fonts, document: OfficialDocument, options: RenderOptions): Promise<RenderResult> {
  const done = setDocument(fonts, document, options);
  if (!done.ok) return done;
  const bytes = await drawPdf(document, done.layout);
  return {
    ok: true, bytes, pages: done.layout.pages.length,
    sha256: createHash('sha256').update(bytes).digest('hex'), substitutions: [...done.set.substituted.values()]
  };
}
