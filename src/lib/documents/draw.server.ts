import PDFDocument from 'pdfkit';
import { PAPER, type PlacedText, type Shape, type StructNode } from './flow.ts';
import { metadataText } from './text.ts';
import type { FontFile, Glyph } from './fonts.server.ts';
import { writeSubset, type GlyphList } from './subset.ts';
import type { Layout } from './layout.ts';
import type { OfficialDocument } from './document.ts';

/**
 * Paints a finished layout with pdfkit: tagged, PDF/A-2a, the same bytes for the same content.
 *
 * Text goes in as glyphs we chose, not through `doc.text()`: pdfkit knows one font per run, lays out
 * quadratically, and writes for each glyph the first text it ever stood for. With fonts shared between
 * documents that text would even come from an earlier document.
 */

/** What we touch inside pdfkit 0.20.2 (pinned): the embedded font and its three parallel lists. */
interface EmbeddedFont {
  id: string;
  subset: GlyphList & { mapping: Record<number, number>; encode(): Uint8Array };
  widths: number[];
  unicode: number[][];
  ref(): unknown;
}
interface PdfkitInside { _font: EmbeddedFont; addContent(operators: string): void }
type StructContent = PDFKit.PDFStructureContent;

export async function drawPdf(document: OfficialDocument, layout: Layout): Promise<Buffer> {
  const pdf = openPdf(document);
  const fonts = new EmbeddedFonts(pdf);
  const contents = new Map<StructNode, StructContent[]>();
  for (const page of layout.pages) {
    pdf.addPage();
    drawShapes(pdf, page.shapes);
    drawTexts(pdf, fonts, page.texts, contents);
  }
  pdf.addStructure(structure(pdf, layout.root, contents));
  pdf.end();
  const chunks: Buffer[] = [];
  for await (const chunk of pdf) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function openPdf(document: OfficialDocument): PDFKit.PDFDocument {
  const created = new Date(document.created_at);
  if (Number.isNaN(created.getTime())) throw new RangeError(`not an instant: ${document.created_at}`);
  return new PDFDocument({
    size: 'A4', margin: 0, autoFirstPage: false, bufferPages: false, compress: true,
    pdfVersion: '1.7', subset: 'PDF/A-2a' as 'PDF/A-2', tagged: true, lang: 'ja', displayTitle: true,
    font: null as unknown as string,
    info: {
      Title: metadataText(document.title), Author: metadataText(document.author),
      ...(document.subject ? { Subject: metadataText(document.subject) } : {}),
      Creator: 'kyodo-portal', Producer: 'PDFKit',
      // Whole seconds: the dictionary and XMP both drop the rest.
      CreationDate: new Date(Math.floor(created.getTime() / 1000) * 1000)
    }
  });
}

/** Gives every (glyph, text) pair a code of its own, so that copying and searching return exactly what was typed. */
class EmbeddedFonts {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #open = new Map<FontFile, { font: EmbeddedFont; codes: Map<string, string> }>();

  constructor(pdf: PDFKit.PDFDocument) { this.#pdf = pdf; }

  /** Makes the font known to the current page and returns its resource name. */
  use(file: FontFile): string {
    const { font } = this.#entry(file);
    const fonts = (this.#pdf.page as unknown as { fonts: Record<string, unknown> }).fonts;
    fonts[font.id] ??= font.ref();
    return font.id;
  }

  /** The four hex digits that draw this glyph and mean this text. */
  code(glyph: Glyph): string {
    const { font, codes } = this.#entry(glyph.font);
    const key = `${glyph.id}:${glyph.text}`;
    let code = codes.get(key);
    if (code === undefined) {
      const at = font.subset.glyphs.push(glyph.id) - 1;
      font.subset.mapping[glyph.id] ??= at;
      font.widths[at] = glyph.advance * 1000;
      font.unicode[at] = [...glyph.text].map((character) => character.codePointAt(0) ?? 0);
      code = at.toString(16).padStart(4, '0');
      codes.set(key, code);
    }
    return code;
  }

  #entry(file: FontFile): { font: EmbeddedFont; codes: Map<string, string> } {
    let entry = this.#open.get(file);
    if (!entry) {
      // pdfkit takes an already parsed font (anything with `layout`); parsing is most of the cost of a letter.
      this.#pdf.registerFont(file.key, file.font as unknown as Buffer).font(file.key);
      const font = (this.#pdf as unknown as PdfkitInside)._font;
      font.unicode[0] = [0xfffd];
      font.subset.encode = () => writeSubset(file.outlines, font.subset);
      entry = { font, codes: new Map() };
      this.#open.set(file, entry);
    }
    return entry;
  }
}

const number = (value: number): string => String(Math.round(value * 1000) / 1000);

function drawShapes(pdf: PDFKit.PDFDocument, shapes: readonly Shape[]): void {
  if (shapes.length === 0) return;
  const operators: string[] = ['q'];
  for (const shape of shapes) if (shape.kind === 'fill') {
    operators.push(`${number(shape.grey)} g ${number(shape.x)} ${number(shape.y)} ${number(shape.width)} ${number(shape.height)} re f`);
  }
  for (const shape of shapes) if (shape.kind === 'line') {
    operators.push(`${number(shape.width)} w ${number(shape.x1)} ${number(shape.y1)} m ${number(shape.x2)} ${number(shape.y2)} l S`);
  }
  pdf.markContent('Artifact', { type: 'Layout' });
  (pdf as unknown as PdfkitInside).addContent([...operators, 'Q'].join('\n'));
  pdf.endMarkedContent();
}

/** Texts of one structure node that follow each other share one marked piece of content. */
function drawTexts(pdf: PDFKit.PDFDocument, fonts: EmbeddedFonts, texts: readonly PlacedText[], contents: Map<StructNode, StructContent[]>): void {
  let open: StructNode | null | undefined;
  for (const text of texts) {
    if (open === undefined || text.node !== open) {
      if (open !== undefined) pdf.endMarkedContent();
      open = text.node;
      if (open) contents.set(open, [...contents.get(open) ?? [], pdf.markStructureContent(open.tag)]);
      else pdf.markContent('Artifact', { type: 'Pagination' });
    }
    (pdf as unknown as PdfkitInside).addContent(textOperators(fonts, text));
  }
  if (open !== undefined) pdf.endMarkedContent();
}

/** The page's axis points down, so the text matrix turns the letters upright again. */
function textOperators(fonts: EmbeddedFonts, text: PlacedText): string {
  const operators = ['BT', `1 0 0 -1 ${number(text.x)} ${number(text.y)} Tm`];
  if (text.spacing > 0) operators.push(`${number(text.spacing)} Tc`);
  let file: FontFile | null = null;
  let codes = '';
  for (const glyph of text.glyphs) {
    if (glyph.font !== file) {
      if (codes) operators.push(`<${codes}> Tj`);
      codes = '';
      file = glyph.font;
      operators.push(`/${fonts.use(file)} ${number(text.size)} Tf`);
    }
    codes += fonts.code(glyph);
  }
  if (codes) operators.push(`<${codes}> Tj`);
  // Character spacing outlives ET.
  if (text.spacing > 0) operators.push('0 Tc');
  return [...operators, 'ET'].join('\n');
}

function structure(pdf: PDFKit.PDFDocument, node: StructNode, contents: ReadonlyMap<StructNode, StructContent[]>): PDFKit.PDFStructureElement {
  const options = node.scope ? { scope: node.scope } : {};
  const children = [...contents.get(node) ?? [], ...node.children.map((child) => structure(pdf, child, contents))];
  return pdf.struct(node.tag, options as PDFKit.Mixins.StructureElementOptions, children as never);
}

export const PAGE_SIZE = [PAPER.width, PAPER.height] as const;
