/**
 * The font a document embeds: the glyphs it used and nothing else, in the order of their codes.
 *
 * Writes byte for byte what fontkit 2.0.4 would (the tests compare), but copies outlines instead of decoding every point
 * of every glyph: that decoding was half the time of a letter.
 */

/** Where the tables of a TrueType file stand; read once for each font. */
export interface Outlines {
  tables: Map<string, Uint8Array>;
  /** Offsets of the glyphs in `glyf` are 4 bytes wide, or 2 and halved. */
  wide: boolean;
  /** From this glyph on, all have the advance of the last one. */
  metrics: number;
}

/** What pdfkit keeps of an embedded font: its glyphs by code. Components of composed glyphs are added at the end. */
export interface GlyphList { glyphs: number[]; includeGlyph(id: number): number }

const COPIED = ['head', 'hhea', 'loca', 'maxp', 'cvt ', 'prep', 'glyf', 'hmtx', 'fpgm'] as const;
const HEAD_BYTES = 12;
const ENTRY_BYTES = 16;
// The flags of a component (OpenType, glyf).
const WORDS = 0x0001;
const SCALE = 0x0008;
const MORE = 0x0020;
const TWO_SCALES = 0x0040;
const MATRIX = 0x0080;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads the list of tables of a TrueType file (one font, no collection). */
export function outlinesOf(file: Uint8Array): Outlines {
  const head = view(file);
  const tables = new Map<string, Uint8Array>();
  for (let at = HEAD_BYTES, end = HEAD_BYTES + head.getUint16(4) * ENTRY_BYTES; at < end; at += ENTRY_BYTES) {
    const tag = String.fromCharCode(...file.subarray(at, at + 4));
    const offset = head.getUint32(at + 8);
    tables.set(tag, file.subarray(offset, offset + head.getUint32(at + 12)));
  }
  return { tables, wide: view(tables.get('head')!).getInt16(50) === 1, metrics: view(tables.get('hhea')!).getUint16(34) };
}

/** The embedded font's bytes. `list` grows while composed glyphs name their parts. */
export function writeSubset(outlines: Outlines, list: GlyphList): Uint8Array {
  const glyphs: Uint8Array[] = [];
  for (let at = 0; at < list.glyphs.length; at += 1) glyphs.push(glyphData(outlines, list.glyphs[at]!, list));
  const made: Record<string, Uint8Array> = {
    head: outlines.tables.get('head')!,
    hhea: changed(outlines.tables.get('hhea')!, 34, glyphs.length),
    maxp: changed(outlines.tables.get('maxp')!, 4, glyphs.length),
    loca: offsets(glyphs, outlines.wide), hmtx: metrics(outlines, list.glyphs), glyf: Buffer.concat(glyphs)
  };
  const tables = COPIED.flatMap((tag) => {
    const bytes = made[tag] ?? outlines.tables.get(tag);
    return bytes ? [{ tag, bytes }] : [];
  });
  return Buffer.concat([directory(tables), ...tables.map(({ bytes }) => bytes)]);
}

function directory(tables: readonly { tag: string; bytes: Uint8Array }[]): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + tables.length * ENTRY_BYTES);
  const power = Math.floor(Math.log2(tables.length));
  bytes.write('true', 'latin1');
  bytes.writeUInt16BE(tables.length, 4);
  bytes.writeUInt16BE(2 ** power * 16, 6);
  bytes.writeUInt16BE(power, 8);
  bytes.writeUInt16BE((tables.length - 2 ** power) * 16, 10);
  let offset = bytes.length;
  tables.forEach(({ tag, bytes: table }, index) => {
    const at = HEAD_BYTES + index * ENTRY_BYTES;
    bytes.write(tag, at, 'latin1');
    bytes.writeUInt32BE(offset, at + 8);
    bytes.writeUInt32BE(table.length, at + 12);
    offset += table.length;
  });
  return bytes;
}

function changed(table: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(table);
  view(copy).setUint16(at, value);
  return copy;
}

function offsets(glyphs: readonly Uint8Array[], wide: boolean): Uint8Array {
  const table = new Uint8Array((glyphs.length + 1) * (wide ? 4 : 2));
  const out = view(table);
  let offset = 0;
  for (let at = 0; at <= glyphs.length; at += 1) {
    if (wide) out.setUint32(at * 4, offset);
    else out.setUint16(at * 2, offset / 2);
    offset += glyphs[at]?.length ?? 0;
  }
  return table;
}

function metrics(outlines: Outlines, ids: readonly number[]): Uint8Array {
  const from = view(outlines.tables.get('hmtx')!);
  const table = new Uint8Array(ids.length * 4);
  const out = view(table);
  ids.forEach((id, at) => {
    const own = id < outlines.metrics;
    const bearing = own ? id * 4 + 2 : outlines.metrics * 4 + (id - outlines.metrics) * 2;
    out.setUint16(at * 4, from.getUint16((own ? id : outlines.metrics - 1) * 4));
    out.setInt16(at * 4 + 2, bearing + 2 <= from.byteLength ? from.getInt16(bearing) : 0);
  });
  return table;
}

function glyphData({ tables, wide }: Outlines, id: number, list: GlyphList): Uint8Array {
  const loca = view(tables.get('loca')!);
  const [from, to] = wide ? [loca.getUint32(id * 4), loca.getUint32(id * 4 + 4)] : [loca.getUint16(id * 2) * 2, loca.getUint16(id * 2 + 2) * 2];
  const data = tables.get('glyf')!.subarray(from, to);
  return data.length > 0 && view(data).getInt16(0) < 0 ? composed(data, list) : data;
}

/** A glyph made of others, which get numbers of their own in the subset. */
function composed(data: Uint8Array, list: GlyphList): Uint8Array {
  const copy = Uint8Array.from(data);
  const out = view(copy);
  for (let at = 10, flags = MORE; flags & MORE;) {
    flags = out.getUint16(at);
    out.setUint16(at + 2, list.includeGlyph(out.getUint16(at + 2)));
    at += 4 + (flags & WORDS ? 4 : 2) + (flags & SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0);
  }
  return copy;
}
