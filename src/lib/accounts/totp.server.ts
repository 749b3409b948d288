/**
 * Codes of an authenticator (TOTP, RFC 6238): SHA-1, six digits, thirty seconds, which every authenticator can do.
 * Twenty lines of arithmetic over node:crypto; why no package, see docs/decisions/011-second-step.md.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const STEP_SECONDS = 30;
export const CODE_DIGITS = 6;
/** RFC 4226 4: as long as the hash. */
const SECRET_BYTES = 20;
/** Clocks of telephones and the time to type: one step either side (AN-7). */
const TOLERATED_STEPS = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Code points of the portal's name in the authenticator's list; longer ones make the picture hard to scan. */
const ISSUER_MAX = 20;

/** 160 random bits as 32 letters of base32 (RFC 4648), as authenticators take them. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(SECRET_BYTES));
}

/** The number of the thirty seconds `now` lies in, since 1970. */
export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / 1000 / STEP_SECONDS);
}

/** The code of one step. */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest.at(-1)! & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** CODE_DIGITS;
  return String(number).padStart(CODE_DIGITS, '0');
}

/**
 * The step whose code was given, or null. The newest when two steps share a code, so that using it once uses up both.
 * Whether the step was used before is for the store to say, in one statement.
 */
export function matchingStep(secret: string, code: string, now: Date): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null;
  const current = stepAt(now);
  let found: number | null = null;
  for (let step = current - TOLERATED_STEPS; step <= current + TOLERATED_STEPS; step += 1) {
    if (timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code))) found = step;
  }
  return found;
}

/**
 * What an authenticator reads from the picture (Key URI format). `issuer` and `account` are what its list will show. SHA-1,
 * six digits and thirty seconds go without saying in that format; leaving them out keeps the picture coarse.
 */
export function totpUri(secret: string, issuer: string, account: string): string {
  const short = encodeURIComponent([...issuer.replaceAll(':', ' ')].slice(0, ISSUER_MAX).join(''));
  return `otpauth://totp/${short}:${encodeURIComponent(account)}?secret=${secret}&issuer=${short}`;
}

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{1,5}/g)!.map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}
