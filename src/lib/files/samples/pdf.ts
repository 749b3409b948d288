import { deflateSync } from 'node:zlib';

/** Small PDFs for tests, with a correct cross-reference table unless `objects` or `trailer` say otherwise. */

export type PdfOptions = {
  /** Objects from number 4 on, whole: dictionaries or dictionary and stream. */
  objects?: (string | Buffer)[];
  /** Added to the catalogue's dictionary. */
  catalogue?: string;
  /** Added to the trailer's dictionary. */
  trailer?: string;
  header?: string;
};

export function makePdf({ objects = [], catalogue = '', trailer = '', header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n' }: PdfOptions = {}): Buffer {
  const all: (string | Buffer)[] = [`<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>', ...objects];
  const parts: Buffer[] = [Buffer.from(header, 'latin1')];
  const offsets: number[] = [];
  let at = parts[0]!.length;
  all.forEach((object, i) => {
    offsets.push(at);
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), typeof object === 'string' ? Buffer.from(object, 'latin1') : object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    at += part.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(`xref\n0 ${all.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${all.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A stream object; `plain` is deflated unless `raw`. */
export function stream(dictionary: string, plain: string | Buffer, raw = false): Buffer {
  const data = raw ? Buffer.from(plain) : deflateSync(plain);
  return Buffer.concat([Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`), data, Buffer.from('\nendstream')]);
}

/** An object stream holding one object, number 20. */
export function objectStream(object: string, extra = '/Type /ObjStm /Filter /FlateDecode', raw = false): Buffer {
  return stream(`${extra} /N 1 /First 5`, `20 0 ${object}`, raw);
}
