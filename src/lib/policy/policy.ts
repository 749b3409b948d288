/**
 * The one table of who may do what. Every page, action and endpoint has a line; a route without one answers 403,
 * and a test fails. Whose record it is (which group, which application) is decided in the stores' WHERE clauses.
 */
import { ROLES, type Role } from '../accounts/account.ts';

/** `anyone`: no account needed · `halfway`: the password is given, the second step is not · `signed_in`: any account · a list: one of these city roles. */
export type Who = 'anyone' | 'halfway' | 'signed_in' | readonly Role[];

export interface Line {
  /** Who may read the page (GET, __data.json) or call the endpoint's GET. Absent: there is nothing to read. */
  get?: Who;
  /** Who may use each action; `default` for a page's only action or an endpoint's POST. */
  post?: Record<string, Who>;
  /** The password must have been confirmed in the last minutes (money and identity, AN-10). */
  fresh?: boolean;
  /** Takes files: the larger body limit applies. */
  upload?: boolean;
}

const STAFF: readonly Role[] = ROLES.filter((role) => role !== 'committee');
const OFFICE: readonly Role[] = ['officer', 'approver', 'administrator', 'auditor'];
const READERS: readonly Role[] = ['officer', 'approver', 'accountant', 'administrator', 'auditor'];
const OFFICER: readonly Role[] = ['officer'];
const APPROVER: readonly Role[] = ['approver'];
const ADMIN: readonly Role[] = ['administrator'];
const COMMITTEE: readonly Role[] = ['committee'];

const page = (get: Who): Line => ({ get });
const form = (who: Who, more: Partial<Line> = {}): Line => ({ get: who, post: { default: who }, ...more });

export const policy: Record<string, Line> = {
  // 公開
  '/(public)': page('anyone'),
  '/(public)/schemes': page('anyone'),
  '/(public)/schemes/[scheme]': page('anyone'),
  '/(public)/schemes/[scheme]/form': page('anyone'),
  '/(public)/schemes/[scheme]/form.pdf': page('anyone'),
  '/(public)/projects': page('anyone'),
  '/(public)/accessibility': page('anyone'),
  '/(public)/privacy': page('anyone'),
  '/healthz': page('anyone'),

  // アカウント
  '/(account)/sign-up': form('anyone'),
  '/(account)/sign-up/[token]': form('anyone'),
  '/(account)/login': form('anyone'),
  '/(account)/logout': { get: 'anyone', post: { default: 'anyone' } },
  '/(account)/password-reset': form('anyone'),
  '/(account)/password-reset/[token]': form('anyone'),
  '/(account)/account': { get: 'signed_in', post: { name: 'signed_in', password: 'signed_in', email: 'signed_in', session: 'signed_in', sessions: 'signed_in' } },
  '/(account)/account/email/[token]': form('signed_in'),
  '/(account)/confirm-password': form('signed_in'),
  '/(account)/second-step': form('halfway'),
  '/(account)/second-step/set-up': { get: 'halfway', post: { begin: 'halfway', confirm: 'halfway' } },
  '/(account)/account/second-step': { get: 'signed_in', post: { set_up: 'signed_in', codes: 'signed_in', off: 'signed_in' }, fresh: true },

  // 団体
  '/(group)/my': page('signed_in'),
  '/(group)/my/organisations/new': form('signed_in'),
  '/(group)/my/organisations/[organisation]': page('signed_in'),
  '/(group)/my/organisations/[organisation]/edit': form('signed_in'),
  '/(group)/my/organisations/[organisation]/members': { get: 'signed_in', post: { invite: 'signed_in', cancel: 'signed_in', end: 'signed_in', handover: 'signed_in' } },
  '/(group)/my/organisations/[organisation]/papers': form('signed_in', { upload: true }),
  '/(group)/my/organisations/[organisation]/papers/[paper]': page('signed_in'),
  '/(group)/my/invitations/[token]': form('signed_in'),

  // 申請
  '/(group)/my/applications/new': form('signed_in'),
  '/(group)/my/applications/[application]': page('signed_in'),
  '/(group)/my/applications/[application]/[section=answers]': form('signed_in'),
  '/(group)/my/applications/[application]/budget': form('signed_in'),
  '/(group)/my/applications/[application]/papers': { get: 'signed_in', post: { add: 'signed_in', remove: 'signed_in' }, upload: true },
  '/(group)/my/applications/[application]/files/[file]': page('signed_in'),
  '/(group)/my/applications/[application]/check': form('signed_in'),
  '/(group)/my/applications/[application]/receipt': page('signed_in'),
  '/(group)/my/applications/[application]/receipt.pdf': page('signed_in'),
  '/(group)/my/applications/[application]/withdrawal': form('signed_in'),
  '/(group)/my/applications/[application]/letters/[letter]': page('signed_in'),

  // 審査委員
  '/(panel)/panel': page(COMMITTEE),
  '/(panel)/panel/[assignment]': form(COMMITTEE),
  '/(panel)/panel/[assignment]/score': form(COMMITTEE),
  '/(panel)/panel/[assignment]/files/[file]': page(COMMITTEE),

  // 役所
  '/(office)/office': page(STAFF),
  '/(office)/office/applications': { get: READERS, post: { save: OFFICE, forget: OFFICE } },
  '/(office)/office/applications/[application]': page(READERS),
  '/(office)/office/applications/[application]/document.pdf': page(READERS),
  '/(office)/office/applications/[application]/files/[file]': page(READERS),
  '/(office)/office/applications/[application]/assignment': form(OFFICER),
  '/(office)/office/applications/[application]/screening': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/applications/[application]/correction': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/applications/[application]/acceptance': form(OFFICER),
  '/(office)/office/applications/[application]/dismissal': form(OFFICER),
  '/(office)/office/applications/[application]/panel': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/applications/[application]/proposal': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/applications/[application]/letter': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/editions/[edition]': page(READERS),
  '/(office)/office/editions/[edition]/ranking': page(OFFICE),
  '/(office)/office/editions/[edition]/panel': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/editions/[edition]/release': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/editions/[edition]/letters': { get: OFFICE, post: { default: OFFICER } },
  '/(office)/office/editions/[edition]/letters/[batch]': page(OFFICE),
  '/(office)/office/editions/[edition]/letters/[batch]/letters.zip': page(OFFICE),
  '/(office)/office/letters/[letter]': page(READERS),
  '/(office)/office/organisations': page(OFFICER),
  '/(office)/office/organisations/[organisation]': page(OFFICER),
  '/(office)/office/organisations/[organisation]/papers/[paper]': page(OFFICER),
  '/(office)/office/organisations/[organisation]/representative': form(OFFICER, { fresh: true }),
  '/(office)/office/organisations/[organisation]/members/[member]': form(OFFICER, { fresh: true }),
  '/(office)/office/decisions': page(OFFICE),
  '/(office)/office/decisions/[proposal]': { get: OFFICE, post: { default: APPROVER }, fresh: true },
  '/(office)/office/settings': form(ADMIN),
  '/(office)/office/settings/districts': form(ADMIN),
  '/(office)/office/settings/closing-days': form(ADMIN),
  '/(office)/office/staff': page(ADMIN),
  '/(office)/office/staff/[account]': { get: ADMIN, post: { grant: ADMIN, end: ADMIN, disable: ADMIN, enable: ADMIN, second_step: ADMIN }, fresh: true },
  '/(office)/office/retention': page(ADMIN),
  '/(office)/office/mail': page(['administrator', 'auditor']),
  '/(office)/office/audit': page(['administrator', 'auditor']),
  '/(office)/office/ui': page(STAFF)
};

/** True when a person with these roles (null: not signed in) is among `who`; `halfway` is whether the second step is owed. An absent line is nobody. */
export function isAllowed(who: Who | undefined, roles: readonly Role[] | null, halfway = false): boolean {
  if (who === undefined) return false;
  if (who === 'anyone') return true;
  if (who === 'halfway') return halfway;
  if (roles === null) return false;
  return who === 'signed_in' || who.some((role) => roles.includes(role));
}

/** Whom a request of this method needs to be, and whether the password must be fresh. Unknown routes: nobody. */
export function required(routeId: string, method: string, action: string): { who: Who | undefined; fresh: boolean } {
  const line = Object.hasOwn(policy, routeId) ? policy[routeId] : undefined;
  if (!line) return { who: undefined, fresh: false };
  const fresh = line.fresh ?? false;
  if (method === 'GET' || method === 'HEAD') return { who: line.get, fresh };
  if (method === 'POST') return { who: line.post && Object.hasOwn(line.post, action) ? line.post[action] : undefined, fresh };
  return { who: undefined, fresh };
}
