/** A group that applies for grants, the people who act for it, and what its dossier still lacks. Pure: no database. */
import { formatWarekiBoth } from '../time/wareki.ts';
import type { Day } from '../time/day.ts';

export const KINDS = ['civic_group', 'npo', 'association'] as const;
export type Kind = (typeof KINDS)[number];

/** What each kind is called. Cities have their own word for 自治会 (常会, 区, 町内会), so it comes from the settings. */
export function kindLabels(associationWord: string): Record<Kind, string> {
  return { civic_group: '市民活動団体', npo: 'NPO法人', association: associationWord };
}

/** A person acts for a group in one of two roles. Letters go to the representative; both may apply. */
export const MEMBER_ROLES = ['representative', 'member'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];
export const MEMBER_ROLE_LABELS: Record<MemberRole, string> = { representative: '代表者', member: '担当者' };

export const PAPER_KINDS = ['rules', 'member_list'] as const;
export type PaperKind = (typeof PAPER_KINDS)[number];
export const PAPER_LABELS: Record<PaperKind, string> = { rules: '会則', member_list: '会員名簿' };

export const isPaperKind = (text: string): text is PaperKind => (PAPER_KINDS as readonly string[]).includes(text);

/** Bounds that keep one person or one group from filling the portal or other people's mailboxes. */
export const MAX_GROUPS_PER_ACCOUNT = 30;
export const MAX_MEMBERS = 50;
export const MAX_INVITATIONS_PER_DAY = 20;
export const INVITATION_DAYS = 7;
/** Papers kept per group, replaced ones included: applications of earlier years refer to them. */
export const MAX_PAPERS = 60;

/** What a group answers about itself, once. Names and the address are exactly as typed. */
export interface DossierValue {
  kind: Kind;
  corporate_number: string | null;
  name: string;
  name_kana: string;
  representative_title: string;
  representative_name: string;
  postal_code: string;
  address: string;
  phone: string;
  purpose: string;
  founded_on: Day | null;
  members_count: number;
  /** Of the members: those who live in the city, … */
  members_living: number;
  /** … those who live elsewhere and work in it, … */
  members_working: number;
  /** … and those who live elsewhere and study in it. Nobody is counted twice. */
  members_studying: number;
  district_id: string | null;
}

export interface Paper {
  id: string;
  kind: PaperKind;
  file_id: string;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  /** Of a PDF. */
  pages: number | null;
  added_at: Date;
}

/** A group as applications and letters see it: its newest answers and its current papers, at most one of each kind. */
export interface Dossier extends DossierValue {
  id: string;
  version: number;
  district_name: string | null;
  updated_at: Date;
  papers: Paper[];
}

export const DOSSIER_LABELS: Record<keyof DossierValue, string> = {
  kind: '団体の種類',
  corporate_number: '法人番号',
  name: '団体の名前',
  name_kana: '団体の名前（フリガナ）',
  representative_title: '代表者の役職',
  representative_name: '代表者の氏名',
  postal_code: '郵便番号',
  address: '所在地',
  phone: '電話番号',
  purpose: '活動の目的',
  founded_on: '設立日',
  members_count: '会員の数',
  members_living: '市内に住む会員の数',
  members_working: '市外に住み、市内で働く会員の数',
  members_studying: '市外に住み、市内の学校に通う会員の数',
  district_id: '主に活動する地区'
};

/** Members with a tie to the city, each counted once. */
export function membersInCity(counts: Pick<DossierValue, 'members_living' | 'members_working' | 'members_studying'>): number {
  return counts.members_living + counts.members_working + counts.members_studying;
}

/** Whether the parts fit into the whole (also the constraint organisation_members_within). */
export function membersFit(counts: Pick<DossierValue, 'members_count' | 'members_living' | 'members_working' | 'members_studying'>): boolean {
  return membersInCity(counts) <= counts.members_count;
}

export const MISSING_ITEMS = ['founded_on', 'rules', 'member_list'] as const;
export type MissingItem = (typeof MISSING_ITEMS)[number];
/** One thing to do before the group can apply; `page` is the last part of the page's address where it is done. */
export interface Missing { item: MissingItem; words: string; page: 'edit' | 'papers' }

const MISSING: Record<MissingItem, Omit<Missing, 'item'>> = {
  founded_on: { words: '設立日を入力してください。', page: 'edit' },
  rules: { words: '会則を登録してください。', page: 'papers' },
  member_list: { words: '会員名簿を登録してください。', page: 'papers' }
};

/** What the dossier lacks before the group can apply; [] when nothing. What one scheme asks beyond it is that scheme's matter. */
export function missingForApplying(dossier: { founded_on: Day | null; papers: readonly { kind: PaperKind }[] }): Missing[] {
  const lacks: Record<MissingItem, boolean> = {
    founded_on: dossier.founded_on === null,
    rules: !dossier.papers.some(({ kind }) => kind === 'rules'),
    member_list: !dossier.papers.some(({ kind }) => kind === 'member_list')
  };
  return MISSING_ITEMS.filter((item) => lacks[item]).map((item) => ({ item, ...MISSING[item] }));
}

export interface DossierRow { field: keyof DossierValue; label: string; value: string }

/** The dossier in words, in the order of the form; '' where nothing was answered. `districtName` belongs to `district_id`. */
export function dossierRows(value: DossierValue, words: { associationWord: string; districtName: string | null }): DossierRow[] {
  const people = (count: number): string => `${count.toLocaleString('ja-JP')}人`;
  const shown: Record<keyof DossierValue, string> = {
    ...value,
    kind: kindLabels(words.associationWord)[value.kind],
    corporate_number: value.corporate_number ?? '',
    founded_on: value.founded_on === null ? '' : formatWarekiBoth(value.founded_on),
    members_count: people(value.members_count),
    members_living: people(value.members_living),
    members_working: people(value.members_working),
    members_studying: people(value.members_studying),
    district_id: words.districtName ?? ''
  };
  return (Object.keys(DOSSIER_LABELS) as (keyof DossierValue)[]).map((field) => ({ field, label: DOSSIER_LABELS[field], value: shown[field] }));
}

export interface Difference { label: string; stored: string; typed: string }

/** Where two versions of a dossier disagree, both in words, for somebody who has to choose. */
export function differences(stored: readonly DossierRow[], typed: readonly DossierRow[]): Difference[] {
  return stored.flatMap((row, at) => (row.value === typed[at]!.value ? [] : [{ label: row.label, stored: row.value, typed: typed[at]!.value }]));
}

/** Somebody's current right to act for a group. */
export interface Membership { id: string; organisation_id: string; account_id: string; role: MemberRole; from_on: Day; to_on: Day | null }

/**
 * Who may invite, cancel invitations and end other people's terms: the representative,
 * or anybody who acts for the group while it has no representative here.
 */
export function mayManageMembers(role: MemberRole, hasRepresentative: boolean): boolean {
  return role === 'representative' || !hasRepresentative;
}
