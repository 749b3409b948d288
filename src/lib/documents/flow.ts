import { LIMITS } from './document.ts';
import { isBlank } from './line-break.ts';
import type { Glyph } from './fonts.server.ts';
import type { SetLine, Style } from './typeset.ts';

/** A4 in points, with the margins of an official letter (25 mm, 22 mm below for the page number). */
export const PAPER = { width: 595.28, height: 841.89, left: 71, right: 71, top: 66, bottom: 64 } as const;

/** Standard structure types of PDF 1.7 that we use; screen readers walk this tree. */
export type Tag = 'Document' | 'H1' | 'H2' | 'H3' | 'P' | 'L' | 'LI' | 'Lbl' | 'LBody' | 'Table' | 'TR' | 'TH' | 'TD' | 'Caption';
export interface StructNode { tag: Tag; scope?: 'Row' | 'Column'; children: StructNode[] }

/** Text on its baseline; without a node it is an artifact (page numbers, repeated table heads). */
export interface PlacedText { x: number; y: number; size: number; spacing: number; glyphs: readonly Glyph[]; node: StructNode | null }
export type Shape =
  | { kind: 'line'; x1: number; y1: number; x2: number; y2: number; width: number }
  | { kind: 'fill'; x: number; y: number; width: number; height: number; grey: number };
export interface Page { texts: PlacedText[]; shapes: Shape[] }

export type Align = 'left' | 'right' | 'center' | 'justify';

/** Thrown inside the worker when a document passes a limit; becomes a typed refusal at its edge. */
export class DocumentRefused extends Error {
  readonly reason: 'too_long' | 'bad_document';
  constructor(reason: 'too_long' | 'bad_document', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A line this much shorter than the measure is still pulled flush; wider gaps would look torn. */
const JUSTIFY_UP_TO_EM = 2;

/** Pages being filled from top to bottom. Coordinates run down from the top left corner. */
export class Flow {
  readonly pages: Page[] = [];
  readonly root: StructNode = { tag: 'Document', children: [] };
  /** Where what is set next hangs in the structure tree; blocks inside a numbered item belong to it. */
  parent: StructNode = this.root;
  /** Left edge of what is set next; blocks inside a numbered item move it in. */
  left: number = PAPER.left;
  readonly right = PAPER.width - PAPER.right;
  readonly bottom = PAPER.height - PAPER.bottom;
  y: number = PAPER.top;

  constructor() { this.newPage(); }

  get width(): number { return this.right - this.left; }
  get room(): number { return this.bottom - this.y; }
  get atTop(): boolean { return this.y <= PAPER.top + 0.01; }
  get page(): Page { return this.pages[this.pages.length - 1] as Page; }

  newPage(): void {
    if (this.pages.length >= LIMITS.pages) throw new DocumentRefused('too_long', `more than ${LIMITS.pages} pages`);
    this.pages.push({ texts: [], shapes: [] });
    this.y = PAPER.top;
  }

  /** Turns the page unless `height` still fits. */
  ensure(height: number): void {
    if (height > this.room && !this.atTop) this.newPage();
  }

  /** Blank space; never at the head of a page, never beyond its foot. */
  skip(height: number): void {
    if (!this.atTop) this.y = Math.min(this.y + height, this.bottom);
  }

  node(tag: Tag, parent: StructNode = this.parent, scope?: 'Row' | 'Column'): StructNode {
    const node: StructNode = scope ? { tag, scope, children: [] } : { tag, children: [] };
    parent.children.push(node);
    return node;
  }

  /** Sets lines one under another from the cursor, turning pages between them. */
  lines(lines: readonly SetLine[], style: Style, node: StructNode, place: { x?: number; width?: number; align?: Align; indent?: number } = {}): void {
    const { x = this.left, width = this.width, align = 'left', indent = 0 } = place;
    lines.forEach((line, at) => {
      this.ensure(style.leading);
      const shift = at === 0 ? indent : 0;
      this.line(line, style, node, x + shift, this.y, width - shift, align);
      this.y += style.leading;
    });
  }

  /** One line in a box whose top is `y`: all our fonts have the ideographic box from -0.12 to 0.88 em. */
  line(line: SetLine, style: Style, node: StructNode | null, x: number, y: number, width: number, align: Align, page: Page = this.page): void {
    if (line.glyphs.length === 0) return;
    const free = Math.max(0, width - line.width);
    const shift = align === 'right' ? free : align === 'center' ? free / 2 : 0;
    const stretch = align === 'justify' && !line.last && free <= JUSTIFY_UP_TO_EM * style.size;
    const gaps = line.glyphs.length - 1 - (isBlank(line.glyphs[line.glyphs.length - 1]) ? 1 : 0);
    page.texts.push({
      x: x + shift, y: y + (style.leading - style.size) / 2 + style.size * 0.88, size: style.size,
      spacing: stretch && gaps > 0 ? free / gaps : 0, glyphs: line.glyphs, node
    });
  }

  rule(x1: number, y1: number, x2: number, y2: number, width = 0.5): void {
    this.page.shapes.push({ kind: 'line', x1, y1, x2, y2, width });
  }

  fill(x: number, y: number, width: number, height: number, grey: number): void {
    this.page.shapes.push({ kind: 'fill', x, y, width, height, grey });
  }
}
