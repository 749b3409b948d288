/** The letters of a batch as one zip, streamed: the memory of one letter, whatever the number. */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { cleanText } from './text.ts';
import type { LetterFile } from './batch.server.ts';

/** What Windows, macOS and unzip programs agree on; a name longer than this is cut. */
const NAME_MAX = 80;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is replaced
const UNSAFE = /[\u0000-\u001F\u007F\\/:*?"<>|.%]+/g;

/** `環協第12号_花と緑の会.pdf`: the letter's number and the group, nothing personal, nothing a file system minds. */
export function zipName(document_number: string, organisation_name: string): string {
  const safe = (text: string) => [...cleanText(text).replace(/\s+/gu, ' ').replace(UNSAFE, '＿').trim()].slice(0, NAME_MAX).join('');
  return `${safe(document_number) || '通知書'}_${safe(organisation_name) || '団体'}.pdf`;
}

/**
 * Answers the zip's bytes as they are made. `open` reads one letter's stored bytes and throws when they are not what was
 * kept: then the stream breaks off, because a zip that quietly lacks a letter is worse than none.
 */
export function lettersZip(letters: readonly LetterFile[], open: (fileId: string) => Promise<Uint8Array>): Readable {
  const zip = new ZipFile();
  const taken = new Set<string>();
  zip.on('error', (error) => zip.outputStream.destroy(error as Error));
  for (const { document_number, organisation_name, file_id, issued_at } of letters) {
    let name = zipName(document_number, organisation_name);
    for (let n = 2; taken.has(name); n += 1) name = zipName(`${document_number}（${n}）`, organisation_name);
    taken.add(name);
    // PDFs are compressed already.
    zip.addReadStreamLazy(name, { mtime: issued_at, compress: false }, (done) => {
      open(file_id).then((bytes) => done(null, Readable.from([Buffer.from(bytes)])), (error: unknown) => done(error));
    });
  }
  zip.end();
  return zip.outputStream;
}
