import type { MediaType } from './limits.ts';
import { contentDisposition } from './name.ts';

/**
 * A stored file as an answer: always saved, never shown inside the portal. Were a browser to show it all the same,
 * the sandbox leaves it without scripts, without our origin and without anything to load.
 */
export function download(file: { name: string; media_type: MediaType }, bytes: Uint8Array): Response {
  return new Response(Uint8Array.from(bytes), {
    headers: {
      'content-type': file.media_type,
      'content-length': String(bytes.length),
      'content-disposition': contentDisposition(file.name),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store'
    }
  });
}
