/**
 * Makes a real, small HEIC for tests. Nothing installed can encode HEVC, but HEVC lets an encoder write blocks as
 * plain samples (I_PCM): with 16 × 16 blocks only three binary decisions per block pass the arithmetic coder.
 * Section numbers are of ITU-T H.265; the boxes are of ISO/IEC 14496-12 and 23008-12.
 */

export type HeicOptions = {
  /** Multiples of 16. */
  width: number;
  height: number;
  colour: (x: number, y: number) => { y: number; cb: number; cr: number };
  /** Quarter turns anticlockwise (`irot`). */
  turns?: 0 | 1 | 2 | 3;
  /** A TIFF block to carry as the Exif item. */
  exif?: Buffer;
  /** What `ispe` claims, when it should lie. */
  claimed?: { width: number; height: number };
  /** What the HEVC stream itself claims, when it should lie. */
  coded?: { width: number; height: number };
  /** Repeats the picture as the tiles of a grid. */
  tiles?: { across: number; down: number };
  major?: string;
  brands?: string[];
};

const BLOCK = 16;
/** Column 3 of rangeTabLps (Table 9-52): the range is always 508 or 510 when the one context-coded bin comes. */
const RANGE_LPS = [
  240, 227, 216, 205, 195, 185, 175, 166, 158, 150, 142, 135, 128, 122, 116, 110, 104, 99, 94, 89, 85, 80, 76, 72, 69, 65, 62, 59, 56, 53, 50, 48,
  45, 43, 41, 39, 37, 35, 33, 31, 30, 28, 27, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 14, 13, 12, 12, 11, 11, 10, 9, 2
];

class Bits {
  private bits: number[] = [];
  u(count: number, value: number): this {
    for (let i = count - 1; i >= 0; i -= 1) this.bits.push(Math.floor(value / 2 ** i) & 1);
    return this;
  }
  ue(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.u(length, 0).u(length + 1, value + 1);
  }
  stop(): Buffer {
    this.bits.push(1);
    while (this.bits.length % 8 !== 0) this.bits.push(0);
    const bytes = Buffer.alloc(this.bits.length / 8);
    this.bits.forEach((bit, i) => { bytes[i >> 3]! |= bit << (7 - (i & 7)); });
    return bytes;
  }
}

/** Profile, tier and level (7.3.3): Main, level 6.2. */
function profile(bits: Bits): Bits {
  return bits.u(2, 0).u(1, 0).u(5, 1).u(32, 0x60000000).u(4, 0b1001).u(44, 0).u(8, 186);
}

function parameterSets(width: number, height: number): [Buffer, Buffer, Buffer] {
  const vps = profile(new Bits().u(4, 0).u(2, 3).u(6, 0).u(3, 0).u(1, 1).u(16, 0xffff)).u(1, 1).ue(0).ue(0).ue(0).u(6, 0).ue(0).u(2, 0).stop();
  const sps = profile(new Bits().u(4, 0).u(3, 0).u(1, 1)).ue(0).ue(1).ue(width).ue(height).u(1, 0).ue(0).ue(0).ue(0).u(1, 1).ue(0).ue(0).ue(0)
    .ue(1).ue(0).ue(0).ue(2).ue(0).ue(0) // 16 × 16 blocks that are never split
    .u(3, 0).u(1, 1).u(4, 7).u(4, 7).ue(1).ue(0).u(1, 1) // plain samples of 8 bits, not filtered
    .ue(0).u(5, 0).stop();
  const pps = new Bits().ue(0).ue(0).u(1, 0).u(1, 0).u(3, 0).u(2, 0).ue(0).ue(0).ue(0).u(3, 0).ue(0).ue(0).u(6, 0).u(1, 0)
    .u(1, 1).u(1, 0).u(1, 1).u(2, 0).ue(0).u(2, 0).stop();
  return [nal(32, vps), nal(33, sps), nal(34, pps)];
}

function nal(type: number, payload: Buffer): Buffer {
  const out = [type << 1, 1];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) { out.push(3); zeros = 0; }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(out);
}

/** One intra slice: per block `part_mode` = 2N×2N, `pcm_flag` = 1, its samples, `end_of_slice_segment_flag` (9.3.4). */
function slice({ width, height, colour }: HeicOptions): Buffer {
  const parts = [new Bits().u(1, 1).u(1, 0).ue(0).ue(2).ue(0).stop()];
  const across = width / BLOCK;
  const count = across * (height / BLOCK);
  for (let block = 0; block < count; block += 1) {
    const range = (block === 0 ? 510 : 508) - RANGE_LPS[Math.min(block, 62)]!;
    parts.push(flush(range - 2), samples(colour, (block % across) * BLOCK, Math.floor(block / across) * BLOCK));
  }
  return nal(19, Buffer.concat([...parts, flush(508)]));
}

/** The coder's nine remaining bits with the stop bit, then zeros to the byte's end. */
function flush(low: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(((low | 1) << 7) & 0xffff);
  return out;
}

function samples(colour: HeicOptions['colour'], left: number, top: number): Buffer {
  const out: number[] = [];
  for (let y = 0; y < BLOCK; y += 1) for (let x = 0; x < BLOCK; x += 1) out.push(colour(left + x, top + y).y);
  for (const plane of ['cb', 'cr'] as const) {
    for (let y = 0; y < BLOCK; y += 2) for (let x = 0; x < BLOCK; x += 2) out.push(colour(left + x, top + y)[plane]);
  }
  return Buffer.from(out);
}

function u8(...values: number[]): Buffer { return Buffer.from(values); }
function u16(value: number): Buffer { const b = Buffer.alloc(2); b.writeUInt16BE(value); return b; }
function u32(value: number): Buffer { const b = Buffer.alloc(4); b.writeUInt32BE(value); return b; }
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}
function fullBox(type: string, version: number, flags: number, ...parts: Buffer[]): Buffer {
  return box(type, u8(version, 0, 0, flags), ...parts);
}

function decoderConfiguration(width: number, height: number): Buffer {
  const sets = parameterSets(width, height);
  const head = u8(1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 186, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3);
  return box('hvcC', head, ...sets.map((set, i) => Buffer.concat([u8(0x80 | (32 + i)), u16(1), u16(set.length), set])));
}

type Item = { id: number; type: string; data: Buffer; hidden: boolean; properties: number[] };

/** The picture itself, or, as telephones do, a grid made of equal tiles. */
function pictureItems(options: HeicOptions): Item[] {
  const coded = slice(options);
  const data = Buffer.concat([u32(coded.length), coded]);
  const { across, down } = options.tiles ?? { across: 1, down: 1 };
  const turned = options.turns ? [4] : [];
  if (!options.tiles) return [{ id: 1, type: 'hvc1', data, hidden: false, properties: [1, 2, ...turned] }];
  const grid = Buffer.concat([u8(0, 1, down - 1, across - 1), u32(options.width * across), u32(options.height * down)]);
  const tiles = Array.from({ length: across * down }, (_, i) => ({ id: i + 2, type: 'hvc1', data, hidden: true, properties: [1, 3] }));
  return [{ id: 1, type: 'grid', data: grid, hidden: false, properties: [2, ...turned] }, ...tiles];
}

function references(items: Item[]): Buffer[] {
  const tiles = items.filter((item) => item.hidden && item.type === 'hvc1');
  const exif = items.find((item) => item.type === 'Exif');
  const boxes: Buffer[] = [];
  if (tiles.length > 0) boxes.push(box('dimg', u16(1), u16(tiles.length), ...tiles.map((tile) => u16(tile.id))));
  if (exif) boxes.push(box('cdsc', u16(exif.id), u16(1), u16(1)));
  return boxes.length > 0 ? [fullBox('iref', 0, 0, ...boxes)] : [];
}

/** The file: one picture, optionally of tiles, turned, or with an Exif item that describes it. */
export function makeHeic(options: HeicOptions): Buffer {
  const { width, height, tiles, exif } = options;
  const coded = options.coded ?? { width, height };
  const items = pictureItems(options);
  if (exif) items.push({ id: items.length + 1, type: 'Exif', data: Buffer.concat([u32(0), exif]), hidden: true, properties: [] });
  const size = options.claimed ?? { width: width * (tiles?.across ?? 1), height: height * (tiles?.down ?? 1) };
  const ftyp = box('ftyp', Buffer.from(options.major ?? 'heic', 'latin1'), u32(0), Buffer.from((options.brands ?? ['mif1', 'heic']).join(''), 'latin1'));
  const properties = [decoderConfiguration(coded.width, coded.height), fullBox('ispe', 0, 0, u32(size.width), u32(size.height)),
    fullBox('ispe', 0, 0, u32(width), u32(height)), box('irot', u8(options.turns ?? 0))];
  const associations = items.filter((item) => item.properties.length > 0)
    .map((item) => Buffer.concat([u16(item.id), u8(item.properties.length, ...item.properties)]));
  const meta = (data_at: number): Buffer => {
    let at = data_at;
    const places = items.map((item) => {
      const place = Buffer.concat([u16(item.id), u16(0), u16(1), u32(at), u32(item.data.length)]);
      at += item.data.length;
      return place;
    });
    return fullBox('meta', 0, 0,
      fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict', 'latin1'), Buffer.alloc(12), u8(0)),
      fullBox('pitm', 0, 0, u16(1)),
      fullBox('iloc', 0, 0, u8(0x44, 0), u16(items.length), ...places),
      fullBox('iinf', 0, 0, u16(items.length), ...items.map((item) =>
        fullBox('infe', 2, item.hidden ? 1 : 0, u16(item.id), u16(0), Buffer.from(item.type, 'latin1'), u8(0)))),
      ...references(items),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 0, u32(associations.length), ...associations)));
  };
  return Buffer.concat([ftyp, meta(ftyp.length + meta(0).length + 8), box('mdat', ...items.map((item) => item.data))]);
}
