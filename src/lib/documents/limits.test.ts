import { performance as nodePerformance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { pdfObjects, readPdf } from '../../../tests/read-pdf.ts';
import { awardNotice } from './award-notice.ts';
import { LIMITS, textUnits, type Block, type OfficialDocument } from './document.ts';
import { closeRenderer, createRenderer, renderBatch, renderPdf } from './pdf.server.ts';
import { sampleAward } from './samples.ts';

const paper = (...blocks: Block[]): OfficialDocument => ({ schema: 1, title: '試験', author: '見本市', created_at: '2026-06-01T00:00:00Z', blocks });
const text = (value: string): OfficialDocument => paper({ type: 'paragraph', text: value });
const heavy = paper({ type: 'fields', rows: [{ label: '内容', value: '漢字か\n'.repeat(45_000) }] }, { type: 'paragraph', text: '漢'.repeat(200_000) });
afterAll(closeRenderer);

describe('tables over several pages', () => {
  const rows = Array.from({ length: 150 }, (_, at) => [`費目${at}`, `${at},000`]);
  const table: Block = { type: 'table', columns: [{ header: '区分の見出し', width: 3 }, { header: '金額の見出し', width: 1, align: 'right' }], rows, totals: [['計', '999']] };

  it('repeat their header on every page, to be heard only once', async () => {
    const result = await renderPdf(paper(table));
    if (!result.ok) throw new Error(result.reason);
    const pages = await readPdf(result.bytes);
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) expect(page.match(/区分の見出し/g)).toHaveLength(1);
    const all = pages.join('');
    for (const row of rows) expect(all.match(new RegExp(`(?<!\\S)${row[0]}(?!\\S)`, 'g')), row[0]).toHaveLength(1);
    const headers = [...pdfObjects(result.bytes).values()].filter((object) => /\/S \/TH\b/.test(object.dictionary));
    expect(headers).toHaveLength(2);
  });

  it('cut a row that is longer than a page, and lose nothing', async () => {
    const long = Array.from({ length: 120 }, (_, at) => `第${at}行。`).join('\n');
    const result = await renderPdf(paper({ type: 'fields', rows: [{ label: '内容', value: long }, { label: '次', value: '終わり' }] }));
    if (!result.ok) throw new Error(result.reason);
    const all = (await readPdf(result.bytes)).join('');
    for (let at = 0; at < 120; at += 1) expect(all.match(new RegExp(`第${at}行。`, 'g')), String(at)).toHaveLength(1);
    expect(result.pages).toBe(3);
    // The label stands beside every part, and is heard once.
    expect(all.match(/内容/g)).toHaveLength(3);
  });

  it('leave room to write in printed forms, over pages too', async () => {
    const result = await renderPdf(paper({ type: 'fields', rows: [{ label: '長い', value: '', min_lines: 100 }, { label: '次', value: '' }] }));
    expect(result).toMatchObject({ ok: true, pages: 3 });
  });
});

describe('limits', () => {
  it('200 pages, 400,000 characters', async () => {
    expect(await renderPdf(text('あ\n'.repeat(199_000)))).toMatchObject({ ok: false, reason: 'too_long' });
    expect(await renderPdf(text('あ'.repeat(LIMITS.text_units + 1)))).toMatchObject({ ok: false, reason: 'too_long' });
    expect(await renderPdf(paper(...Array.from({ length: 201 }, (): Block[] => [{ type: 'note', text: 'あ' }, { type: 'page_break' }]).flat()))).toMatchObject({ ok: false, reason: 'too_long' });
  });

  it('counting stops at the limit', () => {
    expect(textUnits({ a: ['あい', { b: 'う' }] })).toBe(3);
    expect(textUnits(Array.from({ length: 500_000 }, () => 1))).toBeGreaterThan(LIMITS.text_units);
  });

  it('refuses what is not a document', async () => {
    expect(await renderPdf({ ...paper(), schema: 2 as 1 })).toMatchObject({ ok: false, reason: 'bad_document' });
    expect(await renderPdf(paper({ type: 'script' } as unknown as Block))).toMatchObject({ ok: false, reason: 'bad_document' });
    expect(await renderPdf({ ...paper(), created_at: 'someday' })).toMatchObject({ ok: false, reason: 'failed' });
  });

  it('time: the worker is ended, and the next document gets a new one', async () => {
    const renderer = createRenderer({ render_ms: 40, workers: 1 });
    expect(await renderer.render(heavy)).toMatchObject({ ok: false, reason: 'too_slow' });
    await renderer.close();
    const patient = createRenderer({ render_ms: 200, workers: 1 });
    const [slow, next] = await Promise.all([patient.render(heavy), patient.check(text('あ'))]);
    expect(slow.ok).toBe(false);
    expect(next).toEqual({ ok: true, pages: 1 });
    await patient.close();
  });

  it('memory: the worker dies alone, and the next document gets a new one', async () => {
    const renderer = createRenderer({ memory_mb: 40, workers: 1 });
    expect(await renderer.render(heavy)).toMatchObject({ ok: false, reason: 'too_much_memory' });
    await renderer.close();
  });

  it('queue: what does not fit is told so at once', async () => {
    const renderer = createRenderer({ queue: 2, workers: 1 });
    const results = await Promise.all(Array.from({ length: 5 }, () => renderer.render(text('あ'))));
    expect(results.map((result) => (result.ok ? 'ok' : result.reason))).toEqual(['ok', 'ok', 'ok', 'busy', 'busy']);
    await renderer.close();
    expect(await renderer.render(text('あ'))).toMatchObject({ ok: true });
    await renderer.close();
  });
});

describe('hostile text', () => {
  it.each(['\u200b', '\u2060', '\u3000', 'あ\u2060', '\u{e0100}', '辻\u{e0100}', '\u202e', '\n', '\r', 'a', '1', '、', '（', ' \u3000', '\u3099', '金1,0', '令和8年4月1日', '👨‍👩‍👧', '\ud800'])('100,000 × %j is drawn or refused in moments', async (unit) => {
    await renderPdf(text('あ'));
    const from = performance.now();
    const result = await renderPdf(paper({ type: 'fields', rows: [{ label: '内容', value: unit.repeat(Math.floor(100_000 / unit.length)) }] }));
    expect(performance.now() - from).toBeLessThan(4_000);
    if (!result.ok) expect(['missing_glyph', 'too_long']).toContain(result.reason);
  });

  it('the calling thread stays free meanwhile', async () => {
    await renderPdf(text('あ'));
    // A share of time, not a pause: other programs on this machine may pause us too.
    const before = nodePerformance.eventLoopUtilization();
    const results = await Promise.all([renderPdf(heavy), renderPdf(text('a'.repeat(300_000)))]);
    expect(nodePerformance.eventLoopUtilization(before).utilization).toBeLessThan(0.3);
    expect(results.map((result) => result.ok || result.reason)).toEqual(['too_long', true]);
  });
});

it('a batch of letters stays within 300 MB, whatever its length', async () => {
  const items = function* () {
    for (let at = 0; at < 100; at += 1) yield { key: at, document: awardNotice({ ...sampleAward, document_number: `環協第${at}号`, project_title: `事業${String.fromCodePoint(0x4e00 + at * 7)}` }) };
  };
  const keys: number[] = [];
  const missing: number[] = [];
  let highest = 0;
  for await (const { key, result } of renderBatch(items())) {
    keys.push(key);
    if (!result.ok) missing.push(key);
    highest = Math.max(highest, process.memoryUsage().rss / 1_048_576);
  }
  expect(keys).toEqual(Array.from({ length: 100 }, (_, at) => at));
  expect(missing.length).toBeLessThan(40);
  // vitest itself holds some 100 MB here; `docs/decisions/003-documents.md` has the figures of the bare process.
  expect(highest).toBeLessThan(500);
}, 180_000);
