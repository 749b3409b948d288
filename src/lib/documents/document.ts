/**
 * What an official document says, as plain JSON: no fonts, no coordinates.
 *
 * Builders (`award-notice.ts`, …) turn a stored snapshot into this; `layout.ts` sets it on A4 pages.
 * The same content always gives the same bytes, so content may be stored, hashed and compared.
 */

/** One label and what was answered; in a blank form the answer is room to write. */
export interface Field {
  label: string;
  /** Text of the answer; `\n` starts a new line. */
  value: string;
  /** Small print under the value: how to fill the field in. */
  hint?: string;
  /** 「必須」 beside the label. */
  required?: boolean;
  /** Room to write by hand, in lines; the row is at least this high. */
  min_lines?: number;
  align?: 'left' | 'right';
  strong?: boolean;
}

export interface Column {
  header: string;
  /** Share of the table's width; shares are divided by their sum. */
  width: number;
  /** Money columns are `right`. */
  align?: 'left' | 'right' | 'center';
}

/** 「１　補助事業の名称　…」 under 記. */
export interface Item {
  label: string;
  value?: string;
  strong?: boolean;
  /** Lists and tables that belong to the item, set under it. */
  blocks?: Block[];
}

export type Block =
  /** 様式第2号（第6条関係）, top left. */
  | { type: 'form_number'; text: string }
  /** The city's own line over its letters. */
  | { type: 'letterhead'; text: string }
  /** 文書番号 and date, top right. */
  | { type: 'right'; lines: string[]; where?: string }
  /** Organisation, then title and name with 様 after the last line. */
  | { type: 'addressee'; lines: string[]; honorific: string }
  /** Who writes: lines on the right half, with or without labels (住所, 団体名, 代表者). */
  | { type: 'sender'; rows: { label?: string; text: string }[]; where?: string }
  | { type: 'title'; text: string }
  | { type: 'heading'; level: 1 | 2; text: string }
  | { type: 'paragraph'; text: string; indent?: boolean; strong?: boolean }
  /** 記 … numbered items … 以上. */
  | { type: 'items'; mark?: string; items: Item[]; end?: string }
  | { type: 'list'; style: 'paren' | 'dot' | 'box'; entries: string[]; where?: string }
  | { type: 'fields'; rows: Field[]; label_width?: number }
  | { type: 'table'; columns: Column[]; rows: string[][]; totals?: string[][]; caption?: string; blank_rows?: number }
  | { type: 'note'; text: string }
  /** 担当 and how to reach them, boxed at the end. */
  | { type: 'contact'; title: string; lines: string[] }
  | { type: 'space'; lines: number }
  | { type: 'page_break' };

export interface OfficialDocument {
  schema: 1;
  /** Title bar of the reader and the PDF's metadata. */
  title: string;
  author: string;
  subject?: string;
  /** An instant from the snapshot (ISO 8601); becomes the PDF's CreationDate. Never "now". */
  created_at: string;
  /** 「架空・設定例」 line at the head of every page while the portal shows invented data. */
  demo_mark?: string | null;
  /** Left half of the foot of every page: 受付番号, 文書番号. */
  footer?: string | null;
  blocks: Block[];
}

/** A character form an officer has agreed to draw in place of one no font has. */
export interface Substitution { from: string; to: string }

/** Every limit of this module, in one place. */
export const LIMITS = {
  pages: 200,
  /** UTF-16 units over the whole document. */
  text_units: 400_000,
  blocks: 20_000,
  render_ms: 5_000,
  memory_mb: 256,
  workers: 2,
  queue: 100,
  missing_characters: 50,
  substitutions: 100,
  /** Different characters whose replacement a result reports. */
  recorded: 1_000
} as const;

/**
 * Size of the text in a document, counted only until it passes the limit,
 * so that a hostile document costs the caller's thread nothing.
 */
export function textUnits(value: unknown, limit: number = LIMITS.text_units): number {
  const waiting: unknown[] = [value];
  let units = 0;
  let nodes = 0;
  while (waiting.length > 0 && units <= limit && nodes <= limit) {
    const next = waiting.pop();
    nodes += 1;
    if (typeof next === 'string') units += next.length;
    else if (Array.isArray(next)) {
      if (next.length > limit) return limit + 1;
      for (const child of next) waiting.push(child);
    } else if (next !== null && typeof next === 'object') for (const child of Object.values(next)) waiting.push(child);
  }
  return nodes > limit ? limit + 1 : units;
}
