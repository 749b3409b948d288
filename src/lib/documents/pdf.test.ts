import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfObjects, readPdf, textOf } from '../../../tests/read-pdf.ts';
import { applicationForm } from './application-form.ts';
import { awardNotice } from './award-notice.ts';
import { blankForm } from './blank-form.ts';
import { closeRenderer, createRenderer, renderPdf } from './pdf.server.ts';
import { receipt } from './receipt.ts';
import { rejectionNotice } from './rejection-notice.ts';
import { DEMO_MARK, sampleAward, sampleBlank, sampleCity, samplePartlyAward, sampleRejection, sampleSubmission } from './samples.ts';
import type { Block, OfficialDocument } from './document.ts';

/** The whole way: content → worker → PDF → read back by another program. */

const paper = (...blocks: Block[]): OfficialDocument => ({ schema: 1, title: '試験', author: '見本市', created_at: '2026-06-01T00:00:00Z', blocks });
const drawn = async (document: OfficialDocument, options = {}) => {
  const result = await renderPdf(document, options);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result;
};
const dictionaries = (bytes: Uint8Array): string => [...pdfObjects(bytes).values()].map((object) => object.dictionary).join('\n');

/** A PDF text string in UTF-16BE, as the Info dictionary holds it. */
function utf16Text(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  const bytes = Buffer.from(literal.replace(/^\(|\)$/g, '').replace(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign), 'latin1');
  return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le').replace(/^\ufeff/, '') : '';
}

beforeAll(async () => { await renderPdf(paper()); });
afterAll(closeRenderer);

describe('every document', () => {
  const all = {
    award: awardNotice(sampleAward), rejection: rejectionNotice(sampleRejection), blank: blankForm(sampleBlank),
    application: applicationForm({ city: sampleCity, demo_mark: DEMO_MARK, submission: sampleSubmission }),
    receipt: receipt({ city: sampleCity, demo_mark: DEMO_MARK, submission: sampleSubmission, next_steps: ['確認'] })
  };
  it.each(Object.entries(all))('%s is read back, numbered on every page, and marked 架空', async (_, document) => {
    const { bytes, pages } = await drawn(document);
    const read = await readPdf(bytes);
    expect(read).toHaveLength(pages);
    read.forEach((page, at) => {
      expect(page.replace(/\s/g, '')).toContain(`${at + 1}/${pages}`);
      expect(page).toContain('架空・設定例');
    });
    const text = read.join('').replace(/\s/g, '');
    for (const block of document.blocks) {
      if (block.type === 'title' || block.type === 'heading') expect(text).toContain(block.text.replace(/\s/g, ''));
      if (block.type === 'fields') for (const row of block.rows) expect(text).toContain(row.value.replace(/\s/g, ''));
    }
  });

  it('gives the same bytes for the same snapshot, from a warm worker, a busy one and a new one', async () => {
    const first = await drawn(awardNotice(sampleAward));
    await drawn(applicationForm({ city: sampleCity, demo_mark: null, submission: sampleSubmission }));
    const [second, third] = await Promise.all([drawn(awardNotice(structuredClone(sampleAward))), drawn(awardNotice(sampleAward))]);
    const fresh = createRenderer();
    const fourth = await fresh.render(awardNotice(sampleAward));
    await fresh.close();
    expect([second.sha256, third.sha256, fourth.ok && fourth.sha256]).toEqual([first.sha256, first.sha256, first.sha256]);
    expect(Buffer.compare(second.bytes, first.bytes)).toBe(0);
  });

  it('a long group name, a forced line and an amount stay inside the page and whole', async () => {
    const { bytes } = await drawn(awardNotice({ ...samplePartlyAward, receiver: { ...samplePartlyAward.receiver, representative_name: '見本 花子' } }));
    const text = await textOf(bytes);
    expect(text).toContain(samplePartlyAward.receiver.organisation);
    expect((await readPdf(bytes)).join('\n')).toContain('金120,000円');
  });
});

describe('archive and accessibility', () => {
  let bytes: Uint8Array;
  beforeAll(async () => { ({ bytes } = await drawn(awardNotice(sampleAward))); });

  it('is PDF/A-2a: identifiers, output intent, embedded fonts, no script, no encryption', () => {
    const text = dictionaries(bytes);
    const xmp = [...pdfObjects(bytes).values()].find((object) => object.dictionary.includes('/Type /Metadata'))?.stream ?? '';
    expect(Buffer.from(bytes).subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    expect(xmp).toContain('<pdfaid:part>2</pdfaid:part>');
    expect(xmp).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
    expect(text).toMatch(/\/S \/GTS_PDFA1/);
    const fonts = text.match(/\/Type \/FontDescriptor/g) ?? [];
    expect(fonts.length).toBeGreaterThan(0);
    expect(text.match(/\/FontFile2 /g)).toHaveLength(fonts.length);
    expect(text).not.toMatch(/JavaScript|\/JS |\/Encrypt|\/AcroForm|Helvetica/);
  });

  it('is tagged, in Japanese, and shows its title', () => {
    const text = dictionaries(bytes);
    expect(text).toMatch(/\/Lang \(ja\)/);
    expect(text).toMatch(/\/DisplayDocTitle true/);
    expect(text).toMatch(/\/Marked true/);
    for (const tag of ['Document', 'H1', 'P', 'L', 'LI', 'Lbl', 'LBody', 'Table', 'TR', 'TH', 'TD']) expect(text).toMatch(new RegExp(`/S /${tag}\\b`));
    expect(text).toMatch(/\/Scope \/Column/);
    // Every page belongs to the tree, and tabs follow it.
    expect(text.match(/\/StructParents /g)).toHaveLength(text.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0);
  });

  it.skipIf(spawnSync('qpdf', ['--version']).error !== undefined)('qpdf finds nothing to complain about', () => {
    const folder = mkdtempSync(join(tmpdir(), 'documents-'));
    writeFileSync(join(folder, 'letter.pdf'), bytes);
    const run = spawnSync('qpdf', ['--check', join(folder, 'letter.pdf')]);
    rmSync(folder, { recursive: true });
    expect(run.stdout.toString() + run.stderr.toString()).toContain('No syntax or stream encoding errors found');
  });

  it('metadata can’t be broken out of, and equals the dictionary', async () => {
    const title = '祭り</rdf:li><x>& "踊り" 𠮷';
    const result = await drawn({ ...paper(), title, subject: ']]>&amp;', author: '<a&b>' });
    const objects = [...pdfObjects(result.bytes).values()];
    const xmp = Buffer.from(objects.find((object) => object.dictionary.includes('/Type /Metadata'))?.stream ?? '', 'latin1').toString('utf8');
    const safe = '祭り＜/rdf:li＞＜x＞＆ "踊り" 𠮷';
    expect(xmp).toContain(`<rdf:li xml:lang="x-default">${safe}</rdf:li>`);
    expect(xmp).toContain('＆amp;');
    expect(xmp.replace(/<\/?[a-zA-Z:]+[^<>]*>|<\?[^<>]*\?>/g, '')).not.toMatch(/[<>&]/);
    expect(objects.map((object) => utf16Text(object.dictionary))).toContain(safe);
  });
});

it('draws nothing it does not own: the rendering code reads no clock and no chance', () => {
  for (const file of ['draw.server.ts', 'layout.ts', 'layout-letter.ts', 'layout-table.ts', 'flow.ts', 'typeset.ts', 'award-notice.ts', 'letter.ts', 'application-form.ts']) {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).not.toMatch(/Date\.now|new Date\(\)|Math\.random|randomUUID/);
  }
});
