import { WAITING_WORDS, type WaitingFor } from '$lib/applications/application';
import { sql } from '$lib/db/db.server';
import { isAllowed, policy } from '$lib/policy/policy';
import * as schemes from '$lib/schemes/store.server';
import { waitingCounts } from '$lib/screening/worklist.server';
import type { PageServerLoad } from './$types';

const WAITED_FOR: WaitingFor[] = ['officer', 'applicant', 'committee', 'approver'];

/** Work besides the list, each offered to those the policy lets in. */
const PLACES = [
  { path: 'decisions', label: '決裁', hint: '起案を確かめて、決裁または差戻しをします。' },
  { path: 'organisations', label: '団体', hint: '団体を探し、手続きをする人を確かめます。代表者が引き継げないときの交代もできます。' },
  { path: 'settings', label: '市の設定', hint: '市の名前、担当課、受付時間、休業日など。' },
  { path: 'staff', label: '職員と役割', hint: '担当者、決裁者、審査委員などの役割を決めます。' },
  { path: 'mail', label: '送信メール', hint: 'ポータルが送ったメールと、送れなかったメール。' },
  { path: 'audit', label: '監査記録', hint: 'だれが、いつ、何をしたかの記録。' },
  { path: 'retention', label: '保存期間と片付け', hint: '保存期間が過ぎたメール、ファイル、下書きを、いつ、いくつ片付けるか。' },
  { path: 'ui', label: '画面部品の見本', hint: '画面を作る人のための見本です。' }
] as const;

const ROUND_PLACES = [
  { path: '', label: '概要' }, { path: '/panel', label: '審査委員の割当' }, { path: '/ranking', label: '順位表' }, { path: '/release', label: '結果の公開' }, { path: '/letters', label: '通知書' }
] as const;

export const load: PageServerLoad = async ({ locals }) => {
  const { roles, accountId } = locals.viewer!;
  const may = (path: string) => isAllowed(policy[`/(office)/office${path}`]?.get, roles);
  const readsApplications = may('/applications');
  const [counts, editions] = await Promise.all([readsApplications ? waitingCounts(sql, accountId) : [], may('/editions/[edition]') ? schemes.editions(sql) : []]);
  return {
    isOfficer: roles.includes('officer'), readsApplications,
    waiting: WAITED_FOR.map((waiting) => {
      const found = counts.find((count) => count.waiting_for === waiting);
      return { waiting, word: WAITING_WORDS[waiting], all: found?.n ?? 0, mine: found?.mine ?? 0 };
    }),
    places: PLACES.filter(({ path }) => may(`/${path}`)).map((place) => ({ ...place, href: `/office/${place.path}` })),
    rounds: editions.map((edition) => ({
      id: edition.id, name: edition.name, fiscal_year: edition.fiscal_year, left_yen: edition.budget_yen - edition.committed_yen, budget_yen: edition.budget_yen,
      links: ROUND_PLACES.filter(({ path }) => may(`/editions/[edition]${path}`)).map(({ path, label }) => ({ label, href: `/office/editions/${edition.id}${path}` }))
    }))
  };
};
