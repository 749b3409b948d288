/** Secrets that leave the portal in a cookie or a mail; of each the database keeps only the SHA-256. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 bits from the system's generator (SE-2), in 43 URL-safe characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What stands in the database. A fast hash is enough: nobody guesses 256 random bits. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether text from outside has a secret's shape; a hash out of a stolen dump has not. */
export function looksLikeSecret(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{43}$/.test(text);
}
