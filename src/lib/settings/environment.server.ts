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

const KEEP_DAYS_MAX = 36_500;

/** Days from a setting. Null when it is no whole number of days or too few to be meant: then nothing of its rule is removed. */
function readDays(name: string, usual: number, least: number): number | null {
  const said = read(name);
  if (said === undefined) return usual;
  const days = /^\d{1,5}$/.test(said) ? Number(said) : 0;
  return days >= least && days <= KEEP_DAYS_MAX ? days : null;
}

/** How long a mail that was sent or given up keeps its address and words, and an invitation that is over its address. */
export const mailKeepDays = (): number | null => readDays('MAIL_KEEP_DAYS', 90, 14);

/** How long an uploaded file that nothing refers to is kept. */
export const fileKeepDays = (): number | null => readDays('FILE_KEEP_DAYS', 30, 7);

/** How long after the end of its window a draft that was never submitted is kept; its group is told a month before. */
export const draftKeepDays = (): number | null => readDays('DRAFT_KEEP_DAYS', 365, 60);

let secret: string | undefined;
/** Key for hashing client addresses and signing device cookies. Without the setting it lives as long as the process. */
export function portalSecret(): string {
  secret ??= read('PORTAL_SECRET') ?? randomBytes(32).toString('hex');
  return secret;
}

/** Keys for secrets at rest, `id:hex,…` with the current one first (sealing.server.ts reads them), or null. */
export const portalKeys = (): string | null => read('PORTAL_KEYS') ?? null;

/** Whether people with a role of the city must prove more than a password. Only the demo, with its printed passwords, goes without by itself. */
export function staffSecondStep(): 'required' | 'optional' {
  const said = read('STAFF_SECOND_STEP');
  if (said === 'required' || said === 'optional') return said;
  return portalMode() === 'demo' ? 'optional' : 'required';
}

/** Takes a client's address; returns a keyed hash that throttles can count by. */
export const clientKeyOf = (address: string): string =>
  createHash('sha256').update(`${portalSecret()} ${address}`).digest('hex').slice(0, 32);
