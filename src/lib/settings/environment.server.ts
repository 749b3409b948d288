/**
 * Every environment variable the running portal reads, in one place. `docs/operations.md` lists them and a test compares.
 * What comes before the portal (starting PostgreSQL, finding a Chromium) is read in db/ and commands/.
 */
import { createHash, randomBytes } from 'node:crypto';

const read = (name: string): string | undefined => process.env[name]?.trim() || undefined;

/** `demo`: invented data, demo accounts, mail shown on a page. `production`: none of those can exist. */
export const portalMode = (): 'demo' | 'production' => (read('PORTAL_MODE') === 'demo' ? 'demo' : 'production');

/** The public origin for links in mails and letters; never taken from a request's Host header (SE-9). */
export const publicOrigin = (): string => (read('ORIGIN') ?? 'http://localhost:3000').replace(/\/+$/, '');

/** SMTP server for outgoing mail, or null: then the mail stays in the outbox and is shown there. */
export const smtpUrl = (): string | null => read('SMTP_URL') ?? null;

/** Path of the government's font for names (IPAmj明朝), or null to look in the system's places. */
export const ipamjFont = (): string | null => read('IPAMJ_FONT') ?? null;

/** The checkout's folder: workers run their own files from there. */
export const portalRoot = (): string => read('PORTAL_ROOT') ?? process.cwd();

/** Background jobs run inside the web server unless this says `off` (a second server of the same database). */
export const jobsEnabled = (): boolean => read('PORTAL_JOBS') !== 'off';

let secret: string | undefined;
/** Key for hashing client addresses and signing device cookies. Without the setting it lives as long as the process. */
export function portalSecret(): string {
  secret ??= read('PORTAL_SECRET') ?? randomBytes(32).toString('hex');
  return secret;
}

/** Takes a client's address; returns a keyed hash that throttles can count by. */
export const clientKeyOf = (address: string): string =>
  createHash('sha256').update(`${portalSecret()} ${address}`).digest('hex').slice(0, 32);
