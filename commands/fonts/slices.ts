/**
 * Divides the characters of known pages into slices of a font, so that a page loads little more than what it shows and
 * pages share what they have in common.
 */

/** The characters each page shows, by the page's name. */
export type Pages = ReadonlyMap<string, ReadonlySet<string>>;

/** A slice costs this much wherever it is loaded: the answer's headers and what every font file repeats. */
export const SLICE_COST_BYTES = 1_250;
/** An outline's share of a slice, about: kanji, and everything simpler. */
const GLYPH_BYTES = { han: 175, other: 85 };
const bytesOf = (character: string): number => (/^\p{Script=Han}$/u.test(character) ? GLYPH_BYTES.han : GLYPH_BYTES.other);

interface Group { pages: ReadonlySet<string>; characters: string[]; bytes: number }

/**
 * Begins with the characters that the very same pages show, and joins two such groups as long as all pages together then
 * load less. The slice that most pages need comes first.
 */
export function sliced(pages: Pages): string[][] {
  const groups = byPages(pages);
  for (let best = bestPair(groups); best; best = bestPair(groups)) {
    const [at, other] = best;
    const [a, b] = [groups[at]!, groups[other]!];
    groups[at] = { pages: a.pages.union(b.pages), characters: [...a.characters, ...b.characters], bytes: a.bytes + b.bytes };
    groups.splice(other, 1);
  }
  return groups.sort((a, b) => b.pages.size - a.pages.size || b.bytes - a.bytes).map(({ characters }) => characters.sort());
}

function byPages(pages: Pages): Group[] {
  const shownOn = new Map<string, string[]>();
  for (const [page, characters] of pages) for (const character of characters) shownOn.set(character, [...(shownOn.get(character) ?? []), page]);
  const groups = new Map<string, Group>();
  for (const [character, names] of [...shownOn].sort()) {
    const group = groups.get(names.join('\n')) ?? { pages: new Set(names), characters: [], bytes: 0 };
    groups.set(names.join('\n'), { ...group, characters: [...group.characters, character], bytes: group.bytes + bytesOf(character) });
  }
  return [...groups.values()];
}

/** The two groups whose joining saves most, or null when it saves nothing. */
function bestPair(groups: readonly Group[]): [number, number] | null {
  let best: [number, number] | null = null;
  let bestSaving = 0;
  for (const [at, a] of groups.entries()) {
    for (let other = at + 1; other < groups.length; other += 1) {
      const b = groups[other]!;
      // Pages of one group load the other's characters for nothing; pages of both load one file less.
      const shared = a.pages.intersection(b.pages).size;
      const saving = shared * SLICE_COST_BYTES - (a.pages.size - shared) * b.bytes - (b.pages.size - shared) * a.bytes;
      if (saving > bestSaving) [best, bestSaving] = [[at, other], saving];
    }
  }
  return best;
}
