import type { Block, Column, Field } from './document.ts';
import type { Align, Flow, StructNode } from './flow.ts';
import { PAPER } from './flow.ts';
import { STYLES, type SetLine, type Style, type Typesetter } from './typeset.ts';

/** Ruled tables: label/value forms and general tables. Rows turn pages whole when they can, by lines when they must. */

interface StyledLine { line: SetLine; style: Style }
interface Cell { x: number; width: number; lines: StyledLine[]; align: Align; tag: 'TH' | 'TD'; scope?: 'Row' | 'Column'; grey?: number }
interface Row { cells: Cell[]; minimum: number }

const PADDING = { x: 5, y: 4 } as const;
const LABEL_GREY = 0.94;
/** A row up to this high moves to the next page whole; a higher one is cut, so that no page stays half empty. */
const KEEP_WHOLE = (PAPER.height - PAPER.top - PAPER.bottom) / 4;
/** Never leave fewer lines than this of a cut row at the foot of a page. */
const LINES_BEFORE_CUT = 3;
const BLANK_ROW = 22;

const heightOf = (lines: readonly StyledLine[]): number => lines.reduce((sum, { style }) => sum + style.leading, 0);
const rowHeight = (row: Row): number =>
  Math.max(row.minimum, ...row.cells.map((cell) => heightOf(cell.lines) + PADDING.y * 2));

/** 申請書 style: label left on grey, answer right. */
export function layFields(flow: Flow, set: Typesetter, block: Extract<Block, { type: 'fields' }>): void {
  const labelWidth = flow.width * (block.label_width ?? 0.27);
  const table = flow.node('Table');
  for (const field of block.rows) {
    const row = fieldRow(flow, set, field, labelWidth);
    placeRow(flow, row, table, null);
  }
  flow.skip(10);
}

function fieldRow(flow: Flow, set: Typesetter, field: Field, labelWidth: number): Row {
  const styled = (text: string, style: Style, width: number): StyledLine[] =>
    set.lines(text, style, width - PADDING.x * 2, field.label).map((line) => ({ line, style }));
  const valueWidth = flow.width - labelWidth;
  // An empty answer of a printed form has no line of its own: the hint stands on top and the room is below it.
  const value = field.value === '' && field.hint ? [] : styled(field.value, field.strong ? STYLES.cell_strong : STYLES.cell, valueWidth);
  const hint = field.hint ? styled(field.hint, STYLES.note, valueWidth) : [];
  const label = styled(field.label, STYLES.label, labelWidth);
  if (field.required) label.push(...styled('（必須）', STYLES.note, labelWidth));
  return {
    minimum: (field.min_lines ?? 1) * STYLES.cell.leading + PADDING.y * 2 + heightOf(hint),
    cells: [
      { x: flow.left, width: labelWidth, lines: label, align: 'left', tag: 'TH', scope: 'Row', grey: LABEL_GREY },
      { x: flow.left + labelWidth, width: valueWidth, lines: [...value, ...hint], align: field.align ?? 'left', tag: 'TD' }
    ]
  };
}

/** General table; the header row comes again at the head of every page. */
export function layTable(flow: Flow, set: Typesetter, block: Extract<Block, { type: 'table' }>): void {
  const table = flow.node('Table');
  const header = tableRow(flow, set, block.columns, block.columns.map((column) => column.header), 'header');
  if (block.caption) layCaption(flow, set, block.caption, table, rowHeight(header));
  else flow.ensure(rowHeight(header) + BLANK_ROW);
  placeRow(flow, header, table, null);
  for (const cells of block.rows) placeRow(flow, tableRow(flow, set, block.columns, cells, 'body'), table, header);
  for (let at = 0; at < (block.blank_rows ?? 0); at += 1) {
    placeRow(flow, { ...tableRow(flow, set, block.columns, [], 'body'), minimum: BLANK_ROW }, table, header);
  }
  for (const cells of block.totals ?? []) placeRow(flow, tableRow(flow, set, block.columns, cells, 'total'), table, header);
  flow.skip(10);
}

function layCaption(flow: Flow, set: Typesetter, caption: string, table: StructNode, header: number): void {
  const lines = set.lines(caption, STYLES.label, flow.width, '表の題');
  flow.ensure(lines.length * STYLES.label.leading + header + BLANK_ROW);
  flow.lines(lines, STYLES.label, flow.node('Caption', table));
  flow.y += 2;
}

function tableRow(flow: Flow, set: Typesetter, columns: readonly Column[], texts: readonly string[], kind: 'header' | 'body' | 'total'): Row {
  const shares = columns.reduce((sum, column) => sum + column.width, 0);
  const style = kind === 'header' ? STYLES.label : kind === 'total' ? STYLES.cell_strong : STYLES.cell;
  let x = flow.left;
  const cells = columns.map((column, at): Cell => {
    const width = flow.width * column.width / shares;
    const lines = set.lines(texts[at] ?? '', style, width - PADDING.x * 2, `表の「${column.header}」`).map((line) => ({ line, style }));
    const cell: Cell = { x, width, lines, align: kind === 'header' ? 'center' : column.align ?? 'left', tag: kind === 'header' ? 'TH' : 'TD' };
    if (kind === 'header') Object.assign(cell, { scope: 'Column', grey: LABEL_GREY });
    x += width;
    return cell;
  });
  return { cells, minimum: 0 };
}

/** Places a row, turning the page (and repeating `header`) where it does not fit. */
function placeRow(flow: Flow, row: Row, table: StructNode, header: Row | null): void {
  const tr = flow.node('TR', table);
  let nodes: (StructNode | null)[] = row.cells.map((cell) => flow.node(cell.tag, tr, cell.scope));
  let rest = row;
  for (;;) {
    const height = rowHeight(rest);
    if (height <= flow.room + 0.01) { drawRow(flow, rest, nodes, height); return; }
    const part = height > KEEP_WHOLE ? cutRow(rest, flow.room) : null;
    if (part) {
      drawRow(flow, part.head, nodes, Math.min(flow.room, rowHeight(part.head)));
      rest = part.tail;
      nodes = nodes.map((node, at) => (row.cells[at]?.scope === 'Row' ? null : node));
    } else if (flow.atTop) {
      // Nothing but blank height is left over: draw what fits.
      drawRow(flow, rest, nodes, flow.room);
      return;
    }
    flow.newPage();
    if (header) drawRow(flow, header, header.cells.map(() => null), rowHeight(header));
  }
}

/** Splits a row at the last lines that fit in `room`; null when too few would stay. */
function cutRow(row: Row, room: number): { head: Row; tail: Row } | null {
  const counts = row.cells.map((cell) => {
    let left = room - PADDING.y * 2;
    return cell.lines.findIndex(({ style }) => (left -= style.leading) < 0);
  });
  const cut = counts.map((count, at) => (count === -1 ? row.cells[at]?.lines.length ?? 0 : count));
  const longest = counts.some((count) => count >= LINES_BEFORE_CUT);
  const onlyHeight = counts.every((count) => count === -1);
  if (!longest && !(onlyHeight && room > BLANK_ROW * 2)) return null;
  const tail = row.cells.map((cell, at): Cell => ({
    // The label comes again beside what goes on, for the eye alone.
    ...cell, lines: cell.scope === 'Row' && cut[at] === cell.lines.length ? cell.lines : cell.lines.slice(cut[at])
  }));
  return {
    head: { cells: row.cells.map((cell, at) => ({ ...cell, lines: cell.lines.slice(0, cut[at]) })), minimum: onlyHeight ? room : 0 },
    tail: { cells: tail, minimum: Math.max(0, row.minimum - room) }
  };
}

function drawRow(flow: Flow, row: Row, nodes: readonly (StructNode | null)[], height: number): void {
  const top = flow.y;
  for (const cell of row.cells) if (cell.grey) flow.fill(cell.x, top, cell.width, height, cell.grey);
  row.cells.forEach((cell, at) => {
    let y = top + PADDING.y;
    for (const { line, style } of cell.lines) {
      flow.line(line, style, nodes[at] ?? null, cell.x + PADDING.x, y, cell.width - PADDING.x * 2, cell.align);
      y += style.leading;
    }
    flow.rule(cell.x, top, cell.x, top + height);
  });
  flow.rule(flow.right, top, flow.right, top + height);
  flow.rule(flow.left, top, flow.right, top);
  flow.rule(flow.left, top + height, flow.right, top + height);
  flow.y = top + height;
}
