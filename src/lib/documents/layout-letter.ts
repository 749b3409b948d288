import type { Block, Item } from './document.ts';
import { PAPER, type Flow, type StructNode } from './flow.ts';
import { STYLES, type SetLine, type Style, type Typesetter } from './typeset.ts';

/** The parts of a Japanese official letter, each set where readers look for it. */

type Of<T extends Block['type']> = Extract<Block, { type: T }>;
const BODY = STYLES.body;

/** 文書番号 and date: right, so that they end on the same edge. */
export function layRight(flow: Flow, set: Typesetter, block: Of<'right'>): void {
  for (const text of block.lines) {
    flow.lines(set.lines(text, BODY, flow.width, block.where ?? '文書番号・日付'), BODY, flow.node('P'), { align: 'right' });
  }
  flow.skip(8);
}

/** The receiver: organisation first, then title and name one step in, with 様. */
export function layAddressee(flow: Flow, set: Typesetter, block: Of<'addressee'>): void {
  const width = flow.width * 0.75;
  block.lines.forEach((text, at) => {
    const last = at === block.lines.length - 1;
    const indent = at === 0 ? 0 : BODY.size;
    const lines = balanced(set, last ? `${text}　${block.honorific}` : text, BODY, width - indent, '宛名');
    flow.lines(lines, BODY, flow.node('P'), { x: flow.left + indent, width: width - indent });
  });
  flow.skip(10);
}

/** The sender on the right half; labels (住所, 団体名) stand in their own column. */
export function laySender(flow: Flow, set: Typesetter, block: Of<'sender'>): void {
  const where = block.where ?? '発信者';
  const labels = block.rows.map((row) => (row.label ? set.width(row.label, BODY, where) : 0));
  const labelWidth = Math.max(...labels, 0);
  const x = flow.left + flow.width * (labelWidth > 0 ? 0.42 : 0.3);
  const width = flow.right - x;
  const texts = block.rows.map((row) => balanced(set, row.text, BODY, width - (labelWidth > 0 ? labelWidth + BODY.size : 0), row.label ?? where));
  flow.ensure(Math.min(texts.reduce((sum, lines) => sum + lines.length * BODY.leading, 0), flow.bottom / 2));
  block.rows.forEach((row, at) => {
    const lines = texts[at] ?? [];
    if (labelWidth === 0) { flow.lines(lines, BODY, flow.node('P'), { x, width, align: 'right' }); return; }
    flow.ensure(BODY.leading);
    const [label] = set.lines(row.label ?? '', BODY, labelWidth + 1, where);
    if (label) flow.line(label, BODY, flow.node('P'), x, flow.y, labelWidth, 'left');
    flow.lines(lines, BODY, flow.node('P'), { x: x + labelWidth + BODY.size, width: width - labelWidth - BODY.size });
  });
  flow.skip(14);
}

/** Lines of about equal length, for names and titles: never one long line and one lonely character. */
function balanced(set: Typesetter, text: string, style: Style, width: number, where: string): SetLine[] {
  const lines = set.lines(text, style, width, where);
  if (lines.length < 2 || text.includes('\n')) return lines;
  const whole = set.width(text, style, where);
  const even = set.lines(text, style, Math.min(width, whole / lines.length + style.size * 1.5), where);
  return even.length === lines.length ? even : lines;
}

/** Centred and bold. */
export function layTitle(flow: Flow, set: Typesetter, block: Of<'title'>): void {
  const style = STYLES.title;
  const width = flow.width - 20;
  const lines = balanced(set, block.text, style, width, '表題');
  flow.skip(6);
  flow.ensure(lines.length * style.leading + BODY.leading * 2);
  flow.lines(lines, style, flow.node('H1'), { x: flow.left + 10, width, align: 'center' });
  flow.skip(12);
}

/** 記, the numbered items with their values in one column, and 以上. */
export function layItems(flow: Flow, set: Typesetter, block: Of<'items'>, layBlock: (block: Block) => void): void {
  if (block.mark) {
    flow.skip(4);
    flow.ensure(BODY.leading * 3);
    flow.lines(set.lines(block.mark, BODY, flow.width, '記'), BODY, flow.node('P'), { align: 'center' });
    flow.skip(6);
  }
  const widths = block.items.filter((item) => item.value !== undefined).map((item) => set.width(item.label, BODY, item.label));
  const column = Math.min(Math.max(0, ...widths), BODY.size * 12) + BODY.size * 1.5;
  const list = flow.node('L');
  block.items.forEach((item, at) => layItem(flow, set, item, { number: at + 1, column, list }, layBlock));
  if (block.end) {
    flow.skip(4);
    flow.lines(set.lines(block.end, BODY, flow.width, '以上'), BODY, flow.node('P'), { align: 'right' });
  }
  flow.skip(8);
}

/** Up to nine the number is full-width, after that two half-width figures: the same width on paper. */
const itemNumber = (number: number): string =>
  number < 10 ? String.fromCharCode(0xff10 + number) : String(number);

interface ItemPlace { number: number; column: number; list: StructNode }

function layItem(flow: Flow, set: Typesetter, item: Item, { number, column, list }: ItemPlace, layBlock: (block: Block) => void): void {
  const style = item.strong ? STYLES.strong : BODY;
  const entry = flow.node('LI', list);
  const mark = flow.node('Lbl', entry);
  const body = flow.node('LBody', entry);
  const x = flow.left + BODY.size * 2;
  const label = set.lines(item.label, BODY, item.value === undefined ? flow.right - x : column - BODY.size * 0.5, item.label);
  const value = item.value === undefined ? [] : set.lines(item.value, style, flow.right - x - column, item.label);
  flow.ensure(Math.min(Math.max(label.length, value.length, 1) + (item.blocks?.length ? 2 : 0), 8) * BODY.leading);
  const [figure] = set.lines(itemNumber(number), BODY, BODY.size * 2, item.label);
  if (figure) flow.line(figure, BODY, mark, flow.left, flow.y, BODY.size * 2, 'left');
  const top = { page: flow.pages.length, y: flow.y };
  flow.lines(label, BODY, flow.node('P', body), { x, width: column });
  const below = { page: flow.pages.length, y: flow.y };
  if (value.length > 0 && below.page === top.page) {
    // The value starts beside the label; the cursor ends under the longer of the two.
    flow.y = top.y;
    flow.lines(value, style, flow.node('P', body), { x: x + column, width: flow.right - x - column, align: 'justify' });
    if (flow.pages.length === below.page) flow.y = Math.max(flow.y, below.y);
  }
  if (item.blocks?.length) layInside(flow, item.blocks, x, body, layBlock);
  flow.skip(3);
}

/** Blocks of an item: indented on paper, and inside the item for who listens. */
function layInside(flow: Flow, blocks: readonly Block[], x: number, body: StructNode, layBlock: (block: Block) => void): void {
  const outside = flow.parent;
  flow.parent = body;
  flow.left = x;
  flow.skip(2);
  for (const inner of blocks) layBlock(inner);
  flow.left = PAPER.left;
  flow.parent = outside;
}

/** (1) … , ・ … or □ … , hanging by the width of the mark. */
export function layList(flow: Flow, set: Typesetter, block: Of<'list'>): void {
  const list = flow.node('L');
  const hang = BODY.size * (block.style === 'paren' ? 2.25 : 1.25);
  const x = flow.left;
  block.entries.forEach((text, at) => {
    const entry = flow.node('LI', list);
    const mark = block.style === 'paren' ? `(${at + 1})` : block.style === 'dot' ? '・' : '□';
    const lines = set.lines(text, BODY, flow.right - x - hang, block.where ?? '箇条書き');
    flow.ensure(BODY.leading);
    const [label] = set.lines(mark, BODY, hang, '箇条書き');
    if (label) flow.line(label, BODY, flow.node('Lbl', entry), x, flow.y, hang, 'left');
    flow.lines(lines, BODY, flow.node('LBody', entry), { x: x + hang, width: flow.right - x - hang, align: 'justify' });
  });
  flow.skip(6);
}

/** 担当: a ruled box at the end of a letter, on the right where letters carry it. */
export function layContact(flow: Flow, set: Typesetter, block: Of<'contact'>): void {
  const style = STYLES.label;
  const width = flow.width * 0.56;
  const x = flow.right - width;
  const texts = [block.title, ...block.lines].map((text) => set.lines(text, style, width - 16, block.title));
  const height = texts.reduce((sum, lines) => sum + lines.length, 0) * style.leading + 10;
  flow.skip(10);
  flow.ensure(height);
  const top = flow.y;
  flow.y += 5;
  for (const lines of texts) flow.lines(lines, style, flow.node('P'), { x: x + 8, width: width - 16 });
  for (const [x1, y1, x2, y2] of [[x, top, x + width, top], [x, top + height, x + width, top + height], [x, top, x, top + height], [x + width, top, x + width, top + height]] as const) {
    flow.rule(x1, y1, x2, y2);
  }
  flow.y = top + height;
  flow.skip(6);
}
