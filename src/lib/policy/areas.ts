import type { Role } from '../accounts/account.ts';
import { isAllowed, policy } from './policy.ts';

export interface Area { href: string; label: string }

/** Signed-in areas a person sees in the header: only those the policy lets them open. */
export function areasFor(viewer: { roles: readonly Role[]; organisations: readonly unknown[] }): Area[] {
  const all: (Area & { route: string })[] = [
    { href: '/my', label: '団体と申請', route: '/(group)/my' },
    { href: '/panel', label: '審査', route: '/(panel)/panel' },
    { href: '/office/applications', label: '申請一覧', route: '/(office)/office/applications' },
    { href: '/office/decisions', label: '決裁', route: '/(office)/office/decisions' },
    { href: '/office', label: '役所の仕事', route: '/(office)/office' },
    { href: '/office/settings', label: '設定', route: '/(office)/office/settings' }
  ];
  const staff = viewer.roles.length > 0;
  return all
    .filter((area) => isAllowed(policy[area.route]?.get, viewer.roles) && !(staff && area.href === '/my' && viewer.organisations.length === 0))
    .map(({ href, label }) => ({ href, label }));
}
