import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectPdf } from './pdf.ts';
import { makePdf, objectStream, stream } from './samples/pdf.ts';

const reason = (bytes: Buffer): string => {
  const result = inspectPdf(bytes);
  return result.ok ? `${result.pages} page` : result.reason;
};

describe('a PDF that others will open', () => {
  it('is taken when it is plain, linear or packed into object streams', () => {
    expect(reason(makePdf())).toBe('1 page');
    expect(reason(makePdf({ objects: [stream('/Filter /FlateDecode', 'BT (/JavaScript) Tj ET')] }))).toBe('1 page');
    expect(reason(makePdf({ objects: [objectStream('<< /Type /Annot >>')] }))).toBe('1 page');
    expect(reason(makePdf({ objects: [objectStream('<< /Type /Annot >>', '/Type /ObjStm', true)] }))).toBe('1 page');
  });

  it('is really read: what pdfkit writes has as many pages as were made', async () => {
    const { default: PDFDocument } = await import('pdfkit');
    const document = new PDFDocument({ compress: true });
    const parts: Buffer[] = [];
    document.on('data', (part: Buffer) => parts.push(part));
    const ended = new Promise((done) => document.on('end', done));
    for (let page = 0; page < 11; page += 1) document.addPage().text('Takahagi');
    document.end();
    await ended;
    expect(reason(Buffer.concat(parts))).toBe('12 page');
  });

  it.each([
    ['script in the open', { catalogue: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }, 'pdf_script'],
    ['script with an escaped name', { catalogue: '/OpenAction << /S /J#61vaScript >>' }, 'pdf_script'],
    ['script key alone', { catalogue: '/AA << /O << /S /URI /JS (x) >> >>' }, 'pdf_script'],
    ['a program to launch', { catalogue: '/OpenAction << /S /Launch /F (cmd.exe) >>' }, 'pdf_launch'],
    ['a file inside', { objects: [stream('/Type /EmbeddedFile /Filter /FlateDecode', 'MZ')] }, 'pdf_attachment'],
    ['a list of files inside', { catalogue: '/Names << /EmbeddedFiles 9 0 R >>' }, 'pdf_attachment'],
    ['a password', { trailer: '/Encrypt 9 0 R' }, 'pdf_encrypted'],
    ['an XFA form', { catalogue: '/AcroForm << /XFA [(a) 9 0 R] >>' }, 'pdf_form'],
    ['script in an object stream', { objects: [objectStream('<< /S /JavaScript /JS (x) >>')] }, 'pdf_script'],
    ['script in an object stream without a type', { objects: [objectStream('<< /S /JavaScript >>', '/Filter /FlateDecode')] }, 'pdf_script'],
    ['script in an object stream with an escaped filter', { objects: [objectStream('<< /S /JavaScript >>', '/Type /ObjStm /Fi#6cter /FlateDecode')] }, 'pdf_script'],
    ['an object stream in a form that hides it', { objects: [stream('/Type /ObjStm /N 1 /First 5 /Filter [/ASCIIHexDecode /FlateDecode]', '00', true)] }, 'pdf_unreadable'],
    ['an object stream whose filter stands elsewhere', { objects: [objectStream('<< /S /JavaScript >>', '/Type /ObjStm /Filter 9 0 R')] }, 'pdf_unreadable'],
    ['an object stream with a predictor', { objects: [objectStream('<< >>', '/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>')] }, 'pdf_unreadable'],
    ['an object stream behind a string that looks like one', {
      objects: [stream(`/Type /ObjStm /N 1 /First 5 /X (stream\n${deflateSync('20 0 << >>').toString('latin1').replace(/[()\\]/gu, '\\$&')}endstream) /Filter /Crypt`, 'x', true)]
    }, 'pdf_unreadable'],
    ['a bomb', { objects: [stream('/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode', Buffer.alloc(40_000_000))] }, 'pdf_unreadable'],
    ['a stream of no object', { objects: ['(x) stream\nabc\nendstream'] }, 'pdf_unreadable']
  ])('is refused for %s', (_, options, expected) => {
    expect(reason(makePdf(options))).toBe(expected);
  });

  it('is refused when objects hide inside another stream', () => {
    const hidden = stream('', Buffer.concat([Buffer.from('9 0 obj\n'), objectStream('<< /S /JavaScript >>')]), true);
    expect(reason(makePdf({ objects: [hidden] }))).toBe('pdf_script');
  });

  it('is refused when it is cut off anywhere, or has something behind its end', () => {
    const whole = makePdf({ objects: [stream('/Filter /FlateDecode', 'BT ET')] });
    for (let length = 0; length < whole.length - 6; length += 7) expect(reason(whole.subarray(0, length))).not.toMatch(/page/u);
    expect(reason(Buffer.concat([whole, Buffer.from('<script>')]))).toBe('damaged');
    expect(reason(Buffer.concat([whole, Buffer.alloc(512)]))).toBe('1 page');
    expect(reason(Buffer.concat([Buffer.from('\n'), whole]))).toBe('damaged');
  });

  it('is judged in bounded time when it is made to be slow', () => {
    const started = performance.now();
    for (const unit of ['stream\n', '1 0 obj', '(((((', '/#4a#53 ', '<< /First ', '/Type /Pages ', '\0\n']) {
      reason(makePdf({ objects: [Buffer.from(unit.repeat(Math.floor(2_000_000 / unit.length)))] }));
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
