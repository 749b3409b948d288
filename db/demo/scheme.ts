/** 高萩まちづくり支援金の設定例。市の要綱は公表されていないため、率・上限・期間・予算・様式番号はすべて例である。 */
import type { Tx } from '../../src/lib/db/db.server.ts';
import * as audit from '../../src/lib/audit/audit.server.ts';
import { addDays, dayOf, endOfDay, startOfDay } from '../../src/lib/time/day.ts';
import { fiscalYearBounds, fiscalYearOf } from '../../src/lib/time/fiscal-year.ts';

const CITY = {
  portal_name: '高萩 協働ポータル', city_name: '高萩市', city_code: '082147', mayor_title: '市長', mayor_name: '（設定例）架空 太郎', section_name: '環境市民協働課',
  postal_code: '318-0000', address: '茨城県高萩市（設定例）', phone: '0293-00-0000（設定例）', office_hours: '平日 8時30分から17時15分まで（設定例）', letterhead: '',
  seal_omitted_text: '（公印省略）', document_mark: '環協', mail_sender_name: '高萩 協働ポータル', mail_sender_address: 'kyodo@demo.example', association_word: '自治会', fiscal_year_start_month: 4
};

export async function saveCity(tx: Tx): Promise<void> {
  await tx`update city_settings set ${tx(CITY)}, version = version + 1`;
  await tx`insert into district ${tx([{ name: '高萩地区', position: 1 }, { name: '松岡地区（設定例）', position: 2 }, { name: '高岡地区', position: 3 }])}`;
  await audit.record(tx, { action: 'settings.save', subject: ['city_settings', '1'], after: CITY });
}

export interface DemoEdition { id: string; categories: Map<string, string>; papers: Map<string, string>; requirements: string[]; criteria: string[] }

const SUMS = { funding: [['市報広告料収入（設定例）', 700_000], ['一般財源（設定例）', 300_000]] as const };

/** One open window around `now`, whatever day the demo starts. */
export async function makeEdition(tx: Tx, now: Date): Promise<DemoEdition> {
  const today = dayOf(now);
  const year = fiscalYearOf(today);
  const [scheme] = await tx<{ id: string }[]>`insert into scheme (code, name) values ('machizukuri', '高萩まちづくり支援金') returning id`;
  const [row] = await tx<{ id: string }[]>`insert into scheme_edition ${tx([{
    scheme_id: scheme!.id, fiscal_year: year, is_example: true, name: '高萩まちづくり支援金（設定例）',
    summary: '市民の団体が自分たちで考えたまちづくりの活動を、はじめの一歩から応援する支援金です。',
    purpose: '市民と市が役割を分けあい、力を合わせてまちをつくるために、市民の団体が自主的に行う公益的な活動の立ち上げを支援します。',
    who_can_apply: '市内で活動する市民活動団体、NPO法人、自治会\n会員が5人以上いること\n会則と会員名簿があること\n政治・宗教・営利を目的としないこと\n暴力団やその関係者がいないこと',
    how_judged: '市の担当者が書類を確かめたあと、審査委員が基準ごとに採点します。\n申請する団体と利害関係のある委員は、その団体の審査に加わりません。\n平均点の高い順に、予算の範囲で採択します。',
    legal_basis: '高萩まちづくり支援金交付要綱（設定例）', award_article: '第7条第1項', rejection_article: '第7条第2項',
    application_form_number: '様式第1号（第5条関係）（設定例）', award_form_number: '様式第4号（第7条関係）（設定例）', rejection_form_number: '様式第5号（第7条関係）（設定例）',
    rate_numerator: 1, rate_denominator: 2, cap_yen: 200_000, rounding_unit_yen: 1_000, minimum_members: 5, one_per_organisation: true,
    opens_at: startOfDay(addDays(today, -30)), closes_at: endOfDay(addDays(today, 30)), completion_due_on: fiscalYearBounds(year + (addDays(today, 60) > fiscalYearBounds(year).to ? 1 : 0)).to,
    pass_mark_percent: 60, standard_conditions: [
      '支援金は、申請した事業のほかに使わないこと。', '事業の内容や予算を変えるときは、あらかじめ市の承認を受けること。',
      '事業が終わったら、実績報告書と収支決算書を出すこと。', '領収書などの書類は、事業の終わった年度の翌年度から5年間保存すること（設定例）。'
    ], published_at: now
  }])} returning id`;
  const edition_id = row!.id;
  await tx`insert into edition_budget (edition_id, budget_yen) values (${edition_id}, ${SUMS.funding.reduce((sum, [, yen]) => sum + yen, 0)})`;
  await tx`insert into funding_source ${tx(SUMS.funding.map(([name, amount_yen], position) => ({ edition_id, name, amount_yen, position })))}`;
  const categories = await tx<{ id: string; name: string }[]>`insert into cost_category ${tx(CATEGORIES.map((one, position) => ({ edition_id, position, ...one })))} returning id, name`;
  const criteria = await tx<{ id: string }[]>`insert into criterion ${tx(CRITERIA.map((one, position) => ({ edition_id, position, max_points: 5, ...one })))} returning id`;
  const papers = await tx<{ id: string; name: string }[]>`insert into required_paper ${tx(PAPERS.map((one, position) => ({ edition_id, position, only_kind: null, ...one })))} returning id, name`;
  const requirements = await tx<{ id: string }[]>`insert into requirement ${tx(REQUIREMENTS.map(([name, article], position) => ({ edition_id, position, name, article })))} returning id`;
  await audit.record(tx, { action: 'scheme.load_example', subject: ['scheme_edition', edition_id], after: { code: 'machizukuri', fiscal_year: year } });
  const byName = (rows: { id: string; name: string }[]) => new Map(rows.map((one) => [one.name, one.id]));
  return { id: edition_id, categories: byName(categories), papers: byName(papers), requirements: requirements.map((one) => one.id), criteria: criteria.map((one) => one.id) };
}

const income = (name: string, hint: string, is_grant = false) => ({ side: 'income', name, hint, eligible: true, is_grant, reason: '' });
const expense = (name: string, hint: string, reason = '') => ({ side: 'expense', name, hint, eligible: reason === '', is_grant: false, reason });

const CATEGORIES = [
  income('支援金', 'この制度の支援金', true), income('会費・自己資金', '会費、積立金など'), income('参加費', '参加者からいただくお金'), income('寄附金・協賛金', ''), income('その他の収入', ''),
  expense('報償費', '講師や専門家への謝礼'), expense('消耗品費', '文具、材料、花の苗など'), expense('印刷費', 'ちらし、ポスター'), expense('使用料・賃借料', '会場、機材の借り上げ'),
  expense('保険料', '行事の保険'), expense('通信運搬費', '切手、配送'), expense('委託費', '自分たちではできない専門の作業'),
  expense('食糧費', '弁当、打ち上げなど', '飲食の費用は対象になりません（熱中症を防ぐ飲み物は消耗品費に入れてください）。'),
  expense('人件費', '会員への給料や手当', '会員の人件費・謝礼は対象になりません。'),
  expense('備品費', '長く使う道具や機械', '団体の財産になる備品は対象になりません。')
];
const CRITERIA = [
  { name: '公益性', description: '多くの市民のためになるか', weight: 30 }, { name: '必要性', description: '地域の困りごとや願いにこたえるか', weight: 20 },
  { name: '実現性', description: '日程・体制・予算に無理がないか', weight: 20 }, { name: '協働', description: 'ほかの団体や市と力を合わせるか', weight: 20 }, { name: '継続性', description: '支援が終わったあとも続くか', weight: 10 }
];
const PAPERS = [
  { name: '会則', hint: '団体の目的や役員の決め方が分かるもの', required: true, from_dossier: 'rules' as string | null },
  { name: '会員名簿', hint: '会員の人数と市内に住む人などの数が分かるもの', required: true, from_dossier: 'member_list' },
  { name: '見積書', hint: '1件5万円（設定例）をこえる支出があるとき', required: false, from_dossier: null },
  { name: '活動の写真やちらし', hint: 'これまでの活動が分かるもの', required: false, from_dossier: null }
];
const REQUIREMENTS = [
  ['会員が5人以上いる', '第3条第1号（設定例）'], ['会則と会員名簿がそろっている', '第3条第2号（設定例）'], ['政治・宗教・営利を目的としない', '第3条第3号（設定例）'],
  ['市内で行う公益的な事業である', '第4条（設定例）'], ['ほかの補助を受けていない', '第4条第2項（設定例）'], ['対象経費の区分が正しい', '別表（設定例）']
] as const;
