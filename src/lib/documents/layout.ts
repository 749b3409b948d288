import { LIMITS, textUnits, type Block, type OfficialDocument } from './document.ts';
import { DocumentRefused, Flow, PAPER, type Page, type StructNode } from './flow.ts';
import { layAddressee, layContact, layItems, layList, layRight, laySender, layTitle } from './layout-letter.ts';
import { layFields, layTable } from './layout-table.ts';
import { cleanText } from './text.ts';
import { STYLES, type Typesetter } from './typeset.ts';

/** A document set on pages: everything has its place, nothing is drawn yet. */
export interface Layout { pages: Page[]; root: StructNode }

/** Sets a document on A4 pages. Throws DocumentRefused when it passes a limit. */
export function layOut(document: OfficialDocument, set: Typesetter): Layout {
  if (document.schema !== 1) throw new DocumentRefused('bad_document', 'unknown schema');
  if (textUnits(document) > LIMITS.text_units || document.blocks.length > LIMITS.blocks) {
    throw new DocumentRefused('too_long', `more than ${LIMITS.text_units} characters`);
  }
  const flow = new Flow();
  if (document.demo_mark) layDemoMark(flow, set, document.demo_mark, 0, flow.node('P'));
  for (const block of document.blocks) layBlock(flow, set, block);
  // A page break at the very end would leave an empty sheet.
  const last = flow.pages[flow.pages.length - 1];
  if (flow.pages.length > 1 && last && last.texts.length === 0 && last.shapes.length === 0) flow.pages.pop();
  layMargins(flow, set, document);
  return { pages: flow.pages, root: flow.root };
}

function layBlock(flow: Flow, set: Typesetter, block: Block): void {
  switch (block.type) {
    case 'form_number': flow.lines(set.lines(block.text, STYLES.label, flow.width, '様式番号'), STYLES.label, flow.node('P')); break;
    case 'letterhead': flow.lines(set.lines(block.text, STYLES.label, flow.width, 'レターヘッド'), STYLES.label, flow.node('P'), { align: 'center' }); flow.skip(6); break;
    case 'right': layRight(flow, set, block); break;
    case 'addressee': layAddressee(flow, set, block); break;
    case 'sender': laySender(flow, set, block); break;
    case 'title': layTitle(flow, set, block); break;
    case 'heading': layHeading(flow, set, block); break;
    case 'paragraph': layParagraph(flow, set, block); break;
    case 'items': layItems(flow, set, block, (inner) => layBlock(flow, set, inner)); break;
    case 'list': layList(flow, set, block); break;
    case 'fields': layFields(flow, set, block); break;
    case 'table': layTable(flow, set, block); break;
    case 'note': flow.lines(set.lines(block.text, STYLES.note, flow.width, '注記'), STYLES.note, flow.node('P'), { align: 'justify' }); flow.skip(4); break;
    case 'contact': layContact(flow, set, block); break;
    case 'space': flow.skip(Math.min(Math.max(block.lines, 0), 60) * STYLES.body.leading); break;
    case 'page_break': if (!flow.atTop) flow.newPage(); break;
    default: throw new DocumentRefused('bad_document', `unknown block: ${JSON.stringify((block as { type?: unknown }).type)}`);
  }
}

function layHeading(flow: Flow, set: Typesetter, block: Extract<Block, { type: 'heading' }>): void {
  const style = block.level === 1 ? STYLES.heading : STYLES.subheading;
  const lines = set.lines(block.text, style, flow.width, '見出し');
  flow.skip(block.level === 1 ? 8 : 2);
  // A heading never stays alone at the foot of a page.
  flow.ensure((lines.length + 2) * style.leading);
  flow.lines(lines, style, flow.node(block.level === 1 ? 'H2' : 'H3'));
  flow.skip(3);
}

function layParagraph(flow: Flow, set: Typesetter, block: Extract<Block, { type: 'paragraph' }>): void {
  const style = block.strong ? STYLES.strong : STYLES.body;
  const indent = block.indent === false ? 0 : style.size;
  for (const text of cleanText(block.text).split('\n')) {
    flow.lines(set.lines(text, style, flow.width, '本文', indent), style, flow.node('P'), { align: 'justify', indent });
  }
  flow.skip(4);
}

/** What stands in the margins, known only when all pages are: page numbers, number of the paper, 架空 mark. */
function layMargins(flow: Flow, set: Typesetter, document: OfficialDocument): void {
  const y = PAPER.height - 42;
  const style = STYLES.mark;
  flow.pages.forEach((page, at) => {
    const put = (text: string, align: 'left' | 'center' | 'right', where: string): void => {
      const [line] = set.lines(text, style, flow.width * (align === 'left' ? 0.42 : 1), where);
      if (line) flow.line(line, style, null, flow.left, y, flow.width, align, page);
    };
    put(`${at + 1} / ${flow.pages.length}`, 'center', 'ページ番号');
    if (document.footer) put(document.footer, 'left', 'ページ下');
    if (document.demo_mark && at > 0) layDemoMark(flow, set, document.demo_mark, at, null);
  });
}

/** On the first page it is read aloud, on the others it only repeats. */
function layDemoMark(flow: Flow, set: Typesetter, text: string, at: number, node: StructNode | null): void {
  const page = flow.pages[at];
  const [line] = set.lines(text, STYLES.mark, flow.width - 12, '架空の表示');
  if (!page || !line) return;
  const height = 16;
  const top = 30;
  for (const edge of [top, top + height]) page.shapes.push({ kind: 'line', x1: flow.left, y1: edge, x2: flow.right, y2: edge, width: 0.5 });
  flow.line(line, STYLES.mark, node, flow.left, top + (height - STYLES.mark.leading) / 2, flow.width, 'center', page);
}
