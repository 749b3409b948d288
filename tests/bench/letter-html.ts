import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Block, OfficialDocument } from '../../src/lib/documents/document.ts';

const locate = createRequire(import.meta.url);
const font = (name: string, file: string) => `@font-face { font-family: ${name}; src: url(${pathToFileURL(locate.resolve(`@expo-google-fonts/${file}.ttf`)).href}); }`;
/** The very font files the portal draws with. */
const STYLE = `
  ${font('mincho', 'biz-udmincho/400Regular/BIZUDMincho_400Regular')}
  ${font('gothic', 'biz-udgothic/400Regular/BIZUDGothic_400Regular')}
  ${font('bold', 'biz-udgothic/700Bold/BIZUDGothic_700Bold')}
  @page { size: A4; margin: 25mm; }
  body { font: 10.5pt/1.7 mincho; }
  h1, th, b { font-family: bold; font-weight: normal; } h1 { font-size: 14pt; text-align: center; }
  td, th, small { font-family: gothic; } table { width: 100%; border-collapse: collapse; } td, th { border: 1px solid; }
  .right { text-align: right; } .box { border: 1px solid; padding: 3mm; }`;

const escape = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const lines = (texts: readonly string[]) => texts.map(escape).join('<br>');

/** The letter as a web page: the same text, structure and fonts, with a plain style sheet. */
export function htmlOf(document: OfficialDocument): string {
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${escape(document.title)}</title><style>${STYLE}</style>`
    + `<small>${escape(document.demo_mark ?? '')}</small>${document.blocks.map(blockHtml).join('')}<small>${escape(document.footer ?? '')}</small></html>`;
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'form_number': case 'letterhead': case 'note': case 'paragraph': return `<p>${escape(block.text)}</p>`;
    case 'title': return `<h1>${escape(block.text)}</h1>`;
    case 'right': return `<p class="right">${lines(block.lines)}</p>`;
    case 'addressee': return `<p>${lines(block.lines)}　${escape(block.honorific)}</p>`;
    case 'sender': return `<p class="right">${lines(block.rows.map((row) => row.text))}</p>`;
    case 'items': return `<p>${escape(block.mark ?? '')}</p><ol>${block.items.map((item) => `<li><b>${escape(item.label)}</b>　${escape(item.value ?? '')}${(item.blocks ?? []).map(blockHtml).join('')}</li>`).join('')}</ol><p class="right">${escape(block.end ?? '')}</p>`;
    case 'list': return `<ol>${block.entries.map((entry) => `<li>${escape(entry)}</li>`).join('')}</ol>`;
    case 'table': return `<table><tr>${block.columns.map((column) => `<th>${escape(column.header)}</th>`).join('')}</tr>${block.rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
    case 'contact': return `<div class="box">${escape(block.title)}<br>${lines(block.lines)}</div>`;
    default: throw new Error(`a letter has no ${block.type}`);
  }
}
