import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createBrotliCompress, createGzip, type BrotliCompress, type Gzip } from 'node:zlib';

/** Half the work of the highest, for a twentieth more bytes: these pages are made anew for everybody. */
const BROTLI_QUALITY = 5;

/**
 * Lets pages for visitors leave compressed, as the static files do. Only where no cookie came: the length of a compressed
 * page that holds somebody's own next to what a stranger put into the address would tell of it (BREACH).
 */
export function compressPages(request: IncomingMessage, response: ServerResponse): void {
  const encoding = request.method === 'GET' && request.headers.cookie === undefined ? accepted(String(request.headers['accept-encoding'] ?? '')) : null;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    if (String(response.getHeader('content-type') ?? '').startsWith('text/html') && !response.hasHeader('content-encoding')) {
      response.appendHeader('Vary', 'Accept-Encoding');
      if (encoding) leaveThrough(response, encoding);
    }
    return writeHead(...args);
  }) as typeof response.writeHead;
}

function accepted(header: string): 'br' | 'gzip' | null {
  const wanted = header.split(',').map((part) => part.trim().toLowerCase()).filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part)).map((part) => part.split(';')[0]!.trim());
  return wanted.includes('br') ? 'br' : wanted.includes('gzip') ? 'gzip' : null;
}

/** Whatever is written to the response from now on goes through the compressor first. */
function leaveThrough(response: ServerResponse, encoding: 'br' | 'gzip'): void {
  const compressor: BrotliCompress | Gzip = encoding === 'br' ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }) : createGzip();
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  const end = response.end.bind(response) as () => ServerResponse;
  response.setHeader('Content-Encoding', encoding);
  response.removeHeader('Content-Length');
  // Other bytes of the same page: the mark may be compared, but not for parts of it.
  const mark = response.getHeader('etag');
  if (typeof mark === 'string' && !mark.startsWith('W/')) response.setHeader('ETag', `W/${mark}`);
  compressor.on('data', (chunk: Buffer) => { if (!write(chunk)) compressor.pause(); });
  compressor.on('end', end);
  compressor.on('error', (error) => response.destroy(error));
  compressor.on('drain', () => response.emit('drain'));
  response.on('drain', () => compressor.resume());
  response.on('close', () => compressor.destroy());
  response.write = ((chunk: Buffer | string) => compressor.write(chunk)) as typeof response.write;
  response.end = ((chunk?: Buffer | string) => {
    compressor.end(chunk);
    return response;
  }) as typeof response.end;
}
