/**
 * Small secrets at rest, sealed with AES-256-GCM: who reads the database or a copy of it learns nothing (PR-4, ASVS 11.3.2).
 * The keys live outside the database, in PORTAL_KEYS. Columns for sealed values have the type `portal.sealed`.
 *
 * A sealed value is `s1.<key id>.<base64url of 12 bytes nonce, the ciphertext, 16 bytes tag>`. Version, key id and context
 * are authenticated with it.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { portalKeys } from './environment.server.ts';

const VERSION = 's1';
/** A random nonce of 96 bits is safe for 2^32 values under one key (NIST SP 800-38D 8.3): far more than a city has. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** UTF-8 bytes of one value: a secret, a number, a short list; files are not sealed. */
export const SEAL_MAX_BYTES = 4_096;
/** Random bytes show about thirty different values in 32; a key typed by hand, far fewer. */
const DISTINCT_BYTES_MIN = 12;

/** The current key, under which everything new is sealed, and those before it, which still open what they sealed. */
export type Keyring = { current: string; keys: ReadonlyMap<string, KeyObject> };

/** PORTAL_KEYS is missing or cannot be read. The message is one line for whoever starts the portal; it quotes no key. */
export class KeyringFault extends Error {
  override name = 'KeyringFault';
}

/** Reads `id:64 hex digits[,id:64 hex digits …]`, the current key first. Throws a `KeyringFault`. */
export function readKeyring(text: string | null): Keyring {
  if (!text) throw new KeyringFault('PORTAL_KEYS がありません。「名前:64桁の16進数」の形で鍵を設定してください（作り方: docs/operations.md の「鍵」） / PORTAL_KEYS is missing');
  const keys = new Map<string, KeyObject>();
  const seen = new Set<string>();
  for (const [at, entry] of text.split(',').entries()) {
    const [, id, hex] = /^([a-z0-9]{1,16}):([0-9a-fA-F]{64})$/.exec(entry.trim()) ?? [];
    const here = `PORTAL_KEYS の${at + 1}番目`;
    if (!id || !hex) throw new KeyringFault(`${here}が「名前:64桁の16進数」の形ではありません（名前は小文字の英数字16字まで） / not id:64 hex digits`);
    if (keys.has(id) || seen.has(hex.toLowerCase())) throw new KeyringFault(`${here}は前のものと名前か鍵が同じです / a key id or key is given twice`);
    const bytes = Buffer.from(hex, 'hex');
    if (new Set(bytes).size < DISTINCT_BYTES_MIN) throw new KeyringFault(`${here}は乱数ではありません。openssl rand -hex 32 の結果を使ってください / not a random key`);
    seen.add(hex.toLowerCase());
    keys.set(id, createSecretKey(bytes));
  }
  return { current: keys.keys().next().value!, keys };
}

let known: { text: string | null; ring: Keyring } | undefined;

/** The portal's own keys; throws a `KeyringFault` when there are none. */
export function keyring(): Keyring {
  const text = portalKeys();
  if (known?.text !== text || !known) known = { text, ring: readKeyring(text) };
  return known.ring;
}

/**
 * Seals `plain` for one place only. `context` names it (`account.totp:<id>`) and never changes: elsewhere the value does
 * not open, so it cannot be moved to another row. The same text is sealed differently each time.
 */
export function seal(plain: string, context: string, ring = keyring()): string {
  if (!plain.isWellFormed() || Buffer.byteLength(plain) > SEAL_MAX_BYTES) throw new TypeError('cannot be sealed: not text, or too long');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', ring.keys.get(ring.current)!, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound(ring.current, context));
  const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${ring.current}.${body.toString('base64url')}`;
}

/** Opens what `seal` made for this context; null when it was changed, moved, cut, invented, or its key is gone. */
export function unseal(sealed: string, context: string, ring = keyring()): string | null {
  const parts = partsOf(sealed);
  const key = parts && ring.keys.get(parts.keyId);
  if (!parts || !key) return null;
  const { body } = parts;
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound(parts.keyId, context));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: GCM has no other way to fail here.
    return null;
  }
}

/** Whether the value should be sealed anew, because a newer key has come since. */
export function isOutdated(sealed: string, ring = keyring()): boolean {
  return partsOf(sealed)?.keyId !== ring.current;
}

function partsOf(sealed: string): { keyId: string; body: Buffer } | null {
  // The pattern's length is bounded, so that text from outside is not decoded at any size.
  const [, keyId, text] = /^s1\.([a-z0-9]{1,16})\.([A-Za-z0-9_-]{38,8000})$/.exec(sealed) ?? [];
  if (!keyId || !text) return null;
  const body = Buffer.from(text, 'base64url');
  // One value has one spelling: spare bits at the end would be a second one.
  if (body.length < NONCE_BYTES + TAG_BYTES || body.toString('base64url') !== text) return null;
  return { keyId, body };
}

const bound = (keyId: string, context: string): Buffer => Buffer.from(`${VERSION}\n${keyId}\n${context}`);
