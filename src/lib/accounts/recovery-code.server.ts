/** Codes on paper, for when the authenticator is lost: ten, each good once (AN-8, ASVS 6.5.2-6.5.4). */
import { randomBytes } from 'node:crypto';
import { foldLatin } from '../forms/text.ts';
import { hashSecret } from './secret.server.ts';

export const RECOVERY_CODES = 10;
/** 120 bits: nobody guesses one, so a fast hash is enough. */
const CODE_BYTES = 15;
/** Crockford's letters: none looks like another, and those people write instead are understood (`foldRecoveryCode`). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Spaces and every sort of hyphen. */
export const GAPS = /[\s\u002d\u2010-\u2015\u2212\u30fc\uff0d\uff70]/g;

/** A new set, as it is shown and printed: `7K3M-9QWX-…`, six groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const bits = [...randomBytes(CODE_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    return bits.match(/.{5}/g)!.map((five) => LETTERS[Number.parseInt(five, 2)]).join('').match(/.{4}/g)!.join('-');
  });
}

/**
 * A code as a person types it from paper: small letters, full width, with or without the hyphens, O for 0, I or L for 1.
 * Null when it cannot be one.
 */
export function foldRecoveryCode(typed: string): string | null {
  const letters = foldLatin(typed).toUpperCase().replaceAll(GAPS, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{24}$/.test(letters) ? letters.match(/.{4}/g)!.join('-') : null;
}

/** What stands in the database, of a code as `newRecoveryCodes` or `foldRecoveryCode` writes it. */
export function hashRecoveryCode(code: string): string {
  return hashSecret(`recovery code ${code}`);
}
