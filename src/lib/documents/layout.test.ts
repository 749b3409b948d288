import { describe, expect, it } from 'vitest';
import { applicationForm } from './application-form.ts';
import { awardNotice } from './award-notice.ts';
import { blankForm } from './blank-form.ts';
import { PAPER, type PlacedText } from './flow.ts';
import { openFonts } from './fonts.server.ts';
import { layOut } from './layout.ts';
import { isBlank } from './line-break.ts';
import { receipt } from './receipt.ts';
import { rejectionNotice } from './rejection-notice.ts';
import { DEMO_MARK, sampleAward, sampleBlank, sampleCity, samplePartlyAward, sampleRejection, sampleSubmission } from './samples.ts';
import { Typesetter } from './typeset.ts';
import type { OfficialDocument } from './document.ts';

/** What an eye would check on every sheet: nothing clipped, nothing on top of something else. */

const fonts = openFonts(null);
const long = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const worst = long('とても長い「名前」の、里山と海辺をつなぐABC協議会・', 200);

const documents: Record<string, OfficialDocument> = {
  award: awardNotice(sampleAward), partly: awardNotice({ ...samplePartlyAward, project_title: worst, receiver: { organisation: worst, representative_title: worst, representative_name: worst } }),
  rejection: rejectionNotice({ ...sampleRejection, reason: long(worst, 4_000), notices: [long(worst, 3_000)] }), blank: blankForm(sampleBlank),
  application: applicationForm({ city: { ...sampleCity, section_name: worst }, demo_mark: long(DEMO_MARK, 300), submission: {
    ...sampleSubmission, receipt_number: long('R8-', 80), organisation: { ...sampleSubmission.organisation, name: worst, address: worst },
    budget: { ...sampleSubmission.budget, expense: Array.from({ length: 90 }, () => ({ category: worst, item: worst, amount_yen: 999_999_999_999, basis: worst, eligible: true })) } } }),
  receipt: receipt({ city: { ...sampleCity, address: worst }, demo_mark: DEMO_MARK, submission: sampleSubmission, next_steps: [worst, worst] })
};

const edges = (text: PlacedText): { left: number; right: number; top: number; bottom: number } => {
  let end = text.glyphs.length;
  while (end > 0 && isBlank(text.glyphs[end - 1])) end -= 1;
  const width = text.glyphs.slice(0, end).reduce((sum, glyph) => sum + glyph.advance * text.size + text.spacing, 0) - text.spacing;
  return { left: text.x, right: text.x + width, top: text.y - text.size * 0.8, bottom: text.y + text.size * 0.1 };
};

describe.each(Object.entries(documents))('%s', (_, document) => {
  const { pages } = layOut(document, new Typesetter(fonts, [], '〓'));

  it('keeps every line inside the margins', () => {
    for (const text of pages.flatMap((page) => page.texts)) {
      const { left, right, top, bottom } = edges(text);
      expect(left).toBeGreaterThanOrEqual(PAPER.left - 0.1);
      expect(right).toBeLessThanOrEqual(PAPER.width - PAPER.right + 0.1);
      expect(top).toBeGreaterThan(25);
      expect(bottom).toBeLessThan(PAPER.height - 25);
      if (text.node) expect(bottom).toBeLessThanOrEqual(PAPER.height - PAPER.bottom + 0.1);
    }
    for (const shape of pages.flatMap((page) => page.shapes)) {
      if (shape.kind === 'line') expect(Math.max(shape.y1, shape.y2)).toBeLessThanOrEqual(PAPER.height - PAPER.bottom + 0.1);
    }
  });

  it('sets no line over another', () => {
    for (const page of pages) {
      const boxes = page.texts.filter((text) => text.glyphs.some((glyph) => !isBlank(glyph))).map(edges).sort((a, b) => a.top - b.top);
      boxes.forEach((box, at) => {
        for (const other of boxes.slice(at + 1)) {
          if (other.top >= box.bottom) break;
          expect(other.left >= box.right - 0.1 || box.left >= other.right - 0.1, JSON.stringify([box, other])).toBe(true);
        }
      });
    }
  });
});
