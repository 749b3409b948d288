/**
 * An edition in the terms of other catalogues: the items of GIF 451-4 (デジタル庁 実装データモデル「行政サービス・制度」), for a
 * table of all schemes, and the field names of jGrants' public API, for programs that read that one already. Pure.
 */
import type { ClosedDays } from '../time/business-day.ts';
import { dayOf } from '../time/day.ts';
import { formatDeadline, formatInstant } from '../time/wareki.ts';
import { ceilingOf, percentWords } from './ceiling.ts';
import type { EditionContent } from './content.ts';
import { KIND_WORDS } from './enum-words.ts';
import { eligibleKinds } from './checks/eligibility.ts';
import { allFacts } from './known-facts.ts';
import { ruleInWords } from './rule-words.ts';
import { effectiveWindows, type EffectiveWindow } from './windows.ts';

/** The items of GIF 451-4 in its order. Those a grant of a city has no value for stay empty. */
export const GIF_HEADINGS = [
  '制度所管組織', 'タイトル（制度名）', 'サブタイトル（通称）', '制度番号', '元制度番号', '制度変更区分', '根拠法令', '地域群', '地域', '概要', '内容', '対象者', '用途・対象物', '収入条件', '家族構成条件',
  '対象者条件', '従業員条件', '資本金条件', '創業年条件', '給付上限額', '最大金利', '借入限度額', '償還期限', '最大補助率', '費用', '予算枠の有無', '申請届出方法', '募集時期', '公募開始日', '公募終了日',
  '公募備考', '手続書類', '電子申請の有無', '添付ファイルの名称', '添付ファイル名', '詳細参照先', '詳細URL', '標準産業分類', 'ステージとアクション', '事業ステージ', 'お困りごと', 'サービス種別', '災害名',
  'キーワード', '実施組織・支援機関', 'お問い合わせ先', 'お問合わせ先一覧', '連絡先情報', '公開開始日', '公開終了日', '最終更新日', '表示優先度'
] as const;
export type GifHeading = (typeof GIF_HEADINGS)[number];
export type GifRow = Record<GifHeading, string>;

export interface CatalogueEdition {
  id: string;
  scheme_code: string;
  fiscal_year: number;
  content: EditionContent;
  published_at: Date;
  updated_at: Date;
  budget_yen: number;
  /** Addresses of the scheme's page, and of the page an application begins on. */
  page_url: string;
  apply_url: string;
}
/** The city as its settings have it; `kinds`: its words for kinds of group. */
export interface CatalogueCity { name: string; code: string; section: string; phone: string; hours: string; kinds?: Readonly<Record<string, string>>; closed: ClosedDays }

/** Lists in one cell. */
const listed = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(';');
const cut = (text: string, most: number): string => [...text.replace(/\s+/g, ' ')].slice(0, most).join('');

const windowInWords = ({ name, opens_at, closes_at }: EffectiveWindow): string => `${name}${name === '' ? '' : '：'}${formatInstant(opens_at)}から${formatDeadline(closes_at)}まで`;

function contactOf({ contact }: EditionContent, city: CatalogueCity): string {
  const own = contact.section !== '';
  return [`${city.name}${own ? contact.section : city.section}`, contact.phone || (own ? '' : city.phone), contact.email, contact.hours || (own ? '' : city.hours)].filter((part) => part !== '').join(' ');
}

/** Who may apply, apart from the kind of group and the years, which have items of their own. */
const conditionsOf = (content: EditionContent, city: CatalogueCity, wanted: (rule: string) => boolean): string =>
  listed(content.eligibility.filter(({ rule }) => wanted(rule)).map((rule) => ruleInWords(rule, allFacts(content), city.kinds).replace(/。$/, '').replaceAll(';', '；')));

/** The last day somebody can still apply on: a window that closes at midnight ends with the day before. */
const lastDay = (windows: readonly EffectiveWindow[]): string => {
  const last = Math.max(...windows.map(({ closes_at }) => closes_at.getTime()));
  return dayOf(new Date(last - 1));
};

/** One row of the table. Every item has a text; '' where there is no value. */
export function gifRow(edition: CatalogueEdition, city: CatalogueCity): GifRow {
  const { content } = edition;
  const { yen, rate } = ceilingOf(content.formula);
  const windows = effectiveWindows(content, city.closed);
  const kinds = eligibleKinds(content).map((kind) => city.kinds?.[kind] ?? KIND_WORDS[kind]);
  const contact = contactOf(content, city);
  const filled: Partial<GifRow> = {
    制度所管組織: city.name, 'タイトル（制度名）': content.name, 制度番号: `${city.code}-${edition.scheme_code}-${edition.fiscal_year}`, 根拠法令: content.legal_basis, 地域: city.code,
    概要: cut(content.summary, 100), 内容: cut(content.description === '' ? content.purpose : content.description, 500), 対象者: listed(kinds), '用途・対象物': content.catalogue.purpose_of_use,
    対象者条件: conditionsOf(content, city, (rule) => rule !== 'kinds' && rule !== 'founded'), 創業年条件: conditionsOf(content, city, (rule) => rule === 'founded'),
    給付上限額: yen === null ? '' : String(yen), 最大補助率: rate === null ? '' : percentWords(rate), 予算枠の有無: edition.budget_yen > 0 ? '有' : '', 申請届出方法: '電子申請',
    募集時期: listed(windows.map(windowInWords)), 公募開始日: windows.length === 0 ? '' : dayOf(windows[0]!.opens_at), 公募終了日: windows.length === 0 ? '' : lastDay(windows),
    公募備考: listed([windows.length > 1 ? `${windows.length}回に分けて受け付けます` : '', content.close_when_spent ? '予算に達したときは受付を終えます' : '', content.contact.consultation.replace(/\s+/g, ' ')]),
    手続書類: listed(content.papers.map(({ name, required }) => `${name}${required ? '' : '（任意）'}`)), 電子申請の有無: edition.apply_url, 詳細参照先: content.name, 詳細URL: edition.page_url,
    標準産業分類: content.catalogue.industry, キーワード: listed(content.catalogue.keywords), お問い合わせ先: contact, 連絡先情報: contact,
    公開開始日: dayOf(edition.published_at), 最終更新日: dayOf(edition.updated_at)
  };
  return Object.fromEntries(GIF_HEADINGS.map((heading) => [heading, filled[heading] ?? ''])) as GifRow;
}

/** The fields of `/exp/v1/public/subsidies`; instants in UTC. */
export interface JgrantsSubsidy {
  id: string;
  title: string;
  subsidy_max_limit: number | null;
  acceptance_start_datetime: string | null;
  acceptance_end_datetime: string | null;
  target_area_search: string;
  target_industry: string;
  target_number_of_employees: string;
  use_purpose: string;
  application_guidelines: readonly JgrantsFile[];
  outline_of_grant: readonly JgrantsFile[];
  application_form: readonly JgrantsFile[];
  update_datetime: string;
}
/** jGrants sends files inside; an address does for everybody. */
export interface JgrantsFile { name: string; url: string }
export interface JgrantsFiles { guidelines: readonly JgrantsFile[]; outline: readonly JgrantsFile[]; forms: readonly JgrantsFile[] }

/** The window an applicant should know of at an instant: the one that is open, the next, or the last that was. */
function windowAt(windows: readonly EffectiveWindow[], at: Date): EffectiveWindow | null {
  return windows.find(({ closes_at }) => closes_at > at) ?? windows.at(-1) ?? null;
}

export function jgrantsSubsidy(edition: CatalogueEdition, city: CatalogueCity, files: JgrantsFiles, at: Date): JgrantsSubsidy {
  const { content } = edition;
  const window = windowAt(effectiveWindows(content, city.closed), at);
  return {
    id: edition.id, title: content.name, subsidy_max_limit: ceilingOf(content.formula).yen, acceptance_start_datetime: window?.opens_at.toISOString() ?? null, acceptance_end_datetime: window?.closes_at.toISOString() ?? null,
    target_area_search: city.name, target_industry: content.catalogue.industry, target_number_of_employees: '', use_purpose: content.catalogue.purpose_of_use,
    application_guidelines: files.guidelines, outline_of_grant: files.outline, application_form: files.forms, update_datetime: edition.updated_at.toISOString()
  };
}
