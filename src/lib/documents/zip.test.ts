import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { lettersZip, zipName } from './zip.server.ts';

/** Names and contents from a zip's own directory at its end, stored without compression. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = 0; n < bytes.readUInt16LE(end + 10); n += 1) {
    const [size, name, extra, comment, start] = [bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    expect(bytes.readUInt16LE(at + 10)).toBe(0);
    // The flag that says the name is UTF-8: without it Windows shows 文字化け.
    expect(bytes.readUInt16LE(at + 8) & 0x800).toBe(0x800);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    files.set(bytes.subarray(at + 46, at + 46 + name).toString('utf8'), bytes.subarray(data, data + size));
    at += 46 + name + extra + comment;
  }
  return files;
}

const letter = (id: string, document_number: string, organisation_name: string) => ({ id, document_number, organisation_name, file_id: id, issued_at: new Date('2026-12-01T00:00:00Z') });

test('a name says the number and the group, and nothing a file system minds', () => {
  expect(zipName('環協第12号', '髙﨑と𠮷の会')).toBe('環協第12号_髙﨑と𠮷の会.pdf');
  for (const name of ['../../etc/passwd', 'a\\b:c*d?"<>|', 'con.', '\u0000\u0007', '\u202Efdp.exe', ' '.repeat(200), '長'.repeat(500), '%2e%2e%2f']) {
    const safe = zipName('環協第1号', name);
    // eslint-disable-next-line no-control-regex -- control characters must not get through
    expect(safe, name).toMatch(/^環協第1号_[^\u0000-\u001F\\/:*?"<>|%.\u202E]{1,80}\.pdf$/u);
  }
});

test('every letter is in the zip byte for byte, in order, one file open at a time', async () => {
  const letters = Array.from({ length: 40 }, (_, n) => letter(`f${n}`, `環協第${n + 1}号`, n % 2 ? '花と緑の会' : '架空第一自治会'));
  let open = 0;
  let most = 0;
  const zip = await buffer(lettersZip([...letters, letter('twin', '環協第1号', '架空第一自治会')], async (id) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return Buffer.from(`%PDF ${id}`.repeat(500));
  }));
  const files = unzip(zip);
  expect([...files.keys()].slice(0, 2)).toEqual(['環協第1号_架空第一自治会.pdf', '環協第2号_花と緑の会.pdf']);
  expect(files.size).toBe(41);
  expect([...files.keys()].at(-1)).toBe('環協第1号（2）_架空第一自治会.pdf');
  expect(files.get('環協第40号_花と緑の会.pdf')?.toString()).toBe('%PDF f39'.repeat(500));
  expect(most).toBe(1);
});

test('a letter that cannot be read breaks the zip off instead of leaving it out', async () => {
  const zip = lettersZip([letter('a', '環協第1号', 'あ'), letter('b', '環協第2号', 'い')], (id) => (id === 'b' ? Promise.reject(new Error('damaged')) : Promise.resolve(Buffer.from('a'))));
  await expect(buffer(zip)).rejects.toThrow('damaged');
});
