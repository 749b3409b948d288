/**
 * Makes the portal's Japanese web font: `npm run fonts`. Run it again when the words of the pages have changed much;
 * a character without a slice of its own still shows, from a larger slice or the system's font. tests/weight says when.
 *
 * Three layers. First, what the public pages show, read from the pages themselves and divided so that a first visit
 * loads little more than that. Then the other characters of the sources, most used first, in small slices. Beneath them
 * the rest of JIS level 1 in blocks of code points, for what people type themselves. Where the ranges of two faces
 * overlap, a browser takes the face declared later, so the blocks come first in the style sheet.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { create } from 'fontkit';
import { FAMILY, shownOnPublicPages } from './fonts/pages.ts';
import { sliced } from './fonts/slices.ts';

type Subset = (font: Buffer, text: string, options: { targetFormat: 'woff2'; noHinting: boolean; keepFeatures: string[]; dropTables: string[] }) => Promise<Buffer>;
const require = createRequire(import.meta.url);
const subset = require('subset-font') as Subset;

const root = path.resolve(import.meta.dirname, '..');
const out = path.join(root, 'src/lib/ui/fonts');
const weights = { 400: '400Regular/NotoSansJP_400Regular.ttf', 700: '700Bold/NotoSansJP_700Bold.ttf' } as const;

/** Tables for vertical text and features, which no slice here has a use for: they would be in every file again. */
const UNUSED_TABLES = ['BASE', 'GDEF', 'GPOS', 'GSUB', 'STAT', 'VORG', 'vhea', 'vmtx'];
const USED_PER_SLICE = 24;
const REST_PER_SLICE = 48;
const MAX_TOTAL_BYTES = 1_500_000;

/** Where words stand that pages show. */
const places = ['src/routes', 'src/lib', 'db/demo'];

const kanji = /^\p{Script=Han}$/u;
const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));

const kana = [...'0123456789%-:. ', ...'×※〒→←△✓…', ...'　、。々「」『』【】〜', ...range(0x3041, 0x308f), ...'をん', ...range(0x30a1, 0x30ef), ...'ヲンヴヵヶ・ー', ...'！（）＊：／？～'];
const latin = range(0x20, 0x7e);
const symbols = [...range(0xa5, 0xb7), ...'÷―↑↓○●〇‐–—‘’“”‰′″℃№℡㎡㎏㏄㍻㍼㍽㋿≒≠≦≧∞□■◇◆▲▽▼◎★☆♪〃〆〈〉《》〔〕〝〟ゎゐゑゔゕゖヰヱヽ', ...range(0x2460, 0x2473), ...range(0xff01, 0xff5e), ...range(0xff61, 0xff9f)];
/** Forms of names that stand outside JIS level 1 and that people miss at once. */
const names = [...'髙﨑德濵瀨桒槗祐邊邉齋齊'];
/** Where a component shows a text in bold: headings, labels, terms, buttons. */
const boldText = /<(?:h[1-6]|strong|th|dt|legend|Button)\b[^>]*>[^<]*|\b(?:title|heading|label|word|eyebrow|term|caption|happened)(?:=|:)\s*["'`{][^"'`]*/g;

function filesUnder(place: string): string[] {
  const full = path.join(root, place);
  if (/\.\w+$/.test(place)) return [full];
  try {
    return readdirSync(full, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(svelte|ts|sql|json)$/.test(name) && !name.includes('.test.'))
      .map((name) => path.join(full, name));
  } catch {
    return [];
  }
}

/** The kanji of each page's folder (of each file, outside the routes). */
function pagesOf(bold: boolean): Map<string, Set<string>> {
  const pages = new Map<string, Set<string>>();
  for (const file of new Set(places.flatMap(filesUnder))) {
    const text = readFileSync(file, 'utf8');
    const shown = bold ? (text.match(boldText) ?? []).join('') : text;
    const page = file.includes('/routes/') ? path.dirname(file) : file;
    pages.set(page, new Set([...(pages.get(page) ?? []), ...[...shown].filter((character) => kanji.test(character))]));
  }
  return pages;
}

/** Kanji of many pages first, most first; then those of few pages, page by page, so that a page loads few slices. */
function ranked(bold: boolean): string[] {
  const pages = new Map<string, string[]>();
  for (const [page, characters] of pagesOf(bold)) {
    for (const character of characters) pages.set(character, [...(pages.get(character) ?? []), page]);
  }
  const key = ([character, at]: [string, string[]]) => (at.length >= 3 ? `0 ${String(1000 - at.length)} ${character}` : `1 ${[...at].sort()[0]} ${character}`);
  return [...pages].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(([character]) => character);
}

/** The 2,965 kanji of JIS X 0208 level 1: rows 16 to 47. */
function levelOne(): string[] {
  const decoder = new TextDecoder('euc-jp');
  const cells = range(16, 47).flatMap((row) => range(1, 94).map((cell) => [row.codePointAt(0) ?? 0, cell.codePointAt(0) ?? 0]));
  return cells.map(([row = 0, cell = 0]) => decoder.decode(new Uint8Array([row + 0xa0, cell + 0xa0]))).filter((character) => kanji.test(character));
}

function chunks(characters: string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, i) => characters.slice(i * size, (i + 1) * size));
}

const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16).toUpperCase();

/** 'U+3041-3096,U+30FC' for exactly these characters. */
function exactly(characters: string[]): string {
  const points = characters.map((character) => character.codePointAt(0) ?? 0).sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const point of points) {
    const last = runs.at(-1);
    if (last && point <= last[1] + 1) last[1] = point;
    else runs.push([point, point]);
  }
  return runs.map(([from, to]) => `U+${from.toString(16)}${to > from ? `-${to.toString(16)}` : ''}`).join(',').toUpperCase();
}

const level = new Set([...levelOne(), ...names]);
const everywhere = ranked(false);
const rest = [...level].filter((character) => !everywhere.includes(character)).sort();

function slicesFor(weight: 400 | 700, font: Buffer): { name: string; text: string[]; range: string }[] {
  const face = create(font);
  const has = (character: string) => face._cmapProcessor.lookup(character.codePointAt(0) ?? 0) !== 0;
  const first = sliced(new Map([...pages[weight]].map(([page, characters]) => [page, new Set([...characters].filter(has))])));
  const beyond = (characters: string[], ...others: string[][]) => characters.filter((character) => has(character) && ![...first, ...others].flat().includes(character));
  const used = beyond([...new Set([...ranked(weight === 700), ...everywhere])]);
  const more = { symbols: beyond(symbols, kana), latin: beyond(latin, kana), kana: beyond(kana) };
  return [
    ...chunks(rest, REST_PER_SLICE).map((text, i) => ({ name: `rest-${i + 1}`, text, range: `U+${hex(text[0] ?? '')}-${hex(text.at(-1) ?? '')}` })),
    ...chunks(used, USED_PER_SLICE).map((text, i) => ({ name: `used-${i + 1}`, text, range: exactly(text) })),
    ...Object.entries(more).map(([name, text]) => ({ name, text, range: exactly(text) })),
    ...first.map((text, i) => ({ name: `first-${i + 1}`, text, range: exactly(text) }))
  ];
}

const pages = await shownOnPublicPages(console.log);
mkdirSync(out, { recursive: true });
for (const old of readdirSync(out).filter((name) => name.endsWith('.woff2'))) rmSync(path.join(out, old));

const faces = ['/* Written by commands/subset-fonts.ts from Noto Sans JP (SIL Open Font License 1.1, OFL.txt). */'];
let total = 0;
for (const weight of [400, 700] as const) {
  const font = readFileSync(path.join(root, 'node_modules/@expo-google-fonts/noto-sans-jp', weights[weight]));
  for (const slice of slicesFor(weight, font)) {
    const bytes = await subset(font, slice.text.join(''), { targetFormat: 'woff2', noHinting: true, keepFeatures: [], dropTables: UNUSED_TABLES });
    const name = `${weight}-${slice.name}.woff2`;
    writeFileSync(path.join(out, name), bytes);
    total += bytes.length;
    faces.push(`@font-face{font-family:'${FAMILY}';font-weight:${weight};font-display:swap;src:url('./${name}?no-inline') format('woff2');unicode-range:${slice.range}}`);
  }
}
writeFileSync(path.join(out, 'fonts.css'), `${faces.join('\n')}\n`);
console.log(`${faces.length - 1} slices, ${everywhere.length} used and ${rest.length} other kanji, ${Math.round(total / 1024)} KB`);
if (total > MAX_TOTAL_BYTES) throw new Error(`the fonts weigh ${total} bytes, more than ${MAX_TOTAL_BYTES}`);
