/** Who may sign in, and what the city lets them do. Pure: no database, no framework. */

/** Roles the city gives to a person, in the order an administrator reads them. */
export const ROLES = ['committee', 'officer', 'approver', 'accountant', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Record<Role, string> = {
  committee: '審査委員',
  officer: '担当者',
  approver: '決裁者',
  accountant: '出納',
  administrator: '管理者',
  auditor: '監査'
};

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** The person behind a request, read anew on every request so that a change of role bites at once. */
export type Viewer = {
  accountId: string;
  name: string;
  email: string;
  roles: Role[];
  /** The hash that stands in the database, never the secret in the cookie. */
  sessionId: string;
  freshAuthAt: Date | null;
  organisations: { id: string; name: string; role: string }[];
};

/**
 * What a session still owes after the password (AN-7): a code of the authenticator, or setting one up. Until it is paid
 * the session stands for nobody: no role, no group, no page but those of the second step.
 */
export type Owed = 'code' | 'set_up';

/** A person who has given the password and not yet the second step. */
export type Halfway = { accountId: string; email: string; sessionId: string; owes: Owed };

/** `required`: whether whoever holds a role must have a second step. Who has set one up is always asked. */
export function owedBy(session: { roles: readonly Role[]; enrolled: boolean; second_step_at: Date | null }, required: boolean): Owed | null {
  if (session.enrolled) return session.second_step_at ? null : 'code';
  return required && session.roles.length > 0 ? 'set_up' : null;
}

/** Where a person pays what is owed, and goes on to `next` (a path of this site) afterwards. */
export function secondStepPath(owes: Owed, next: string | null): string {
  const path = owes === 'code' ? '/second-step' : '/second-step/set-up';
  return next ? `${path}?next=${encodeURIComponent(next)}` : path;
}

/** Where a person's work begins after signing in. */
export function homeOf(roles: readonly Role[]): string {
  if (roles.length === 0) return '/my';
  return roles.every((role) => role === 'committee') ? '/panel' : '/office';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type SessionLimits = { idleMs: number; absoluteMs: number };

/**
 * How long a session lasts. Staff sit at shared counters and see everyone's data, so theirs are short;
 * applicants write long forms over several evenings, and losing a form is the greater harm (ASVS 7.1.1, 7.3.1-2).
 */
export const STAFF_LIMITS: SessionLimits = { idleMs: 30 * MINUTE_MS, absoluteMs: 12 * HOUR_MS };
export const APPLICANT_LIMITS: SessionLimits = { idleMs: 24 * HOUR_MS, absoluteMs: 14 * DAY_MS };

/** Half-way through a log-in, however busy: long enough to install an authenticator, too short to be worth stealing. */
export const HALFWAY_LIMITS: SessionLimits = { idleMs: 30 * MINUTE_MS, absoluteMs: 30 * MINUTE_MS };

export function limitsFor(isStaff: boolean, owes: Owed | null = null): SessionLimits {
  if (owes) return HALFWAY_LIMITS;
  return isStaff ? STAFF_LIMITS : APPLICANT_LIMITS;
}

/** The instant a session ends: whichever limit comes first. */
export function sessionEndsAt(session: { created_at: Date; last_seen_at: Date; expires_at: Date }, limits: SessionLimits): Date {
  return new Date(Math.min(
    session.last_seen_at.getTime() + limits.idleMs,
    session.created_at.getTime() + limits.absoluteMs,
    session.expires_at.getTime()
  ));
}

/** How long a password stays "just confirmed" for actions that need it (AN-10). */
export const FRESH_AUTH_MS = 5 * MINUTE_MS;

export function isFreshlyConfirmed(freshAuthAt: Date | null, now: Date): boolean {
  return freshAuthAt !== null && now.getTime() - freshAuthAt.getTime() <= FRESH_AUTH_MS;
}

/** Lives of the links in mails. A reset is short (ASVS 6.4.1); a sign-up may wait for the evening. */
export const TOKEN_LIFE_MS = { sign_up: DAY_MS, reset: 15 * MINUTE_MS, email_change: HOUR_MS } as const;
export type TokenPurpose = keyof typeof TOKEN_LIFE_MS;

export const NAME_MAX = 100;
export const KANA_MAX = 200;

/** The form in which addresses are compared. The form takes ASCII only, so lower case here and in SQL agree. */
export function foldEmail(email: string): string {
  return email.toLowerCase();
}

/** Enough of the browser's own words for a person to recognise a device in the list, and no more. */
export function deviceSummary(userAgent: string | null): string {
  const agent = userAgent ?? '';
  const system = /iPhone|iPad/.test(agent) ? 'iPhone・iPad' : /Android/.test(agent) ? 'Android' : /Windows/.test(agent) ? 'Windows'
    : /Mac OS X/.test(agent) ? 'Mac' : /CrOS/.test(agent) ? 'Chromebook' : /Linux/.test(agent) ? 'Linux' : '';
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\/|FxiOS/.test(agent) ? 'Firefox' : /Chrome\/|CriOS/.test(agent) ? 'Chrome'
    : /Safari\//.test(agent) ? 'Safari' : '';
  return [system, browser].filter(Boolean).join(' の ') || '分からない端末';
}
